"""What each of several chosen reports says on one question, and which of them is silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.pipeline import Parts, answer_in_quotations
from assistant.briefing.hearing import statements_of
from assistant.briefing.pack import Place, Source, Statement
from assistant.errors import QuestionError
from assistant.reading.quotes import split_quotes
from assistant.schema import QUOTES_JOINED_BY, Answer, Passage, ReportDetails

FEWEST, MOST = 2, 12
"""Reports that can be compared at one time."""
_MOST_POINTS = 3


@dataclass(frozen=True, slots=True)
class ReportPosition:
    """What one report says; without points it is silent, and ``nearest`` may lead on."""

    details: ReportDetails
    points: tuple[Statement, ...]
    nearest: Passage | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The positions of reports on a question, in the order in which they were chosen.

    ``passages`` hold the place of every source; ``declined`` says that the question is
    no matter of the reports.
    """

    question: str
    positions: tuple[ReportPosition, ...]
    passages: Mapping[Place, Passage]
    declined: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """The places cited, each once, numbered by their order from 1."""
        found: dict[Place, Source] = {}
        for position in self.positions:
            for point in position.points:
                for source in point.sources:
                    known = found.get(source.place)
                    found[source.place] = _joined(known, source) if known else source
        return tuple(found.values())


def _joined(known: Source, other: Source) -> Source:
    """Return a source with the quotations of both, each once."""
    quotes = dict.fromkeys([*split_quotes(known.quote), *split_quotes(other.quote)])
    return replace(known, quote=QUOTES_JOINED_BY.join(quotes))


def compare_reports(question: str, reports: Sequence[str], parts: Parts) -> Comparison:
    """Set reports side by side in quotations, each sentence checked.

    Args:
        question: complete in itself.
        reports: ids of the reports, at least two.
        parts: the open shelf; a model is not asked.

    Raises:
        QuestionError: the question is empty or too long, a report is not known, or too
            few or too many are chosen.
    """
    parts = replace(parts.now(), writer=None)
    chosen = tuple(dict.fromkeys(reports))
    if not FEWEST <= len(chosen) <= MOST:
        raise QuestionError(
            f"Choose {FEWEST} to {MOST} reports to compare. {len(chosen)} chosen."
        )
    beside = answer_in_quotations(question, chosen, parts, compares=True)
    typed = beside.question
    more = {
        report: answer_in_quotations(typed, [report], parts)
        for report in chosen
        if beside.outcome == "answered" and _points(report, [beside], parts)
    }
    passages = [p for answer in (beside, *more.values()) for p in answer.passages]
    return Comparison(
        typed,
        tuple(
            _position(report, [beside, *(more[r] for r in more if r == report)], parts)
            for report in chosen
        ),
        {_place_of(passage): passage for passage in reversed(passages)},
        declined=beside.outcome == "declined",
    )


def _position(report: str, answers: Sequence[Answer], parts: Parts) -> ReportPosition:
    details = next(d for d in parts.shelf.details if d.report == report)
    points = _points(report, answers, parts)
    own = (p for p in answers[0].passages if p.chunk.details.report == report)
    return ReportPosition(details, points, None if points else next(own, None))


def _points(
    report: str, answers: Sequence[Answer], parts: Parts
) -> tuple[Statement, ...]:
    """Return a report's own sentences: those of the comparison first."""
    found: dict[str, Statement] = {}
    for answer in answers:
        if answer.outcome in ("answered", "partial"):
            for statement in _of_one(report, statements_of(answer, parts)):
                found.setdefault(statement.text, statement)
    return tuple(found.values())[:_MOST_POINTS]


def _of_one(report: str, statements: Iterator[Statement]) -> Iterator[Statement]:
    for statement in statements:
        if {source.report for source in statement.sources} == {report}:
            yield statement


def _place_of(passage: Passage) -> Place:
    details, chunk = passage.chunk.details, passage.chunk
    return Place(details.report, details.url, chunk.section, chunk.page)
