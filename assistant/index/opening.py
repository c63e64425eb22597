"""Opens the index of a folder, brought up to its files first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from assistant.errors import IndexLockedError, IndexStateError
from assistant.index.embeddings import Embedder
from assistant.index.lexical import open_lexical
from assistant.index.lock import IndexLock
from assistant.index.manifest import (
    Manifest,
    Progress,
    SyncResult,
    check_manifest,
    holds,
    is_current,
    read_manifest,
)
from assistant.index.mending import (
    check_vectors,
    clear,
    is_lexical_whole,
    is_safe,
    make_safe,
    mend_lexical,
)
from assistant.index.rebuilding import rebuild_on_server
from assistant.index.seals import LEXICAL, STORE
from assistant.index.sentence_vectors import SentenceVectors
from assistant.index.shelf import Reread, Shelf
from assistant.index.store.chunks import ChunkStore
from assistant.index.sync import sync
from assistant.schema import Source

log = logging.getLogger(__name__)


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

    ``progress`` is told chunks done and chunks to do. ``chroma_url`` is the server that
    holds the chunks, None for one in the folder. ``reread`` gives the documents again
    when another process has changed the index.

    Raises:
        IndexLockedError: another process writes it, or reads it while it must change.
        StoreUnreachableError: no server answers at ``chroma_url``.
        IndexStateError: it was made by another program version, or is damaged.
    """
    lock = IndexLock(folder)
    with ExitStack() as opened:
        opened.callback(lock.release)
        manifest = _brought_up(
            folder, documents, embedder, progress, lock=lock, chroma_url=chroma_url
        )
        store = opened.enter_context(
            closing(ChunkStore(folder / STORE, chroma_url, manifest.mark))
        )
        # While another process is at it, its counts are on their way.
        if not manifest.pending:
            _check_counts(manifest, store)
            if not is_lexical_whole(folder, manifest):
                lock.hold("write")
                manifest = mend_lexical(folder, manifest, store)
                hold_read(lock, chroma_url)
        lexical = opened.enter_context(closing(open_lexical(folder / LEXICAL)))
        shelf = Shelf(
            documents,
            manifest,
            store=store,
            lexical=lexical,
            embedder=embedder,
            lock=lock,
            reread=reread,
            shared=chroma_url is not None,
        )
        # From here on the shelf closes what was opened.
        opened.pop_all()
    return shelf


def _brought_up(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    progress: Progress,
    *,
    lock: IndexLock,
    chroma_url: str | None,
) -> Manifest:
    """Update the index where files changed; return its manifest, the lock being read."""
    hold_read(lock, chroma_url)
    manifest = read_manifest(folder)
    if manifest is not None:
        check_manifest(manifest, embedder)
        check_vectors(folder, manifest)
        kept = SentenceVectors(folder, embedder)
        if is_current(manifest, documents) and not kept.lacking(manifest.documents):
            return manifest
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
        if manifest is None or not manifest.documents:
            raise
        if chroma_url is None and not _only_unsettled(folder, manifest, documents):
            raise
    except IndexStateError as error:
        manifest = read_manifest(folder)
        if manifest is None or not _only_unsettled(folder, manifest, documents):
            raise
        log.warning("%s", error)
    hold_read(lock, chroma_url)
    manifest = read_manifest(folder)
    assert manifest is not None
    return manifest


def _only_unsettled(
    folder: Path, manifest: Manifest, documents: Sequence[Source]
) -> bool:
    """Tell whether all documents are in, and only what went off is not deleted yet."""
    return holds(manifest, documents) and is_safe(folder, manifest)


def hold_read(lock: IndexLock, chroma_url: str | None) -> None:
    """Hold what a reader holds: on a server nobody does another harm."""
    if chroma_url is None:
        lock.hold("read")
    else:
        lock.release_hold()


def update_index(
    folder: Path,
    documents: Sequence[Source],
    embedder: Embedder,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
    lock: IndexLock | None = None,
    chroma_url: str | None = None,
    published: Callable[[], None] = lambda: None,
) -> SyncResult:
    """Make the index of a folder hold exactly these documents.

    ``progress`` and ``chroma_url`` are those of ``open_shelf``. The caller's ``lock`` is
    raised to a writer's; else one is taken and released. ``published`` is called once
    the index holds them, before old chunks are deleted.

    Raises:
        IndexLockedError: another process uses the index.
        IndexStateError: it was made by another program version, or is damaged.
    """
    own = lock is None
    lock = lock or IndexLock(folder)
    try:
        lock.hold("write")
        if rebuild and chroma_url is not None:
            return rebuild_on_server(folder, documents, embedder, progress, chroma_url)
        if rebuild:
            clear(folder)
        elif chroma_url is None:
            make_safe(folder)
        manifest = read_manifest(folder)
        mark = manifest.mark if manifest else ""
        with closing(ChunkStore(folder / STORE, chroma_url, mark)) as store:
            at_rest = manifest is not None and not manifest.pending
            if manifest and at_rest and not is_lexical_whole(folder, manifest):
                mend_lexical(folder, manifest, store)
            with closing(open_lexical(folder / LEXICAL)) as lexical:
                return sync(
                    folder,
                    documents,
                    store=store,
                    lexical=lexical,
                    embedder=embedder,
                    progress=progress,
                    published=published,
                )
    finally:
        if own:
            lock.release()


def _check_counts(manifest: Manifest, store: ChunkStore) -> None:
    if (held := store.count()) < manifest.chunks:
        raise IndexStateError(
            f"{store.where} should hold {manifest.chunks} chunks and holds {held}. "
            "Run: assistant index"
        )
