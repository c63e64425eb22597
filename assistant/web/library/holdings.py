"""What the shelf speaks of, matter by matter, and where it says little or nothing.

The matters are those of the shelf's two vocabularies, each under the area that its file
names. A matter is found where a section's heading or text holds its words; one plain word of
the reports' own counts only where some heading says it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from assistant.answering.understanding.glossary import load_glossary
from assistant.schema import ReportDetails, Source
from assistant.words import stems

OTHER = "Other matters"
# Areas that a question about a report, or about a council's address, is told by.
LEFT_OUT = frozenset(
    {
        "The reports: who, when, how to get hold of them",
        "Facts about an organisation",
        "Facts about a report",
    }
)
_AREA = re.compile(r"^# --- (?P<name>.+?) -+$")
_TERM = re.compile(r"^- term: (?P<name>.+?)\s*$")
# What so large a share of all sections speaks of tells none from another.
_EVERYWHERE = 1 / 3
_FEW_SECTIONS = 12
_KEPT = 2_000

Phrase = tuple[str, ...]


class Matter(NamedTuple):
    """A matter of local government, under its plain name."""

    term: str
    area: str
    forms: tuple[str, ...]
    """The term and other names for the very same."""
    is_listed: bool
    """Whether it stands in the list of matters, not only in the reports' own words."""


class Place(NamedTuple):
    """A section of a document of the shelf."""

    details: ReportDetails
    section: str


class _Read(NamedTuple):
    """What was read of a section: its heading, its matters, those of its heading."""

    heading: str
    terms: frozenset[str]
    headed: frozenset[str]


@dataclass(frozen=True)
class Holdings:
    """Where the shelf speaks of each matter.

    ``found`` holds the places of each term that tells one report from another, in the
    order of the shelf; ``spoken`` also the terms that stand nearly everywhere.
    """

    matters: tuple[Matter, ...]
    found: Mapping[str, tuple[Place, ...]]
    spoken: frozenset[str]
    sections: int

    def covered_by(self, report: str) -> list[tuple[str, int]]:
        """Return the matters of a report with its sections on each, most first."""
        counts: list[tuple[str, int]] = []
        for term, places in self.found.items():
            own = [place for place in places if place.details.report == report]
            # That a publisher's report speaks of its publisher says nothing of it.
            if own and stems(own[0].details.publisher) != stems(term):
                counts.append((term, len(own)))
        return sorted(counts, key=lambda pair: (-pair[1], pair[0].lower()))

    def silent(self) -> dict[str, list[str]]:
        """Return the listed matters that no section speaks of, by area."""
        areas: dict[str, list[str]] = {}
        for matter in self.matters:
            if matter.is_listed and matter.term not in self.spoken:
                areas.setdefault(matter.area, []).append(matter.term)
        return areas

    def single(self) -> list[tuple[str, Place]]:
        """Return the matters that one section alone speaks of, with it."""
        return [(term, p[0]) for term, p in self.found.items() if len(p) == 1]

    def only_old(
        self, is_old: Callable[[ReportDetails], bool]
    ) -> list[tuple[str, tuple[Place, ...]]]:
        """Return the matters that several sections speak of, all in old reports."""
        return [
            (term, places)
            for term, places in self.found.items()
            if len(places) > 1 and all(is_old(place.details) for place in places)
        ]


def read_matters(corpus_dir: Path) -> tuple[Matter, ...]:
    """Read the vocabularies beside a corpus: ``matters.yaml``, then ``glossary.yaml``.

    Raises:
        CorpusError: a file is not as its first lines describe.
    """
    found: dict[Phrase, Matter] = {}
    for name, is_listed in (("matters.yaml", True), ("glossary.yaml", False)):
        file = corpus_dir / name
        areas = dict(_areas(file))
        for entry in load_glossary(file):
            area = areas.get(entry.term, OTHER)
            matter = Matter(entry.term, area, (entry.term, *entry.same), is_listed)
            if area not in LEFT_OUT:
                found.setdefault(tuple(stems(entry.term)), matter)
    return tuple(found.values())


def _areas(file: Path) -> Iterator[tuple[str, str]]:
    """Yield each term with the heading that it stands under."""
    if not file.is_file():
        return
    area = OTHER
    for line in file.read_text(encoding="utf-8").splitlines():
        if heading := _AREA.match(line):
            area = heading["name"]
        elif term := _TERM.match(line):
            yield term["name"].strip("\"'"), area


class FindsHoldings:
    """Works out the holdings; what was read of a document is kept until it changes."""

    def __init__(self, matters: Sequence[Matter]) -> None:
        """Take the matters to look for."""
        self._matters = tuple(matters)
        self._forms: defaultdict[str, list[tuple[Phrase, str]]] = defaultdict(list)
        for matter in matters:
            for form in matter.forms:
                phrase = tuple(stems(form))
                if phrase:
                    self._forms[phrase[0]].append((phrase, matter.term))
        for phrases in self._forms.values():
            phrases.sort(key=lambda pair: -len(pair[0]))
        self._read: dict[str, list[_Read]] = {}
        self._last: tuple[tuple[Source, ...], Holdings] | None = None
        self._lock = Lock()

    def of(self, documents: tuple[Source, ...]) -> Holdings:
        """Return the holdings of documents; one superseded counts as not there."""
        with self._lock:
            if self._last is None or self._last[0] is not documents:
                self._last = (documents, self._find(documents))
            return self._last[1]

    def headings(self, document: Source) -> tuple[str, ...]:
        """Return the headings of a document's sections, each once."""
        return tuple(dict.fromkeys(read.heading for read in self._terms_of(document)))

    def _find(self, documents: Iterable[Source]) -> Holdings:
        found: defaultdict[str, list[Place]] = defaultdict(list)
        headed: set[str] = set()
        total = 0
        for document in documents:
            if document.details.superseded_by:
                continue
            for heading, terms, own in self._terms_of(document):
                total += 1
                headed |= own
                for term in terms:
                    found[term].append(Place(document.details, heading))
        most = total * _EVERYWHERE if total >= _FEW_SECTIONS else total + 1
        kept = tuple(m for m in self._matters if m.term in found or m.is_listed)
        telling = {
            m.term: tuple(found[m.term])
            for m in kept
            if m.term in found
            and len(found[m.term]) < most
            and (m.is_listed or " " in m.term or m.term in headed)
        }
        return Holdings(kept, telling, frozenset(found), total)

    def _terms_of(self, document: Source) -> list[_Read]:
        """Return each section's heading with the matters that it speaks of."""
        known = self._read.get(document.content_hash)
        if known is None:
            known = [
                _Read(
                    s.heading,
                    frozenset(self._mentioned(f"{s.heading}\n{s.text}")),
                    frozenset(self._mentioned(s.heading)),
                )
                for s in document.sections
            ]
            if len(self._read) >= _KEPT:
                self._read.clear()
            self._read[document.content_hash] = known
        return known

    def _mentioned(self, text: str) -> Iterator[str]:
        """Yield the matters in a text; the longest phrase wins where two begin."""
        own = stems(text)
        place = 0
        while place < len(own):
            size = 1
            for phrase, term in self._forms.get(own[place], ()):
                if tuple(own[place : place + len(phrase)]) == phrase:
                    yield term
                    size = len(phrase)
                    break
            place += size
