"""The collections of Chroma that hold chunks: opened, called, and brought to rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Lock
from typing import Self, TypeVar

from chromadb.api.models.Collection import Collection
from chromadb.errors import NotFoundError

from assistant.disk import has_room, no_room
from assistant.errors import IndexStateError
from assistant.index.store.client import open_client, store_errors
from assistant.index.store.records import MEND
from assistant.index.store.settling import (
    check_room,
    cut_vectors,
    purge,
    touch,
    write_often,
)
from assistant.index.store.sharing import SharedLock

COLLECTION = "report-chunks"
# The questions that sections are asked as, each with a vector of its own (doc2query:
# Nogueira et al., Document Expansion by Query Prediction, 2019).
ASKED = "asked-questions"
# The search is approximate: with Chroma's default of 100 it missed up to 3 in 100 of the
# nearest, other ones in every build; with 1,000 none of the shipped corpus.
_EF_SEARCH = 1000
_T = TypeVar("_T")


class Collections:
    """The two collections of an index; threads may use them together."""

    def __init__(self, folder: Path, url: str | None = None, mark: str = "") -> None:
        """Open or make the collections under a folder, or on the server at an address.

        ``mark`` is the end of the collections' names.

        Raises:
            StoreUnreachableError: no server answers there.
            IndexStateError: Chroma cannot open it, or its space is not cosine.
        """
        self._folder, self._url, self.mark = folder, url, mark
        self._sharing, self._opening = SharedLock(), Lock()
        self._collections: dict[str, Collection] = {}
        self._closed = False
        with self._errors():
            self._open()

    @property
    def is_local(self) -> bool:
        """Whether it is in a folder, and not on a server."""
        return self._url is None

    @property
    def where(self) -> str:
        """What holds the chunks, to begin a sentence with."""
        if self.is_local:
            return f"The chunk store in {self._folder}"
        return f"The Chroma server at {self._url}"

    def renamed(self, mark: str) -> Self:
        """Open the collections of another mark in the same place."""
        return type(self)(self._folder, self._url, mark)

    def _errors(self) -> AbstractContextManager[None]:
        return store_errors(self._folder, self._url)

    def _open(self) -> None:
        with ExitStack() as opened:
            self._client, self._only_read = open_client(self._folder, self._url)
            opened.callback(self._close)
            self._collections = {n: self._collection(n) for n in (COLLECTION, ASKED)}
            opened.pop_all()

    def _collection(self, name: str) -> Collection:
        # get_or_create would silently keep another space, so look first.
        try:
            found = self._client.get_collection(
                name + self.mark, embedding_function=None
            )
        except NotFoundError:
            found = self._client.create_collection(
                name + self.mark,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
            )
        space = (found.configuration.get("hnsw") or {}).get("space")
        if space != "cosine":
            raise IndexStateError(
                f"The chunk store measures {space}, not cosine. {MEND}"
            )
        return found

    def _ask(self, name: str, call: Callable[[Collection], _T]) -> _T:
        """Make a call of a collection; one that was made anew is looked up again."""
        with self._sharing.together(), self._errors():
            self._opened()
            try:
                return call(self._collections[name])
            except NotFoundError:
                if self.is_local:
                    raise
                # Another process made it anew: its name is the same, its id is not.
                self._collections[name] = self._client.get_collection(
                    name + self.mark, embedding_function=None
                )
                return call(self._collections[name])

    def _opened(self) -> None:
        """Open it again where that failed before, for instance for lack of room."""
        with self._opening:
            if self._closed:
                raise IndexStateError("The index has been closed: the program ends.")
            if not self._collections:
                self._open()

    def _to_write(self) -> None:
        """Open it again where it may only be read, for then it may be a copy.

        Raises:
            IndexStateError: there is still no room, or no right.
        """
        if not self._only_read:
            return
        with self._sharing.alone(), self._errors():
            self._close()
            self._open()
        if self._only_read:
            raise IndexStateError(
                f"The index in {self._folder} cannot be written. Set ASSISTANT_DATA_DIR "
                "to a folder that you may write."
                if has_room(self._folder)
                else no_room(self._folder)
            )

    def _batch_size(self) -> int:
        with self._sharing.together(), self._errors():
            self._opened()
            return self._client.get_max_batch_size()

    def close(self) -> None:
        """Let go of the files: a client left open would go on using deleted ones."""
        self._closed = True
        with self._errors():
            self._close()

    def _close(self) -> None:
        self._collections = {}
        self._client.close()  # type: ignore[attr-defined]  # undeclared in ClientAPI

    def drop(self) -> None:
        """Remove the collections; the store is of no use after that."""
        with self._errors():
            for name in (COLLECTION, ASKED):
                self._client.delete_collection(name + self.mark)

    def settle(self, dimension: int, *, purging: bool) -> None:
        """Write all vectors of a store in a folder to their files; see ``settling``.

        ``purging`` also leaves no trace of texts that were deleted. Questions wait
        meanwhile (a quarter of a second on a small shelf).

        Raises:
            IndexStateError: there is no room, or it is damaged.
        """
        if not self.is_local:
            return
        self._to_write()
        with self._sharing.alone(), self._errors():
            check_room(self._folder, purging=purging)
            write_often(self._collections.values(), often=True)
            self._close()
            self._open()
            touch(self._collections[COLLECTION], dimension, keeping=False)
            touch(self._collections[ASKED], dimension, keeping=True)
            write_often(self._collections.values(), often=False)
            self._close()
            try:
                cut_vectors(self._folder)
                if purging:
                    purge(self._folder)
            finally:
                self._open()
