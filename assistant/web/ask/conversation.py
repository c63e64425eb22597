"""The conversation of one page: what was asked, and how far each answer has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from assistant.answering.writers.state import Measured
from assistant.errors import AssistantError
from assistant.schema import Answer, Passage, Turn
from assistant.serving.faults import sentence_of
from assistant.serving.ticking import ticking
from assistant.settings import Settings
from assistant.tools.asking import OpenShelf
from assistant.web.answers.answer_text import count_sentences
from assistant.web.ask.choosing import left_out_of
from assistant.web.ask.progress import progress_of

# The pause after each sentence: enough to see an answer grow, not enough to wait for.
STEP_SECONDS = 0.03

_UNEXPECTED = (
    "Something went wrong here and the question was not answered. "
    "Please ask again; if it happens again, report the number {id}."
)


class Asked(OpenShelf, Protocol):
    """What is needed to put a question."""

    @property
    def corpus_version(self) -> str:
        """Another one, another text on the shelf."""
        ...


class AnswersQuestions(Asked, Protocol):
    """What the page needs of an assistant."""

    @property
    def settings(self) -> Settings:
        """The settings that it was opened with."""
        ...

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        """Return at most five questions to begin with, which these reports answer."""
        ...

    def follow_ups(
        self, answer: Answer, asked: Sequence[str], reports: Sequence[str] = ()
    ) -> list[str]:
        """Return at most three questions to go on with, none of those asked already."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what became of it.

    ``shown`` counts the sentences on the page so far; None means all. ``growing`` says
    that a model is still writing the answer. ``failure`` is the sentence to show where
    the answer failed. ``doing`` is a line that says how far the answer is, in a step
    that brings nothing else; ``found`` are the passages found for it, until it comes.
    ``asked_at`` is in UTC, and fine enough to put questions in order; ``corpus_version``
    is that of the shelf that was asked, ``reports`` the ids of those that were (all if
    empty), and ``left_out`` says which were not; ``paper`` is the title of the
    conversation's own, where that was asked first; where it was asked alone, there is no
    version.
    """

    number: int
    question: str
    standalone_question: str | None = None
    answer: Answer | None = None
    shown: int | None = None
    growing: bool = False
    failure: str | None = None
    stopped: bool = False
    doing: str = ""
    asked_at: datetime | None = None
    corpus_version: str | None = None
    reports: tuple[str, ...] = ()
    left_out: str = ""
    paper: str = ""
    found: tuple[Passage, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing more is to come."""
        ended = self.stopped or self.failure is not None or self.answer is not None
        return ended and not self.growing and self.shown is None

    @property
    def of_paper_alone(self) -> bool:
        """Whether the conversation's own paper alone was asked."""
        return bool(self.paper) and self.corpus_version is None

    @property
    def searched_for(self) -> str | None:
        """The standalone question where it is not what was typed."""
        standalone = self.standalone_question
        if standalone is None or _folded(standalone) == _folded(self.question):
            return None
        return standalone


Conversation = tuple[Exchange, ...]


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip(" ?.!").casefold()


def history_of(conversation: Conversation) -> list[Turn]:
    """Return the turns that a follow-up may refer to; failures are not among them."""
    turns: list[Turn] = []
    for exchange in conversation:
        answer = exchange.answer
        if answer is not None and answer.outcome != "error" and answer.text:
            turns.append(Turn("user", exchange.question))
            turns.append(Turn("assistant", answer.text))
    return turns


def before(conversation: Conversation, number: int) -> Conversation:
    """Return what came before a question; it and what follows are dropped."""
    return conversation[: max(number - 1, 0)]


def questions_of(conversation: Conversation) -> list[str]:
    """Return what was asked, as typed and as searched for."""
    asked = [exchange.question for exchange in conversation]
    searched = [exchange.searched_for for exchange in conversation]
    return [*asked, *(question for question in searched if question)]


def fault_of(
    question: str, reports: Sequence[str] | bool, max_chars: int
) -> str | None:
    """Say why a question cannot be asked as it stands, or return None."""
    length = len(question.strip())
    if length == 0:
        return "Type a question first."
    if length > max_chars:
        return f"Use at most {max_chars:,} characters; this has {length:,}."
    if not reports:
        return "Choose at least one report to ask."
    return None


async def converse(
    assistant: Asked,
    conversation: Conversation,
    question: str,
    reports: Sequence[str] = (),
    tick: float | None = None,
    paper: str = "",
    *,
    alone: bool = False,
) -> AsyncIterator[Conversation]:
    """Ask one question; yield the conversation each time there is more to show.

    Args:
        assistant: answers the question.
        conversation: what was said so far.
        question: as typed.
        reports: the ids of the reports to ask; all when empty.
        tick: the most seconds without a step; None where only steps that bring
            something are wanted.
        paper: the title of the conversation's own paper, where that is asked.
        alone: the assistant is that paper's.
    """
    exchange = Exchange(
        number=len(conversation) + 1,
        question=question.strip(),
        asked_at=datetime.now(UTC),
        corpus_version=None if alone else assistant.corpus_version,
        reports=tuple(reports),
        left_out="" if alone else left_out_of(assistant.catalogue, reports),
        paper=paper,
    )
    yield (*conversation, exchange)
    try:
        async for step in _steps(assistant, conversation, exchange, reports, tick):
            exchange = replace(step, doing="")
            yield (*conversation, step)
    except AssistantError as error:
        yield (*conversation, replace(exchange, failure=sentence_of(error)))
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        failure = sentence_of(error, _UNEXPECTED)
        yield (*conversation, replace(exchange, answer=None, failure=failure))


def stop(conversation: Conversation) -> Conversation:
    """Return the conversation as it stands when the user stops the latest answer."""
    if not conversation:
        return conversation
    latest = replace(conversation[-1], doing="")
    if latest.answer is not None:
        cut_short = latest.growing or latest.stopped
        latest = replace(latest, shown=None, growing=False, stopped=cut_short)
    elif latest.failure is None:
        latest = replace(latest, stopped=True)
    return (*conversation[:-1], latest)


async def _steps(
    assistant: Asked,
    conversation: Conversation,
    exchange: Exchange,
    reports: Sequence[str],
    tick: float | None,
) -> AsyncIterator[Exchange]:
    inputs: dict[str, object] = {
        "question": exchange.question,
        "history": history_of(conversation),
        "reports": list(reports),
    }
    measured, began = Measured(), monotonic()
    if tick is not None:
        inputs["measured"] = measured
    async for step in ticking(assistant.chain.astream(inputs), tick):
        if step is None:
            doing = progress_of(measured, monotonic() - began, exchange.found)
            yield replace(exchange, doing=doing)
            continue
        if standalone := step.get("standalone_question"):
            exchange = replace(exchange, standalone_question=standalone)
            yield exchange
        if passages := step.get("passages"):
            exchange = replace(exchange, found=tuple(passages))
        for progress in step.get("progress") or ():
            exchange = replace(exchange, answer=progress.answer, growing=True)
            yield exchange
        if answer := step.get("answer"):
            written = exchange.growing
            exchange = replace(exchange, answer=answer, growing=False)
            if written:
                yield exchange
            else:
                async for part in _revealed(exchange):
                    yield part


async def _revealed(exchange: Exchange) -> AsyncIterator[Exchange]:
    """Show an answer sentence by sentence; its sources come with the last."""
    assert exchange.answer is not None
    for shown in range(1, count_sentences(exchange.answer.text)):
        yield replace(exchange, shown=shown)
        await asyncio.sleep(STEP_SECONDS)
    yield exchange
