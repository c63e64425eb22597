"""The answer path as a LangChain Runnable over a LangChain retriever.

The steps are the plain functions of ``assistant.answering.pipeline``; LangChain adds
streaming, batch, async, callbacks and tracing. The command line calls the functions
themselves, because importing LangChain takes longer than answering.
"""

from __future__ import annotations

import time
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from pydantic import ConfigDict

from assistant.answering.pipeline import (
    Parts,
    check_question,
    find_passages,
    finish_answer,
    standalone_question,
    understand,
    write_draft,
)
from assistant.schema import Answer, Passage


class ShelfRetriever(BaseRetriever):
    """Hybrid retrieval over the shelf, best passage first.

    ``reports`` narrows the search. A document's metadata holds the passage itself
    under ``passage``, beside report, title, section, page and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    parts: Parts
    reports: tuple[str, ...] = ()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = find_passages(understand(query, self.reports, self.parts), self.parts)
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


def make_chain(parts: Parts) -> Runnable[dict[str, Any], dict[str, Any]]:
    """Make the chain.

    Its input holds ``question`` and, where there are any, ``history`` (turns) and
    ``reports`` (ids). ``stream`` yields ``standalone_question``, then ``passages``,
    then ``answer``; ``invoke`` returns all three.
    """

    def standalone(state: dict[str, Any]) -> str:
        history, reports = state.get("history", ()), state.get("reports", ())
        typed = check_question(state["question"], history, reports, parts)
        return standalone_question(typed, history, parts)

    def search(state: dict[str, Any], config: Any) -> list[Passage]:
        retriever = ShelfRetriever(
            parts=parts, reports=tuple(state.get("reports") or ())
        )
        documents = retriever.invoke(state["standalone_question"], config=config)
        return [document.metadata["passage"] for document in documents]

    def answer(state: dict[str, Any]) -> Answer:
        reports = tuple(state.get("reports") or ())
        query = understand(state["standalone_question"], reports, parts)
        draft = write_draft(query, state["passages"], parts)
        finished = finish_answer(
            state["question"], query.question, draft, state["passages"], parts
        )
        return finished.timed(time.perf_counter() - state["started"])

    return (
        RunnablePassthrough.assign(
            started=RunnableLambda(lambda _: time.perf_counter())
        )
        .assign(standalone_question=RunnableLambda(standalone))
        .assign(passages=RunnableLambda(search))
        .assign(answer=RunnableLambda(answer))
        .pick(["standalone_question", "passages", "answer"])
    )
