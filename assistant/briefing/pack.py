"""The pack as frozen data: what a briefing says, item by item, and on what it rests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, NamedTuple

from assistant.briefing.agenda.below import LeftOut
from assistant.schema import QUOTES_JOINED_BY
from assistant.text.dates import age_of

Length = Literal["30s", "3min", "full"]
State = Literal["done", "failed", "not needed", "not reached"]

LENGTHS: dict[Length, str] = {
    "30s": "30 seconds an item",
    "3min": "3 minutes",
    "full": "full",
}
# Read silently, English prose goes at about 238 words a minute (Brysbaert 2019); with
# names and marks to take in, 200 is nearer.
WORDS_A_MINUTE = 200
MOST_POINTS = 5


class Place(NamedTuple):
    """What makes two sources the same one to a reader: a section and its page."""

    report: str
    url: str
    section: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as a sentence rests on it; ``published`` is ISO or None."""

    report: str
    title: str
    publisher: str
    published: str | None
    section: str
    page: str | None
    quote: str
    url: str
    digest_of: str | None = None

    @property
    def place(self) -> Place:
        """Where it stands: one number a place over the whole pack."""
        return Place(self.report, self.url, self.section, self.page)


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked sentence and what it rests on; ``support`` is from 0 to 1."""

    text: str
    sources: tuple[Source, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Position:
    """What one report says on an item; without statements it is silent."""

    report: str
    name: str
    statements: tuple[Statement, ...] = ()
    beside: tuple[str, ...] = ()
    """How it stands to other reports, where code can tell."""
    nearest: str = ""
    """A section that has the words of the matter, where no sentence of it answers."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing on the matter stands in it."""
        return not self.statements and not self.nearest


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a statement gives, and the statement, which says what it means.

    ``unit`` is a measure, or what is counted; ``year`` that of the source.
    """

    number: str
    unit: str
    year: str
    whose: str
    said: Statement

    @property
    def amount(self) -> str:
        """The number with its unit, as one reads it."""
        if self.unit in ("pounds", "dollars", "euros", "share"):
            return self.number
        return f"{self.number} {self.unit}"

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.said.sources[0]


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question that may come back, with the sentence that answers it."""

    question: str
    answer: Statement


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the pack. ``reason`` says why it failed or was not reached.

    ``asked`` are its questions where none is about its title; ``own`` is what the item's
    own paper says, ``paper`` the name of that; ``same_as`` is the number of an earlier
    item on which the reports say the same.
    """

    number: str
    title: str
    state: State
    questions: tuple[str, ...] = ()
    reason: str = ""
    asked: tuple[str, ...] = ()
    line: tuple[Statement, ...] = ()
    paper: str = ""
    own: tuple[Statement, ...] = ()
    same_as: str = ""
    points: tuple[Statement, ...] = ()
    positions: tuple[Position, ...] = ()
    figures: tuple[Figure, ...] = ()
    asked_back: tuple[AskedBack, ...] = ()
    lacks: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    withheld: int = 0
    tokens: int = 0

    @property
    def silent(self) -> tuple[str, ...]:
        """The names of the reports that are silent."""
        return tuple(p.name for p in self.positions if p.is_silent)

    def statements(self) -> Iterator[Statement]:
        """Go through all that it says, in the order of the page."""
        yield from self.line
        yield from self.own
        yield from self.points
        for position in self.positions:
            yield from position.statements
        for figure in self.figures:
            yield figure.said
        for asked in self.asked_back:
            yield asked.answer


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered source of the pack and how old it is at the pack's date."""

    number: int
    source: Source
    age: str


@dataclass(frozen=True, slots=True)
class Record:
    """For the record: what was asked, by which model, of which shelf, and when.

    ``tokens`` are those that its questions took; each item knows its own.
    """

    made_at: str
    model: str
    corpus: str
    searched: tuple[str, ...]
    seconds: float = 0.0
    version: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    """A briefing pack. Numbers of references follow the order of first use."""

    meeting: str
    date: str
    place: str
    attendees: tuple[str, ...]
    length: Length
    items: tuple[Item, ...]
    record: Record
    notes: tuple[str, ...] = ()
    council: str = ""
    left_out: tuple[LeftOut, ...] = ()
    """Lines of the agenda that nobody was asked about, and why."""

    @property
    def title(self) -> str:
        """What stands at its head."""
        return f"Briefing: {self.meeting}" if self.meeting else "Briefing"

    @property
    def running(self) -> str:
        """What stands at the head of each page: whose it is, which meeting, and when."""
        return " · ".join(filter(None, (self.council, self.title, self.date)))

    @property
    def is_partial(self) -> bool:
        """Whether it was stopped before its last item."""
        return any(item.state == "not reached" for item in self.items)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every source of what is shown, one number a place, with all its quotes."""
        found: dict[Place, list[Source]] = {}
        # The first page reads from its top to its end; the detail comes after it.
        first = (
            s for item in self.items for s in (*item.line, *item.own, *item.points)
        )
        detail = (s for item in self.items for s in item.statements())
        for statement in chain(first, detail):
            for source in statement.sources:
                found.setdefault(source.place, []).append(source)
        return tuple(
            Reference(
                number,
                replace(own[0], quote=_joined(own)),
                age_of(own[0].published, self.record.made_at),
            )
            for number, own in enumerate(found.values(), start=1)
        )

    def numbers(self) -> dict[Place, int]:
        """Return the number of each place."""
        return {r.source.place: r.number for r in self.references}


def _joined(sources: list[Source]) -> str:
    quotes = [q for s in sources for q in s.quote.split(QUOTES_JOINED_BY) if q]
    return QUOTES_JOINED_BY.join(dict.fromkeys(quotes))
