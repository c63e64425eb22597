"""What programs ask for, done over an open assistant; leaving early stops it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol, cast

from anyio import to_thread

from assistant.answering.request import Request
from assistant.answering.writers.state import Told
from assistant.briefing.pack import Length, Pack
from assistant.schema import Answer, ReportDetails
from assistant.tools.contract import ReportData

if TYPE_CHECKING:
    from assistant.composition import Assistant


class Chain(Protocol):
    """The steps from a question to a checked answer."""

    def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        """Yield ``standalone_question``, ``passages``, any ``progress``, ``answer``."""
        ...


class OpenShelf(Protocol):
    """What is asked: an open assistant."""

    @property
    def catalogue(self) -> tuple[ReportDetails, ...]:
        """The details of every document on the shelf."""
        ...

    @property
    def chain(self) -> Chain:
        """The steps from a question to a checked answer."""
        ...


def steps_of(shelf: OpenShelf, request: Request) -> AsyncGenerator[Told, None]:
    """Yield the steps of an answer as they come; closing it stops the answer.

    Raises:
        AssistantError: the question cannot be answered as it is, or not now.
    """
    inputs: dict[str, object] = {
        "question": request.question,
        "history": list(request.history),
        "reports": list(request.reports),
        "id": request.id,
    }
    return closable(shelf.chain.astream(inputs))


def closable(steps: AsyncIterator[Told]) -> AsyncGenerator[Told, None]:
    """Return the same: LangChain's streams can be closed, and its types do not say so."""
    return cast(AsyncGenerator[Told, None], steps)


async def answer_request(shelf: OpenShelf, request: Request) -> Answer:
    """Return the whole answer to a question; see ``steps_of``."""
    answer: Answer | None = None
    async with aclosing(steps_of(shelf, request)) as steps:
        async for step in steps:
            answer = step.get("answer") or answer
    assert answer is not None
    return answer


def list_reports(shelf: OpenShelf) -> list[ReportData]:
    """Return the documents on the shelf."""
    return [ReportData.of(details) for details in shelf.catalogue]


async def brief_agenda(
    assistant: Assistant,
    agenda: str,
    length: Length = "3min",
    reports: Sequence[str] = (),
) -> Pack:
    """Make a pack in a thread; cancelling it stops the work at the next item.

    Raises:
        AgendaError: the agenda holds nothing that could be briefed.
        QuestionError: a report is not known.
    """
    from assistant.briefing.agenda.agenda import parse_agenda
    from assistant.briefing.making import Stop

    stop = Stop()

    def work() -> Pack:
        return assistant.brief(
            parse_agenda(agenda),
            length=length,
            reports=reports,
            stop=stop,
        )

    try:
        return await to_thread.run_sync(work, abandon_on_cancel=True)
    finally:
        stop.stop()
