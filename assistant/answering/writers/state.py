"""One answer of a model while it is written: its parts, what it took, how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Literal, TypedDict

from assistant.answering.assembly import Asked, Assembly
from assistant.answering.checking.evidence import is_quotation
from assistant.answering.closeness import Closeness
from assistant.answering.units import Checked
from assistant.answering.writers.filtering import SentenceFilter
from assistant.answering.writers.verifying import Read, Verifying
from assistant.answering.writers.writing import Writer
from assistant.index.shelf import Shelf
from assistant.provider.model import Message, Usage
from assistant.schema import Answer, Passage, Sentence, Turn, Withheld

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

Step = Literal["waiting", "searching", "reading", "writing", "verifying", "mending"]
Turns = AbstractContextManager[object]
Stopping = Callable[[Callable[[], object]], object]


@dataclass(frozen=True, slots=True)
class Progress:
    """One sentence as it was let through or held back, and the answer as it stands."""

    sentence: Sentence | Withheld
    answer: Answer


class Told(TypedDict, total=False):
    """What a caller is told of an answer in one step: one of these."""

    standalone_question: str
    passages: list[Passage]
    progress: list[Progress]
    answer: Answer


@dataclass
class Measured:
    """What one turn took: seconds by step, and tokens; and how far it is by now.

    ``words`` counts what the model has written so far, and ``step`` names what is being
    done; another thread may read them while the answer is made.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    written: int = 0
    mended: int = 0
    fault: str | None = None
    step: Step = "waiting"
    words: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def add(self, usage: Usage) -> None:
        """Add the tokens of one call; several may be under way."""
        with self._lock:
            self.sent += usage.sent
            self.written += usage.written

    def mark(self, step: str, since: float) -> None:
        """Note how long a step took; the first time counts."""
        self.seconds.setdefault(step, round(monotonic() - since, 3))


@dataclass
class Writing:
    """The state of one answer while it is written."""

    asked: Asked
    shelf: Shelf
    writer: Writer
    measured: Measured
    turns: Turns
    config: RunnableConfig | None
    stopping: Stopping
    history: Sequence[Turn]
    numbered: Mapping[int, Passage] = field(default_factory=dict)
    missing: str | None = None
    not_found: bool = False
    unverified: bool = False

    def __post_init__(self) -> None:
        """Begin with an empty answer."""
        self.closeness = Closeness(self.shelf.embedder)
        self.assembly = Assembly(self.asked, self.writer.model.name)
        self.began = monotonic()

    def pieces(
        self, messages: Sequence[Message], seconds: float | None = None
    ) -> Iterator[str]:
        """Stream an answer to some messages, and count its tokens."""
        model, count = self.writer.model, self.writer.tokens.count
        told: Usage | None = None
        text = ""
        stream = model.stream(
            messages, self.config, seconds=seconds, stopping=self.stopping
        )
        try:
            # While the model thinks, its passages are read.
            learning = self.closeness.learning(self.numbered.values())
            with closing(stream), learning:
                for piece in stream:
                    told = piece.usage or told
                    text += piece.text
                    if piece.text:
                        self.measured.mark("first_token", self.began)
                        self.measured.words = len(text.split())
                        yield piece.text
        finally:
            if told is None:
                told = Usage(sum(count(m.content) for m in messages), count(text))
            self.measured.add(told)

    def filter(self) -> SentenceFilter:
        """Return the rules, over the passages that were sent."""
        return SentenceFilter(
            self.numbered,
            self.shelf.details,
            self.closeness,
            read_again=self.writer.verifier is not None,
        )

    def verifying(self) -> Verifying | None:
        """Return what reads sentences again; None where the rules alone decide."""
        if self.writer.verifier is None:
            return None
        return Verifying(self.writer, self.measured.add, self.config, self.stopping)

    def add(self, reads: Iterable[Read]) -> Iterator[Progress]:
        """Add sentences to the answer once they are read, and tell of each."""
        for read in reads:
            self.note(read)
            self.assembly.add(read.item)
            yield self.progress(read.item)

    def note(self, read: Read) -> None:
        """Note where a sentence is to be shown whose meaning nobody verified."""
        self.unverified |= read.item.holds and not read.verified

    def note_fault(self, verifying: Verifying) -> None:
        """Note why a second reading did not come."""
        if verifying.fault is not None:
            self.measured.fault = f"verifying: {type(verifying.fault).__name__}"

    def progress(self, item: Checked) -> Progress:
        """Return what became of a sentence, and the answer as it stands with it."""
        self.measured.mark("first_sentence", self.began)
        told = (
            self.assembly.sentence(item)
            if item.holds
            else Withheld(item.text, item.reason or "")
        )
        return Progress(told, self.assembly.answer("answered"))


def by_rules(items: Iterable[Checked]) -> Iterator[Read]:
    """Yield sentences that nobody reads again; a quotation needs no reading."""
    for item in items:
        lead_in = item.text.endswith(":")
        yield Read(item, verified=lead_in or is_quotation(item.text, item.passages))
