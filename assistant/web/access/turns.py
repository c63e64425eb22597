"""Some work of which little is done at one time: who is next, and how many wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from assistant.errors import BusyError

Rank = Callable[[], tuple[int, ...]]

_MOST_WAITING, _PAUSE = 200, 5.0
_BUSY = "Many people are signing in just now. Try again in a few seconds."


class _Waiting(NamedTuple):
    rank: Rank
    number: int
    called: asyncio.Future[None]


class Turns:
    """Lets in so many at one time; the one of the lowest rank is next, not the first.

    So whoever comes a hundred times does not keep out whoever comes once.
    """

    def __init__(self, at_once: int) -> None:
        """Let in so many at one time."""
        self._free = at_once
        self._waiting: list[_Waiting] = []
        self._number = 0

    @asynccontextmanager
    async def turn(self, rank: Rank) -> AsyncIterator[None]:
        """Wait for a turn, and hold it; the rank is asked for whenever one is free.

        Raises:
            BusyError: very many wait.
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
        if len(self._waiting) >= _MOST_WAITING:
            raise BusyError(_BUSY, _PAUSE)
        self._number += 1
        called = asyncio.get_running_loop().create_future()
        waiting = _Waiting(rank, self._number, called)
        self._waiting.append(waiting)
        try:
            await called
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            else:
                # It was called already, and does not come.
                self._next()
            raise

    def _next(self) -> None:
        if not self._waiting:
            self._free += 1
            return
        chosen = min(self._waiting, key=lambda one: (one.rank(), one.number))
        self._waiting.remove(chosen)
        chosen.called.set_result(None)
