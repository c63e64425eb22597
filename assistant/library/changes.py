"""Changes the team's shelf and brings the index up to it, or leaves both as they were."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from assistant.disk import is_full, no_room
from assistant.errors import AssistantError, CorpusError
from assistant.index.embeddings import Embedder, make_embedder
from assistant.index.lock import IndexLock
from assistant.index.manifest import Progress, SyncResult, is_current, read_manifest
from assistant.library.library import Library, Rows
from assistant.library.recovering import Recovered, recover
from assistant.library.shelf import read_shelf
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.index.shelf import Shelf

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workplace:
    """Where the shelf and its index are, and what makes the vectors."""

    corpus_dir: Path
    reports_dir: Path
    index_dir: Path
    embedder: Embedder
    chroma_url: str | None = None
    shelf: Shelf | None = None
    """The shelf that this process has open, where it has."""
    packs_dir: Path | None = None
    """Where packs that were stopped are kept: they quote the shelf as it was."""

    @classmethod
    def from_settings(cls, settings: Settings, shelf: Shelf | None = None) -> Workplace:
        """Take the places that the settings say."""
        return cls(
            corpus_dir=settings.corpus_dir,
            reports_dir=settings.reports_dir,
            index_dir=settings.index_dir,
            embedder=shelf.embedder if shelf else make_embedder(settings.embeddings),
            chroma_url=settings.chroma_url,
            shelf=shelf,
            packs_dir=settings.packs_dir,
        )

    @property
    def library(self) -> Library:
        """The team's own reports."""
        return Library(self.reports_dir)

    @contextmanager
    def writing(self) -> Iterator[IndexLock | None]:
        """Hold the writer's lock: that of the open shelf, else one of its own.

        Raises:
            IndexLockedError: another process uses the index.
        """
        if self.shelf is not None:
            with self.shelf.writing():
                yield None
            return
        lock = IndexLock(self.index_dir)
        try:
            lock.hold("write")
            yield lock
        finally:
            lock.release()


def change_shelf(
    place: Workplace,
    change: Callable[[Library], None],
    progress: Progress = lambda done, total: None,
    published: Callable[[], None] = lambda: None,
) -> SyncResult:
    """Make a change to the team's shelf and to the index; questions go on meanwhile.

    The shelf's own list is changed first, in one transaction: after a kill the next
    start brings the index up to it. What fails otherwise (no room, no server) is taken
    back, so that the shelf stays as it was; an interruption is finished at the next
    start. ``published`` is called once the next question is answered from the changed
    shelf; what went off it is deleted after that.

    Raises:
        AssistantError: the change cannot be made.
    """
    done = Event()

    def is_done() -> None:
        done.set()
        published()

    with place.writing() as lock:
        library = place.library
        before = library.rows()
        try:
            change(library)
            result = _update(place, lock, progress, is_done)
        except (AssistantError, OSError, sqlite3.Error) as error:
            if not done.is_set():
                _take_back(place, lock, before)
                if is_full(error):
                    raise CorpusError(no_room(place.reports_dir)) from error
                raise
            # The change is made. What is left over goes with the next one.
            log.warning("Old chunks are not deleted yet: %s", error)
            result = SyncResult(0, 0, 0)
        else:
            if not done.is_set():
                published()
        library.tidy()
        _forget_packs(place)
        return result


def _forget_packs(place: Workplace) -> None:
    """Remove what fits another shelf: nothing would ever go on from it."""
    if place.packs_dir is not None:
        # Also what a process that was killed left half written.
        for file in place.packs_dir.glob("*"):
            if file.is_file():
                file.unlink(missing_ok=True)


def recover_list(
    place: Workplace, progress: Progress = lambda done, total: None
) -> Recovered:
    """List the reports that are kept and not listed, and bring the index up to them.

    Raises:
        AssistantError: another process uses the index, or something cannot be written.
    """
    with place.writing() as lock:
        recovered = recover(place.library)
        _update(place, lock, progress, lambda: None)
        place.library.tidy()
        return recovered


def _take_back(place: Workplace, lock: IndexLock | None, before: Rows) -> None:
    if place.library.rows() == before:
        return
    place.library.restore(before)
    if place.shelf is not None:
        # No start will come soon that brings the index back; it waits if this fails.
        with suppress(AssistantError, OSError, sqlite3.Error):
            _update(place, lock, lambda done, total: None, lambda: None)


def _update(
    place: Workplace,
    lock: IndexLock | None,
    progress: Progress,
    published: Callable[[], None],
) -> SyncResult:
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    manifest = read_manifest(place.index_dir)
    if manifest is not None and is_current(manifest, documents):
        return SyncResult(0, 0, manifest.chunks)
    if place.shelf is not None:
        return place.shelf.update(documents, progress, published)
    # Chroma takes longer to import than it takes to see that nothing changed.
    from assistant.index.opening import update_index

    return update_index(
        place.index_dir,
        documents,
        place.embedder,
        progress=progress,
        lock=lock,
        chroma_url=place.chroma_url,
        published=published,
    )
