"""Steps as they come, and a tick where none does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def ticking(
    steps: AsyncIterator[T], seconds: float | None
) -> AsyncGenerator[T | None, None]:
    """Yield the steps as they come, and None each time that long passes without one.

    Where no time is given, there are the steps alone.
    """
    waiting: asyncio.Future[T] = asyncio.ensure_future(_next(steps))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=seconds)
            if not done:
                yield None
                continue
            try:
                step = waiting.result()
            except StopAsyncIteration:
                return
            yield step
            waiting = asyncio.ensure_future(_next(steps))
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
            await waiting
        if hasattr(steps, "aclose"):
            await steps.aclose()


async def _next(steps: AsyncIterator[T]) -> T:
    return await anext(steps)
