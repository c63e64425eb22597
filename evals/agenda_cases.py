"""The agendas to brief, each with what a good pack of it asks, leaves out and says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.briefing.agenda.agenda import Agenda, parse_agenda
from assistant.briefing.agenda.file import AgendaFile, read_agenda_file
from evals.agenda_pack import make_pack
from evals.cases import CASES, CaseError

AGENDAS = CASES / "agendas"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a good pack holds of one item, which its number names, or words of its title.

    ``asked`` are phrases that its questions must hold, ``speaks`` gives a quotation for
    each report that must appear; ``silent`` are the reports in which none of the words in
    ``absent`` stand; ``facts`` are lists of alternatives in lower case.
    """

    number: str
    title: str
    briefed: bool
    asked: tuple[str, ...]
    speaks: Mapping[str, str]
    silent: tuple[str, ...]
    absent: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """What it is called in a list of faults."""
        return self.number or self.title


@dataclass(frozen=True, slots=True)
class AgendaCase:
    """An agenda as it might be pasted, with what is expected of its pack.

    ``dropped`` are pieces of it that nobody is asked about, each of them listed as left
    out; ``never`` are words that no question, line or point may hold. ``papers`` are the
    first and last page of the report of each item, where it is a pack that is ``made``.
    """

    id: str
    agenda: str
    note: str
    items: tuple[Expected, ...]
    dropped: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    meeting: str = ""
    date: str = ""
    made: bool = False
    papers: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def read(self) -> Agenda:
        """Return the agenda as a user's would be read."""
        return parse_agenda(self.read_file().text if self.made else self.agenda)

    def read_file(self) -> AgendaFile:
        """Return what is read of the agenda pack that is made for the case."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "pack.pdf"
            file.write_bytes(make_pack())
            return read_agenda_file(file)


def load_agendas(folder: Path = AGENDAS) -> list[AgendaCase]:
    """Read the cases.

    Raises:
        CaseError: a file is not well formed.
    """
    cases = []
    for file in sorted(folder.glob("*.json")):
        try:
            cases.append(_case(file.stem, json.loads(file.read_text(encoding="utf-8"))))
        except (ValueError, KeyError, TypeError) as error:
            raise CaseError(
                f"{file.name}: not a case of an agenda: {error}."
            ) from error
    if not cases:
        raise CaseError(f"{folder} holds no agendas.")
    return cases


def _case(id_: str, data: Mapping[str, Any]) -> AgendaCase:
    return AgendaCase(
        id=id_,
        agenda="\n".join(data["agenda"]),
        note=data["note"],
        items=tuple(_expected(item) for item in data["items"]),
        dropped=tuple(data.get("dropped", ())),
        never=tuple(data.get("never", ())),
        meeting=data.get("meeting", ""),
        date=data.get("date", ""),
        made="made" in data,
        papers={k: (a, b) for k, (a, b) in data.get("papers", {}).items()},
    )


def _expected(item: Mapping[str, Any]) -> Expected:
    return Expected(
        number=item.get("number", ""),
        title=item["title"] if "number" not in item else "",
        briefed=item["briefed"],
        asked=tuple(item.get("asked", ())),
        speaks=dict(item["speaks"]),
        silent=tuple(item["silent"]),
        absent=tuple(item["absent"]),
        facts=tuple(tuple(fact) for fact in item["facts"]),
    )
