"""A laid-out pack: headings, paragraphs, lists and tables, in no format yet.

Text in a span is text and nothing else; each renderer escapes it for its format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

# No format takes these: control characters, halves of surrogate pairs, non-characters.
# Those that Python counts as space are left to stand between words.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    # These turn a text round, and would show another than there is.
    "\u202a-\u202e\u2066-\u2069]"
)

SpanKind = Literal["plain", "strong", "cite", "link", "break"]
# A "lead" and a "label" stay with what follows them.
Style = Literal["normal", "line", "small", "lead", "label", "warning"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. A "cite" holds a reference's number, a "link" its address.

    ``within`` says of which list, where a document has several (letters, digits, ``_``).
    """

    text: str
    kind: SpanKind = "plain"
    within: str = ""

    @property
    def reference(self) -> str:
        """What tells the reference of a "cite" from all others in the document."""
        return f"{self.within}{self.text}"


Spans = tuple[Span, ...]
NEW_LINE = Span(" ", "break")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``anchor`` is unique in the document."""

    level: Literal[1, 2, 3]
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in one of the styles."""

    spans: Spans
    style: Style = "normal"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    lines: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption and a header row; ``widths`` are shares of the page."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the table of contents stands."""


@dataclass(frozen=True, slots=True)
class NewPage:
    """Where a page begins, in a format that has pages."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered reference; citations link to it, and it links back.

    ``lead`` stands before the number.
    """

    number: int
    spans: Spans
    within: str = ""
    lead: str = ""

    @property
    def reference(self) -> str:
        """What tells it from all other references in the document."""
        return f"{self.within}{self.number}"


@dataclass(frozen=True, slots=True)
class References:
    """The numbered references; ``run_on`` has those without a lead follow in one line."""

    entries: tuple[Entry, ...]
    run_on: bool = False


Block = Heading | Paragraph | Bullets | Table | Contents | NewPage | References


@dataclass(frozen=True, slots=True)
class Document:
    """A pack laid out; ``running`` stands at the head of each page."""

    title: str
    subtitle: Spans
    running: str
    blocks: tuple[Block, ...]
    language: str = "en-GB"

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings that the table of contents shows: those after it."""
        places = [n for n, b in enumerate(self.blocks) if isinstance(b, Contents)]
        after = self.blocks[places[0] :] if places else ()
        return tuple(b for b in after if isinstance(b, Heading) and b.level < 3)


def words_in(blocks: Iterable[Block]) -> int:
    """Return how many words a reader meets in headings, paragraphs and lists."""
    return sum(len(text.split()) for block in blocks for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield _text(block.spans)
        case Bullets():
            yield from map(_text, block.lines)
        case _:
            return


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans if span.kind != "cite")


def clean(text: str) -> str:
    """Return a text on one line, without what no format can hold."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def plain(text: str) -> Span:
    """Return a text as a span."""
    return Span(clean(text))


def strong(text: str) -> Span:
    """Return a text in bold."""
    return Span(clean(text), "strong")


def cite(numbers: Iterable[int], within: str = "") -> Iterator[Span]:
    """Yield the marks of some references."""
    for number in numbers:
        yield Span(str(number), "cite", within)


def link(url: str) -> Span:
    """Return an address as a link if it is one of the web, else as text."""
    text = clean(url)
    try:
        of_the_web = urlsplit(text).scheme in ("http", "https")
    except ValueError:
        of_the_web = False
    return Span(text, "link") if of_the_web and " " not in text else Span(text)


def label(text: str) -> Spans:
    """Return what stands before a text and says what it is."""
    return strong(f"{text}:"), Span(" ")
