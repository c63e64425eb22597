"""The assistant beside stock LangChain and Chroma, in one run, on the same made-up shelf.

Stock is what its documentation shows: texts cut to 1,000 letters with 200 in common,
Chroma as the vector store, its retriever with its own defaults. Both use the same model;
where the files of Chroma's own embedding function are on this machine, stock is asked with
that, too. Each does its work in a process of its own; processor time is told, which a busy
machine changes less than the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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

import numpy as np

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
OWN = "the same, Chroma's embedding"
_CHROMAS = "chroma"
# It fills each text up to 256 tokens: a larger shelf would take it hours.
_MOST_OWN = 1_000


class Cost(NamedTuple):
    """What one of them costs at one size; times are processor time."""

    index_s: float
    first_ms: float
    retrieve_ms: float
    answer_ms: float | None
    """None where nothing answers without a model."""
    memory_mb: float


def costs_beside(settings: Settings, size: int) -> dict[str, Cost]:
    """Return the costs of each on a shelf of that many chunks.

    Raises:
        ConfigError: the size is smaller than a report.
    """
    reports = size // CHUNKS_A_REPORT
    if not reports:
        raise ConfigError(f"--sizes: the smallest shelf has {CHUNKS_A_REPORT} chunks.")
    name: str = settings.embeddings
    asked = {OURS: (_ours, name), STOCK: (_stock, name)}
    if size <= _MOST_OWN and _has_chromas_own():
        asked[OWN] = _stock, _CHROMAS
    found: dict[str, Cost] = {}
    for name, (work, embeddings) in asked.items():
        with TemporaryDirectory() as folder:
            found[name] = _alone(work, embeddings, Path(folder), reports)
    return found


def _has_chromas_own() -> bool:
    """Tell whether Chroma's own function would embed without a download."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2 as Own

    return (Own.DOWNLOAD_PATH / Own.EXTRACTED_FOLDER_NAME / "model.onnx").exists()


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

    embedder = _chromas_own() if name == _CHROMAS else _warm(name).embed
    store = Chroma(
        embedding_function=_LangChains(embedder), persist_directory=str(folder)
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
    """An embedding model as LangChain calls one."""

    def __init__(self, embed: Callable[[list[str]], Any]) -> None:
        self._embed = embed

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        made: list[list[float]] = np.asarray(self._embed(texts)).tolist()
        return made

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _warm(name: str) -> Embedder:
    embedder = make_embedder(name)
    embedder.embed(["The first text loads the model."])
    return embedder


def _chromas_own() -> Callable[[list[str]], Any]:
    from chromadb.utils.embedding_functions import DefaultEmbeddingFunction

    embed = DefaultEmbeddingFunction()
    embed(["The first text loads the model."])
    return embed


def _seconds(work: Callable[[], object]) -> float:
    started = process_time()
    work()
    return process_time() - started


def _median(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    return 1000 * median(_seconds(partial(ask, text)) for text in questions)


def _peak_mb() -> float:
    found = _MEMORY.search(Path("/proc/self/status").read_text("ascii"))
    return int(found.group(1)) / 1024 if found else 0.0


def beside_table(size: int, costs: Mapping[str, Cost]) -> str:
    """Return the table at one size: each, and ours as a multiple of the others."""
    shown = {
        "indexing, s": "index_s",
        "first question, ms": "first_ms",
        "retrieval, ms": "retrieve_ms",
        "whole answer, ms": "answer_ms",
        "peak memory, MB": "memory_mb",
    }
    ours, others = costs[OURS], [cost for name, cost in costs.items() if name != OURS]
    rows = []
    for what, name in shown.items():
        one = getattr(ours, name)
        cells = [f"{one:,.1f}"]
        for cost in others:
            other = getattr(cost, name)
            cells += (
                ["–", "–"] if other is None else [f"{other:,.1f}", f"{one / other:.2f}"]
            )
        rows.append((what, *cells))
    heads = [part for name in costs if name != OURS for part in (name, "ratio")]
    return table((f"{size:,} chunks", OURS, *heads), rows, markdown=True)
