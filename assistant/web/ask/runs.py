"""Answers in the making, which go on whoever looks: a page that is reloaded finds its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

from assistant.web.ask.conversation import Conversation, stop

Key = tuple[str, str]
"""Whose conversation it is, and its id."""

# How long an answer waits for its page to come back, and how many do.
_KEPT_SECONDS = 1800.0
MOST_KEPT = 200


class Run:
    """One answer in the making, and the conversation that it belongs to."""

    def __init__(self, first: Conversation, steps: AsyncIterator[Conversation]) -> None:
        """Go on from the first state, which holds the question; no page's task does."""
        self.state = first
        self.ended_at: float | None = None
        self._changed = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self._drive(steps))
        # One that is cancelled before its first step runs nothing, not even an end.
        self._task.add_done_callback(lambda task: self._end())

    @property
    def is_going(self) -> bool:
        """Whether more is to come."""
        return self.ended_at is None

    def went_on_from(self, conversation: Conversation) -> bool:
        """Tell whether another page asked what this conversation does not hold."""
        asked = self.state[-1].asked_at
        return all(exchange.asked_at != asked for exchange in conversation)

    def is_newer_than(self, conversation: Conversation) -> bool:
        """Tell whether it was asked no earlier than all of a conversation was."""
        own, other = self.state[-1].asked_at, conversation[-1].asked_at
        return own is not None and (other is None or own >= other)

    async def _drive(self, steps: AsyncIterator[Conversation]) -> None:
        async for state in steps:
            self._put(state)

    def _end(self) -> None:
        self.ended_at = monotonic()
        # What is not whole by now will not become so.
        self._put(stop(self.state))

    def _put(self, state: Conversation) -> None:
        self.state = state
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def states(self) -> AsyncIterator[Conversation]:
        """Yield the conversation now and whenever it has changed, to the end."""
        seen: Conversation | None = None
        while True:
            changed, going = self._changed, self.is_going
            if self.state is not seen:
                seen = self.state
                yield seen
            elif going:
                await changed.wait()
            else:
                return

    async def stop(self) -> None:
        """End it where it is."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


class Runs:
    """The answers of all, and which one each open page looks at."""

    def __init__(self) -> None:
        """Begin with none."""
        self._runs: dict[Key, Run] = {}
        self._watched: dict[str, Run] = {}

    def begin(
        self,
        key: Key,
        page: str,
        first: Conversation,
        steps: AsyncIterator[Conversation],
    ) -> Run:
        """Begin an answer that a page looks at."""
        self._forget()
        run = self._watched[page] = Run(first, steps)
        # The latest stands last.
        self._runs.pop(key, None)
        self._runs[key] = run
        return run

    def find(self, key: Key) -> Run | None:
        """Return the latest answer of a conversation, where it is not forgotten."""
        return self._runs.get(key)

    def watched(self, page: str) -> Run | None:
        """Return the answer in the making that a page looks at."""
        run = self._watched.get(page)
        return run if run is not None and run.is_going else None

    def leave(self, page: str) -> None:
        """Let a page look at none."""
        self._watched.pop(page, None)

    def looks_at(self, page: str, run: Run) -> bool:
        """Tell whether a page has not been turned to another conversation since."""
        return self._watched.get(page) is run

    async def watch(self, run: Run, page: str) -> AsyncIterator[Conversation]:
        """Yield the states of an answer for as long as the page looks at no other."""
        self._watched[page] = run
        async for state in run.states():
            if not self.looks_at(page, run):
                return
            yield state

    def _forget(self) -> None:
        before = monotonic() - _KEPT_SECONDS
        over = [k for k, run in self._runs.items() if not run.is_going]
        old = [k for k in over if (self._runs[k].ended_at or before) <= before]
        for key in {*old, *over[: max(len(self._runs) - MOST_KEPT, 0)]}:
            gone = self._runs.pop(key)
            for page in [p for p, run in self._watched.items() if run is gone]:
                del self._watched[page]
