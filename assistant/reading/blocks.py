"""What every reader makes of a file: blocks in reading order, then sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.schema import PageStart, Section

Kind = Literal["heading", "text", "item", "row", "note"]
# The heading of what stands before the first one, and of a text without any.
OPENING, WHOLE = "Opening", "Text"
# Words of a section at most, and of a part of a text without headings.
_LONGEST, _UNIT = 600, 150
# Words of an item, and of a list with its lead-in, that are read as one sentence.
_LONGEST_ITEM, _LONGEST_LIST = 30, 90
_FIRST = r"^\(?(?:\d{1,2}(?:\.\d+)*|[A-Za-z]|[ivxIVX]{1,5})[.)]\s"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its printed label (None where none is printed) and its place, from 1."""

    label: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, a row of a table or a note, on one line.

    ``pages`` says from which character on it stands on which page.
    """

    kind: Kind
    text: str
    level: int = 0
    pages: tuple[tuple[int, Page], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table among the blocks of a text; see ``tables.row_texts``.

    A line of a cell is a paragraph of it. ``pages`` are those of its rows;
    ``spans_known`` says that a cell over several places stands in each of them.
    """

    grid: Sequence[Sequence[str]]
    heads: int | None = None
    caption: str | None = None
    pages: tuple[Page, ...] = ()
    spans_known: bool = True


Part = Block | FoundTable


@dataclass(frozen=True, slots=True)
class Found:
    """The details that a document gives of itself; what it does not say stays None."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read of one file."""

    kind: str
    sections: tuple[Section, ...]
    found: Found = field(default_factory=Found)
    pages: int | None = None
    parts: tuple[Part, ...] = ()
    """What the sections were made of, in reading order, tables as they are set."""
    outline: tuple[tuple[str, int], ...] = ()
    """The bookmarks of a PDF: each title, and its page from 1."""


def clean(text: str) -> str:
    """Return a text on one line, ligatures taken apart, control characters left out."""
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    kept = "".join(c if c.isprintable() or c.isspace() else "" for c in text)
    return " ".join(kept.split())


_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\u00ad": "", "\u200b": "",
}  # fmt: skip


def lines_of(text: str) -> str:
    """Return a text's lines, each clean, empty ones left out."""
    return "\n".join(filter(None, map(clean, text.split("\n"))))


def make_sections(
    blocks: Sequence[Block], title: str | None = None
) -> tuple[Section, ...]:
    """Put the blocks under their headings; sections without text are left out.

    A first heading that only repeats the document's title stays out of the paths.
    """
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    held: list[Block] = []
    headed = any(block.kind == "heading" for block in blocks)

    def close() -> None:
        if held:
            names = tuple(name for _, name in path) or (OPENING if headed else WHOLE,)
            if headed:
                sections.extend(_section(names, p) for p in _cut(held, _LONGEST))
            else:
                sections.extend(_units(held))
            held.clear()

    for block in join_lists(blocks):
        if block.kind != "heading":
            if block.text:
                held.append(block)
            continue
        close()
        if title and same_words(block.text, title) and not path:
            continue
        while path and path[-1][0] >= block.level:
            path.pop()
        path.append((block.level, block.text))
    close()
    return tuple(_numbered(sections))


def _cut(blocks: Sequence[Block], most: int) -> Iterator[list[Block]]:
    """Cut blocks between paragraphs into parts of much the same number of words.

    A lead-in stays with the first of its list, a note with its paragraph.
    """
    sizes = [len(block.text.split()) for block in blocks]
    parts = -(-sum(sizes) // most)
    held: list[Block] = []
    words = 0
    for block, size in zip(blocks, sizes, strict=True):
        tied = held and (block.kind == "note" or held[-1].text.endswith(":"))
        if held and not tied and words + size / 2 > sum(sizes) / max(1, parts):
            yield held
            held, words = [], 0
        held.append(block)
        words += size
    if held:
        yield held


def join_lists(blocks: Sequence[Block]) -> list[Block]:
    """Join a lead-in and its list to one sentence, where the list is short."""
    joined: list[Block] = []
    place = 0
    while place < len(blocks):
        lead, items = blocks[place], _items_after(blocks, place)
        text = _sentence(lead.text, [item.text for item in items]) if items else None
        joined.append(_merged(lead, items, text) if text else lead)
        place += 1 + len(items) * bool(text)
    return joined


def _items_after(blocks: Sequence[Block], place: int) -> list[Block]:
    """Return the items of the list that a block leads in to: all with like marks."""
    lead = blocks[place]
    items: list[Block] = []
    if lead.kind not in ("text", "item") or not lead.text.endswith((":", ": -")):
        return items
    for block in blocks[place + 1 :]:
        if block.kind != "item" or (items and _mark(block) != _mark(items[0])):
            break
        items.append(block)
    return items


def _mark(item: Block) -> str:
    """Return the kind of mark that an item has, whatever its number or letter."""
    mark = item.text.split(maxsplit=1)[0]
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "1", mark))


def _merged(lead: Block, items: Sequence[Block], text: str) -> Block:
    pages = list(lead.pages)
    for item in items:
        start = max(0, text.find(item.text.lstrip("• ").rstrip(".;,")))
        pages += [(start + at, p) for at, p in item.pages if p != pages[-1][1]]
    return replace(lead, text=text, pages=tuple(pages))


def _sentence(lead: str, items: Sequence[str]) -> str | None:
    """Return a lead-in with its items, or None where that is no sentence to read."""
    said = [item.lstrip("• ").rstrip(".;, ") for item in items]
    words = [len(item.split()) for item in said]
    several = any(re.search(r"[.!?:]\s+[A-Z]", re.sub(_FIRST, "", x)) for x in said)
    if len(said) < 2 or several or max(words) > _LONGEST_ITEM:
        return None
    if len(lead.split()) + sum(words) > _LONGEST_LIST:
        return None
    # "(a) …; and" leads on to the next item without a further sign.
    text = re.sub(r"\b(and|or);", r"\1", "; ".join(said))
    return f"{lead.rstrip(' -;:')}: {text}."


def _units(blocks: Sequence[Block]) -> Iterator[Section]:
    """Yield sections of a paragraph or two of a text without headings."""
    parts = list(_cut(blocks, _UNIT))
    first = 1
    for part in parts:
        last = first + len(part) - 1
        name = f"Paragraphs {first} to {last}" if last > first else f"Paragraph {first}"
        yield _section((name if len(parts) > 1 else WHOLE,), part)
        first = last + 1


def _section(path: tuple[str, ...], blocks: Sequence[Block]) -> Section:
    starts: list[PageStart] = []
    offset = 0
    for block in blocks:
        for place, page in block.pages:
            if not starts or starts[-1].number != page.number:
                starts.append(PageStart(offset + place, page.label, page.number))
        offset += len(block.text) + 2
    text = "\n\n".join(block.text for block in blocks)
    label = starts[0].label if starts else None
    return Section(path=path, text=text, page=label, pages=tuple(starts))


def _numbered(sections: Sequence[Section]) -> Iterator[Section]:
    """Tell apart sections of the same path: a citation must name one place."""
    seen: dict[tuple[str, ...], int] = {}
    for section in sections:
        seen[section.path] = number = seen.get(section.path, 0) + 1
        if number > 1:
            *parents, last = section.path
            yield replace(section, path=(*parents, f"{last} ({number})"))
        else:
            yield section


def same_words(one: str, other: str) -> bool:
    """Tell whether two headings differ in nothing but case, spaces and marks."""
    return letters(one) == letters(other) != ""


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def roman(number: int) -> str:
    """Return a number as a Roman one, in capitals.

    >>> roman(14), roman(90)
    ('XIV', 'XC')
    """
    parts = (
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
        (4, "IV"), (1, "I"),
    )  # fmt: skip
    text = ""
    for value, letters in parts:
        text += letters * (number // value)
        number %= value
    return text
