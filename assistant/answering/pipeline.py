"""The answer path: one list of steps, driven by every face, that yields what happens.

Read ``answer_events`` from top to bottom. Everything else here is a step of it, or a
thin call of it; the LangChain Runnable in ``chain`` is one of those, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore
from time import monotonic
from typing import TYPE_CHECKING

from assistant.answering.assembly import Asked
from assistant.answering.draft import Draft
from assistant.answering.finishing import finish
from assistant.answering.quoting.asking_back import ask_back
from assistant.answering.quoting.refusing import (
    ENGLISH_ONLY,
    GREETED,
    OFF_TOPIC,
    UNSURE,
)
from assistant.answering.quoting.summing_up import wants_a_summary
from assistant.answering.quoting.writer import write_quoting
from assistant.answering.retrieval.hybrid import by_turns, retrieve, sides_of
from assistant.answering.search import Found, search_readings
from assistant.answering.turnlog import log_turn
from assistant.answering.understanding.attacks import asks_against_sources
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.language import is_english
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.query import Query, make_query
from assistant.answering.understanding.reading import Reading
from assistant.answering.understanding.readings import Ask, Turned, read_turn
from assistant.answering.understanding.wording import Form, take_form
from assistant.answering.writers.distilling import distil, needs_distilling
from assistant.answering.writers.model_answer import write_with_model
from assistant.answering.writers.state import Measured, Progress, Stopping, Turns
from assistant.answering.writers.writing import Writer
from assistant.errors import QuestionError
from assistant.index.shelf import Shelf
from assistant.schema import Answer, Passage, Rewritten, Turn

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

# What is read of a conversation.
MOST_TURNS = 12
MOST_TURN_CHARS = 2000
# Steps of different questions that are worked on at one time; more are no faster.
AT_ONCE = 1


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
    log_turns: bool = True
    turns: Turns = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))
    """Taken for each step that keeps a processor busy: without it questions asked at one
    time slow each other down, and the threads that send what is ready."""

    def now(self) -> Parts:
        """The same over the shelf of this moment, which stays under a question."""
        return replace(self, shelf=self.shelf.now())


@dataclass(frozen=True, slots=True)
class Question:
    """What is put to the pipeline.

    ``history`` are the turns before it, oldest first; ``reports`` the ids to ask (empty:
    all); ``compares`` sets them side by side whatever the words say.
    """

    text: str
    history: Sequence[Turn] = ()
    reports: Sequence[str] = ()
    id: str | None = None
    compares: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """The question is read: what is searched for."""

    standalone_question: str
    rewritten: Rewritten | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The shelf is searched: what was found, best first."""

    passages: tuple[Passage, ...]


Event = Understood | Retrieved | Progress | Answer


def answer_events(
    question: Question,
    parts: Parts,
    measured: Measured | None = None,
    *,
    config: RunnableConfig | None = None,
    stopping: Stopping = lambda stop: None,
) -> Iterator[Event]:
    """Answer one question; yield each step as it is done, the answer last.

    Args:
        question: as typed, with what was said before it.
        parts: the open shelf and its limits.
        measured: takes seconds and tokens, where the caller wants to look at them.
        config: LangChain's, for callbacks and tracing.
        stopping: is handed functions that end a model's answer from another thread.

    Raises:
        AssistantError: the question or the index cannot be used as it is.
    """
    started, measured = monotonic(), measured or Measured()
    measured.step = "searching"
    parts = parts.now()
    question = replace(question, text=check_question(question, parts))
    by_rule = read(question, parts)
    turned, rewritten = distilled(
        by_rule, question, parts, measured, config=config, stopping=stopping
    )
    measured.mark("standalone", started)
    with parts.turns:
        since = monotonic()
        found = search(turned, question, parts)
        measured.mark("search", since)
    standalone = standalone_of(question, found)
    yield Understood(standalone, rewritten)
    passages = passages_of(found, turned.form, parts)
    yield Retrieved(passages)
    measured.step, since = "reading", monotonic()
    asked = Asked(question.text, standalone, passages, question.id, rewritten)
    with parts.turns:
        draft = write(question, found, turned.form, parts)
        answer = finish(asked, draft)
    measured.mark("quoting", since)
    if parts.writer is not None and not is_settled(question, found, draft):
        asked = replace(asked, expected=expected_of(found, parts))
        for step in write_with_model(
            asked,
            question.history,
            parts.shelf,
            parts.writer,
            answer,
            measured,
            turns=parts.turns,
            config=config,
            stopping=stopping,
            form=turned.form.said,
        ):
            if not isinstance(step, Answer):
                yield step
            elif (
                draft.elsewhere and step.outcome == "no_evidence" and not step.withheld
            ):
                answer = finish(asked, replace(draft, opening=draft.elsewhere))
            else:
                answer = step
    yield close_turn(answer, measured, started, parts)


def answer_question(
    question: Question, parts: Parts, *, stopping: Stopping = lambda stop: None
) -> Answer:
    """Answer one question: the last event of its pipeline."""
    *_, answer = answer_events(question, parts, stopping=stopping)
    assert isinstance(answer, Answer)
    return answer


def answer_in_quotations(
    text: str, reports: Sequence[str], parts: Parts, *, compares: bool = False
) -> Answer:
    """Answer a standalone question in quotations, whatever writer is set; not logged."""
    question = Question(text, reports=reports, compares=compares)
    return answer_question(question, replace(parts, writer=None, log_turns=False))


def check_question(question: Question, parts: Parts) -> str:
    """Return the question's text trimmed.

    Raises:
        QuestionError: it is empty, too long or no text, or a report is not known.
    """
    if not isinstance(question.text, str):
        raise QuestionError("The question must be text.")
    # JSON may hold half of a surrogate pair, which no output could print.
    whole = question.text.encode("utf-8", "replace").decode()
    text = " ".join(whole.replace("\0", " ").split())
    if not text:
        raise QuestionError("The question is empty. Type one.")
    if len(text) > parts.max_question_chars:
        raise QuestionError(
            f"The question has {len(text)} characters; at most "
            f"{parts.max_question_chars} are taken. Ask for one thing at a time."
        )
    unknown = [r for r in question.reports if r not in parts.shelf.reports]
    if unknown:
        raise QuestionError(
            f"There is no report {unknown[0]} on the shelf. It holds "
            f"{', '.join(parts.shelf.reports)}."
        )
    return text


def read(question: Question, parts: Parts) -> Turned:
    """Read the question after what was said before it, in all ways it may be meant."""
    history = [
        Turn(turn.role, turn.content[:MOST_TURN_CHARS])
        for turn in list(question.history)[-MOST_TURNS:]
    ]
    return read_turn(question.text, history, parts.shelf.details)


def distilled(
    by_rule: Turned,
    question: Question,
    parts: Parts,
    measured: Measured,
    *,
    config: RunnableConfig | None = None,
    stopping: Stopping = lambda stop: None,
) -> tuple[Turned, Rewritten | None]:
    """Let the model say what is asked, where one is set and the turn is not plain.

    The rules' reading stays where the model fails or brings something in, and where we
    would ask back: which report is meant is the asker's to say.
    """
    if parts.writer is None or not by_rule.asks:
        return by_rule, None
    if not needs_distilling(question.text, question.history):
        return by_rule, None
    first = by_rule.asks[0].readings[0]
    query = make_query(first, parts.shelf, parts.glossary, question.reports)
    if ask_back(query, parts.shelf) is not None:
        return by_rule, None
    said = distil(
        question.text,
        question.history,
        parts.shelf.details,
        parts.writer,
        measured,
        config=config,
        stopping=stopping,
    )
    ruled = " ".join(ask.readings[0].question for ask in by_rule.asks)
    if said is None:
        return by_rule, Rewritten(ruled)
    asks = tuple(
        Ask((_stands_alone(text, said.reports, parts),)) for text in said.questions
    )
    form = _form_of(said.form) if said.form else by_rule.form
    return replace(by_rule, asks=asks, form=form), Rewritten(
        ruled, " ".join(said.questions)
    )


def _form_of(said: str) -> Form:
    return replace(take_form(said)[1], said=said)


def _stands_alone(text: str, reports: Sequence[str], parts: Parts) -> Reading:
    named = find_reports(text, parts.shelf.details).reports
    return Reading(text, text, text, named or tuple(reports))


def search(turned: Turned, question: Question, parts: Parts) -> tuple[Found, ...]:
    """Search for each thing asked in all its readings; what they find decides."""
    return tuple(
        search_readings(_queries(ask, question, parts), parts.shelf, parts.top_k)
        for ask in turned.asks
    )


def _queries(ask: Ask, question: Question, parts: Parts) -> list[Query]:
    queries = [
        make_query(reading, parts.shelf, parts.glossary, question.reports)
        for reading in ask.readings
    ]
    if question.compares:
        return [query.put_to(question.reports, "compare") for query in queries]
    return queries


def standalone_of(question: Question, found: Sequence[Found]) -> str:
    """Return what was searched for, as it is shown."""
    return " ".join(own.query.question for own in found) or question.text


def passages_of(
    found: Sequence[Found], form: Form, parts: Parts
) -> tuple[Passage, ...]:
    """Return the passages of all that was asked, the best of each first.

    To sum up a report, and to answer several things, takes twice as many.
    """
    if len(found) == 1 and wants_a_summary(found[0].query, form):
        return tuple(retrieve(found[0].query, parts.shelf, 2 * parts.top_k))
    every = by_turns([own.passages for own in found])
    return tuple(every[: parts.top_k * min(2, len(found))])


def write(
    question: Question, found: Sequence[Found], form: Form, parts: Parts
) -> Draft:
    """Write the answer in quotations, or say why there is none."""
    if not found:
        return Draft("declined", opening=GREETED)
    if asks_against_sources(question.text):
        return Draft("declined", opening=OFF_TOPIC)
    if not is_english(question.text, parts.shelf.embedder.knows_word):
        return Draft("declined", opening=ENGLISH_ONLY)
    return write_quoting(found, parts.shelf, form)


def is_settled(question: Question, found: Sequence[Found], draft: Draft) -> bool:
    """Tell whether the rules alone settle an answer, so that no model is asked.

    They do for a greeting, an attack, a question back, a report that is not there or
    was left out, and what is of another world; never where passages may answer.
    """
    if not found or asks_against_sources(question.text) or draft.outcome == "clarify":
        return True
    if any(own.query.outside or own.query.named.impossible for own in found):
        return True
    leans = draft.elsewhere or draft.opening in ("", UNSURE)
    if draft.outcome == "partial" and not leans:
        # A correction of what the question takes for granted opens the answer.
        return True
    return draft.opening == OFF_TOPIC and len(found) == 1


def expected_of(found: Sequence[Found], parts: Parts) -> tuple[tuple[str, ...], ...]:
    """Return the sides that a comparison is to hear, each to be named if silent."""
    if len(found) != 1 or found[0].query.scope != "compare":
        return ()
    return sides_of(found[0].query, parts.shelf)


def find_passages(text: str, reports: Sequence[str], parts: Parts) -> list[Passage]:
    """Return the passages for a standalone question, best first: retrieval alone."""
    turned = read_turn(text, (), parts.shelf.details)
    asks = turned.asks or read_turn(f"{text}?", (), parts.shelf.details).asks
    queries = [
        q
        for ask in asks[:1]
        for q in _queries(ask, Question(text, reports=reports), parts)
    ]
    return retrieve(queries[0], parts.shelf, parts.top_k) if queries else []


def close_turn(
    answer: Answer, measured: Measured, started: float, parts: Parts
) -> Answer:
    """Return an answer with its time and tokens, and log the turn."""
    tokens = measured.sent + measured.written
    answer = replace(answer, tokens=tokens).timed(monotonic() - started)
    writer = parts.writer
    if not parts.log_turns:
        return answer
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
