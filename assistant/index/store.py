"""The store of chunks: one Chroma collection (the only module that imports chromadb)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import chromadb
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from assistant.errors import IndexStateError
from assistant.schema import Chunk, ReportDetails

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
_MEND = "Run: assistant index --rebuild"


@contextmanager
def _store_errors() -> Iterator[None]:
    """Map Chroma's errors to ours, once for the whole house."""
    try:
        yield
    except ChromaError as error:
        raise IndexStateError(
            f"The chunk store is damaged ({error}). {_MEND}"
        ) from error


def _metadata(chunk: Chunk) -> dict[str, Any]:
    values: dict[str, Any] = {
        "report": chunk.details.report,
        "document": chunk.details.document_id,
        "section": chunk.section,
        "position": chunk.position,
        "asked_as": json.dumps(chunk.asked_as, ensure_ascii=False),
        "details": json.dumps(asdict(chunk.details), ensure_ascii=False),
    }
    if chunk.page is not None:
        values["page"] = chunk.page
    return values


def _details(text: str) -> ReportDetails:
    values = json.loads(text)
    for key in ("authors", "supporters", "aliases"):
        values[key] = tuple(values[key])
    return ReportDetails(**values)


def _chunk(id_: str, text: str, values: Any) -> Chunk:
    try:
        return Chunk(
            id=id_,
            details=_details(values["details"]),
            section=values["section"],
            page=values.get("page"),
            position=int(values["position"]),
            text=text,
            asked_as=tuple(json.loads(values["asked_as"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IndexStateError(
            f"The index holds a chunk that this program cannot read. {_MEND}"
        ) from error


def _asked_ids(chunk: Chunk) -> list[str]:
    return [f"{chunk.id}-{number}" for number in range(len(chunk.asked_as))]


class ChunkStore:
    """Chunks with their vectors, by id. Distances are cosine."""

    def __init__(self, folder: Path) -> None:
        """Open or make the collection under a folder.

        Raises:
            IndexStateError: Chroma cannot open it, or its space is not cosine.
        """
        with _store_errors():
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=ChromaSettings(anonymized_telemetry=False)
            )
            self._chunks = self._open(COLLECTION)
            self._asked = self._open(ASKED)

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
                f"The chunk store measures {space}, not cosine. {_MEND}"
            )
        return found

    def close(self) -> None:
        """Let go of the files: a client left open would go on using deleted ones."""
        self._client.close()  # type: ignore[attr-defined]  # undeclared in ClientAPI

    def count(self) -> int:
        """Return the number of chunks."""
        with _store_errors():
            return self._chunks.count()

    def upsert(
        self, chunks: Sequence[Chunk], vectors: Vectors, asked_vectors: Vectors
    ) -> None:
        """Add or replace chunks with the questions they are asked as.

        Args:
            chunks: the chunks.
            vectors: row i belongs to chunk i.
            asked_vectors: one row a question, in the order of the chunks.
        """
        rows = [
            (id_, question, chunk)
            for chunk in chunks
            for id_, question in zip(_asked_ids(chunk), chunk.asked_as, strict=True)
        ]
        before = self.chunks(chunk.id for chunk in chunks)
        gone = {id_ for chunk in before.values() for id_ in _asked_ids(chunk)}
        self._delete(self._asked, sorted(gone - {id_ for id_, _, _ in rows}))
        # The questions first: a chunk that is there has its questions, whatever kills us.
        for asked, embeddings in self._batches(rows, asked_vectors):
            with _store_errors():
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
            with _store_errors():
                self._chunks.upsert(
                    ids=[chunk.id for chunk in part],
                    embeddings=embeddings,
                    documents=[chunk.text for chunk in part],
                    metadatas=[_metadata(chunk) for chunk in part],
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
        self._delete(self._asked, [id_ for c in chunks for id_ in _asked_ids(c)])
        self._delete(self._chunks, ids)

    @staticmethod
    def _delete(collection: Collection, ids: Sequence[str]) -> None:
        with _store_errors():
            for start in range(0, len(ids), _PAGE):
                collection.delete(ids=list(ids[start : start + _PAGE]))

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return the chunks with these ids, as far as they are there."""
        wanted = list(ids)
        found: dict[str, Chunk] = {}
        for start in range(0, len(wanted), _PAGE):
            with _store_errors():
                rows = self._chunks.get(
                    ids=wanted[start : start + _PAGE],
                    include=["documents", "metadatas"],
                )
            found.update((chunk.id, chunk) for chunk in self._rows(rows))
        return found

    def all_chunks(self) -> Iterator[Chunk]:
        """Go through all chunks, a page at a time."""
        for offset in range(0, self.count(), _PAGE):
            with _store_errors():
                found = self._chunks.get(
                    limit=_PAGE, offset=offset, include=["documents", "metadatas"]
                )
            yield from self._rows(found)

    @staticmethod
    def _rows(found: Any) -> Iterator[Chunk]:
        rows = zip(found["ids"], found["documents"], found["metadatas"], strict=True)
        return (_chunk(id_, text, values) for id_, text, values in rows)

    def nearest(
        self, vector: Vectors, top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the cosine of the nearest chunks, by text or by question.

        Args:
            vector: one unit vector, shape (dimension,).
            top_k: how many at most.
            reports: report ids to narrow the search to; none means all.
        """
        best = self._query(self._chunks, vector, top_k, reports)
        for id_, cosine in self._query(self._asked, vector, top_k, reports).items():
            best[id_] = max(best.get(id_, -1.0), cosine)
        ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return dict(ordered[:top_k])

    @staticmethod
    def _query(
        collection: Collection, vector: Vectors, top_k: int, reports: Sequence[str]
    ) -> dict[str, float]:
        where: Any = {"report": {"$in": list(reports)}} if reports else None
        with _store_errors():
            found = collection.query(
                query_embeddings=vector[None, :],
                n_results=top_k,
                where=where,
                include=["distances", "metadatas"],
            )
        best: dict[str, float] = {}
        distances, metadatas = found["distances"], found["metadatas"]
        assert distances is not None
        assert metadatas is not None
        rows = zip(found["ids"][0], distances[0], metadatas[0], strict=True)
        for id_, distance, values in rows:
            # The one place that turns Chroma's distance into a similarity.
            chunk_id = str(values.get("chunk", id_))
            best[chunk_id] = max(best.get(chunk_id, -1.0), 1.0 - float(distance))
        return best
