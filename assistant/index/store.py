"""The store of chunks: one Chroma collection (the only module that imports chromadb)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromadb
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from assistant.errors import IndexStateError
from assistant.schema import Chunk, ReportDetails

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

COLLECTION = "report-chunks"
_PAGE = 2000
_MEND = "Run: assistant index --rebuild"


@contextmanager
def _store_errors() -> Iterator[None]:
    """Map Chroma's errors to ours, once for the whole house."""
    try:
        yield
    except ChromaError as error:
        raise IndexStateError(f"The chunk store is damaged ({error}). {_MEND}") from error


def _metadata(chunk: Chunk) -> dict[str, Any]:
    values: dict[str, Any] = {
        "report": chunk.details.report,
        "document": chunk.details.document_id,
        "section": chunk.section,
        "position": chunk.position,
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
    return Chunk(
        id=id_,
        details=_details(values["details"]),
        section=values["section"],
        page=values.get("page"),
        position=int(values["position"]),
        text=text,
    )


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
            # get_or_create would silently keep another space, so look first.
            try:
                self._collection = self._client.get_collection(
                    COLLECTION, embedding_function=None
                )
            except NotFoundError:
                self._collection = self._client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine"}},
                )
        space = (self._collection.configuration.get("hnsw") or {}).get("space")
        if space != "cosine":
            raise IndexStateError(f"The chunk store measures {space}, not cosine. {_MEND}")

    def count(self) -> int:
        """Return the number of chunks."""
        with _store_errors():
            return self._collection.count()

    def upsert(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add or replace chunks; row i of ``vectors`` belongs to chunk i."""
        # langchain-chroma and Chroma itself refuse more than this in one call.
        size = self._client.get_max_batch_size()
        with _store_errors():
            for start in range(0, len(chunks), size):
                part = chunks[start : start + size]
                self._collection.upsert(
                    ids=[chunk.id for chunk in part],
                    embeddings=vectors[start : start + size],
                    documents=[chunk.text for chunk in part],
                    metadatas=[_metadata(chunk) for chunk in part],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove chunks; ids that are not there are passed over."""
        with _store_errors():
            for start in range(0, len(ids), _PAGE):
                self._collection.delete(ids=list(ids[start : start + _PAGE]))

    def ids_of(self, document_id: str) -> set[str]:
        """Return the ids of one document's chunks."""
        with _store_errors():
            found = self._collection.get(where={"document": document_id}, include=[])
        return set(found["ids"])

    def document_ids(self) -> set[str]:
        """Return the ids of all documents that have chunks."""
        return {chunk.details.document_id for chunk in self.all_chunks()}

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return the chunks with these ids, as far as they are there."""
        wanted = list(ids)
        if not wanted:
            return {}
        with _store_errors():
            found = self._collection.get(
                ids=wanted, include=["documents", "metadatas"]
            )
        return {chunk.id: chunk for chunk in self._rows(found)}

    def all_chunks(self) -> Iterator[Chunk]:
        """Go through all chunks, a page at a time."""
        for offset in range(0, self.count(), _PAGE):
            with _store_errors():
                found = self._collection.get(
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
        """Return the cosine similarity of the nearest chunks, best first.

        Args:
            vector: one unit vector, shape (dimension,).
            top_k: how many at most.
            reports: report ids to narrow the search to; none means all.
        """
        with _store_errors():
            found = self._collection.query(
                query_embeddings=[vector],
                n_results=top_k,
                where={"report": {"$in": list(reports)}} if reports else None,
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        # The one place that turns Chroma's distance into a similarity.
        return {
            id_: 1.0 - float(distance)
            for id_, distance in zip(found["ids"][0], distances, strict=True)
        }
