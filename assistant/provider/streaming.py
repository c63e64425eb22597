"""Streams a model's answer with every wait bounded, and stops it at once when told.

The stream runs on an event loop of its own thread, because only there can a wait be cut
short: a plain read cannot be ended from outside. Callers see a plain iterator.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from queue import SimpleQueue
from time import monotonic

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from assistant.errors import AnswerCutOffError, ProviderError
from assistant.provider.ending import End
from assistant.provider.faults import provider_error, timed_out
from assistant.provider.model import Message, Piece, Usage
from assistant.provider.server import Provider
from assistant.provider.statuses import filled
from assistant.provider.thoughts import Answering, Beginning

_LONGEST_PAUSE = 8.0
# Tokens that come closer together are handed on together: each wakes a thread.
_TOGETHER_SECONDS = 0.05
_CLOSING_SECONDS = 3.0
# A server that does not keep to the limit of tokens is left after so many characters.
MOST_CHARS = 200_000
_ENDLESS = (
    f"The model {{model}} wrote more than {MOST_CHARS:,} characters. Ask again, or set "
    "ASSISTANT_CHAT_MODEL to another model."
)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What the event loop's thread has put out for the reader."""

    queue: SimpleQueue[Piece | Exception | None]
    cancel: Callable[[], object]

    def __iter__(self) -> Iterator[Piece]:
        while (piece := self.queue.get()) is not None:
            if isinstance(piece, Exception):
                # Without its cause: that holds the request, and so the key.
                raise piece from None
            yield piece

    def close(self) -> None:
        self.cancel()


@dataclass(slots=True)
class _Gathered:
    """Hands pieces on, the first at once and later ones together."""

    put: Callable[[Piece], object]
    _text: str = ""
    _usage: Usage | None = None
    _last: float = 0.0
    _due: asyncio.TimerHandle | None = None

    def add(self, piece: Piece) -> None:
        """Take a piece."""
        self._text += piece.text
        self._usage = piece.usage or self._usage
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(self._last + _TOGETHER_SECONDS, self._hand_on)

    def _hand_on(self) -> None:
        self._due = None
        self._last = asyncio.get_running_loop().time()
        self.put(Piece(self._text, self._usage))
        self._text, self._usage = "", None

    def end(self) -> None:
        """Hand on what is left."""
        if self._due is not None:
            self._due.cancel()
            self._hand_on()


@dataclass(eq=False)
class StreamingModel:
    """A chat model whose answers come piece by piece; see ``ChatModel``."""

    model: BaseChatModel
    provider: Provider
    first_token: float
    token_gap: float
    answer: float
    """The longest waits, in seconds: for the first word, between two, and for all."""
    retries: int = 0
    release: Callable[[], Coroutine[None, None, object]] | None = None
    """Closes what the model holds: its HTTP client."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _beginning: Beginning = "unknown"
    """What its answers begin with, as far as it is known by now."""

    @property
    def name(self) -> str:
        """The model's name."""
        return self.provider.model

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        # A daemon: a stream that hangs shall not keep the process.
        threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
        return loop

    def stream(
        self,
        messages: Sequence[Message],
        config: RunnableConfig | None = None,
        *,
        seconds: float | None = None,
        stopping: Callable[[Callable[[], object]], object] = lambda stop: None,
    ) -> _Pieces:
        """Begin an answer; see ``ChatModel.stream``."""
        pieces: SimpleQueue[Piece | Exception | None] = SimpleQueue()

        async def fill() -> None:
            gathered = _Gathered(pieces.put)
            try:
                async for piece in self._with_retries(messages, config, seconds):
                    gathered.add(piece)
                gathered.end()
                pieces.put(None)
            except asyncio.CancelledError:
                gathered.end()
                pieces.put(None)
                raise
            except Exception as error:  # noqa: BLE001 - raised again by the reader
                gathered.end()
                pieces.put(error)

        with self._lock:
            loop = self._loop
        future = asyncio.run_coroutine_threadsafe(fill(), loop)
        stopping(future.cancel)
        return _Pieces(pieces, future.cancel)

    async def _with_retries(
        self,
        messages: Sequence[Message],
        config: RunnableConfig | None,
        seconds: float | None,
    ) -> AsyncGenerator[Piece]:
        start = monotonic()
        first_by = start + min(self.first_token, seconds or float("inf"))
        end_by = start + min(self.answer, seconds or float("inf"))
        for attempt in range(self.retries + 1):
            started = False
            try:
                attempted = self._attempt(messages, config, first_by, end_by)
                async with aclosing(attempted) as pieces:
                    async for piece in pieces:
                        started = True
                        yield piece
                return
            except ProviderError as error:
                pause = error.retry_after
                if pause is None:
                    pause = min(0.5 * 2**attempt, _LONGEST_PAUSE)
                    pause *= random.uniform(0.75, 1)
                last = attempt == self.retries
                late = monotonic() + pause >= first_by
                if started or last or late or not error.passing:
                    raise
                await asyncio.sleep(pause)

    async def _attempt(
        self,
        messages: Sequence[Message],
        config: RunnableConfig | None,
        first_by: float,
        end_by: float,
    ) -> AsyncGenerator[Piece]:
        end, answering = End(), Answering(self._beginning)
        fault: ProviderError | None = None
        stream = self.model.astream(list(messages), config)
        try:
            async with aclosing(stream) as chunks:  # type: ignore[type-var]
                while True:
                    wait_by = min(end.wait_by(first_by, self.token_gap), end_by)
                    async with asyncio.timeout_at(_on_loop(wait_by)):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    end.take(chunk)
                    if end.chars > MOST_CHARS:
                        raise AnswerCutOffError(filled(_ENDLESS, self.provider))
                    if text := answering.feed(chunk.text):
                        yield end.piece(text)
        except Exception as error:  # noqa: BLE001 - whatever it is becomes our own
            if end.reason is None:
                late = monotonic() >= end_by
                fault = self._failed(error, started=end.begun, late=late)
        # Words and tokens count where the answer is cut off as well.
        last = end.piece(answering.finish(whole=end.whole), end.usage)
        if last.text or last.usage:
            yield last
        if fault := fault or end.fault(self.provider):
            raise fault
        self._beginning = answering.learned

    def _failed(self, error: Exception, *, started: bool, late: bool) -> ProviderError:
        if not isinstance(error, TimeoutError):
            return provider_error(error, self.provider, started=started)
        who = f"The model {self.name}"
        if not started:
            return timed_out(
                f"{who} did not begin to answer",
                self.first_token,
                "ASSISTANT_FIRST_TOKEN_SECONDS",
            )
        if late:
            return timed_out(
                f"{who} did not finish its answer",
                self.answer,
                "ASSISTANT_ANSWER_SECONDS",
            )
        return timed_out(
            f"{who} stopped in mid-answer and did not go on",
            self.token_gap,
            "ASSISTANT_TOKEN_GAP_SECONDS",
        )

    def close(self) -> None:
        """End the streams that still run, the connections, and the thread."""
        with self._lock:
            loop = self.__dict__.pop("_loop", None)
        if loop is None:
            # Nothing was asked, so nothing is open.
            return
        ended = asyncio.run_coroutine_threadsafe(self._end(), loop)
        # A server that does not answer shall not keep us; the thread is a daemon.
        with suppress(TimeoutError):
            ended.result(_CLOSING_SECONDS)

    async def _end(self) -> None:
        loop, own = asyncio.get_running_loop(), asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not own]
        for task in tasks:
            task.cancel()
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.release is not None:
                await self.release()
        finally:
            # Once the caller has been told.
            loop.call_later(0.05, loop.stop)


def _on_loop(when: float) -> float:
    """Return a moment of ``monotonic`` on the running loop's own clock."""
    return asyncio.get_running_loop().time() + when - monotonic()
