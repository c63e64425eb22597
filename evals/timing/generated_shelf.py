"""A made-up shelf of any size, to measure on.

Reports are of a realistic shape: 100 chunks of 120 words each, words as frequent as in
English (Zipf), vectors of 384 dimensions in one cluster a report. The vectors are
generated, since embedding 100,000 chunks takes hours and says nothing of the index.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.index.embeddings import MiniLMEmbedder
from assistant.library.candidates import hash_file, hash_text
from assistant.library.changes import Workplace
from assistant.library.entries import Entry
from assistant.library.library import Library
from assistant.reading.plain import read_markdown_notes
from assistant.schema import ReportDetails
from assistant.settings import CHECKOUT

CHUNKS_A_REPORT = 100
_SENTENCES, _WORDS = 8, 15
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


def report_text(number: int) -> str:
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

    def rarity(self, word: str) -> float:
        """Take every word as equally rare."""
        return 0.5


def empty_shelf(folder: Path) -> Workplace:
    """Make a shelf with one small shipped report under a folder."""
    corpus, data = folder / "corpus", folder / "data"
    (corpus / "reports").mkdir(parents=True)
    (corpus / "reports" / "seed.md").write_text(_CORPUS, encoding="utf-8")
    return Workplace(corpus, data / "reports", data / "index", GeneratedEmbedder())


def put_reports(library: Library, folder: Path, numbers: Sequence[int]) -> None:
    """Write the reports of these numbers into a folder and put them on the shelf."""
    for number in numbers:
        file = folder / f"study-{number}.md"
        file.write_text(report_text(number), encoding="utf-8")
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


def questions_on(reports: int, count: int, seed: int) -> list[str]:
    """Return questions, each on six words and one of the first so many reports."""
    random = np.random.default_rng(seed)
    words = _vocabulary()
    return [
        f"What does Study {random.integers(reports)} say on "
        + " ".join(words[p % len(words)] for p in random.zipf(1.3, size=6))
        + "?"
        for _ in range(count)
    ]
