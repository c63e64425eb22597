"""What a shelf holds at one moment; it stays so for the questions that began with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from weakref import finalize

from assistant.errors import IndexStateError
from assistant.index.embeddings import Vectors
from assistant.index.lexical import LexicalIndex
from assistant.index.sentence_vectors import SentenceVectors, sentence_texts
from assistant.index.store.chunks import ChunkStore
from assistant.index.within import VectorsOfReports
from assistant.schema import Chunk, ReportDetails, Source

# Far beyond what is ever dead or unwanted among the nearest.
_MOST_FETCHED = 3000


class ShelfState:
    """The documents of one generation of the index, and the search over just these.

    Its lexical index is read as it was at that moment. The store may hold more by now,
    which the lexical index does not know and so is not found; it keeps what went off
    the shelf until no state of before is in use.
    """

    def __init__(
        self,
        documents: Sequence[Source],
        store: ChunkStore,
        lexical: LexicalIndex,
        sentences: SentenceVectors,
        is_newest: Callable[[], bool] = lambda: False,
    ) -> None:
        """Read the index as it is now; ``is_newest`` tells whether it still is so."""
        lexical.pin()
        self.documents = tuple(documents)
        self.details: tuple[ReportDetails, ...] = tuple(d.details for d in documents)
        self.lexical = lexical
        self.reports = tuple(dict.fromkeys(d.report for d in self.details))
        lexical.known = frozenset(d.document_id for d in self.details)
        lexical.superseded = frozenset(
            d.report for d in self.details if d.superseded_by
        )
        self._own = {d.document_id: d for d in self.details}
        self._store = store
        self._sentences = sentences
        self._is_newest = is_newest
        self._within = VectorsOfReports(store, lexical)
        finalize(self, lexical.close).atexit = False

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any text on the shelf."""
        told = sorted((d.details.document_id, d.content_hash) for d in self.documents)
        return sha256(json.dumps(told).encode()).hexdigest()[:12]

    def nearest(
        self, vector: Vectors, top_k: int, reports: Sequence[str]
    ) -> dict[str, float]:
        """See ``Shelf.nearest``; the vector is that of the text."""
        if not reports:
            kept = frozenset(self.reports) - self.lexical.superseded
        elif self._within.fits(reports):
            return self._within.nearest(vector, top_k, reports)
        else:
            kept = frozenset(reports)
        return self._nearest_of(vector, top_k, kept)

    def _nearest_of(
        self, vector: Vectors, top_k: int, reports: frozenset[str]
    ) -> dict[str, float]:
        """Fetch more until enough of what is found lives and is wanted."""
        fetch = top_k
        while True:
            found = self._store.nearest(vector, fetch)
            if not found:
                self._check_lost(self.lexical.count())
            living = self.lexical.living(list(found))
            kept = {
                id_: cosine
                for id_, cosine in found.items()
                if living.get(id_) in reports
            }
            if len(kept) >= top_k or len(found) < fetch or fetch > _MOST_FETCHED:
                return dict(list(kept.items())[:top_k])
            fetch *= 4

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return chunks by id, under their reports' details of that moment.

        Raises:
            IndexStateError: the store has lost some of them.
        """
        wanted = list(ids)
        found = self._store.chunks(wanted)
        missing = [id_ for id_ in wanted if id_ not in found]
        if missing:
            self._check_lost(len(self.lexical.living(missing)))
        return {id_: self._as_it_was(chunk) for id_, chunk in found.items()}

    def sentence_vectors(
        self, chunks: Iterable[Chunk], known: Container[str]
    ) -> dict[str, Vectors]:
        """Return the vectors of chunks' sentences, but of those that are known.

        What was not kept at indexing is left out.
        """
        wanted: dict[str, list[str]] = {}
        for chunk in chunks:
            texts = [text for text in sentence_texts(chunk) if text not in known]
            wanted.setdefault(chunk.details.document_id, []).extend(texts)
        found: dict[str, Vectors] = {}
        for document, texts in wanted.items():
            if texts:
                found |= self._sentences.find(document, texts)
        return found

    def check(self) -> None:
        """Compare the numbers of chunks.

        Raises:
            IndexStateError: the store has lost some.
        """
        self._check_lost(self.lexical.count() - self._store.count())

    def _check_lost(self, chunks: int) -> None:
        # What went off the shelf since may be gone; a newer state knows nothing of it.
        if chunks > 0 and self._is_newest():
            raise IndexStateError(
                f"{self._store.where} has lost passages of this shelf. Run: assistant "
                "index"
            )

    def _as_it_was(self, chunk: Chunk) -> Chunk:
        own = self._own.get(chunk.details.document_id)
        # A new title or date changes the chunks that are there.
        return chunk if own in (None, chunk.details) else replace(chunk, details=own)
