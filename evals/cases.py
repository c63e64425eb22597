"""The cases: questions with what a right answer cites and says, one JSON a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.schema import Turn

CASES = Path(__file__).parent / "cases"
# Each file with the value of `held_out` that its cases carry.
FILES = {"development.jsonl": False, "held_out.jsonl": True}


class CaseError(Exception):
    """A case cannot be used as it is; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is expected; `evals/README.md` describes every field."""

    id: str
    question: str
    history: tuple[Turn, ...]
    reports: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    evidence: str
    answerable: bool
    tags: tuple[str, ...]
    held_out: bool

    @property
    def primary_tag(self) -> str:
        """The kind of question, by which results are grouped."""
        return self.tags[0]

    @property
    def is_comparison(self) -> bool:
        """Whether the question sets reports side by side."""
        return "comparison" in self.tags


_FIELDS = {field.name for field in fields(Case)}


def load_cases(
    folder: Path = CASES,
    held_out: bool | None = None,
    shelf: Collection[str] | None = None,
) -> list[Case]:
    """Read and check the cases.

    Every file is checked, whichever is asked for: an id that stands in both is found
    however the cases are loaded.

    Args:
        folder: holds ``development.jsonl`` and ``held_out.jsonl``.
        held_out: True for the held-out cases, False for the others, None for all.
        shelf: the report ids there are; None leaves them unchecked.

    Raises:
        CaseError: a case is not well formed, or an id stands twice.
    """
    cases: list[Case] = []
    places: dict[str, str] = {}
    for name, file_is_held_out in FILES.items():
        for place, line in _lines(folder / name):
            case = _parse(line, place)
            if case.held_out is not file_is_held_out:
                raise CaseError(
                    f"{place}: held_out is {case.held_out} in this file of others."
                )
            if case.id in places:
                raise CaseError(f"{place}: the id {case.id} is at {places[case.id]}.")
            places[case.id] = place
            _check_expectation(case, place, shelf)
            cases.append(case)
    return [case for case in cases if held_out in (None, case.held_out)]


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise CaseError(f"{file} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield f"{file.name}:{number}", line


def _parse(line: str, place: str) -> Case:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise CaseError(f"{place}: not JSON: {error}.") from error
    if not isinstance(values, dict):
        raise CaseError(f"{place}: a case is a JSON object.")
    for wrong, word in (
        (values.keys() - _FIELDS, "unknown"),
        (_FIELDS - values.keys(), "missing"),
    ):
        if wrong:
            raise CaseError(f"{place}: {word} field {', '.join(sorted(wrong))}.")
    return Case(
        id=_text(values, "id", place),
        question=_text(values, "question", place),
        history=_history(values["history"], place),
        reports=_texts(values["reports"], "reports", place),
        facts=_facts(values["facts"], place),
        evidence=_text(values, "evidence", place),
        answerable=_flag(values, "answerable", place),
        tags=_texts(values["tags"], "tags", place),
        held_out=_flag(values, "held_out", place),
    )


def _text(values: Mapping[str, Any], name: str, place: str) -> str:
    value = values[name]
    if not isinstance(value, str) or not value.strip():
        raise CaseError(f"{place}: {name} must be text that is not empty.")
    return value


def _flag(values: Mapping[str, Any], name: str, place: str) -> bool:
    value = values[name]
    if not isinstance(value, bool):
        raise CaseError(f"{place}: {name} must be true or false.")
    return value


def _texts(value: Any, name: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise CaseError(f"{place}: {name} must be a list of texts.")
    if len(set(value)) < len(value):
        raise CaseError(f"{place}: {name} holds a text twice.")
    return tuple(value)


def _facts(value: Any, place: str) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise CaseError(f"{place}: facts must be a list of lists of texts.")
    facts = tuple(_texts(fact, "a fact", place) for fact in value)
    for fact in facts:
        if not fact or any(not text.strip() or text != text.lower() for text in fact):
            raise CaseError(f"{place}: a fact needs alternatives, in lower case.")
    return facts


def _history(value: Any, place: str) -> tuple[Turn, ...]:
    if not isinstance(value, list):
        raise CaseError(f"{place}: history must be a list of turns.")
    turns: list[Turn] = []
    for turn, role in zip(value, ("user", "assistant") * len(value), strict=False):
        if not isinstance(turn, dict) or turn.keys() != {"role", "content"}:
            raise CaseError(f"{place}: a turn of history has a role and a content.")
        if turn["role"] != role:
            raise CaseError(f"{place}: history goes user, assistant, user, …")
        turns.append(Turn(turn["role"], _text(turn, "content", place)))
    if turns and turns[-1].role != "assistant":
        raise CaseError(f"{place}: history ends with an answer; then the question.")
    return tuple(turns)


def _check_expectation(case: Case, place: str, shelf: Collection[str] | None) -> None:
    if not case.tags:
        raise CaseError(f"{place}: a case needs a tag; the first says its kind.")
    if case.answerable and not (case.reports and case.facts):
        raise CaseError(f"{place}: an answerable case needs reports and facts.")
    if not case.answerable and (case.reports or case.facts):
        raise CaseError(f"{place}: an unanswerable case has no reports and no facts.")
    unknown = [] if shelf is None else sorted(set(case.reports) - set(shelf))
    if unknown:
        raise CaseError(f"{place}: no such report on the shelf: {', '.join(unknown)}.")
