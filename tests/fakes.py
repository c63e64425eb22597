"""A small corpus of invented reports, and an embedding model that needs no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.text.words import words


class WordHashEmbedder:
    """A bag of words, each hashed to one dimension: like words give like vectors."""

    def __init__(self, name: str = "word-hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in words(text) or [""]:
                digest = hashlib.sha256(word.encode()).digest()
                vectors[row, int.from_bytes(digest[:4]) % self.dimension] += 1
        unit: NDArray[np.float32] = vectors / np.linalg.norm(
            vectors, axis=1, keepdims=True
        )
        return unit

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def knows_word(self, word: str) -> bool:
        return word.isalpha()

    def rarity(self, word: str) -> float:
        return 0.5


PARKS = """\
## Findings

### 1 Opening hours

<!-- asked as: when do green spaces shut | is the gate locked at night -->

Parks Forum found in 2021 that 40 parks close at dusk. It says that later closing would \
cost councils £1.5m a year.

### 2 Volunteers

Parks Forum says that volunteers look after one flower bed in three.

## Recommendations

### 1 Lighting

Parks Forum recommends that councils light the main paths of every park.
"""
PARKS_NEWS = """\
## News

### The launch

Parks Forum launched its report in Leeds. Its chair, Ada Green, called parks "the lungs \
of the town".
"""
LIBRARIES = """\
## Recommendations

### 1 Sunday opening

<!-- asked as: can I borrow books at the weekend -->

Reading House recommends that libraries open on Sundays.

### 2 Audit of stock

Reading House recommends an audit of stock every year, as code E-4711 demands.
"""
BUSES = """\
## Findings

### 1 Night buses

Transit Lab found in 2023 that night buses carry nurses and cleaners to work.
"""


def report(report: str, document: str, body: str, **details: str) -> str:
    """The text of a report file; each of the details may be given, as YAML."""
    values = {
        "report": report,
        "document": document,
        "title": report.rpartition("-")[0].title(),
        "publisher": "Parks Forum",
        "published": f'"{report.rpartition("-")[2]}"',
        "published_precision": "year",
        "document_type": "report",
        "url": f"https://example.org/{report}",
        "rights": "Invented for tests.",
        **details,
    }
    front = "\n".join(f"{key}: {value}" for key, value in values.items())
    return f"---\n{front}\n---\n\n# {values['title']}\n\n{body}"


def write_corpus(folder: Path) -> Path:
    """Write three small reports, one of them in two documents; return the folder."""
    files = {
        "buses.md": report("buses-2023", "report", BUSES, publisher="Transit Lab"),
        "libraries.md": report(
            "libraries-2022", "report", LIBRARIES, publisher="Reading House"
        ),
        "parks.md": report("parks-2021", "report", PARKS, authors="[Ada Green]"),
        "parks-news.md": report("parks-2021", "news-item", PARKS_NEWS),
    }
    reports = folder / "reports"
    reports.mkdir(parents=True)
    for name, text in files.items():
        (reports / name).write_text(text, encoding="utf-8")
    return folder
