"""Brings the index up to the files: only what changed is embedded or removed."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from assistant.disk import is_full, no_room
from assistant.errors import IndexStateError
from assistant.index.applying import Stores, apply, change_of, removal_of
from assistant.index.embeddings import Embedder
from assistant.index.lexical import LexicalIndex
from assistant.index.manifest import (
    Manifest,
    Progress,
    SyncResult,
    check_manifest,
    read_manifest,
    write_manifest,
)
from assistant.index.seals import lexical_seal, vector_seals
from assistant.index.sentence_vectors import SentenceVectors
from assistant.index.store.chunks import ChunkStore
from assistant.schema import Source

log = logging.getLogger(__name__)


def sync(
    folder: Path,
    documents: Sequence[Source],
    *,
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
    published: Callable[[], None] = lambda: None,
    resting: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> SyncResult:
    """Make the index hold exactly these documents; only changed ones are read.

    The manifest lists what is pending before anything changes and what is there after
    all has. New chunks go to the store first, where nothing finds them; one
    transaction of the lexical index then makes a document's new chunks live and its
    old ones not. With the manifest's next generation the change is made, and
    ``published`` is called; the store forgets the old chunks last, when that returns,
    and both are brought to rest and sealed. ``resting`` has this process's readers of
    the lexical index wait for that. After a kill at any moment the next run finishes
    the work, and what was embedded is kept. What the store has lost is made again.
    """
    with _errors(folder):
        before = read_manifest(folder)
        manifest = before or Manifest(embedder.name, embedder.dimension)
        check_manifest(manifest, embedder)
        sentences = SentenceVectors(folder, embedder)
        parts = Stores(store, lexical, sentences, embedder)
        hashes = {d.details.document_id: d.content_hash for d in documents}
        pending = set(manifest.pending)
        if pending:
            # It may take as long as the change itself would have.
            log.warning(
                "A change to %s was broken off. It is finished now.",
                ", ".join(sorted(pending)[:3])
                + (" and others" if len(pending) > 3 else ""),
            )
        lost = _lost(store, before)
        if not lexical.is_whole:
            lexical.rebuild(store.all_chunks())
        recovering = before is None or lost
        todo = pending | {n for n in hashes if manifest.documents.get(n) != hashes[n]}
        # All files are read only where nothing else is to be done.
        todo |= sentences.lacking(hashes, thoroughly=not todo)
        changed = [d for d in documents if recovering or d.details.document_id in todo]
        gone = sorted({*manifest.documents, *pending} - hashes.keys())
        # Only after work that was broken off, or lost, may the store hold what is not live.
        strays = store.ids_by_document() if pending or recovering else {}
        gone += sorted(strays.keys() - hashes.keys() - set(gone))
        names = {*gone, *(d.details.document_id for d in changed)}
        if before is not None and not names and before.seals is not None:
            return SyncResult(0, 0, manifest.chunks)
        begun = sorted(names | pending)
        write_manifest(folder, replace(manifest, pending=begun))
        changes = [
            *(removal_of(name, parts, strays) for name in gone),
            *(
                change_of(
                    d,
                    parts,
                    strays,
                    recovering=recovering or d.details.document_id in pending,
                )
                for d in changed
            ),
        ]
        apply(changes, parts, progress)
        chunks = lexical.count()
        done = replace(
            manifest,
            generation=manifest.generation + bool(names),
            documents=hashes,
            chunks=chunks,
            pending=begun,
            seals=None,
        )
        write_manifest(folder, done)
        published()
        stale = [id_ for change in changes for id_ in change.stale]
        store.delete(stale)
        for change in changes:
            sentences.keep_only(change.document, change.texts)
        sentences.forget_others(hashes)
        # Also what was deleted before a kill or by an earlier version, or replaced.
        unsettled = before is not None and before.seals is None
        replaced = any(change.before for change in changes)
        purging = bool(stale or pending or unsettled or replaced)
        seals = _settle(folder, store, lexical, embedder, resting, purging=purging)
        write_manifest(folder, replace(done, pending=[], seals=seals))
        added = sum(len(change.todo) for change in changes)
        removed = sum(len(change.stale) for change in changes)
        return SyncResult(added, removed, chunks - added)


@contextmanager
def _errors(folder: Path) -> Iterator[None]:
    """Map what the disk and SQLite say to errors of ours."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            told = no_room(folder, "run: assistant index")
        elif isinstance(error, OSError):
            told = (
                f"The index in {folder} cannot be written ({error.strerror}). Check its "
                "rights, then run: assistant index"
            )
        else:
            told = (
                f"The lexical index in {folder} cannot be used ({error}). Run: "
                "assistant index --rebuild"
            )
        raise IndexStateError(told) from error


def _lost(store: ChunkStore, manifest: Manifest | None) -> bool:
    """Tell whether the store holds less than was put there."""
    if manifest is None or manifest.pending:
        return False
    held = store.count()
    if held >= manifest.chunks:
        return False
    log.warning(
        "%s holds %d of %d chunks. What is lost is made again.",
        store.where,
        held,
        manifest.chunks,
    )
    return True


def _settle(
    folder: Path,
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    resting: Callable[[], AbstractContextManager[None]],
    *,
    purging: bool,
) -> dict[str, str]:
    """Bring store and lexical index to rest; return the seals of their files."""
    store.settle(embedder.dimension, purging=purging)
    with resting():
        is_whole = lexical.settle(purging=purging)
    seals = vector_seals(folder) if store.is_local else {}
    return {**seals, **lexical_seal(folder)} if is_whole else seals
