"""What a shelf costs as it grows: adding, asking, memory and disk, up to 100,000 chunks.

The reports are made up, of a realistic shape: 100 chunks of 120 words each, words as
frequent as in English (Zipf), vectors of 384 dimensions in one cluster a report. The
vectors are generated, since embedding 100,000 chunks takes hours and says nothing of
the index; a question is embedded by the real model as well, for its time.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.answering.finding.retrieval import search_hybrid
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.query import Query, make_query
from assistant.index.embeddings import MiniLMEmbedder
from assistant.index.manifest import read_manifest
from assistant.index.opening import open_shelf, update_index
from assistant.index.shelf import Shelf
from assistant.index.sync import embedding_text
from assistant.library.adding import hash_file, hash_text
from assistant.library.changes import Workplace, change_shelf
from assistant.library.entries import Entry, Library
from assistant.library.shelf import read_shelf
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.reading.plain import read_markdown_notes
from assistant.schema import ReportDetails
from assistant.settings import CHECKOUT, shipped
from evals.reporting.report import table

SIZES = (100, 1_000, 10_000, 100_000)
CHUNKS_A_REPORT = 100
_SENTENCES, _WORDS = 8, 15
_QUESTIONS = 60
_DIMENSION = 384
_CORPUS = """---
report: seed-2020
document: report
title: Seed
publisher: Quill House
document_type: report
url: https://example.org/seed
rights: Made up.
---
# Seed

## One

Quill House says that this is the first report.
"""


@cache
def _vocabulary() -> list[str]:
    """Return 20,000 words: the model's own, the longer and rarer ones last."""
    file = CHECKOUT / "assistant" / "data" / "bert-base-uncased-vocab.txt"
    words = file.read_text("utf-8").split("\n")
    return [word for word in words if re.fullmatch(r"[a-z]{3,}", word)][:20_000]


def _text(number: int) -> str:
    """Return the made-up report of a number, as Markdown."""
    random = np.random.default_rng(number)
    words = _vocabulary()
    sections = []
    for section in range(CHUNKS_A_REPORT):
        places = random.zipf(1.3, size=_SENTENCES * _WORDS) % len(words)
        sentences = [
            " ".join(words[p] for p in places[s * _WORDS : (s + 1) * _WORDS]) + "."
            for s in range(_SENTENCES)
        ]
        sections.append(f"## Part {section}\n\n{' '.join(sentences)}\n")
    return f"# Study {number}\n\n" + "\n".join(sections)


class GeneratedEmbedder:
    """Unit vectors made from the text's hash, near to those of the same report."""

    name = "generated"
    dimension = _DIMENSION

    def __init__(self) -> None:
        """Nothing is loaded: the real model only where a question is timed."""
        self.real: MiniLMEmbedder | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text."""
        if self.real is not None and texts:
            self.real.embed(texts)
        rows = np.zeros((len(texts), _DIMENSION), np.float32)
        for row, text in enumerate(texts):
            found = re.search(r"Study (\d+)", text)
            centre = np.random.default_rng(int(found.group(1)) if found else 0)
            noise = np.random.default_rng(zlib.crc32(text.encode()))
            rows[row] = centre.normal(size=_DIMENSION) + noise.normal(size=_DIMENSION)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split())

    def knows_word(self, word: str) -> bool:
        """Take every word as known."""
        return True


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


def _put(library: Library, folder: Path, numbers: Sequence[int]) -> None:
    for number in numbers:
        file = folder / f"study-{number}.md"
        file.write_text(_text(number), encoding="utf-8")
        sections = read_markdown_notes(file.read_text("utf-8")).sections
        details = ReportDetails(
            f"study-{number}", "report", f"Study {number}", "Quill House", "report",
            "", "Made up.", published="2020", published_precision="year",
        )  # fmt: skip
        entry = Entry(
            details, hash_file(file), hash_text(sections), file.name, str(file),
            "Markdown", None, "2026-01-01T00:00:00+00:00",
        )  # fmt: skip
        library.put(entry, file, sections)


def measure(sizes: Sequence[int], folder: Path) -> list[Measured]:
    """Grow one shelf to each of the sizes, in chunks, and measure it there."""
    corpus, files = folder / "corpus", folder / "files"
    (corpus / "reports").mkdir(parents=True)
    files.mkdir()
    (corpus / "reports" / "seed.md").write_text(_CORPUS, encoding="utf-8")
    data = folder / "data"
    place = Workplace(corpus, data / "reports", data / "index", GeneratedEmbedder())
    found, there = [], 0
    for size in sizes:
        wanted = range(there, size // CHUNKS_A_REPORT)
        change_shelf(place, partial(_put, folder=files, numbers=wanted))
        there = len(range(size // CHUNKS_A_REPORT))
        found.append(_measure(place, files, there))
    return found


def _add_one(place: Workplace, files: Path, number: int) -> tuple[float, float]:
    """Add one report and take it off again; return what adding took."""
    times = _timed(
        partial(change_shelf, place, partial(_put, folder=files, numbers=[number]))
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
        for question in _questions(reports):
            started = perf_counter()
            queries.append(make_query(question, shelf, Glossary(())))
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


def _timed(search: Callable[[], object]) -> tuple[float, float]:
    """Return what a search takes: wall time and processor time, in milliseconds."""
    started, worked = perf_counter(), process_time()
    search()
    return 1000 * (perf_counter() - started), 1000 * (process_time() - worked)


def _questions(reports: int, seed: int = 7) -> list[str]:
    random = np.random.default_rng(seed)
    words = _vocabulary()
    return [
        f"What does Study {random.integers(reports)} say on "
        + " ".join(words[p % len(words)] for p in random.zipf(1.3, size=6))
        + "?"
        for _ in range(2 * _QUESTIONS)
    ]


def _other_words(queries: Sequence[Query], shelf: Shelf) -> list[Query]:
    """Return as many questions again: none of theirs is embedded yet."""
    reports = len(shelf.reports) - 1
    others = _questions(reports, seed=8)[: len(queries)]
    return [make_query(question, shelf, Glossary(())) for question in others]


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


def throughput(folder: Path) -> float:
    """Return how fast a build embeds, as a share of the bare model on the same texts."""
    documents = read_corpus(shipped("corpus"))
    embedder = MiniLMEmbedder()
    chunks = [c for d in documents for c in chunk_document(d, embedder.count_tokens)]
    texts = [embedding_text(chunk, embedder) for chunk in chunks]
    asked = [question for chunk in chunks for question in chunk.asked_as]
    # Importing and opening the store is no throughput.
    update_index(folder / "first", documents[:1], embedder)
    started = perf_counter()
    embedder.embed([*texts, *asked])
    bare = perf_counter() - started
    started = perf_counter()
    update_index(folder / "second", documents, embedder)
    return bare / (perf_counter() - started)


def scale(arguments: argparse.Namespace) -> int:
    """Measure adding and asking as a shelf grows to 100,000 chunks."""
    with TemporaryDirectory() as folder:
        print(
            f"Embedding, a build's rate to the model's: {throughput(Path(folder)):.2f}"
        )
    with TemporaryDirectory() as folder:
        print(scale_table(measure(arguments.sizes, Path(folder))))
    return 0
