"""A queue for costly work: how much is done at one time, who is next, how many wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from assistant.errors import BusyError

Rank = tuple[int, ...]

# A wait costs a connection and little else: room for many keeps those who try again and
# again where they do no harm.
_MOST_WAITING, _MOST_SECONDS = 200, 10.0
_RETRY_SECONDS = 2.0
_BUSY = "Many people are signing in just now. Try again in a few seconds."


class _Waiting(NamedTuple):
    rank: Rank
    number: int
    called: asyncio.Future[None]


class Turns:
    """Lets in so many at one time; the lowest rank is next, and of equals the latest.

    So whoever comes a hundred times does not keep out whoever comes once, and where
    hundreds come once each, whoever comes now waits for none of those who came before.
    Of more than may wait, the first of the highest rank is sent away, and so is whoever
    has waited for ten seconds.
    """

    def __init__(self, at_once: int, most_waiting: int = _MOST_WAITING) -> None:
        """Let in so many at one time, and so many more wait."""
        self._free = at_once
        self._most = most_waiting
        self._waiting: list[_Waiting] = []
        self._number = 0

    @asynccontextmanager
    async def turn(self, rank: Rank) -> AsyncIterator[None]:
        """Wait for a turn, and hold it.

        Raises:
            BusyError: this one is the last of too many, or has waited too long.
        """
        await self._wait(rank)
        try:
            yield
        finally:
            self._next()

    async def _wait(self, rank: Rank) -> None:
        if self._free:
            self._free -= 1
            return
        # Of equals the latest has the lowest number.
        self._number -= 1
        called = asyncio.get_running_loop().create_future()
        waiting = _Waiting(rank, self._number, called)
        self._waiting.append(waiting)
        if len(self._waiting) > self._most:
            last = max(self._waiting)
            self._waiting.remove(last)
            if not last.called.done():
                last.called.set_exception(_busy())
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                await called
        except (asyncio.CancelledError, TimeoutError) as error:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            if called.done() and not called.cancelled() and not called.exception():
                # It was called already, and does not come.
                self._next()
            if isinstance(error, TimeoutError):
                raise _busy() from None
            raise

    def _next(self) -> None:
        # Who was cancelled a moment ago still stands here, and does not come.
        self._waiting = [one for one in self._waiting if not one.called.done()]
        if not self._waiting:
            self._free += 1
            return
        chosen = min(self._waiting)
        self._waiting.remove(chosen)
        chosen.called.set_result(None)


def _busy() -> BusyError:
    return BusyError(_BUSY, _RETRY_SECONDS)
