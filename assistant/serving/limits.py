"""How much is taken: from one person, from one address, and in all."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from starlette.types import Scope

from assistant.errors import BusyError, LimitError
from assistant.serving.access.people import KEY, Person, address_of
from assistant.serving.rates import Rates
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.briefing.making import Stop

STOPPING = "The assistant is being stopped. Ask again in a minute."
_BUSY = "Many questions are being answered just now. Ask again in a few seconds."
_YOURS = (
    "{count} of your questions are being answered. Ask again when one of them is done."
)
_TOO_MANY = "That was many questions in a minute. Ask again in {pause}."
_PACKS = "{count} packs are being made just now. Make yours in a minute."
_ITEMS = (
    "This agenda has {items}, and {left} more can be briefed for you just now "
    "({most} an hour). Brief fewer of them, or come back in {pause}."
)
_LONG = "This agenda has {items}, and {most} an hour are briefed. Take some out."
_BUSY_SECONDS, _PACK_SECONDS, _STOPPING_SECONDS = 5.0, 60.0, 60.0
# Packs take minutes of every processor.
_PACKS_AT_ONCE = 4

T = TypeVar("T")


class Asker(NamedTuple):
    """Who asks: the name where it is known, and the address."""

    name: str | None
    address: str

    @property
    def key(self) -> str:
        """What is counted together."""
        return f"person {self.name}" if self.name else f"address {self.address}"


asking: ContextVar[Asker | None] = ContextVar("asking", default=None)
"""Who sent the request that is being answered."""


def asker_of(scope: Scope) -> Asker:
    """Return who sent a request."""
    person = scope.get(KEY)
    name = person.name if isinstance(person, Person) else None
    return Asker(name, address_of(scope))


@dataclass
class Answers:
    """The answers in the making: how many, for whom, and whether more are begun."""

    settings: Settings
    rates: Rates = field(default_factory=Rates)
    stopping: bool = False
    _broken_off: bool = False
    _running: Counter[str] = field(default_factory=Counter)
    _steps: set[asyncio.Future[Any]] = field(default_factory=set)
    _packs: list[Stop] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def running(self) -> int:
        """How many answers are in the making."""
        return self._running.total()

    @contextmanager
    def begin(self, asker: Asker) -> Iterator[None]:
        """Hold one answer's place while it is made.

        Raises:
            LimitError: this person or address asks too much.
            BusyError: everyone together asks too much, or the page is being stopped.
        """
        with self._lock:
            self._check(asker)
            self._running[asker.key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[asker.key] -= 1
                self._running += Counter()

    @contextmanager
    def begin_pack(self, asker: Asker, items: int, stop: Stop) -> Iterator[None]:
        """Hold the place of a pack, whose items count, and which can be broken off.

        Raises:
            LimitError: this person or address asks too much.
            BusyError: everyone together asks too much, or the page is being stopped.
        """
        with self.begin(asker):
            with self._lock:
                self._check_pack(asker, items)
                self._packs.append(stop)
            try:
                yield
            finally:
                with self._lock:
                    self._packs.remove(stop)

    def _check_pack(self, asker: Asker, items: int) -> None:
        if len(self._packs) >= _PACKS_AT_ONCE:
            raise BusyError(_PACKS.format(count=len(self._packs)), _PACK_SECONDS)
        most = self.settings.pack_items_per_hour
        limit = RateLimitItemPerHour(most, namespace="items of agendas")
        has = "1 item" if items == 1 else f"{items} items"
        if items > most:
            raise LimitError(_LONG.format(items=has, most=most), _PACK_SECONDS)
        if pause := self.rates.take(limit, asker.key, count=items):
            left, wait = self.rates.left(limit, asker.key), pause_words(pause)
            said = _ITEMS.format(items=has, left=left, most=most, pause=wait)
            raise LimitError(said, pause)

    def _check(self, asker: Asker) -> None:
        settings, own = self.settings, self._running[asker.key]
        if self.stopping:
            raise BusyError(STOPPING, _STOPPING_SECONDS)
        if self.running >= settings.answers_at_once:
            raise BusyError(_BUSY, _BUSY_SECONDS)
        if asker.name and own >= settings.person_answers_at_once:
            raise LimitError(_YOURS.format(count=own), _BUSY_SECONDS)
        if not asker.name and own >= settings.address_answers_at_once:
            raise LimitError(_BUSY, _BUSY_SECONDS)
        pause = self.rates.take(
            RateLimitItemPerMinute(
                settings.address_questions_per_minute,
                namespace="questions of an address",
            ),
            asker.address,
        )
        if asker.name and not pause:
            pause = self.rates.take(
                RateLimitItemPerMinute(
                    settings.questions_per_minute, namespace="questions of a person"
                ),
                asker.name,
            )
        if pause:
            raise LimitError(_TOO_MANY.format(pause=pause_words(pause)), pause)

    async def step(self, step: Coroutine[object, object, T], context: Context) -> T:
        """Wait for a step of an answer, unless the answers are broken off.

        Raises:
            BusyError: they are.
        """
        if self._broken_off:
            step.close()
            raise BusyError(STOPPING, _STOPPING_SECONDS)
        # In a context of the answer's own, as if one task did all of its steps.
        task = asyncio.get_running_loop().create_task(step, context=context)
        self._steps.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._broken_off:
                raise BusyError(STOPPING, _STOPPING_SECONDS) from None
            raise
        finally:
            self._steps.discard(task)

    async def finish(
        self, seconds: float, hurry: Callable[[], bool] = lambda: False
    ) -> bool:
        """Begin no more answers; wait for those in the making, then break them off.

        ``hurry`` tells that there is to be no more waiting.

        Returns:
            Whether all of them came to their own end.
        """
        self.stopping = True
        until = monotonic() + seconds
        while self.running and monotonic() < until and not hurry():
            await asyncio.sleep(0.05)
        if not self.running:
            return True
        self._broken_off = True
        for task in list(self._steps):
            task.cancel()
        for stop in list(self._packs):
            stop.stop()
        return False


def uploads_an_hour(most: int) -> RateLimitItem:
    """Return the limit of files."""
    return RateLimitItemPerHour(most, namespace="uploads")


def feedback_an_hour(most: int) -> RateLimitItem:
    """Return the limit of feedback."""
    return RateLimitItemPerHour(most, namespace="feedback")


def pause_words(seconds: float) -> str:
    """Return a pause in words."""
    whole = math.ceil(seconds)
    if whole > 60:
        return f"{math.ceil(seconds / 60)} minutes"
    return "a second" if whole == 1 else f"{whole} seconds"
