"""Brings the index up to the files: only what changed is embedded or removed."""

from __future__ import annotations

import logging
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from assistant.disk import is_full, no_room
from assistant.errors import IndexStateError
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
from assistant.index.store.chunks import ChunkStore
from assistant.reading.chunking import chunk_document
from assistant.schema import Chunk, Source

log = logging.getLogger(__name__)

# Chunks embedded between two writes, so that an interrupted build keeps its work.
_STEP = 64
# The heading line may take what the chunk's text leaves of the model's 256 tokens.
_HEADING_TOKENS = 50


def embedding_text(chunk: Chunk, embedder: Embedder) -> str:
    """Return what is embedded of a chunk: its heading line, then its text."""
    heading = chunk.heading_line
    while embedder.count_tokens(heading) > _HEADING_TOKENS and " " in heading:
        heading = heading.rsplit(" ", 1)[0]
    return f"{heading}\n{chunk.text}"


@dataclass(frozen=True, slots=True)
class _Change:
    """What one document's new version changes."""

    todo: list[Chunk]
    """To embed and store."""
    fresh: list[Chunk]
    """To make live: the same, or all of them where a change was broken off."""
    stale: list[str]
    before: dict[str, Chunk]
    """What the store holds of the chunks to embed, as it is now."""


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
        return _sync(
            folder,
            documents,
            store=store,
            lexical=lexical,
            embedder=embedder,
            progress=progress,
            published=published,
            resting=resting,
        )


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


def _sync(
    folder: Path,
    documents: Sequence[Source],
    *,
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    progress: Progress,
    published: Callable[[], None],
    resting: Callable[[], AbstractContextManager[None]],
) -> SyncResult:
    before = read_manifest(folder)
    manifest = before or Manifest(embedder.name, embedder.dimension)
    check_manifest(manifest, embedder)
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
    changed = [
        d
        for d in documents
        if recovering
        or d.details.document_id in pending
        or manifest.documents.get(d.details.document_id) != d.content_hash
    ]
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
        *(_removal(name, lexical, strays) for name in gone),
        *(
            _change(
                d,
                store,
                lexical,
                embedder,
                strays,
                recovering=recovering or d.details.document_id in pending,
            )
            for d in changed
        ),
    ]
    _apply(changes, store, lexical, embedder, progress)
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
    # Also what was deleted before a kill or by an earlier version, or replaced.
    unsettled = before is not None and before.seals is None
    replaced = any(change.before for change in changes)
    purging = bool(stale or pending or unsettled or replaced)
    seals = _settle(folder, store, lexical, embedder, resting, purging=purging)
    write_manifest(folder, replace(done, pending=[], seals=seals))
    added = sum(len(change.todo) for change in changes)
    removed = sum(len(change.stale) for change in changes)
    return SyncResult(added, removed, chunks - added)


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


def _removal(
    name: str, lexical: LexicalIndex, strays: Mapping[str, set[str]]
) -> _Change:
    stale = lexical.ids_of(name) | strays.get(name, set())
    return _Change([], [], sorted(stale), {})


def _change(
    document: Source,
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    strays: Mapping[str, set[str]],
    *,
    recovering: bool,
) -> _Change:
    name = document.details.document_id
    wanted = {c.id: c for c in chunk_document(document, embedder.count_tokens)}
    present = lexical.ids_of(name) | strays.get(name, set())
    # Ids depend on text and place; details (a title, an address) may change alone.
    kept = store.chunks(present & wanted.keys())
    todo = [chunk for id_, chunk in wanted.items() if kept.get(id_) != chunk]
    fresh = list(wanted.values()) if recovering else todo
    return _Change(todo, fresh, sorted(present - wanted.keys()), kept)


def _apply(
    changes: Sequence[_Change],
    store: ChunkStore,
    lexical: LexicalIndex,
    embedder: Embedder,
    progress: Progress,
) -> None:
    """Embed and store the new chunks step by step; switch each document when whole."""
    total = sum(len(change.todo) for change in changes)
    waiting = [(change, chunk) for change in changes for chunk in change.todo]
    ends = list(accumulate(len(change.todo) for change in changes))
    switched = 0
    for start in range(0, max(total, 1), _STEP):
        progress(start, total)
        part = [chunk for _, chunk in waiting[start : start + _STEP]]
        before = {
            chunk.id: change.before[chunk.id]
            for change, chunk in waiting[start : start + _STEP]
            if chunk.id in change.before
        }
        texts = [embedding_text(chunk, embedder) for chunk in part]
        asked = [question for chunk in part for question in chunk.asked_as]
        store.upsert(part, embedder.embed(texts), embedder.embed(asked), before)
        whole = bisect_right(ends, start + _STEP)
        for change in changes[switched:whole]:
            # Its new chunks live and its old ones do not, in one step.
            lexical.update(change.stale, change.fresh)
        switched = whole
    progress(total, total)
