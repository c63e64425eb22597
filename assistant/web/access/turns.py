"""Some work of which little is done at one time: who is next, and how many wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import NamedTuple

from assistant.errors import BusyError

Rank = tuple[int, ...]

_MOST_SECONDS = 2.0
"""The longest that anybody waits, as far as the last few allow to tell."""
_FEWEST_WAITING = 4
_BUSY = "Many people are signing in just now. Try again in a few seconds."


class _Waiting(NamedTuple):
    rank: Rank
    number: int
    called: asyncio.Future[None]


class Turns:
    """Lets in so many at one time; the one of the lowest rank is next, not the first.

    So whoever comes a hundred times does not keep out whoever comes once. No more wait
    than have their turn within two seconds: of more, the one of the highest rank is sent
    away.
    """

    def __init__(self, at_once: int, seconds: float = 0.1) -> None:
        """Let in so many at one time; a turn takes about so many seconds at first."""
        self._at_once = self._free = at_once
        self._seconds = seconds
        self._waiting: list[_Waiting] = []
        self._number = 0

    @asynccontextmanager
    async def turn(self, rank: Rank) -> AsyncIterator[None]:
        """Wait for a turn, and hold it.

        Raises:
            BusyError: as many wait as may, and this one has the highest rank of them.
        """
        await self._wait(rank)
        begun = monotonic()
        try:
            yield
        finally:
            self._seconds += (monotonic() - begun - self._seconds) / 8
            self._next()

    @property
    def most_waiting(self) -> int:
        """How many may wait."""
        return max(_FEWEST_WAITING, int(_MOST_SECONDS / self._seconds * self._at_once))

    async def _wait(self, rank: Rank) -> None:
        if self._free:
            self._free -= 1
            return
        self._number += 1
        called = asyncio.get_running_loop().create_future()
        waiting = _Waiting(rank, self._number, called)
        self._waiting.append(waiting)
        while len(self._waiting) > self.most_waiting:
            last = max(self._waiting)
            self._waiting.remove(last)
            if not last.called.done():
                last.called.set_exception(BusyError(_BUSY, _MOST_SECONDS))
        try:
            await called
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            if called.done() and not called.cancelled() and not called.exception():
                # It was called already, and does not come.
                self._next()
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
