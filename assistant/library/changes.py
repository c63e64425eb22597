"""Changes the team's shelf and brings the index up to it, or leaves both as they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.lock import IndexLock
from assistant.index.manifest import Progress, SyncResult, is_current, read_manifest
from assistant.library.entries import Library
from assistant.library.shelf import read_shelf
from assistant.settings import Settings


@dataclass(frozen=True)
class Workplace:
    """Where the shelf and its index are, and what makes the vectors."""

    corpus_dir: Path
    reports_dir: Path
    index_dir: Path
    embedder: Embedder
    chroma_url: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Workplace:
        """Take the places that the settings say."""
        return cls(
            corpus_dir=settings.corpus_dir,
            reports_dir=settings.reports_dir,
            index_dir=settings.index_dir,
            embedder=make_embedder(settings.embeddings),
            chroma_url=settings.chroma_url,
        )

    @property
    def library(self) -> Library:
        """The team's own reports."""
        return Library(self.reports_dir)

    def lock(self) -> IndexLock:
        """Take the writer's lock.

        Raises:
            IndexLockedError: another process uses the index.
        """
        lock = IndexLock(self.index_dir)
        try:
            lock.hold("write")
        except BaseException:
            lock.release()
            raise
        return lock


def change_shelf(
    place: Workplace,
    change: Callable[[Library], None],
    progress: Progress = lambda done, total: None,
) -> SyncResult:
    """Make a change to the team's shelf and to the index.

    The shelf's own list is changed first, in one transaction: after a kill the next
    start brings the index up to it. What fails otherwise (no room, no server) is taken
    back, so that the shelf stays as it was; an interruption is finished at the next
    start.

    Args:
        place: the shelf.
        change: changes the library; what it raises leaves everything as it was.
        progress: told chunks done and chunks to do.

    Raises:
        AssistantError: the change cannot be made.
    """
    lock = place.lock()
    try:
        library = place.library
        before = library.rows()
        try:
            change(library)
            result = _update(place, lock, progress)
        except (AssistantError, OSError, sqlite3.Error):
            if library.rows() != before:
                library.restore(before)
            raise
        library.tidy()
        return result
    finally:
        lock.release()


def _update(place: Workplace, lock: IndexLock, progress: Progress) -> SyncResult:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    manifest = read_manifest(place.index_dir)
    if manifest is not None and is_current(manifest, documents):
        return SyncResult(0, 0, manifest.chunks)
    # Chroma takes longer to import than it takes to see that nothing changed.
    from assistant.index.shelf import update_index

    return update_index(
        place.index_dir,
        documents,
        place.embedder,
        progress=progress,
        lock=lock,
        chroma_url=place.chroma_url,
    )
