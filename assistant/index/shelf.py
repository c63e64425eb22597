"""The shelf: an open index, ready to be searched while it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from gc import collect as collect_garbage
from threading import Lock
from time import monotonic, sleep
from weakref import WeakSet

from assistant.index.embeddings import CachedEmbedder, Embedder
from assistant.index.lexical import LexicalIndex
from assistant.index.lock import IndexLock
from assistant.index.manifest import (
    Manifest,
    Progress,
    SyncResult,
    manifest_stamp,
    read_manifest,
)
from assistant.index.sentence_vectors import SentenceVectors
from assistant.index.state import ShelfState
from assistant.index.store.chunks import ChunkStore
from assistant.index.sync import sync
from assistant.schema import Chunk, ReportDetails, Source

Reread = Callable[[], Sequence[Source]]
# Longest wait for questions begun before a change: beyond an answer's longest time.
_DRAIN_SECONDS, _LOOK_SECONDS = 200, 0.1


class Shelf:
    """Chunks to search by meaning and by words, and the details of their reports.

    It may change while questions are answered. What shall not change under a question
    is asked of ``now()``.
    """

    def __init__(
        self,
        documents: Sequence[Source],
        manifest: Manifest,
        *,
        store: ChunkStore,
        lexical: LexicalIndex,
        embedder: Embedder,
        lock: IndexLock,
        reread: Reread | None,
        shared: bool,
    ) -> None:
        """Use ``open_shelf``.

        ``reread`` gives the documents again when another process has changed the index;
        ``shared`` says that the store is on a server, where nobody locks to read.
        """
        self.embedder = CachedEmbedder(embedder)
        self._embedder = embedder
        self._store = store
        self._lock = lock
        self._reread, self._shared = reread, shared
        self._stays = False
        self._generation = manifest.generation
        self._stamp: tuple[int, ...] | None = None
        self._changing, self._taking = Lock(), Lock()
        self._older: WeakSet[ShelfState] = WeakSet()
        self._state = self._state_of(documents, lexical, manifest)

    @property
    def model(self) -> Embedder:
        """What makes the vectors; it remembers none of them."""
        return self._embedder

    @property
    def documents(self) -> tuple[Source, ...]:
        """What is on the shelf."""
        return self._state.documents

    @property
    def details(self) -> tuple[ReportDetails, ...]:
        """The details of each document."""
        return self._state.details

    @property
    def reports(self) -> tuple[str, ...]:
        """The ids of the reports, each once, in the order of their documents."""
        return self._state.reports

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with any text on the shelf."""
        return self._state.version

    @property
    def lexical(self) -> LexicalIndex:
        """The words of the chunks."""
        return self._state.lexical

    def nearest(
        self, text: str, top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the cosine of the chunks nearest in meaning to a text, best first.

        Without reports, those that are superseded are left out. Named reports are
        searched exactly, by all their vectors: a filter of the store's own reads all of
        its metadata, and the search of a large index may pass over a small report.
        """
        return self._state.nearest(self.embedder.embed([text])[0], top_k, reports)

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return chunks by id."""
        return self._state.chunks(ids)

    def recall(self, chunks: Iterable[Chunk]) -> None:
        """Let ``embedder`` know the vectors of these chunks' sentences."""
        self.embedder.learn(self._state.sentence_vectors(chunks, self.embedder))

    def now(self) -> Shelf:
        """Return the shelf as it is at this moment; it stays so for who holds it."""
        if self._stays:
            return self
        self.refresh()
        shelf = copy(self)
        shelf._stays = True
        return shelf

    def refresh(self) -> None:
        """Take up what was indexed since; costs a look at one file.

        What fails is tried again the next time.
        """
        if self._stays or self._reread is None:
            return
        with self._taking:
            stamp = manifest_stamp(self._lock.folder)
            if stamp == self._stamp:
                return
            manifest = read_manifest(self._lock.folder)
            if manifest is not None and manifest.generation != self._generation:
                self._take(self._reread(), manifest)
            self._stamp = stamp

    def _take(self, documents: Sequence[Source], manifest: Manifest) -> None:
        if manifest.mark != self._store.mark:
            # Older states go on with the store that they have.
            self._store = self._store.renamed(manifest.mark)
        state = self._state_of(documents, self.lexical.reopened(), manifest)
        self._older.add(self._state)
        self._state, self._generation = state, manifest.generation

    def _state_of(
        self, documents: Sequence[Source], lexical: LexicalIndex, manifest: Manifest
    ) -> ShelfState:
        folder, generation = self._lock.folder, manifest.generation

        def is_newest() -> bool:
            now = read_manifest(folder)
            return bool(now and not now.pending and now.generation == generation)

        held = [d for d in documents if d.details.document_id in manifest.documents]
        sentences = SentenceVectors(folder, self._embedder)
        return ShelfState(held, self._store, lexical, sentences, is_newest)

    def check(self) -> None:
        """Take up what was indexed since, and see whether questions can be answered.

        Raises:
            AssistantError: store or lexical index cannot be read, or have lost chunks.
        """
        self.refresh()
        self._state.check()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let this process alone change the index; one change at a time.

        Raises:
            IndexLockedError: another process uses the index.
        """
        with self._changing:
            self._lock.hold("write")
            try:
                yield
            finally:
                # The writer's lock is ours: nothing can come in between.
                if self._shared:
                    self._lock.release_hold()
                else:
                    self._lock.hold("read")

    def update(
        self,
        documents: Sequence[Source],
        progress: Progress = lambda done, total: None,
        published: Callable[[], None] = lambda: None,
    ) -> SyncResult:
        """Make the index hold exactly these documents while questions are answered.

        A question that was begun is answered from the shelf as it was, the next one from
        the new one; ``published`` is called then. What went off the shelf is deleted
        when no question begun before needs it. Only within ``writing()``.
        """

        def publish() -> None:
            if self._reread is None:
                manifest = read_manifest(self._lock.folder)
                assert manifest is not None
                with self._taking:
                    self._take(documents, manifest)
            self.refresh()
            published()
            self._wait_for_older()

        lexical = self.lexical.reopened()
        try:
            return sync(
                self._lock.folder,
                documents,
                store=self._store,
                lexical=lexical,
                embedder=self._embedder,
                progress=progress,
                published=publish,
                # The state that came of it: older ones are waited for.
                resting=lambda: self._state.lexical.unpinned(),
            )
        finally:
            lexical.close()

    def _wait_for_older(self) -> None:
        """Wait until no question uses an older state; one left lying is collected."""
        since, collect_after = monotonic(), 1.0
        while self._older and (waited := monotonic() - since) < _DRAIN_SECONDS:
            if waited > collect_after:
                # All threads stand still meanwhile: seldom, and ever more seldom.
                collect_garbage()
                collect_after *= 2
            sleep(_LOOK_SECONDS)

    def close(self) -> None:
        """Let go of the files and the lock."""
        self.lexical.close()
        self._store.close()
        self._lock.release()
