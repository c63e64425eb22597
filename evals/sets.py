"""The sets of cases by name, each with the shelf that it is asked of."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.cases import CASES, Case, CaseError, load_cases

FRESH = CASES / "fresh"
PAPERS = Path(__file__).parent / "papers"
PLAIN = Path(__file__).parent / "plain"
SURROUNDINGS = CASES / "surroundings.json"
WRAPPED_QUESTIONS = 40
# Whether a paper that is a scan can be read is seen when the shelf is made.
SCAN = "scan"
# Shelves whose reports may be named by a mistake in a case.
_SHIPPED = ("digests", "bare")


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases and the name of the shelf that they are asked of (``evals.shelves``)."""

    name: str
    shelf: str
    folder: Path
    held_out: bool

    def cases(self, reports: Collection[str] | None = None) -> list[Case]:
        """Return the cases.

        Args:
            reports: the ids on the shelf. Cases on papers that could not be read, for
                they are scans, stay out; any other report must be there.

        Raises:
            CaseError: a case is not well formed, or names a report that is not there.
        """
        known = reports if self.shelf in _SHIPPED else None
        cases = load_cases(self.folder, held_out=self.held_out, shelf=known)
        if reports is None or self.shelf != "papers":
            return cases
        there = [case for case in cases if case.welcome <= set(reports)]
        if len(there) == len(cases):
            return cases
        return [case for case in there if SCAN not in case.tags]


SETS = {
    one.name: one
    for one in (
        CaseSet("development", "digests", CASES, False),
        CaseSet("fresh development", "digests", FRESH, False),
        CaseSet("bare development", "bare", FRESH, False),
        CaseSet("papers development", "papers", PAPERS, False),
        CaseSet("plain development", "plain", PLAIN, False),
        CaseSet("held out", "digests", CASES, True),
        CaseSet("fresh held out", "digests", FRESH, True),
        CaseSet("bare", "bare", FRESH, True),
        CaseSet("papers held out", "papers", PAPERS, True),
        CaseSet("plain held out", "plain", PLAIN, True),
    )
}
# What may be looked at, tuned on and gated; the others are for reporting.
DEVELOPMENT = tuple(name for name, one in SETS.items() if not one.held_out)
HELD_OUT = tuple(name for name, one in SETS.items() if one.held_out)
# What the gate asks: each shelf and way of asking once, in the time there is for it.
GATED = (
    "development", "fresh development", "papers development", "plain development",
)  # fmt: skip
# Where two sentences must be beaten. They refuse nothing, so that where half of the
# questions have no answer they name the right report more often (.97 against .88).
FOUGHT = ("development", "fresh development", "papers development")
# What rules are measured on: each way of asking and each shelf, known and held out.
ABLATED = (
    "development", "fresh development", "held out", "fresh held out",
    "papers development", "papers held out", "plain development", "plain held out",
)  # fmt: skip


def surroundings(file: Path = SURROUNDINGS) -> dict[str, tuple[str, ...]]:
    """Return what people put around a question, by kind: each holds ``{question}``.

    Raises:
        CaseError: the file is not as it must be.
    """
    try:
        kinds = json.loads(file.read_text(encoding="utf-8"))
        found = {kind: tuple(map(str, texts)) for kind, texts in kinds.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise CaseError(f"{file.name}: not lists of texts by kind: {error}.") from error
    for kind, texts in found.items():
        if any(text.count("{question}") != 1 for text in texts):
            raise CaseError(f"{file.name}: {kind}: each text holds {{question}} once.")
    return found


def to_wrap(cases: Sequence[Case], most: int = WRAPPED_QUESTIONS) -> list[Case]:
    """Return answerable questions without a history, evenly from all of them.

    Only one that is a question by its look: what surrounds "Oflog" leaves no question.
    """
    fit = [
        case
        for case in cases
        if case.answerable and not case.history and case.question.rstrip().endswith("?")
    ]
    step = max(1, len(fit) // most)
    return fit[::step][:most]


def wrapped(cases: Sequence[Case], texts: Sequence[str]) -> list[tuple[Case, Case]]:
    """Return each case beside the same inside each of the texts."""
    return [
        (case, replace(case, question=text.replace("{question}", case.question)))
        for case in cases
        for text in texts
    ]


Way = Callable[[Case], tuple[str, str | None]]


def share_unchanged(pairs: Sequence[tuple[Case, Case]], outcome_of: Way) -> list[float]:
    """Tell for each pair whether outcome and first report are the same: 1 or 0.

    Args:
        pairs: of ``wrapped``.
        outcome_of: asks a case; returns the outcome and the first report cited.
    """
    bare: dict[str, tuple[str, str | None]] = {}
    values = []
    for case, around in pairs:
        if case.id not in bare:
            bare[case.id] = outcome_of(case)
        values.append(float(outcome_of(around) == bare[case.id]))
    return values
