"""The answer path as a LangChain Runnable over a LangChain retriever.

A thin face of ``assistant.answering.pipeline``: its events become what a Runnable
streams, and LangChain adds batch, async, callbacks and tracing. The command line calls
the pipeline itself, because importing LangChain takes longer than answering.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from anyio import CapacityLimiter, to_thread
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator
from langchain_core.runnables.config import get_callback_manager_for_config
from langchain_core.runnables.utils import AddableDict
from pydantic import ConfigDict

from assistant.answering.pipeline import (
    Event,
    Parts,
    Question,
    Retrieved,
    Understood,
    answer_events,
    find_passages,
)
from assistant.answering.writers.state import Progress, Stopping, Told
from assistant.schema import Passage

Inputs = dict[str, Any]
"""What ``make_chain`` says of its input."""


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
        found = find_passages(query, self.reports, self.parts.now())
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


def _events(
    state: Inputs, parts: Parts, config: RunnableConfig, stopping: Stopping
) -> Iterator[AddableDict]:
    question = Question(
        state["question"],
        state.get("history") or (),
        tuple(state.get("reports") or ()),
        state.get("id"),
    )
    measured = state.get("measured")
    retrieval: CallbackManagerForRetrieverRun | None = None
    for event in answer_events(
        question, parts, measured, config=config, stopping=stopping
    ):
        # Callbacks and tracing see the search as that of a retriever.
        if isinstance(event, Understood):
            callbacks = get_callback_manager_for_config(config)
            searched = event.standalone_question
            retrieval = callbacks.on_retriever_start(
                {"name": ShelfRetriever.__name__},
                searched,
                name=ShelfRetriever.__name__,
            )
        elif isinstance(event, Retrieved) and retrieval is not None:
            retrieval.on_retriever_end([_document(p) for p in event.passages])
        yield _told(event)


def _told(event: Event) -> AddableDict:
    """Return what a caller is told of an event."""
    if isinstance(event, Understood):
        return AddableDict(standalone_question=event.standalone_question)
    if isinstance(event, Retrieved):
        return AddableDict(passages=list(event.passages))
    if isinstance(event, Progress):
        return AddableDict(progress=[event])
    return AddableDict(answer=event)


def make_chain(parts: Parts) -> Runnable[Inputs, Told]:
    """Make the chain.

    Its input holds ``question`` and, where there are any, ``history`` (turns),
    ``reports`` (ids), ``id`` and ``measured``, where the caller wants to look at how far
    the answer is (see ``Measured``). ``stream`` yields ``standalone_question``, then
    ``passages``, then, where a model writes, a list of one ``Progress`` under
    ``progress`` for each sentence checked, then ``answer``; ``invoke`` returns all.
    Closing a stream, or cancelling an asynchronous one, ends the model's at once.
    """

    def write(
        inputs: Iterator[Inputs], config: RunnableConfig
    ) -> Iterator[AddableDict]:
        yield from _events(_whole(inputs), parts, config, lambda stop: None)

    async def awrite(
        inputs: AsyncIterator[Inputs], config: RunnableConfig
    ) -> AsyncIterator[AddableDict]:
        state: Inputs = {}
        async for part in inputs:
            state |= part
        stops = _Stops()
        events = _events(state, parts, config, stops)
        try:
            # The check of a sentence keeps a processor busy: not on the event loop. And
            # most of the time the thread waits for the model: it takes nobody's place.
            own = CapacityLimiter(1)
            while step := await to_thread.run_sync(
                next, events, None, abandon_on_cancel=True, limiter=own
            ):
                yield step
        finally:
            stops.stop()

    # LangChain hands on its config to who takes it; its types do not say so.
    steps: Any = (write, awrite)
    return RunnableGenerator(*steps, name="answer")


def _whole(inputs: Iterator[Inputs]) -> Inputs:
    state: Inputs = {}
    for part in inputs:
        state |= part
    return state
