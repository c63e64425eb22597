"""Hears the shelf on one question: the answer, and what each report says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.attribution import attribute, attribute_quotation
from assistant.answering.checking.evidence import check_sentence
from assistant.answering.citations import find_markers
from assistant.answering.closeness import Closeness
from assistant.answering.finishing import QUOTING
from assistant.answering.pipeline import (
    Parts,
    Question,
    answer_in_quotations,
    answer_question,
)
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.answering.writers.ending import NOT_VERIFIED
from assistant.answering.writers.state import Stopping
from assistant.briefing.agenda.below import CONTACT_DETAILS
from assistant.briefing.pack import Source, Statement
from assistant.schema import Answer, Citation, Passage, Sentence

_NOTHING = ("no_evidence", "declined")
# Of a question made by rule the reader knows the matter alone.
_MADE = re.compile(r"^What do the reports say about (.+)\?$", re.DOTALL)
# A report's own release is no matter of a meeting.
_OF_ITSELF = re.compile(r"\b(?:is|was|were|strictly) embargoed\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[:;,]\s|\s[-–—]\s|\s(?:and|for)\s")
_MOST_PIECES = 4
_MOST_OF_ONE = 3
_MOST_HEARD = 8


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
    answer = answer_question(Question(question, (), reports), parts, stopping=stopping)
    basis = answer.quoting or answer
    heard = reports_heard(reports, answer, parts)
    positions: dict[str, tuple[Statement, ...]] = dict.fromkeys(heard, ())
    if answer.outcome not in _NOTHING:
        beside = answer_in_quotations(question, heard, parts, compares=True)
        for statement in (*_points_of(beside, parts), *_points_of(basis, parts)):
            _add(positions, statement)
    return Hearing(
        question=answer.question,
        answer=answer,
        said=tuple(_points_of(answer if answer.sentences else basis, parts))
        if answer.outcome not in _NOTHING
        else (),
        positions=positions,
        passages=answer.passages,
        lacks=tuple(_lacks(answer)),
    )


def hear_in_parts(
    question: str,
    reports: Sequence[str],
    parts: Parts,
    stopping: Stopping = lambda stop: None,
) -> tuple[Hearing, ...]:
    """Ask a question; one made by rule in its parts, where as a whole it finds nothing.

    Titles name two matters in one line ("devolution and a combined authority"), of which
    the shelf may hold one.
    """
    whole = hear(question, reports, parts, stopping)
    matter = _MADE.match(question.strip())
    if whole.said or matter is None or whole.answer.outcome == "error":
        return (whole,)
    pieces = [piece.strip() for piece in _BETWEEN.split(matter[1]) if piece.strip()]
    if not 1 < len(pieces) <= _MOST_PIECES:
        return (whole,)
    asked = (f"What do the reports say about {piece}?" for piece in pieces)
    found = [hear(one, reports, parts, stopping) for one in asked]
    return tuple(one for one in found if one.said) or (whole,)


def reports_heard(
    reports: Sequence[str], answer: Answer, parts: Parts
) -> tuple[str, ...]:
    """Return the reports to set side by side: those asked, else the nearest."""
    if reports:
        return tuple(reports)
    kept = dict.fromkeys(d.report for d in parts.shelf.details if not d.superseded_by)
    if len(kept) <= _MOST_HEARD:
        return tuple(kept)
    found = dict.fromkeys(p.chunk.details.report for p in answer.passages)
    return tuple(found)[:_MOST_HEARD]


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
    answer = answer_in_quotations(question, [report], parts)
    found = {statement.text: statement for statement in known}
    if answer.outcome == "answered":
        for statement in statements_of(answer, parts):
            # Who paid for a report is no position on a matter.
            if not statement.sources[0].section.startswith(ABOUT_THE_TEXT):
                found.setdefault(statement.text, statement)
    return tuple(found.values())[: max(_MOST_OF_ONE, len(known))]


def _points_of(answer: Answer, parts: Parts) -> Iterator[Statement]:
    """Yield the sentences of an answer that are a point.

    An address to write to is none, nor is what a report says of itself where only its
    matter was asked about.
    """
    made = bool(_MADE.match(answer.question))
    for statement in statements_of(answer, parts):
        of_itself = statement.sources[0].section.startswith(ABOUT_THE_TEXT)
        of_itself = of_itself or bool(_OF_ITSELF.search(statement.text))
        if not CONTACT_DETAILS.search(statement.text) and not (made and of_itself):
            yield statement


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
    if answer.model == QUOTING:
        return (
            attribute_quotation(sentence.text, details[0]) if details else sentence.text
        )
    text = attribute(sentence.text, *details)
    if text == sentence.text:
        return text
    similarity = Closeness(parts.shelf.embedder)
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


def _lacks(answer: Answer) -> Iterator[str]:
    """Say what the shelf does not hold, in fixed words and the question's own."""
    asked = matter_asked(answer.standalone_question)
    if answer.unverified:
        yield NOT_VERIFIED
    if answer.outcome == "declined":
        yield f"“{asked}” is not a matter that the reports on the shelf deal with."
    elif answer.outcome == "no_evidence":
        yield f"I found no answer to “{asked}” in the reports on the shelf."
    elif answer.outcome == "partial":
        # A notice about the shelf carries no citation; every other paragraph does.
        for paragraph in answer.text.split("\n\n"):
            if not find_markers(paragraph) and paragraph != NOT_VERIFIED:
                yield paragraph
