"""Long work behind a page: it runs on in a thread, tells how far it is, and is followed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from html import escape
from queue import Empty, Queue
from threading import Thread
from typing import Any, Generic, NamedTuple, TypeVar

from assistant.serving.faults import sentence_of
from assistant.web.gradio_import import Block, gr
from assistant.web.texts import told

_LOOK_SECONDS = 0.3

T = TypeVar("T")
# Gradio reads what events are annotated with, so all of it is imported.
Updates = dict[Block, Any]
"""What an event changes, by the part; what is not in it stays."""

log = logging.getLogger(__name__)


class Result(NamedTuple, Generic[T]):
    """What a job came to."""

    value: T


class Job(Generic[T]):
    """One piece of work; whoever leaves the page does not end it."""

    def __init__(self, work: Callable[[Job[T]], T], name: str) -> None:
        """Begin the work, which gets this job to tell of itself."""
        self._news: Queue[str | Updates | Result[T] | Exception] = Queue()
        self._work = work
        self._is_finished = False
        # The work knows who asks for it; Gradio forgets that after the first step it gets.
        Thread(target=copy_context().run, args=(self._run,), name=name).start()

    def say(self, news: str | Updates) -> None:
        """Tell how far it is, or what of the page changes meanwhile."""
        self._news.put(news)

    def say_passages(self, done: int, total: int) -> None:
        """Tell how many passages are indexed."""
        self.say(f"Indexing: {done} of {total} passages …")

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

    def steps(self) -> Iterator[str | Updates | Result[T] | None]:
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
            if isinstance(news, Result):
                return


def follow(
    status: Block,
    begun: str,
    work: Callable[[Job[T]], T],
    after: Callable[[T], Updates],
    failed: Updates | None = None,
    tell: Callable[[str], str] = told,
) -> Iterator[Updates]:
    """Tell how far some work is, and what comes of it.

    Args:
        status: the part of the page that says so.
        begun: what is said at first.
        work: what is done.
        after: what the page becomes of its result.
        failed: what the page becomes where it fails.
        tell: makes of a sentence what the status shows while it is done.
    """
    job = Job(work, "page")
    yield {status: tell(begun)}
    try:
        for step in job.steps():
            if isinstance(step, Result):
                yield after(step.value)
            elif isinstance(step, dict):
                yield step
            else:
                yield {status: tell(step) if step else gr.skip()}
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        yield {status: told(sentence_of(error), fault=True), **(failed or {})}


def summary(said: str, what: str, failed: Sequence[str]) -> str:
    """Return what went well (HTML), and what did not, by file."""
    status = f'<p role="status">{said}</p>' if said else ""
    if not failed:
        return status
    items = "".join(f"<li>{escape(one)}</li>" for one in failed)
    return f'{status}<div role="alert"><p>{what}:</p><ul>{items}</ul></div>'
