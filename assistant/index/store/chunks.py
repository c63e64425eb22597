"""The store of chunks, as collections of Chroma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from chromadb.api.models.Collection import Collection
from chromadb.errors import NotFoundError

from assistant.errors import IndexStateError
from assistant.index.store.client import open_client, store_errors
from assistant.index.store.records import MEND, asked_ids, chunk_of, metadata_of
from assistant.schema import Chunk

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

COLLECTION = "report-chunks"
# The questions that sections are asked as, each with a vector of its own (doc2query:
# Nogueira et al., Document Expansion by Query Prediction, 2019).
ASKED = "asked-questions"
_Item = TypeVar("_Item")
# The search is approximate: with Chroma's default of 100 it missed up to 3 in 100 of the
# nearest, other ones in every build; with 1,000 none of the shipped corpus.
_EF_SEARCH = 1000
_PAGE = 2000


class ChunkStore:
    """Chunks with their vectors, by id. Distances are cosine."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """Open or make the collections under a folder, or on the server at an address.

        Raises:
            StoreUnreachableError: no server answers there.
            IndexStateError: Chroma cannot open it, or its space is not cosine.
        """
        self._url = url
        with self._errors(), ExitStack() as opened:
            self._client = open_client(folder, url)
            opened.callback(self.close)
            self._chunks = self._open(COLLECTION)
            self._asked = self._open(ASKED)
            opened.pop_all()

    def _errors(self) -> AbstractContextManager[None]:
        return store_errors(self._url)

    def _open(self, name: str) -> Collection:
        # get_or_create would silently keep another space, so look first.
        try:
            found = self._client.get_collection(name, embedding_function=None)
        except NotFoundError:
            found = self._client.create_collection(
                name,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
            )
        space = (found.configuration.get("hnsw") or {}).get("space")
        if space != "cosine":
            raise IndexStateError(
                f"The chunk store measures {space}, not cosine. {MEND}"
            )
        return found

    def close(self) -> None:
        """Let go of the files: a client left open would go on using deleted ones."""
        with self._errors():
            self._client.close()  # type: ignore[attr-defined]  # undeclared in ClientAPI

    def clear(self) -> None:
        """Remove the collections and make them anew."""
        with self._errors():
            for name in (COLLECTION, ASKED):
                self._client.delete_collection(name)
            self._chunks, self._asked = self._open(COLLECTION), self._open(ASKED)

    def count(self) -> int:
        """Return the number of chunks."""
        with self._errors():
            return self._chunks.count()

    def upsert(
        self,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        asked_vectors: Vectors,
        before: Mapping[str, Chunk] | None = None,
    ) -> None:
        """Add or replace chunks with the questions they are asked as.

        Args:
            chunks: the chunks.
            vectors: row i belongs to chunk i.
            asked_vectors: one row a question, in the order of the chunks.
            before: those of them that are there already, as they are now by id; looked
                up where it is not given.
        """
        rows = [
            (id_, question, chunk)
            for chunk in chunks
            for id_, question in zip(asked_ids(chunk), chunk.asked_as, strict=True)
        ]
        if before is None:
            before = self.chunks(chunk.id for chunk in chunks)
        gone = {id_ for chunk in before.values() for id_ in asked_ids(chunk)}
        self._delete(self._asked, sorted(gone - {id_ for id_, _, _ in rows}))
        # The questions first: a chunk that is there has its questions, whatever kills us.
        for asked, embeddings in self._batches(rows, asked_vectors):
            with self._errors():
                self._asked.upsert(
                    ids=[id_ for id_, _, _ in asked],
                    embeddings=embeddings,
                    documents=[question for _, question, _ in asked],
                    metadatas=[
                        {"chunk": chunk.id, "report": chunk.details.report}
                        for _, _, chunk in asked
                    ],
                )
        for part, embeddings in self._batches(chunks, vectors):
            with self._errors():
                self._chunks.upsert(
                    ids=[chunk.id for chunk in part],
                    embeddings=embeddings,
                    documents=[chunk.text for chunk in part],
                    metadatas=[metadata_of(chunk) for chunk in part],
                )

    def _batches(
        self, items: Sequence[_Item], vectors: Vectors
    ) -> Iterator[tuple[Sequence[_Item], Vectors]]:
        """Cut items into what Chroma takes in one call (it refuses more)."""
        size = self._client.get_max_batch_size()
        for start in range(0, len(items), size):
            yield items[start : start + size], vectors[start : start + size]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove chunks and their questions; unknown ids are passed over."""
        chunks = self.chunks(ids).values()
        self._delete(self._asked, [id_ for c in chunks for id_ in asked_ids(c)])
        self._delete(self._chunks, ids)

    def _delete(self, collection: Collection, ids: Sequence[str]) -> None:
        with self._errors():
            for start in range(0, len(ids), _PAGE):
                collection.delete(ids=list(ids[start : start + _PAGE]))

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return the chunks with these ids, as far as they are there."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Chunk] = {}
        for start in range(0, len(wanted), _PAGE):
            with self._errors():
                rows = self._chunks.get(
                    ids=wanted[start : start + _PAGE],
                    include=["documents", "metadatas"],
                )
            found.update((chunk.id, chunk) for chunk in self._rows(rows))
        return found

    def all_chunks(self) -> Iterator[Chunk]:
        """Go through all chunks, a page at a time."""
        for offset in range(0, self.count(), _PAGE):
            with self._errors():
                found = self._chunks.get(
                    limit=_PAGE, offset=offset, include=["documents", "metadatas"]
                )
            yield from self._rows(found)

    @staticmethod
    def _rows(found: Any) -> Iterator[Chunk]:
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return (chunk_of(id_, text, values) for id_, text, values in rows)

    def ids_by_document(self) -> dict[str, set[str]]:
        """Return the ids of all chunks by their document (reads all metadata)."""
        found: dict[str, set[str]] = {}
        for offset in range(0, self.count(), _PAGE):
            with self._errors():
                rows = self._chunks.get(
                    limit=_PAGE, offset=offset, include=["metadatas"]
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
        for collection, wanted in ((self._chunks, ids), (self._asked, asked)):
            for start in range(0, len(wanted), _PAGE):
                with self._errors():
                    found = collection.get(
                        ids=list(wanted[start : start + _PAGE]), include=["embeddings"]
                    )
                owners += [id_.partition("-")[0] for id_ in found["ids"]]
                rows.append(np.asarray(found["embeddings"], np.float32))
        filled = [part for part in rows if part.size]
        return owners, np.concatenate(filled) if filled else np.zeros(
            (0, 1), np.float32
        )

    def nearest(self, vector: Vectors, top_k: int) -> dict[str, float]:
        """Return the cosine of the nearest chunks, by text or by question; best first.

        Args:
            vector: one unit vector, shape (dimension,).
            top_k: how many at most.
        """
        best = self._query(self._chunks, vector, top_k)
        for id_, cosine in self._query(self._asked, vector, top_k).items():
            best[id_] = max(best.get(id_, -1.0), cosine)
        return best_first(best, top_k)

    def _query(
        self, collection: Collection, vector: Vectors, top_k: int
    ) -> dict[str, float]:
        with self._errors():
            found = collection.query(
                query_embeddings=vector[None, :],
                n_results=top_k,
                include=["distances"],
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
