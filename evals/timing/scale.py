"""What a shelf costs as it grows: adding, asking, memory and disk, up to 100,000 chunks.

The shelf is a made-up one with generated vectors (``generated_shelf``); a question is
embedded by the real model as well, for its time.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np

from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.query import Query, make_query
from assistant.answering.understanding.readings import read_turn
from assistant.errors import ConfigError
from assistant.index.embeddings import MiniLMEmbedder
from assistant.index.manifest import read_manifest
from assistant.index.opening import open_shelf
from assistant.index.shelf import Shelf
from assistant.library.changes import Workplace, change_shelf
from assistant.library.library import Library
from assistant.library.shelf import read_shelf
from assistant.settings import CHECKOUT
from evals.reporting.report import table
from evals.timing.generated_shelf import (
    CHUNKS_A_REPORT,
    GeneratedEmbedder,
    empty_shelf,
    put_reports,
    questions_on,
)

_QUESTIONS = 60


class Asked(NamedTuple):
    """What asking costs at one size; times in milliseconds, in a process of its own."""

    understand: float
    embed_p95: float
    median: float
    p95: float
    p95_cpu: float
    one_report_p95: float
    memory_mb: float


class Measured(NamedTuple):
    """What was measured at one size; times in milliseconds."""

    chunks: int
    add: float
    add_cpu: float
    index_only: float
    rerun: float
    asked: Asked
    disk_kb: float


def measure(sizes: Sequence[int], folder: Path) -> list[Measured]:
    """Grow one shelf to each of the sizes, in chunks, and measure it there.

    Raises:
        ConfigError: a size is smaller than one report.
    """
    if min(sizes) < CHUNKS_A_REPORT:
        raise ConfigError(f"--sizes: the smallest shelf has {CHUNKS_A_REPORT} chunks.")
    files = folder / "files"
    files.mkdir()
    place = empty_shelf(folder)
    found, there = [], 0
    for size in sorted(sizes):
        wanted = range(there, size // CHUNKS_A_REPORT)
        change_shelf(place, partial(put_reports, folder=files, numbers=wanted))
        there = size // CHUNKS_A_REPORT
        found.append(_measure(place, files, there))
    return found


def _add_one(place: Workplace, files: Path, number: int) -> tuple[float, float]:
    """Add one report and take it off again; return what adding took."""
    times = _timed(
        partial(
            change_shelf, place, partial(put_reports, folder=files, numbers=[number])
        )
    )
    change_shelf(place, partial(Library.remove, document=f"study-{number}/report"))
    (files / f"study-{number}.md").unlink()
    return times


def _measure(place: Workplace, files: Path, reports: int) -> Measured:
    embedder = place.embedder
    assert isinstance(embedder, GeneratedEmbedder)
    number = 1_000_000 + reports * 10
    bare = [_add_one(place, files, number + extra) for extra in range(5)]
    embedder.real = MiniLMEmbedder()
    embedder.real.warm()
    whole = [_add_one(place, files, number + 5 + extra) for extra in range(3)]
    embedder.real = None
    size = sum(f.stat().st_size for f in place.index_dir.rglob("*") if f.is_file())
    manifest = read_manifest(place.index_dir)
    assert manifest is not None
    # In a process of its own: this one still holds what it built.
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        asked = other.submit(ask, place, reports).result()
    return Measured(
        chunks=manifest.chunks,
        add=median(wall for wall, _ in whole),
        add_cpu=median(cpu for _, cpu in whole),
        index_only=median(wall for wall, _ in bare),
        rerun=1000 * _rerun(place, files),
        asked=asked,
        disk_kb=size / 1024 / manifest.chunks,
    )


def ask(place: Workplace, reports: int) -> Asked:
    """Search for questions not asked before, after others have warmed everything."""
    embedder = place.embedder
    assert isinstance(embedder, GeneratedEmbedder)
    embedder.real = MiniLMEmbedder()
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    with closing(open_shelf(place.index_dir, documents, embedder)) as shelf:
        understanding, queries = [], []
        for question in questions_on(reports, 2 * _QUESTIONS, seed=7):
            started = perf_counter()
            queries.append(_query(question, shelf))
            understanding.append(1000 * (perf_counter() - started))
        every: list[tuple[float, float]] = []
        one: list[tuple[float, float]] = []
        for query in queries:
            every.append(_timed(partial(search_hybrid, query, shelf, 12, ())))
        for query in _other_words(queries, shelf):
            report = [f"study-{_number(query)}"]
            one.append(_timed(partial(search_hybrid, query, shelf, 12, report)))
        alone = [
            _timed(partial(embedder.real.embed, [text]))[0]
            for query in queries
            for text in query.searches
        ]
        half = len(queries) // 2
        memory = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    walls, cpus = zip(*every[half:], strict=True)
    return Asked(
        understand=float(np.percentile(understanding[half:], 95)),
        embed_p95=float(np.percentile(alone, 95)),
        median=median(walls),
        p95=float(np.percentile(walls, 95)),
        p95_cpu=float(np.percentile(cpus, 95)),
        one_report_p95=float(np.percentile([w for w, _ in one[half:]], 95)),
        memory_mb=memory * resource.getpagesize() / 2**20,
    )


def _query(question: str, shelf: Shelf) -> Query:
    """Return the likeliest reading of a question, taken apart."""
    reading = read_turn(question, (), shelf.details).asks[0].readings[0]
    return make_query(reading, shelf, Glossary(()))


def _timed(search: Callable[[], object]) -> tuple[float, float]:
    """Return what a search takes: wall time and processor time, in milliseconds."""
    started, worked = perf_counter(), process_time()
    search()
    return 1000 * (perf_counter() - started), 1000 * (process_time() - worked)


def _other_words(queries: Sequence[Query], shelf: Shelf) -> list[Query]:
    """Return as many questions again: none of theirs is embedded yet."""
    reports = len(shelf.reports) - 1
    others = questions_on(reports, len(queries), seed=8)
    return [_query(question, shelf) for question in others]


def _number(query: Query) -> str:
    found = re.search(r"Study (\d+)", query.question)
    return found.group(1) if found else "0"


def _rerun(place: Workplace, files: Path) -> float:
    """Time the command that adds a folder whose files are all on the shelf."""
    environment = {
        **os.environ,
        "ASSISTANT_DATA_DIR": str(place.index_dir.parent),
        "ASSISTANT_CORPUS_DIR": str(place.corpus_dir),
    }
    command = [sys.executable, "-m", "assistant", "reports", "add", str(files), "--yes"]
    started = perf_counter()
    ended = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "already on the shelf" in ended.stdout
    return perf_counter() - started


def scale_table(measured: Sequence[Measured]) -> str:
    """Return the table of what was measured, times in milliseconds."""
    heads = (
        "chunks", "add a report", "processor", "without embedding",
        "add a known folder",
        "understand, p95", "one embedding, p95", "retrieve, median", "p95", "p95 processor",
        "p95 in one report", "memory, MB", "disk a chunk, kB",
    )  # fmt: skip
    rows = [
        (m.chunks, m.add, m.add_cpu, m.index_only, m.rerun, *m.asked, m.disk_kb)
        for m in measured
    ]
    return table(heads, [tuple(f"{value:,.0f}" for value in row) for row in rows])
