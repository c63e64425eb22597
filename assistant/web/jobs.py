"""Long work behind a page: it runs on in a thread and tells how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from threading import Thread
from typing import Generic, NamedTuple, TypeVar

from assistant.web.faults import sentence_of

_LOOK_SECONDS = 0.3
_UNEXPECTED = (
    "Something went wrong here and nothing was changed. Please try again; "
    "if it happens again, report the number {id}."
)

T = TypeVar("T")

log = logging.getLogger(__name__)


class Result(NamedTuple, Generic[T]):
    """What a job came to."""

    value: T


class Job(Generic[T]):
    """One piece of work; whoever leaves the page does not end it."""

    def __init__(self, work: Callable[[Job[T]], T], name: str) -> None:
        """Begin the work, which gets this job to tell of itself."""
        self._news: Queue[str | Result[T] | Exception] = Queue()
        self._work = work
        self._is_finished = False
        Thread(target=self._run, name=name).start()

    def say(self, text: str) -> None:
        """Tell how far it is."""
        self._news.put(text)

    def finish(self, result: T) -> None:
        """Give the result already; what is still done after it concerns nobody."""
        if not self._is_finished:
            self._is_finished = True
            self._news.put(Result(result))

    def _run(self) -> None:
        try:
            self.finish(self._work(self))
        except Exception as error:
            if self._is_finished:
                log.error("%s failed after its end", self, exc_info=error)
            self._news.put(error)

    def steps(self) -> Iterator[str | Result[T] | None]:
        """Yield what it says, None while it says nothing, and its result at the end.

        Raises:
            Exception: what the work raised.
        """
        while True:
            try:
                news = self._news.get(timeout=_LOOK_SECONDS)
            except Empty:
                # A page that was left is noticed only where something is yielded.
                yield None
                continue
            if isinstance(news, Exception):
                raise news
            yield news
            if not isinstance(news, str):
                return


def fault_of(error: Exception) -> str:
    """Return what is said of a fault of such work."""
    return sentence_of(error, _UNEXPECTED)
