"""The shelf: an open index, brought up to its files, ready to be searched."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.errors import IndexStateError
from assistant.index.embeddings import CachedEmbedder, Embedder
from assistant.index.lexical import LexicalIndex, open_lexical
from assistant.index.lock import IndexLock
from assistant.index.store import ChunkStore
from assistant.index.sync import (
    Manifest,
    Progress,
    SyncResult,
    check_manifest,
    is_current,
    read_manifest,
    sync,
)
from assistant.schema import Chunk, Document, ReportDetails

_LEXICAL = "lexical.sqlite"
_STORE = "chroma"


class Shelf:
    """Chunks to search by meaning and by words, and the details of their reports."""

    def __init__(
        self,
        *,
        documents: Sequence[Document],
        store: ChunkStore,
        lexical: LexicalIndex,
        embedder: Embedder,
        lock: IndexLock,
    ) -> None:
        """Use ``open_shelf``; tests may compose one from parts."""
        self.details: tuple[ReportDetails, ...] = tuple(d.details for d in documents)
        self.documents = tuple(documents)
        self.embedder = CachedEmbedder(embedder)
        self.lexical = lexical
        self._store = store
        self._lock = lock

    @property
    def reports(self) -> tuple[str, ...]:
        """The ids of the reports, each once, in the order of their documents."""
        return tuple(dict.fromkeys(details.report for details in self.details))

    def nearest(
        self, text: str, top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the cosine of the chunks nearest in meaning to a text."""
        vector = self.embedder.embed([text])[0]
        return self._store.nearest(vector, top_k, reports)

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return chunks by id."""
        return self._store.chunks(ids)

    def close(self) -> None:
        """Let go of the files and the lock."""
        self.lexical.close()
        self._store.close()
        self._lock.release()


def _check_counts(manifest: Manifest, store: ChunkStore) -> None:
    if store.count() != manifest.chunks:
        raise IndexStateError(
            f"The index should hold {manifest.chunks} chunks and holds {store.count()}. "
            "Run: assistant index --rebuild"
        )


def open_shelf(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
) -> Shelf:
    """Open the index of a folder, building or mending it first where files changed.

    Raises:
        IndexLockedError: another process writes it, or reads it while it must change.
        IndexStateError: it was made by another program version, or is damaged.
    """
    lock = IndexLock(folder)
    try:
        lock.hold("read")
        manifest = read_manifest(folder)
        if manifest is not None:
            check_manifest(manifest, embedder)
        if not is_current(manifest, documents):
            update_index(folder, documents, embedder, progress=progress, lock=lock)
            lock.hold("read")
            manifest = read_manifest(folder)
        assert manifest is not None
        store = ChunkStore(folder / _STORE)
        _check_counts(manifest, store)
        lexical = open_lexical(folder / _LEXICAL)
        if lexical.count() != manifest.chunks:
            lexical.rebuild(store.all_chunks())
        return Shelf(
            documents=documents,
            store=store,
            lexical=lexical,
            embedder=embedder,
            lock=lock,
        )
    except BaseException:
        lock.release()
        raise


def update_index(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
    lock: IndexLock | None = None,
) -> SyncResult:
    """Make the index of a folder hold exactly these documents.

    Args:
        folder: where the index is.
        documents: what it shall hold.
        embedder: makes the vectors.
        rebuild: throw the old index away first.
        progress: told chunks done and chunks to do.
        lock: the caller's lock, raised to a writer's; else one is taken and released.

    Raises:
        IndexLockedError: another process uses the index.
        IndexStateError: it was made by another program version, or is damaged.
    """
    own = lock is None
    lock = lock or IndexLock(folder)
    try:
        lock.hold("write")
        if rebuild:
            _clear(folder)
        store = ChunkStore(folder / _STORE)
        lexical = open_lexical(folder / _LEXICAL)
        try:
            return sync(
                folder,
                documents,
                store=store,
                lexical=lexical,
                embedder=embedder,
                progress=progress,
            )
        finally:
            lexical.close()
            store.close()
    finally:
        if own:
            lock.release()


def _clear(folder: Path) -> None:
    """Remove the index's own files and nothing else."""
    shutil.rmtree(folder / _STORE, ignore_errors=True)
    for file in (_LEXICAL, _LEXICAL + "-wal", _LEXICAL + "-shm", "manifest.json"):
        (folder / file).unlink(missing_ok=True)
