"""Hears the shelf on one question: the answer, and what each report says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from assistant.answering.assembly import Asked
from assistant.answering.attribution import attribute
from assistant.answering.checking.evidence import check_sentence, similarity_with
from assistant.answering.citations import find_markers
from assistant.answering.finding.candidates import ABOUT_THE_TEXT
from assistant.answering.finding.retrieval import reports_concerned
from assistant.answering.finishing import finish_answer
from assistant.answering.pipeline import (
    Parts,
    check_question,
    close_turn,
    find_passages,
    understand,
    write_answer,
)
from assistant.answering.quoting.comparing import write_comparison
from assistant.answering.understanding.query import Query
from assistant.answering.writers.model_answer import (
    NOT_VERIFIED,
    Measured,
    Stopping,
)
from assistant.briefing.pack import Source, Statement
from assistant.schema import Answer, Citation, Passage, Sentence

_NOTHING = ("no_evidence", "declined")
# Of a question made by rule the reader knows the matter alone.
_MADE = re.compile(r"^What do the reports say about (.+)\?$", re.DOTALL)
_MOST_OF_ONE = 3


@dataclass(frozen=True, slots=True)
class Hearing:
    """What came of one question.

    ``said`` are the answer's sentences in order; ``positions`` hold for each report
    that was heard its own sentences, none where it is silent.
    """

    question: str
    answer: Answer
    said: tuple[Statement, ...]
    positions: Mapping[str, tuple[Statement, ...]]
    passages: tuple[Passage, ...]
    lacks: tuple[str, ...]


def hear(
    question: str,
    reports: Sequence[str],
    parts: Parts,
    stopping: Stopping = lambda stop: None,
) -> Hearing:
    """Ask the shelf as a whole, then set its reports side by side.

    Args:
        question: complete in itself.
        reports: ids of the reports to hear; empty means those nearest to the matter.
        parts: the open shelf; its writer, if any, writes the answer, never a position.
        stopping: is handed functions that end a model's answer from another thread.

    Raises:
        QuestionError: the question is empty or too long, or a report is not known.
    """
    started, measured = monotonic(), Measured()
    typed = check_question(question, reports, parts)
    query = understand(typed, reports, parts)
    passages = tuple(find_passages(query, parts))
    asked = Asked(typed, typed, passages)
    *_, last = write_answer(asked, query, (), parts, measured, stopping=stopping)
    assert isinstance(last, Answer)
    answer = close_turn(last, measured, started, parts)
    compared = replace(query, scope="compare")
    heard = reports_concerned(compared, parts.shelf)
    basis = answer.quoting or answer
    beside = answer
    if answer.outcome not in _NOTHING and not _is_comparison(answer, query):
        beside = _side_by_side(compared, typed, parts)
    positions: dict[str, tuple[Statement, ...]] = dict.fromkeys(heard, ())
    if answer.outcome not in _NOTHING:
        for statement in (*statements_of(beside, parts), *statements_of(basis, parts)):
            _add(positions, statement)
    return Hearing(
        question=typed,
        answer=answer,
        said=tuple(statements_of(answer if answer.sentences else basis, parts))
        if answer.outcome not in _NOTHING
        else (),
        positions=positions,
        passages=answer.passages,
        lacks=tuple(_lacks(answer, query, parts)),
    )


def _is_comparison(answer: Answer, query: Query) -> bool:
    return query.scope == "compare" and answer.model == "quoting"


def _side_by_side(compared: Query, typed: str, parts: Parts) -> Answer:
    """Give each report its say in quotations."""
    passages = find_passages(compared, parts)
    draft = write_comparison(compared, parts.shelf, passages)
    return finish_answer(typed, typed, draft, passages, parts.shelf)


def _add(positions: dict[str, tuple[Statement, ...]], statement: Statement) -> None:
    """Add a sentence to the report that it cites, if it cites one alone."""
    cited = {source.report for source in statement.sources}
    if len(cited) != 1:
        return
    (report,) = cited
    own = positions.get(report, ())
    if all(statement.text != other.text for other in own):
        positions[report] = (*own, statement)


def hear_more_of(
    report: str, question: str, parts: Parts, known: Sequence[Statement]
) -> tuple[Statement, ...]:
    """Return what one report says on a question, what is known of it first."""
    query = understand(question, [report], parts)
    passages = tuple(find_passages(query, parts))
    asked = Asked(question, question, passages)
    quoting = replace(parts, writer=None)
    *_, answer = write_answer(asked, query, (), quoting, Measured())
    assert isinstance(answer, Answer)
    found = {statement.text: statement for statement in known}
    if answer.outcome == "answered":
        for statement in statements_of(answer, parts):
            # Who paid for a report is no position on a matter.
            if not statement.sources[0].section.startswith(ABOUT_THE_TEXT):
                found.setdefault(statement.text, statement)
    return tuple(found.values())[: max(_MOST_OF_ONE, len(known))]


def statements_of(answer: Answer, parts: Parts) -> Iterator[Statement]:
    """Yield an answer's sentences, each with publisher and year and its sources."""
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        cited = [by_number[n] for n in sentence.citations if n in by_number]
        if cited:
            text = _attributed(sentence, cited, answer, parts)
            sources = tuple(source_of(citation) for citation in cited)
            yield Statement(text, sources, sentence.support)


def _attributed(
    sentence: Sentence, cited: Sequence[Citation], answer: Answer, parts: Parts
) -> str:
    """Return a sentence that can stand by itself, checked again if it was changed.

    In an answer only the first sentence of a report says whose it is, and of when.
    """
    places = {(c.report, c.url, c.section, c.page) for c in cited}
    passages = [
        passage
        for passage in answer.passages
        if (d := passage.chunk.details)
        and (d.report, d.url, passage.chunk.section, passage.chunk.page) in places
    ]
    details = [passage.chunk.details for passage in passages]
    text = attribute(sentence.text, *details)
    if text == sentence.text:
        return text
    similarity = similarity_with(parts.shelf.embedder)
    verdict = check_sentence(text, passages, parts.shelf.details, similarity)
    return text if verdict.holds else sentence.text


def source_of(citation: Citation) -> Source:
    """Return the source that a citation names."""
    return Source(
        report=citation.report,
        title=citation.title,
        publisher=citation.publisher,
        published=citation.published,
        section=citation.section,
        page=citation.page,
        quote=citation.quote,
        url=citation.url,
        digest_of=citation.digest_of,
    )


def matter_asked(question: str) -> str:
    """Return the matter of a question made by rule; another question as it is."""
    return _MADE.sub(r"\1", question.strip())


def _lacks(answer: Answer, query: Query, parts: Parts) -> Iterator[str]:
    """Say what the shelf does not hold, in fixed words and the question's own."""
    asked = matter_asked(query.question)
    if answer.unverified:
        yield NOT_VERIFIED
    if answer.outcome == "declined":
        yield f"“{asked}” is not a matter that the reports on the shelf deal with."
    elif answer.outcome == "no_evidence":
        yield f"On “{asked}” the reports on the shelf do not say."
    elif answer.outcome == "partial":
        # A notice about the shelf carries no citation; every other paragraph does.
        for paragraph in answer.text.split("\n\n"):
            if not find_markers(paragraph) and paragraph != NOT_VERIFIED:
                yield paragraph
    for matter in query.silent_on:
        yield f"No report on the shelf mentions “{matter}”."
    if query.later:
        newest = max(d.year for d in parts.shelf.details if d.year)
        yield f"No report on the shelf is newer than {newest}."
