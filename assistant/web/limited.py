"""An assistant that begins nothing which the limits do not allow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from assistant.answering.writers.state import Told
from assistant.schema import Answer, Source
from assistant.serving.limits import Answers, Asker, asker_of, asking
from assistant.tools.asking import Chain, closable
from assistant.web.ask.conversation import AnswersQuestions

if TYPE_CHECKING:
    from assistant.briefing.agenda.agenda import Agenda
    from assistant.briefing.making import Stop
    from assistant.briefing.pack import Pack
    from assistant.briefing.positions import Comparison
    from assistant.composition import Assistant
    from assistant.index.manifest import Progress

T = TypeVar("T")


def current_asker() -> Asker:
    """Return who asks: as the request says, or Gradio, which works a queue off."""
    from gradio.context import LocalContext

    event = LocalContext.request.get(None)
    if event is not None and event.request is not None:
        return asker_of(event.request.scope)
    return asking.get() or Asker(None, "unknown")


@dataclass(frozen=True)
class LimitedChain:
    """A chain that begins an answer only where the limits allow it."""

    chain: Chain
    answers: Answers

    async def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        """Yield the steps of an answer; see ``Chain``.

        Raises:
            BusyError: it cannot be begun, or is broken off.
        """
        context = copy_context()
        with self.answers.begin(current_asker()):
            async with aclosing(closable(self.chain.astream(input))) as steps:
                while True:
                    step = await self.answers.step(_next(steps), context)
                    if step is None:
                        return
                    yield step


async def _next(steps: AsyncIterator[T]) -> T | None:
    return await anext(steps, None)


def limited(assistant: AnswersQuestions, answers: Answers) -> Assistant:
    """Return an assistant that answers within the limits, and is the same otherwise."""
    # One that answers questions and no more is limited in that.
    return cast("Assistant", _LimitedAssistant(cast("Assistant", assistant), answers))


class _LimitedAssistant:
    def __init__(self, assistant: Assistant, answers: Answers) -> None:
        self._assistant = assistant
        self._answers = answers

    @property
    def chain(self) -> LimitedChain:
        return LimitedChain(self._assistant.chain, self._answers)

    def over(
        self, documents: Sequence[Source], folder: Path, progress: Progress
    ) -> _LimitedAssistant:
        # It is as much work as an answer, or more.
        with self._answers.begin(current_asker()):
            opened = self._assistant.over(documents, folder, progress)
        return _LimitedAssistant(opened, self._answers)

    def answer(self, *arguments: Any, **options: Any) -> Answer:
        with self._answers.begin(current_asker()):
            return self._assistant.answer(*arguments, **options)

    def questions_for(self, agenda: Agenda, stop: Stop | None = None) -> Agenda:
        with self._answers.begin(current_asker()):
            return self._assistant.questions_for(agenda, stop)

    def brief(
        self, agenda: Agenda, *, stop: Stop | None = None, **options: Any
    ) -> Pack:
        from assistant.briefing.making import Stop

        stop, asker = stop or Stop(), current_asker()
        with self._answers.begin_pack(asker, len(agenda.items), stop):
            return self._assistant.brief(agenda, stop=stop, owner=asker.key, **options)

    def compare(self, question: str, reports: Sequence[str]) -> Comparison:
        with self._answers.begin(current_asker()):
            return self._assistant.compare(question, reports)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)
