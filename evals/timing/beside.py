"""The assistant beside stock LangChain and Chroma, in one run, on the same made-up shelf.

Stock is what its documentation shows: texts cut to 1,000 letters with 200 in common,
Chroma as the vector store, its retriever with its own defaults. Both use the same model.
Each does its work in a process of its own; processor time is told, which a busy machine
changes less than the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

from assistant.answering.pipeline import Parts, Question, answer_question, find_passages
from assistant.answering.understanding.glossary import Glossary
from assistant.errors import ConfigError
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.opening import open_shelf
from assistant.library.changes import Workplace, change_shelf
from assistant.library.shelf import read_shelf
from assistant.settings import Settings
from evals.reporting.report import table
from evals.timing.generated_shelf import (
    CHUNKS_A_REPORT,
    empty_shelf,
    put_reports,
    questions_on,
    report_text,
)

_QUESTIONS = 20
_MEMORY = re.compile(r"^VmHWM:\s+(\d+)", re.M)
OURS, STOCK = "assistant", "LangChain + Chroma"


class Cost(NamedTuple):
    """What one of them costs at one size; times are processor time."""

    index_s: float
    first_ms: float
    retrieve_ms: float
    answer_ms: float | None
    """None where nothing answers without a model."""
    memory_mb: float


def costs_beside(settings: Settings, size: int) -> dict[str, Cost]:
    """Return the costs of both on a shelf of that many chunks.

    Raises:
        ConfigError: the size is smaller than a report.
    """
    reports = size // CHUNKS_A_REPORT
    if not reports:
        raise ConfigError(f"--sizes: the smallest shelf has {CHUNKS_A_REPORT} chunks.")
    found: dict[str, Cost] = {}
    with TemporaryDirectory() as folder:
        found[OURS] = _alone(_ours, settings.embeddings, Path(folder), reports)
    with TemporaryDirectory() as folder:
        found[STOCK] = _alone(_stock, settings.embeddings, Path(folder), reports)
    return found


def _alone(
    work: Callable[..., tuple[float | None, ...]], name: str, folder: Path, reports: int
) -> Cost:
    """Index in one process and ask in another, which holds nothing of the first."""
    cost: list[Any] = []
    for what in ("index", "ask"):
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            cost.append(other.submit(work, name, folder, reports, what).result())
    (index_s,), asked = cost
    return Cost(index_s, *asked)


def _ours(name: str, folder: Path, reports: int, what: str) -> tuple[float | None, ...]:
    if what == "index":
        place = replace(empty_shelf(folder), embedder=_warm(name))
        (folder / "files").mkdir()
        put = partial(put_reports, folder=folder / "files", numbers=range(reports))
        return (_seconds(lambda: change_shelf(place, put)),)
    place = Workplace(
        folder / "corpus", folder / "data/reports", folder / "data/index", _warm(name)
    )
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    with closing(open_shelf(place.index_dir, documents, place.embedder)) as shelf:
        parts = Parts(shelf=shelf, glossary=Glossary(()), log_turns=False)

        def answer(text: str) -> object:
            return answer_question(Question(text), parts)

        first, *asked = questions_on(reports, 2 * _QUESTIONS + 1, seed=7)
        first_ms = 1000 * _seconds(lambda: answer(first))
        found = _median(lambda q: find_passages(q, (), parts), asked[:_QUESTIONS])
        return first_ms, found, _median(answer, asked[_QUESTIONS:]), _peak_mb()


def _stock(
    name: str, folder: Path, reports: int, what: str
) -> tuple[float | None, ...]:
    try:
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise ConfigError(
            "LangChain's own store is missing. Run: pip install langchain-chroma "
            "langchain-text-splitters"
        ) from error

    store = Chroma(
        embedding_function=_LangChains(_warm(name)), persist_directory=str(folder)
    )
    if what == "index":
        cut = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

        def index() -> None:
            for number in range(reports):
                store.add_texts(cut.split_text(report_text(number)))

        return (_seconds(index),)
    retriever = store.as_retriever()
    first, *asked = questions_on(reports, 2 * _QUESTIONS + 1, seed=7)
    first_ms = 1000 * _seconds(lambda: retriever.invoke(first))
    return first_ms, _median(retriever.invoke, asked[:_QUESTIONS]), None, _peak_mb()


class _LangChains:
    """Our embedding model as LangChain calls one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        made: list[list[float]] = self._embedder.embed(texts).tolist()
        return made

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _warm(name: str) -> Embedder:
    embedder = make_embedder(name)
    embedder.embed(["The first text loads the model."])
    return embedder


def _seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started


def _median(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    return 1000 * median(_seconds(partial(ask, text)) for text in questions)


def _peak_mb() -> float:
    found = _MEMORY.search(Path("/proc/self/status").read_text("ascii"))
    return int(found.group(1)) / 1024 if found else 0.0


def beside_table(size: int, costs: dict[str, Cost]) -> str:
    """Return the table at one size: both, and ours as a multiple of the other."""
    ours, stock = costs[OURS], costs[STOCK]
    named = {
        "indexing, s": (ours.index_s, stock.index_s),
        "first question, ms": (ours.first_ms, stock.first_ms),
        "retrieval, ms": (ours.retrieve_ms, stock.retrieve_ms),
        "whole answer, ms": (ours.answer_ms, stock.answer_ms),
        "peak memory, MB": (ours.memory_mb, stock.memory_mb),
    }
    rows = []
    for what, (one, other) in named.items():
        assert one is not None
        told = ("–", "–") if other is None else (f"{other:,.1f}", f"{one / other:.2f}")
        rows.append((what, f"{one:,.1f}", *told))
    head = (f"{size:,} chunks", OURS, STOCK, "ratio")
    return table(head, rows, markdown=True)
