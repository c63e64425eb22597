"""The cases: questions with what a right answer cites and says, one JSON a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from assistant.schema import Outcome, Turn

CASES = Path(__file__).parent / "cases"
# Each file with the value of `held_out` that its cases carry.
FILES = {"development.jsonl": False, "held_out.jsonl": True}


class CaseError(Exception):
    """A case cannot be used as it is; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that holds what a case asks for; never a chunk, which chunking changes.

    ``section`` is a heading or the end of its path, ``quote`` stands word for word in it.
    """

    report: str
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is expected; `evals/README.md` describes every field."""

    id: str
    question: str
    history: tuple[Turn, ...]
    reports: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]
    note: str
    answerable: bool
    tags: tuple[str, ...]
    held_out: bool
    standalone: str | None = None
    pair: str | None = None
    outcome: str | None = None
    page: str | None = None
    also: tuple[str, ...] = ()

    @property
    def welcome(self) -> frozenset[str]:
        """The reports that may be cited: those that must be, and those beside them."""
        return frozenset((*self.reports, *self.also))

    @property
    def primary_tag(self) -> str:
        """The kind of question, by which results are grouped."""
        return self.tags[0]

    @property
    def is_comparison(self) -> bool:
        """Whether the question sets reports side by side."""
        return "comparison" in self.tags


_FIELDS = {field.name for field in fields(Case)}
_OPTIONAL = {"standalone", "pair", "outcome", "page", "also"}
_OUTCOMES = get_args(Outcome)
_EVIDENCE = {field.name for field in fields(Evidence)}


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
        for place, case in _read(folder / name, file_is_held_out, shelf):
            if case.id in places:
                raise CaseError(f"{place}: the id {case.id} is at {places[case.id]}.")
            places[case.id] = place
            cases.append(case)
    _check_pairs(cases)
    return [case for case in cases if held_out in (None, case.held_out)]


def read_cases(file: Path, shelf: Collection[str] | None = None) -> list[Case]:
    """Read and check the cases of a file by itself, none of them held out.

    Raises:
        CaseError: a case is not well formed.
    """
    return [case for _, case in _read(file, False, shelf)]


def _read(
    file: Path, held_out: bool, shelf: Collection[str] | None
) -> Iterator[tuple[str, Case]]:
    """Go through the cases of a file, each with its place for messages."""
    for place, line in _lines(file):
        case = _parse(line, place)
        if case.held_out is not held_out:
            raise CaseError(
                f"{place}: held_out is {case.held_out} in this file of others."
            )
        _check_expectation(case, place, shelf)
        yield place, case


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
    if "draft" in values:
        raise CaseError(
            f"{place}: a draft. Do what its field draft asks for, then take it out."
        )
    for wrong, word in (
        (values.keys() - _FIELDS, "unknown"),
        (_FIELDS - _OPTIONAL - values.keys(), "missing"),
    ):
        if wrong:
            raise CaseError(f"{place}: {word} field {', '.join(sorted(wrong))}.")
    return Case(
        id=_text(values, "id", place),
        question=_text(values, "question", place),
        history=_history(values["history"], place),
        reports=_texts(values["reports"], "reports", place),
        facts=_facts(values["facts"], place),
        evidence=_evidence(values["evidence"], place),
        note=_text(values, "note", place),
        answerable=_flag(values, "answerable", place),
        tags=_texts(values["tags"], "tags", place),
        held_out=_flag(values, "held_out", place),
        standalone=_optional(values, "standalone", place),
        pair=_optional(values, "pair", place),
        outcome=_optional(values, "outcome", place),
        page=_optional(values, "page", place),
        also=_texts(values.get("also", []), "also", place),
    )


def _text(values: Mapping[str, Any], name: str, place: str) -> str:
    value = values[name]
    if not isinstance(value, str) or not value.strip():
        raise CaseError(f"{place}: {name} must be text that is not empty.")
    return value


def _optional(values: Mapping[str, Any], name: str, place: str) -> str | None:
    return _text(values, name, place) if name in values else None


def _evidence(value: Any, place: str) -> tuple[Evidence, ...]:
    if not isinstance(value, list):
        raise CaseError(f"{place}: evidence must be a list of places.")
    for item in value:
        if not isinstance(item, dict) or item.keys() != _EVIDENCE:
            raise CaseError(f"{place}: evidence has a report, a section and a quote.")
    return tuple(
        Evidence(**{name: _text(item, name, place) for name in _EVIDENCE})
        for item in value
    )


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
    if {item.report for item in case.evidence} - set(case.reports):
        raise CaseError(f"{place}: evidence of a report that is not to be cited.")
    if case.outcome and case.outcome not in _OUTCOMES:
        raise CaseError(f"{place}: an outcome is one of {', '.join(_OUTCOMES)}.")
    if case.outcome and case.answerable is not (
        case.outcome in ("answered", "partial")
    ):
        raise CaseError(f"{place}: the outcome does not fit answerable.")
    if case.standalone and not case.history:
        raise CaseError(f"{place}: only a follow-up needs a standalone question.")
    if set(case.also) & set(case.reports) or (case.also and not case.answerable):
        raise CaseError(f"{place}: also names further reports of an answerable case.")
    unknown = [] if shelf is None else sorted(case.welcome - set(shelf))
    if unknown:
        raise CaseError(f"{place}: no such report on the shelf: {', '.join(unknown)}.")


def _check_pairs(cases: Iterable[Case]) -> None:
    pairs: dict[str, list[Case]] = {}
    for case in cases:
        if case.pair:
            pairs.setdefault(case.pair, []).append(case)
    for name, group in pairs.items():
        if (
            len(group) != 2
            or len({(c.facts, c.reports, c.held_out) for c in group}) > 1
        ):
            raise CaseError(
                f"The pair {name} must be two cases of one file with the same reports "
                "and facts."
            )
