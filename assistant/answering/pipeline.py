"""The answer path, step by step: standalone question, query, passages, draft, check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from assistant.answering.assembly import Asked
from assistant.answering.clarifying import clarify
from assistant.answering.draft import Draft
from assistant.answering.finding.answerability import answerability, read_signs
from assistant.answering.finding.candidates import score_sentences
from assistant.answering.finding.foreign import asks_foreign_source
from assistant.answering.finding.retrieval import reports_concerned, retrieve
from assistant.answering.finishing import finish_answer
from assistant.answering.quoting.writer import write_quoting
from assistant.answering.refusing import OFF_TOPIC
from assistant.answering.turnlog import log_turn
from assistant.answering.understanding.boundaries import asks_against_sources
from assistant.answering.understanding.follow_ups.followup import make_standalone
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.query import Query, make_query
from assistant.answering.writers.model_answer import (
    Measured,
    Progress,
    Stopping,
    Turns,
    write_with_model,
)
from assistant.answering.writers.rewriting import rewrite_follow_up
from assistant.answering.writers.writing import Writer
from assistant.errors import QuestionError
from assistant.index.shelf import Shelf
from assistant.schema import (
    Answer,
    Passage,
    Rewritten,
    Turn,
)

# What the rules for follow-ups read of a conversation.
MOST_TURNS = 12
MOST_TURN_CHARS = 1000
# Steps of different questions that are worked on at one time; more are no faster.
AT_ONCE = 1
# Below this answerability the shelf surely holds nothing, and no model is asked.
SURELY_NOT = 0.05


@dataclass(frozen=True)
class Parts:
    """What the steps need: an open shelf, the glossary, a writer and the limits."""

    shelf: Shelf
    glossary: Glossary
    top_k: int = 12
    max_question_chars: int = 2000
    writer: Writer | None = None
    """The model that writes; None where answers are quotations."""
    log_questions: bool = False
    turns: Turns = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    """Taken for each step that keeps a processor busy: of many questions at once, all
    would else hold up one another, and whatever sends them what is ready."""

    def now(self) -> Parts:
        """The same over the shelf of this moment, which stays under a question."""
        return replace(self, shelf=self.shelf.now())


def check_question(question: object, reports: Sequence[str], parts: Parts) -> str:
    """Return the question trimmed.

    Raises:
        QuestionError: it is empty, too long or no text, or a report is not known.
    """
    if not isinstance(question, str):
        raise QuestionError("The question must be text.")
    # Another process may have indexed a report since the last question.
    parts.shelf.refresh()
    # JSON may hold half of a surrogate pair, which no output could print.
    whole = question.encode("utf-8", "replace").decode()
    text = " ".join(whole.replace("\0", " ").split())
    if not text:
        raise QuestionError("The question is empty. Type one.")
    if len(text) > parts.max_question_chars:
        raise QuestionError(
            f"The question has {len(text)} characters; at most "
            f"{parts.max_question_chars} are taken. Ask for one thing at a time."
        )
    unknown = [report for report in reports if report not in parts.shelf.reports]
    if unknown:
        raise QuestionError(
            f"There is no report {unknown[0]} on the shelf. It holds "
            f"{', '.join(parts.shelf.reports)}."
        )
    return text


def standalone_question(question: str, history: Sequence[Turn], parts: Parts) -> str:
    """Return what is searched for: a follow-up with what it leans on filled in."""

    def top_report(text: str) -> str | None:
        query = make_query(text, parts.shelf, parts.glossary)
        passages = retrieve(query, parts.shelf, parts.top_k)
        candidates = score_sentences(query, parts.shelf, passages)
        return candidates[0].report if candidates else None

    turns = [
        Turn(turn.role, turn.content[:MOST_TURN_CHARS])
        for turn in list(history)[-MOST_TURNS:]
    ]
    return make_standalone(question, turns, parts.shelf.details, top_report)


def make_question_standalone(
    question: str,
    history: Sequence[Turn],
    parts: Parts,
    measured: Measured,
    *,
    config: Any = None,
    stopping: Stopping = lambda stop: None,
) -> tuple[str, Rewritten | None]:
    """Return the standalone question, and both forms where a model made one too."""
    since = monotonic()
    by_rule = standalone_question(question, history, parts)
    if not history or parts.writer is None:
        measured.mark("standalone", since)
        return by_rule, None
    rewritten = rewrite_follow_up(
        question,
        history,
        by_rule,
        parts.shelf.details,
        parts.writer,
        measured,
        config=config,
        stopping=stopping,
    )
    measured.mark("standalone", since)
    return rewritten.by_model or by_rule, rewritten


def understand(standalone: str, reports: Sequence[str], parts: Parts) -> Query:
    """Take the standalone question apart."""
    with parts.turns:
        return make_query(standalone, parts.shelf, parts.glossary, reports)


def find_passages(query: Query, parts: Parts) -> list[Passage]:
    """Return the passages for a query, best first."""
    with parts.turns:
        return retrieve(query, parts.shelf, parts.top_k)


def write_draft(query: Query, passages: Sequence[Passage], parts: Parts) -> Draft:
    """Write the answer's sentences, or ask back which report is meant.

    A request against the sources is declined.
    """
    if asks_against_sources(query.question):
        return Draft("declined", opening=OFF_TOPIC)
    asked_back = clarify(query, parts.shelf)
    return asked_back or write_quoting(query, parts.shelf, passages)


def is_settled(
    draft: Draft, query: Query, passages: Sequence[Passage], parts: Parts
) -> bool:
    """Tell whether the rules alone settle an answer, so that no model is asked.

    They do for what is declined, for a question back, for a false premise they correct,
    for the words of a source that is not on the shelf, and where it surely holds nothing.
    """
    if draft.outcome in ("declined", "clarify"):
        return True
    if draft.outcome == "partial":
        # A correction opens the answer; of a part that is lacking a model may tell, too.
        return bool(draft.opening)
    if query.outside or asks_against_sources(query.question):
        return True
    if asks_foreign_source(query, parts.shelf):
        return True
    if draft.outcome != "no_evidence" or draft.paragraphs:
        return False
    candidates = score_sentences(query, parts.shelf, passages)
    return not candidates or answerability(read_signs(query, candidates)) < SURELY_NOT


def write_answer(
    asked: Asked,
    query: Query,
    history: Sequence[Turn],
    parts: Parts,
    measured: Measured,
    *,
    config: Any = None,
    stopping: Stopping = lambda stop: None,
) -> Iterator[Progress | Answer]:
    """Yield what is written as it is checked, and at the end the answer.

    Without a writer, and where the rules settle it, there is nothing but the answer.
    """
    since, measured.step = monotonic(), "reading"
    with parts.turns:
        draft = write_draft(query, asked.passages, parts)
        quoting = finish_answer(
            asked.question,
            asked.standalone,
            draft,
            asked.passages,
            parts.shelf,
            asked.id,
        )
        settled = is_settled(draft, query, asked.passages, parts)
    measured.mark("quoting", since)
    if parts.writer is None or settled:
        yield replace(quoting, rewritten=asked.rewritten)
        return
    if query.scope == "compare":
        asked = replace(asked, expected=reports_concerned(query, parts.shelf))
    yield from write_with_model(
        asked,
        history,
        parts.shelf,
        parts.writer,
        quoting,
        measured,
        turns=parts.turns,
        config=config,
        stopping=stopping,
    )


def answer_in_quotations(question: str, reports: Sequence[str], parts: Parts) -> Answer:
    """Answer a standalone question in quotations, whatever writer is set; not logged.

    Args:
        question: complete in itself.
        reports: ids of the reports to ask; empty means all.
        parts: the open shelf.
    """
    query = understand(question, reports, parts)
    passages = find_passages(query, parts)
    with parts.turns:
        draft = write_draft(query, passages, parts)
        return finish_answer(question, question, draft, passages, parts.shelf)


def close_turn(
    answer: Answer, measured: Measured, started: float, parts: Parts
) -> Answer:
    """Return an answer with its time and tokens, and log the turn."""
    tokens = measured.sent + measured.written
    answer = replace(answer, tokens=tokens).timed(monotonic() - started)
    writer = parts.writer
    log_turn(
        answer,
        measured.seconds,
        with_question=parts.log_questions,
        sent=measured.sent or None,
        written=measured.written or None,
        cost=writer.cost(measured.sent, measured.written) if writer else None,
        mended=measured.mended or None,
        fault=measured.fault,
    )
    return answer


def answer_question(
    question: str,
    history: Sequence[Turn],
    reports: Sequence[str],
    parts: Parts,
    id: str | None = None,
) -> Answer:
    """Answer one question.

    Args:
        question: as typed.
        history: the turns before it, oldest first.
        reports: ids of the reports to ask; empty means all.
        parts: the open shelf and its limits.
        id: returned with the answer.

    Raises:
        AssistantError: the question or the index cannot be used as it is.
    """
    started, measured = monotonic(), Measured()
    parts = parts.now()
    typed = check_question(question, reports, parts)
    standalone, rewritten = make_question_standalone(typed, history, parts, measured)
    since = monotonic()
    query = understand(standalone, reports, parts)
    passages = tuple(find_passages(query, parts))
    measured.mark("search", since)
    asked = Asked(typed, standalone, passages, id, rewritten)
    *_, answer = write_answer(asked, query, history, parts, measured)
    assert isinstance(answer, Answer)
    return close_turn(answer, measured, started, parts)
