"""The store of chunks, as collections of Chroma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from assistant.index.embeddings import Vectors
from assistant.index.store.collections import ASKED, COLLECTION, Collections
from assistant.index.store.records import asked_ids, chunk_of, metadata_of
from assistant.schema import Chunk

_Item = TypeVar("_Item")
_PAGE = 2000


class ChunkStore(Collections):
    """Chunks with their vectors, by id. Distances are cosine."""

    def count(self) -> int:
        """Return the number of chunks."""
        return self._ask(COLLECTION, lambda chunks: chunks.count())

    def upsert(
        self,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        asked_vectors: Vectors,
        before: Mapping[str, Chunk] | None = None,
    ) -> None:
        """Add or replace chunks with the questions they are asked as.

        Row i of ``vectors`` belongs to chunk i; ``asked_vectors`` has one row a
        question, in the order of the chunks. ``before`` are those of them that are there
        already, by id.
        """
        rows = [
            (id_, question, chunk)
            for chunk in chunks
            for id_, question in zip(asked_ids(chunk), chunk.asked_as, strict=True)
        ]
        if before is None:
            before = self.chunks(chunk.id for chunk in chunks)
        gone = {id_ for chunk in before.values() for id_ in asked_ids(chunk)}
        self._delete(ASKED, sorted(gone - {id_ for id_, _, _ in rows}))
        # The questions first: a chunk that is there has its questions, whatever kills us.
        for asked, embeddings in self._batches(rows, asked_vectors):
            self._upsert(
                ASKED,
                ids=[id_ for id_, _, _ in asked],
                embeddings=embeddings,
                documents=[question for _, question, _ in asked],
                metadatas=[
                    {"chunk": chunk.id, "report": chunk.details.report}
                    for _, _, chunk in asked
                ],
            )
        for part, embeddings in self._batches(chunks, vectors):
            self._upsert(
                COLLECTION,
                ids=[chunk.id for chunk in part],
                embeddings=embeddings,
                documents=[chunk.text for chunk in part],
                metadatas=[metadata_of(chunk) for chunk in part],
            )

    def _upsert(self, name: str, **columns: Any) -> None:
        self._to_write()
        self._ask(name, lambda collection: collection.upsert(**columns))

    def _batches(
        self, items: Sequence[_Item], vectors: Vectors
    ) -> Iterator[tuple[Sequence[_Item], Vectors]]:
        """Cut items into what Chroma takes in one call (it refuses more)."""
        size = self._batch_size()
        for start in range(0, len(items), size):
            yield items[start : start + size], vectors[start : start + size]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove chunks and their questions; unknown ids are passed over."""
        chunks = self.chunks(ids).values()
        self._delete(ASKED, [id_ for c in chunks for id_ in asked_ids(c)])
        self._delete(COLLECTION, ids)

    def _delete(self, name: str, ids: Sequence[str]) -> None:
        self._to_write()
        for start in range(0, len(ids), _PAGE):
            part = list(ids[start : start + _PAGE])
            self._ask(name, lambda collection, part=part: collection.delete(ids=part))  # type: ignore[misc]

    def _get(self, name: str, **asked: Any) -> Any:
        return self._ask(name, lambda collection: collection.get(**asked))

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return the chunks with these ids, as far as they are there."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Chunk] = {}
        for start in range(0, len(wanted), _PAGE):
            rows = self._get(
                COLLECTION,
                ids=wanted[start : start + _PAGE],
                include=["documents", "metadatas"],
            )
            found.update((chunk.id, chunk) for chunk in self._rows(rows))
        return found

    def all_chunks(self) -> Iterator[Chunk]:
        """Go through all chunks, a page at a time."""
        for offset in range(0, self.count(), _PAGE):
            yield from self._rows(
                self._get(
                    COLLECTION,
                    limit=_PAGE,
                    offset=offset,
                    include=["documents", "metadatas"],
                )
            )

    @staticmethod
    def _rows(found: Any) -> Iterator[Chunk]:
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return (chunk_of(id_, text, values) for id_, text, values in rows)

    def ids_by_document(self) -> dict[str, set[str]]:
        """Return the ids of all chunks by their document (reads all metadata)."""
        found: dict[str, set[str]] = {}
        for offset in range(0, self.count(), _PAGE):
            rows = self._get(
                COLLECTION, limit=_PAGE, offset=offset, include=["metadatas"]
            )
            for id_, values in zip(rows["ids"], rows["metadatas"] or (), strict=True):
                found.setdefault(str(values.get("document")), set()).add(id_)
        return found

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], Vectors]:
        """Return the vectors of chunks and of the questions they are asked as.

        The first is the id of the chunk of each row, the second has shape (rows,
        dimension). Chunks that are not there are passed over.
        """
        asked = [id_ for c in self.chunks(ids).values() for id_ in asked_ids(c)]
        owners: list[str] = []
        rows: list[Vectors] = []
        for name, wanted in ((COLLECTION, ids), (ASKED, asked)):
            for start in range(0, len(wanted), _PAGE):
                found = self._get(
                    name,
                    ids=list(wanted[start : start + _PAGE]),
                    include=["embeddings"],
                )
                owners += [id_.partition("-")[0] for id_ in found["ids"]]
                rows.append(np.asarray(found["embeddings"], np.float32))
        filled = [part for part in rows if part.size]
        return owners, np.concatenate(filled) if filled else np.zeros(
            (0, 1), np.float32
        )

    def nearest(self, vector: Vectors, top_k: int) -> dict[str, float]:
        """Return the cosine of the chunks nearest to a unit vector, best first.

        A chunk is found by its text or by a question that it is asked as.
        """
        best = self._query(COLLECTION, vector, top_k)
        for id_, cosine in self._query(ASKED, vector, top_k).items():
            best[id_] = max(best.get(id_, -1.0), cosine)
        return best_first(best, top_k)

    def _query(self, name: str, vector: Vectors, top_k: int) -> dict[str, float]:
        found = self._ask(
            name,
            lambda collection: collection.query(
                query_embeddings=vector[None, :],
                n_results=top_k,
                include=["distances"],
            ),
        )
        best: dict[str, float] = {}
        distances = found["distances"]
        assert distances is not None
        for id_, distance in zip(found["ids"][0], distances[0], strict=True):
            # The id of a question begins with that of its chunk.
            chunk_id = id_.partition("-")[0]
            # The one place that turns Chroma's distance into a similarity.
            best[chunk_id] = max(best.get(chunk_id, -1.0), 1.0 - float(distance))
        return best


def best_first(cosines: Mapping[str, float], top_k: int) -> dict[str, float]:
    """Return the best of them, best first; equal ones in the order of their ids."""
    return dict(sorted(cosines.items(), key=lambda item: (-item[1], item[0]))[:top_k])
