"""Has sentences read a second time, beside the stream, and hands them on in order.

One reading is under way at a time. The first sentence has one of its own, so that it waits
for nothing else; those behind it go together, a few to a call. So an answer costs about two.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from assistant.answering.attribution import attribute
from assistant.answering.checking.evidence import is_quotation
from assistant.answering.checking.second_reading import (
    Judgement,
    Sent,
    compose_items,
    read_lines,
)
from assistant.answering.units import Checked
from assistant.answering.writers.filtering import NOTHING_FOLLOWS
from assistant.answering.writers.gathering import without_thinking
from assistant.answering.writers.writing import Writer
from assistant.errors import ProviderError
from assistant.provider.model import Message, Usage

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

# After the first, so many sentences go to one call; more would keep the reader waiting.
TOGETHER = 3


def read_again(
    sent: Sequence[Sent],
    writer: Writer,
    *,
    count: Callable[[Usage], object] = lambda usage: None,
    config: RunnableConfig | None = None,
    stopping: Callable[[Callable[[], object]], object] = lambda stop: None,
) -> list[Judgement | None]:
    """Ask the verifier once about some sentences; None where its answer says nothing.

    Raises:
        ProviderError: it failed, or took longer than ``writer.verify_seconds``.
    """
    assert writer.verifier is not None
    prompt = writer.prompts.second_reading.fill(items=compose_items(sent))
    text, told = "", None
    stream = writer.verifier.stream(
        [Message("human", prompt)],
        config,
        seconds=writer.verify_seconds,
        stopping=stopping,
    )
    try:
        with closing(stream):
            for piece in stream:
                text += piece.text
                told = piece.usage or told
    finally:
        tokens = writer.tokens.count
        count(told or Usage(tokens(prompt), tokens(text)))
    return read_lines(without_thinking(text), sent)


@dataclass(frozen=True, slots=True)
class Read:
    """A checked sentence with what became of its second reading.

    ``verified`` is True where there was nothing to read, too: a quotation, a lead-in.
    """

    item: Checked
    verified: bool


@dataclass
class Verifying:
    """The sentences of one answer that wait for their second reading, in order.

    ``fault`` is the provider's error that ended a reading, if one did.
    """

    writer: Writer
    count: Callable[[Usage], object]
    config: RunnableConfig | None = None
    stopping: Callable[[Callable[[], object]], object] = lambda stop: None
    fault: ProviderError | None = None
    _waiting: list[tuple[Checked, Sent | None]] = field(default_factory=list)
    _done: SimpleQueue[list[Read] | Exception] = field(default_factory=SimpleQueue)
    _under_way: bool = False
    _begun: bool = False
    _ended: bool = False
    _before: str = ""
    _list: str = ""
    _lead_in: Read | None = None
    _shown: Checked | None = None
    _stops: list[Callable[[], object]] = field(default_factory=list)

    def add(self, items: Sequence[Checked]) -> Iterator[Read]:
        """Take checked sentences; yield those that are ready, of these or of earlier."""
        for item in items:
            self._waiting.append((item, self._to_send(item)))
        yield from self.ready()

    def ready(self) -> Iterator[Read]:
        """Yield what is ready by now, in order."""
        if self._under_way:
            try:
                found = self._done.get_nowait()
            except Empty:
                return
            yield from self._take(found)
        yield from self._go_on()

    def finish(self) -> Iterator[Read]:
        """Wait for all that is left, and yield it."""
        self._ended = True
        yield from self.ready()
        while self._under_way:
            yield from self._take(self._done.get())
            yield from self._go_on()
        yield from self._without_items()

    def close(self) -> None:
        """End a reading that is under way."""
        for stop in self._stops:
            stop()

    def _to_send(self, item: Checked) -> Sent | None:
        """Return what is to be read of a sentence; None where there is nothing.

        An item of a list is read together with what announces it.
        """
        if not item.holds:
            return None
        if item.text.endswith(":"):
            self._list = item.text
            return None
        self._list = self._list if item.unit.lead else ""
        before, self._before = self._before, item.text
        if is_quotation(item.text, item.passages) and not self._list:
            return None
        return Sent(f"{self._list} {item.text}".strip(), item.passages, before)

    def _take(self, found: list[Read] | Exception) -> Iterator[Read]:
        self._under_way = False
        if isinstance(found, Exception):
            raise found
        for read in found:
            yield from self._hand_on(read)

    def _hand_on(self, read: Read) -> Iterator[Read]:
        """Hand on a sentence; a lead-in waits for the first item that is carried."""
        item = read.item
        if item.holds and item.text.endswith(":"):
            yield from self._without_items()
            self._lead_in = read
            return
        if not item.unit.lead:
            yield from self._without_items()
        elif item.holds and self._lead_in is not None:
            yield self._with_speaker(self._lead_in)
            self._lead_in = None
        yield self._with_speaker(read)

    def _with_speaker(self, read: Read) -> Read:
        """Say whose it is where the sentence that did so was not carried."""
        item, before = read.item, self._shown
        if not item.holds:
            return read
        goes_on = before is not None and (
            item.unit.block == before.unit.block
            or (item.unit.lead and (before.unit.lead or before.text.endswith(":")))
        )
        cited = {p.chunk.details.report: p.chunk.details for p in item.passages}
        told = before.passages if before is not None and goes_on else ()
        spoken = {passage.chunk.details.report for passage in told}
        new = [details for report, details in cited.items() if report not in spoken]
        lead_in = item.text.endswith(":")
        text = attribute(item.text.rstrip(": ") if lead_in else item.text, *new)
        self._shown = replace(item, text=f"{text}:" if lead_in else text)
        return replace(read, item=self._shown)

    def _without_items(self) -> Iterator[Read]:
        """Withhold a lead-in of which no item was carried."""
        if self._lead_in is not None:
            item = replace(self._lead_in.item, passages=(), reason=NOTHING_FOLLOWS)
            self._lead_in = None
            yield Read(item, verified=True)

    def _go_on(self) -> Iterator[Read]:
        """Hand on what needs no reading; begin the next with all that waits."""
        while self._waiting and (self._waiting[0][1] is None or self._gave_up):
            item, sent = self._waiting.pop(0)
            yield from self._hand_on(Read(item, verified=sent is None))
        to_read = sum(sent is not None for _, sent in self._waiting)
        enough = TOGETHER if self._begun and not self._ended else 1
        if to_read < enough or self._under_way:
            return
        some: list[tuple[Checked, Sent | None]] = []
        while self._waiting and sum(s is not None for _, s in some) < TOGETHER:
            some.append(self._waiting.pop(0))
        self._begun = self._under_way = True
        # A daemon: a stream that hangs shall not keep the process.
        threading.Thread(target=self._read, args=(some,), daemon=True).start()

    def _stopping(self, stop: Callable[[], object]) -> None:
        self._stops.append(stop)
        self.stopping(stop)

    @property
    def _gave_up(self) -> bool:
        """One failure is enough: the reader shall not wait for a second."""
        return self.fault is not None

    def _read(self, some: Sequence[tuple[Checked, Sent | None]]) -> None:
        sent = [one for _, one in some if one is not None]
        try:
            found = read_again(
                sent,
                self.writer,
                count=self.count,
                config=self.config,
                stopping=self._stopping,
            )
        except ProviderError as error:
            self.fault = error
            found = [None] * len(sent)
        except Exception as error:  # noqa: BLE001 - raised again by the reader
            self._done.put(error)
            return
        readings = iter(found)
        self._done.put(
            [
                Read(item, verified=True)
                if one is None
                else judged(item, next(readings))
                for item, one in some
            ]
        )


def judged(item: Checked, reading: Judgement | None) -> Read:
    """Return a sentence after its reading: withheld, or with the words it rests on.

    Of several passages of one report those stay whose words were named.
    """
    if reading is None:
        return Read(item, verified=False)
    if not reading.carried:
        return Read(replace(item, passages=(), reason=reading.wrong), verified=True)
    named = {item.passages[place].chunk.details.report for place in reading.quotes}
    kept = [
        (passage, reading.quotes.get(place, ""))
        for place, passage in enumerate(item.passages)
        # Attribution names every report that is cited: none may go.
        if place in reading.quotes or passage.chunk.details.report not in named
    ]
    passages, quotes = zip(*kept, strict=True)
    return Read(replace(item, passages=passages, quotes=quotes), verified=True)
