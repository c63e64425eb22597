"""Brings the index up to the files: only what changed is embedded or removed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from assistant.errors import IndexStateError
from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex
from assistant.index.store import ChunkStore
from assistant.reading.chunking import CHUNKING_VERSION, chunk_document
from assistant.schema import Chunk, Document

Progress = Callable[[int, int], None]
_MANIFEST = "manifest.json"
# Chunks embedded between two writes, so that an interrupted build keeps its work.
_STEP = 64
# The heading line may take what the chunk's text leaves of the model's 256 tokens.
_HEADING_TOKENS = 50


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds; kept beside it as JSON."""

    embedding_model: str
    dimension: int
    chunking_version: int = CHUNKING_VERSION
    generation: int = 0
    documents: dict[str, str] = field(default_factory=dict)
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one synchronisation did, in chunks."""

    added: int
    removed: int
    unchanged: int


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of an index folder, or None where there is none.

    Raises:
        IndexStateError: it cannot be read.
    """
    file = folder / _MANIFEST
    if not file.is_file():
        return None
    try:
        return Manifest(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexStateError(
            f"{file} cannot be read. Run: assistant index --rebuild"
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    draft = folder / (_MANIFEST + ".new")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(asdict(manifest), handle, indent=1, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(folder / _MANIFEST)


def check_manifest(manifest: Manifest, embedder: Embedder) -> None:
    """Refuse an index that this program would misread.

    Raises:
        IndexStateError: other embedding model, dimension or chunking version.
    """
    found = (manifest.embedding_model, manifest.dimension, manifest.chunking_version)
    wanted = (embedder.name, embedder.dimension, CHUNKING_VERSION)
    if found != wanted:
        raise IndexStateError(
            f"The index was made with embedding model {found[0]} ({found[1]} dimensions) "
            f"and chunking version {found[2]}; this program uses {wanted[0]} "
            f"({wanted[1]}) and {wanted[2]}. Run: assistant index --rebuild"
        )


def is_current(manifest: Manifest | None, documents: Sequence[Document]) -> bool:
    """Tell whether the index holds exactly these documents."""
    return manifest is not None and manifest.documents == {
        document.details.document_id: document.content_hash for document in documents
    }


def embedding_text(chunk: Chunk, embedder: Embedder) -> str:
    """Return what is embedded of a chunk: its heading line, then its text."""
    heading = chunk.heading_line
    while embedder.count_tokens(heading) > _HEADING_TOKENS and " " in heading:
        heading = heading.rsplit(" ", 1)[0]
    return f"{heading}\n{chunk.text}"


def sync(
    folder: Path,
    documents: Sequence[Document],
    *,
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
) -> SyncResult:
    """Make the index hold exactly these documents.

    The manifest names the documents last: after a kill at any moment it does not fit
    the files, and the next run finishes the work.
    """
    manifest = read_manifest(folder) or Manifest(embedder.name, embedder.dimension)
    check_manifest(manifest, embedder)
    # A manifest without documents marks work begun and not yet finished.
    unfinished = not manifest.documents
    write_manifest(folder, replace(manifest, documents={}))
    wanted = {
        chunk.id: chunk
        for document in documents
        for chunk in chunk_document(document, embedder.count_tokens)
    }
    present = {chunk.id for chunk in store.all_chunks()}
    new = [chunk for id_, chunk in wanted.items() if id_ not in present]
    # Ids depend on text and place; details (a title, an address) may change alone.
    kept = store.chunks(present & wanted.keys())
    changed = [wanted[id_] for id_, chunk in kept.items() if chunk != wanted[id_]]
    todo = [*new, *changed]
    stale = sorted(present - wanted.keys())
    for start in range(0, len(todo), _STEP):
        progress(start, len(todo))
        part = todo[start : start + _STEP]
        texts = [embedding_text(chunk, embedder) for chunk in part]
        asked = [question for chunk in part for question in chunk.asked_as]
        store.upsert(part, embedder.embed(texts), embedder.embed(asked))
    progress(len(todo), len(todo))
    store.delete(stale)
    lexical.update(stale, todo)
    if unfinished or lexical.count() != len(wanted):
        lexical.rebuild(store.all_chunks())
    hashes = {d.details.document_id: d.content_hash for d in documents}
    write_manifest(
        folder,
        Manifest(
            embedder.name,
            embedder.dimension,
            generation=manifest.generation + 1,
            documents=hashes,
            chunks=len(wanted),
        ),
    )
    return SyncResult(len(todo), len(stale), len(wanted) - len(todo))
