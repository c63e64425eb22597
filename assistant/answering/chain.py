"""The answer path as a LangChain Runnable over a LangChain retriever.

The steps are the plain functions of ``assistant.answering.pipeline``; LangChain adds
streaming, batch, async, callbacks and tracing. The command line calls the functions
themselves, because importing LangChain takes longer than answering.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple

from anyio import CapacityLimiter, to_thread
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import (
    Runnable,
    RunnableConfig,
    RunnableGenerator,
    RunnableLambda,
    RunnablePassthrough,
)
from langchain_core.runnables.utils import AddableDict
from pydantic import ConfigDict

from assistant.answering.assembly import Asked
from assistant.answering.pipeline import (
    Parts,
    check_question,
    close_turn,
    find_passages,
    make_question_standalone,
    understand,
    write_answer,
)
from assistant.answering.understanding.query import Query
from assistant.answering.writers.model_answer import Measured, Progress, Stopping
from assistant.schema import Passage, Rewritten


class ShelfRetriever(BaseRetriever):
    """Hybrid retrieval over the shelf, best passage first.

    ``reports`` narrows the search. A document's metadata holds the passage itself
    under ``passage``, beside report, title, section, page and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    # ``Parts``; pydantic would look for a class in each of its protocols.
    parts: Any
    reports: tuple[str, ...] = ()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        parts: Parts = self.parts.now()
        found = find_passages(understand(query, self.reports, parts), parts)
        return [_document(passage) for passage in found]


def _document(passage: Passage) -> Document:
    chunk = passage.chunk
    return Document(
        id=chunk.id,
        page_content=chunk.text,
        metadata={
            "report": chunk.details.report,
            "title": chunk.details.title,
            "section": chunk.section,
            "page": chunk.page,
            "score": passage.score,
            "passage": passage,
        },
    )


class _Understood(NamedTuple):
    """What is known of a question before the search, and when it was asked."""

    question: str
    query: Query
    rewritten: Rewritten | None
    measured: Measured
    started: float
    parts: Parts
    """Over the shelf as it was then: all steps of one question see the same."""


class _Stops:
    """Ends what runs for an answer, even where it begins only after that."""

    def __init__(self) -> None:
        self._stops: list[Callable[[], object]] = []
        self._stopped = False

    def __call__(self, stop: Callable[[], object]) -> None:
        self._stops.append(stop)
        if self._stopped:
            stop()

    def stop(self) -> None:
        self._stopped = True
        for stop in self._stops:
            stop()


@dataclass(frozen=True)
class _Steps:
    """The named steps of the chain over the parts of one assistant."""

    parts: Parts

    def understand(self, state: dict[str, Any], config: RunnableConfig) -> _Understood:
        history, reports = state.get("history") or (), state.get("reports") or ()
        measured = state.get("measured") or Measured()
        started, parts = monotonic(), self.parts.now()
        measured.step = "searching"
        typed = check_question(state["question"], reports, parts)
        standalone, rewritten = make_question_standalone(
            typed, history, parts, measured, config=config
        )
        query = understand(standalone, reports, parts)
        return _Understood(typed, query, rewritten, measured, started, parts)

    def search(self, state: dict[str, Any], config: RunnableConfig) -> list[Passage]:
        known: _Understood | None = state.get("understood")
        # LangChain begins this step even where the one before it has failed; an error
        # here would only hide in the log behind the one that is told.
        if known is None:
            return []
        retriever = ShelfRetriever(
            parts=known.parts, reports=tuple(state.get("reports") or ())
        )
        since = monotonic()
        documents = retriever.invoke(state["standalone_question"], config=config)
        known.measured.mark("search", since)
        return [document.metadata["passage"] for document in documents]

    def steps(
        self, state: dict[str, Any], config: RunnableConfig, stopping: Stopping
    ) -> Iterator[AddableDict]:
        known: _Understood = state["understood"]
        asked = Asked(
            known.question,
            state["standalone_question"],
            tuple(state["passages"]),
            state.get("id"),
            known.rewritten,
        )
        for step in write_answer(
            asked,
            known.query,
            state.get("history") or (),
            known.parts,
            known.measured,
            config=config,
            stopping=stopping,
        ):
            if isinstance(step, Progress):
                yield AddableDict(progress=[step])
            else:
                answer = close_turn(step, known.measured, known.started, known.parts)
                yield AddableDict(answer=answer)

    def write(
        self, parts_of_state: Iterator[dict[str, Any]], config: RunnableConfig
    ) -> Iterator[AddableDict]:
        state: dict[str, Any] = {}
        for part in parts_of_state:
            state |= part
            if told := _told(part):
                yield told
        yield from self.steps(state, config, lambda stop: None)

    async def awrite(
        self, parts_of_state: AsyncIterator[dict[str, Any]], config: RunnableConfig
    ) -> AsyncIterator[AddableDict]:
        state: dict[str, Any] = {}
        async for part in parts_of_state:
            state |= part
            if told := _told(part):
                yield told
        stops = _Stops()
        written = self.steps(state, config, stops)
        try:
            # The check of a sentence keeps a processor busy: not on the event loop. And
            # most of the time the thread waits for the model: it takes nobody's place.
            own = CapacityLimiter(1)
            while step := await to_thread.run_sync(
                next, written, None, abandon_on_cancel=True, limiter=own
            ):
                yield step
        finally:
            stops.stop()


def make_chain(parts: Parts) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Make the chain.

    Its input holds ``question`` and, where there are any, ``history`` (turns),
    ``reports`` (ids), ``id`` and ``measured``, where the caller wants to look at how far
    the answer is (see ``Measured``). ``stream`` yields ``standalone_question``, then
    ``passages``, then, where a model writes, a list of one ``Progress`` under
    ``progress`` for each sentence checked, then ``answer``; ``invoke`` returns all.
    Closing a stream, or cancelling an asynchronous one, ends the model's at once.
    """
    steps = _Steps(parts)
    # LangChain hands on its config to who takes it; its types do not say so.
    write: Any = RunnableGenerator(steps.write, steps.awrite)  # type: ignore[arg-type]
    return (
        RunnablePassthrough.assign(understood=RunnableLambda(steps.understand))
        .assign(standalone_question=RunnableLambda(_standalone))
        .assign(passages=RunnableLambda(steps.search))
        .pipe(write)
    )


def _standalone(state: dict[str, Any]) -> str:
    known: _Understood | None = state.get("understood")
    return known.query.question if known else ""


def _told(part: dict[str, Any]) -> AddableDict:
    """Return what a caller is told of the steps before the answer."""
    shown = ("standalone_question", "passages")
    return AddableDict({key: part[key] for key in shown if key in part})
