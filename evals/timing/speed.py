"""Speed as ratios within one run, which say the same on a fast and a slow machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from assistant.composition import open_assistant
from assistant.index.applying import embedding_text
from assistant.index.embeddings import make_embedder
from assistant.index.opening import update_index
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.settings import Settings
from evals.cases import Case
from evals.reporting.report import table

_QUESTIONS = 40


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """Return how long a piece of work took."""
    started = perf_counter()
    work(*arguments)
    return perf_counter() - started


def question_speed(settings: Settings, cases: Sequence[Case]) -> str:
    """Time whole questions against the embedding of the same questions alone."""
    embedder = make_embedder(settings.embeddings)
    assistant = open_assistant(settings)
    asked = cases[:: max(1, len(cases) // _QUESTIONS)]
    try:
        # The first of each loads what the others only use.
        embedder.embed([asked[0].question])
        first = seconds(assistant.answer, asked[0].question, asked[0].history)
        bare, whole, again = [], [], []
        for case in asked[1:]:
            bare.append(seconds(embedder.embed, [case.question]))
            whole.append(seconds(assistant.answer, case.question, case.history))
            again.append(seconds(assistant.answer, case.question, case.history))
    finally:
        assistant.close()
    return _table(
        [
            ("embedding the question alone", median(bare)),
            ("whole question, the first", first),
            ("whole question", median(whole)),
            ("whole question, asked again", median(again)),
        ]
    )


def index_speed(settings: Settings) -> str:
    """Time building the index against embedding the same chunks alone."""
    documents = read_corpus(settings.corpus_dir)
    embedder = make_embedder(settings.embeddings)
    chunks = [c for d in documents for c in chunk_document(d, embedder.count_tokens)]
    texts = [embedding_text(chunk, embedder) for chunk in chunks]
    asked = [question for chunk in chunks for question in chunk.asked_as]
    embedder.embed(texts[:1])
    bare = seconds(embedder.embed, [*texts, *asked])
    with TemporaryDirectory() as folder:
        # The first build also imports and opens the store, which is no throughput.
        first = seconds(update_index, Path(folder, "first"), documents, embedder)
        second = seconds(update_index, Path(folder, "second"), documents, embedder)
    return _table(
        [
            (f"embedding {len(texts)} chunks and {len(asked)} questions alone", bare),
            ("building the index, the first", first),
            ("building the index", second),
        ]
    )


def _table(times: Sequence[tuple[str, float]]) -> str:
    """Show times, each as a multiple of the first."""
    base = times[0][1]
    rows = [(what, f"{time * 1000:.1f}", f"{time / base:.1f}") for what, time in times]
    return table(("", "ms", "ratio"), rows)
