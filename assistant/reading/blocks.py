"""What every reader makes of a file: blocks in reading order, then sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.schema import PageStart, Section

Kind = Literal["heading", "text", "row"]
# The heading of what stands before the first one, and of a text without any.
OPENING, WHOLE = "Opening", "Text"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its printed label (None where none is printed) and its place, from 1."""

    label: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a row of a table, on one line.

    ``pages`` says from which character on it stands on which page.
    """

    kind: Kind
    text: str
    level: int = 0
    pages: tuple[tuple[int, Page], ...] = ()


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


def row_text(cells: Sequence[str]) -> str:
    """Return a row of a table on one line: ``Libraries | £0.3m | £0.2m``."""
    return " | ".join(" ".join(cell.split()) for cell in cells).strip(" |")


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
            sections.append(_section(names, held))
            held.clear()

    for block in blocks:
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
