"""The shelf: an open index, brought up to its files, ready to be searched."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import IndexLockedError, IndexStateError
from assistant.index.embeddings import CachedEmbedder, Embedder
from assistant.index.lexical import FILE as LEXICAL_FILE
from assistant.index.lexical import LexicalIndex, open_lexical
from assistant.index.lock import IndexLock
from assistant.index.manifest import (
    Manifest,
    Progress,
    SyncResult,
    check_manifest,
    is_current,
    read_manifest,
)
from assistant.index.renewal import Renewal, Reread
from assistant.index.store import ChunkStore
from assistant.index.sync import sync
from assistant.index.within import VectorsOfReports
from assistant.schema import Chunk, ReportDetails, Source

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

# Far beyond what is ever dead or unwanted among the nearest.
_MOST_FETCHED = 3000
STORE = "chroma"


class Shelf:
    """Chunks to search by meaning and by words, and the details of their reports."""

    def __init__(
        self,
        *,
        documents: Sequence[Source],
        store: ChunkStore,
        lexical: LexicalIndex,
        embedder: Embedder,
        lock: IndexLock,
        renewal: Renewal | None = None,
    ) -> None:
        """Use ``open_shelf``; tests may compose one from parts."""
        self.embedder = CachedEmbedder(embedder)
        self.lexical = lexical
        self._store = store
        self._within = VectorsOfReports(store, lexical)
        self._lock = lock
        self._renewal = renewal
        self._take(documents)

    def _take(self, documents: Sequence[Source]) -> None:
        self.documents = tuple(documents)
        self.details: tuple[ReportDetails, ...] = tuple(d.details for d in documents)
        self.lexical.known = frozenset(d.document_id for d in self.details)
        self.lexical.superseded = frozenset(
            d.report for d in self.details if d.superseded_by
        )

    @property
    def reports(self) -> tuple[str, ...]:
        """The ids of the reports, each once, in the order of their documents."""
        return tuple(dict.fromkeys(details.report for details in self.details))

    def refresh(self) -> None:
        """Take up what another process indexed since; costs a look at one file."""
        if self._renewal is None:
            return
        documents = self._renewal.documents()
        if documents is not None:
            self.lexical.refresh()
            self._within.forget()
            self._take(documents)

    def nearest(
        self, text: str, top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the cosine of the chunks nearest in meaning to a text, best first.

        Without reports, those that are superseded are left out. Named reports are
        searched exactly, by all their vectors: a filter of the store's own reads all of
        its metadata, and the search of a large index may pass over a small report.
        """
        vector = self.embedder.embed([text])[0]
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
        """Return chunks by id."""
        return self._store.chunks(ids)

    def close(self) -> None:
        """Let go of the files and the lock."""
        self.lexical.close()
        self._store.close()
        self._lock.release()


def _check_counts(manifest: Manifest, store: ChunkStore) -> None:
    if store.count() < manifest.chunks:
        raise IndexStateError(
            f"The index should hold {manifest.chunks} chunks and holds {store.count()}. "
            "Run: assistant index --rebuild"
        )


def _mend_lexical(
    manifest: Manifest,
    store: ChunkStore,
    lexical: LexicalIndex,
    lock: IndexLock,
    *,
    alone: bool,
) -> None:
    """Make the lexical index anew where it was lost, with nobody writing meanwhile."""
    if lexical.is_whole and lexical.count() == manifest.chunks:
        return
    if alone:
        lexical.rebuild(store.all_chunks())
        return
    lock.hold("write")
    lexical.rebuild(store.all_chunks())
    lock.release_hold()


def open_shelf(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
    *,
    chroma_url: str | None = None,
    reread: Reread | None = None,
) -> Shelf:
    """Open the index of a folder, building or mending it first where files changed.

    Args:
        folder: where the lexical index, the manifest and the lock are.
        documents: what the index shall hold.
        embedder: makes the vectors.
        progress: told chunks done and chunks to do while the index builds.
        chroma_url: the Chroma server that holds the chunks; None for one in the folder.
        reread: gives the documents again when another process has changed the index.

    Raises:
        IndexLockedError: another process writes it, or reads it while it must change.
        StoreUnreachableError: no server answers at ``chroma_url``.
        IndexStateError: it was made by another program version, or is damaged.
    """
    lock = IndexLock(folder)
    try:
        # On a server readers and a writer do each other no harm.
        hold_read = lock.release_hold if chroma_url else lambda: lock.hold("read")
        hold_read()
        manifest = read_manifest(folder)
        if manifest is not None:
            check_manifest(manifest, embedder)
        if not is_current(manifest, documents):
            try:
                update_index(
                    folder,
                    documents,
                    embedder,
                    progress=progress,
                    lock=lock,
                    chroma_url=chroma_url,
                )
            except IndexLockedError:
                # Another process is at it; what was there before can be read.
                if chroma_url is None or manifest is None or not manifest.documents:
                    raise
            hold_read()
            manifest = read_manifest(folder)
        assert manifest is not None
        store = ChunkStore(folder / STORE, chroma_url)
        lexical = open_lexical(folder / LEXICAL_FILE)
        # While another process is at it, its counts are on their way.
        if not manifest.pending:
            _check_counts(manifest, store)
            _mend_lexical(manifest, store, lexical, lock, alone=chroma_url is None)
        return Shelf(
            documents=[
                d for d in documents if d.details.document_id in manifest.documents
            ],
            store=store,
            lexical=lexical,
            embedder=embedder,
            lock=lock,
            renewal=Renewal(folder, manifest, reread) if reread else None,
        )
    except BaseException:
        lock.release()
        raise


def update_index(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
    lock: IndexLock | None = None,
    chroma_url: str | None = None,
) -> SyncResult:
    """Make the index of a folder hold exactly these documents.

    Args:
        folder: where the index is.
        documents: what it shall hold.
        embedder: makes the vectors.
        rebuild: throw the old index away first.
        progress: told chunks done and chunks to do.
        lock: the caller's lock, raised to a writer's; else one is taken and released.
        chroma_url: the Chroma server that holds the chunks; None for one in the folder.

    Raises:
        IndexLockedError: another process uses the index.
        IndexStateError: it was made by another program version, or is damaged.
    """
    own = lock is None
    lock = lock or IndexLock(folder)
    try:
        lock.hold("write")
        if rebuild:
            _clear(folder, chroma_url)
        store = ChunkStore(folder / STORE, chroma_url)
        lexical = open_lexical(folder / LEXICAL_FILE)
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


def _clear(folder: Path, chroma_url: str | None) -> None:
    """Remove the index's own files, or collections, and nothing else."""
    if chroma_url is not None:
        store = ChunkStore(folder / STORE, chroma_url)
        store.clear()
        store.close()
    shutil.rmtree(folder / STORE, ignore_errors=True)
    for file in (
        LEXICAL_FILE,
        LEXICAL_FILE + "-wal",
        LEXICAL_FILE + "-shm",
        "manifest.json",
    ):
        (folder / file).unlink(missing_ok=True)
