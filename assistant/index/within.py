"""Exact search within named reports, by all of their vectors."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np

from assistant.index.embeddings import Vectors
from assistant.index.lexical import LexicalIndex
from assistant.index.store.chunks import ChunkStore, best_first

# More chunks than this are a large share of any shelf, and found without their help.
_MOST_CHUNKS = 20_000
# Rows of vectors kept, 1.5 kB each at 384 dimensions.
_MOST_ROWS = 60_000


class _Held(NamedTuple):
    owners: list[str]
    vectors: Vectors


class VectorsOfReports:
    """The vectors of the reports searched last."""

    def __init__(self, store: ChunkStore, lexical: LexicalIndex) -> None:
        """Hold nothing yet."""
        self._store = store
        self._lexical = lexical
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = Lock()

    def fits(self, reports: Sequence[str]) -> bool:
        """Tell whether these reports are few enough chunks to compare them all."""
        return self._lexical.count_of(reports) <= _MOST_CHUNKS

    def nearest(
        self, vector: Vectors, top_k: int, reports: Sequence[str]
    ) -> dict[str, float]:
        """Return the cosine of the nearest chunks of these reports, best first."""
        best: dict[str, float] = {}
        for report in dict.fromkeys(reports):
            held = self._of(report)
            if not held.owners:
                continue
            for owner, cosine in zip(
                held.owners, (held.vectors @ vector).tolist(), strict=True
            ):
                if cosine > best.get(owner, -2.0):
                    best[owner] = cosine
        return best_first(best, top_k)

    def _of(self, report: str) -> _Held:
        with self._lock:
            found = self._held.get(report)
            if found is not None:
                self._held.move_to_end(report)
                return found
        held = _Held(*self._store.vectors(self._lexical.ids_of_report(report)))
        if held.owners:
            # Chroma gives back what it was given: unit vectors, up to rounding.
            norms = np.linalg.norm(held.vectors, axis=1, keepdims=True)
            held = held._replace(vectors=held.vectors / np.maximum(norms, 1e-12))
        with self._lock:
            self._held[report] = held
            while (
                len(self._held) > 1
                and sum(len(h.owners) for h in self._held.values()) > _MOST_ROWS
            ):
                self._held.popitem(last=False)
        return held
