"""Reads the texts of the papers: a few lines of plain marks, one block after another.

A text begins with lines of ``key: value`` (which file it becomes, in which layout, with
which running head and foot), then an empty line, then its blocks:

========================  =========================================================
``# …``, ``## …``         a heading; its number, if it has one, is part of it
``>> …``                  a line of the title block, large
``> …``                   a line of the title block, small
``2.14 …``, ``(a) …``     a paragraph or item with its mark; ``- …`` has a bullet
``Table: caption``        then rows between bars, the first of which has the names
``Unruled: caption``      the same without lines round its cells
``^`` or ``<``            in a row: the cell is one with that above, or to the left
``[^1]: …``               a footnote, marked ``[^1]`` in the text
``---``                   a new page
========================  =========================================================

Anything else is a paragraph, one to a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"

_HEADS = {"# ": "h1", "## ": "h2", "### ": "h3", ">> ": "title", "> ": "small"}
_TABLES = {"Table: ": True, "Unruled: ": False}
_MARKED = re.compile(r"(\d+(?:\.\d+)+\.?|\d+\.|\([a-z0-9]+\)|-) +(.+)")
_NOTE = re.compile(r"\[\^(\d+)\]: +(.+)")
# Cells that belong to the one above or to the left of them.
JOINED = ("^", "<")
NOTE_MARK = re.compile(r"\[\^(\d+)\]")


@dataclass(slots=True)
class Block:
    """A piece of a paper: ``kind`` is h1 to h3, title, small, p, item, table or break.

    ``mark`` is the number, letter or dash of an item; a table has a caption (its
    ``text``), ``rows`` of cells, and is ``ruled`` or not.
    """

    kind: str
    text: str = ""
    mark: str = ""
    rows: list[list[str]] = field(default_factory=list)
    ruled: bool = True


@dataclass(slots=True)
class Source:
    """A paper as it is written: how it is made, its blocks, its notes by number."""

    name: str
    settings: dict[str, str]
    blocks: list[Block]
    notes: dict[str, str]

    @property
    def heading(self) -> str:
        """The title as a web page or a file's properties have it."""
        return self.settings.get("heading", "")


def read_source(file: Path) -> Source:
    """Read a text of `TEXTS`.

    Raises:
        ValueError: a line of the settings has no colon.
    """
    head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    settings = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"{file.name}: not key: value: {line}")
        settings[key.strip()] = value.strip()
    blocks: list[Block] = []
    notes: dict[str, str] = {}
    for line in body.splitlines():
        if note := _NOTE.fullmatch(line):
            notes[note[1]] = note[2]
        elif line.startswith("|"):
            blocks[-1].rows.append([cell.strip() for cell in line[1:-1].split("|")])
        elif line.strip():
            blocks.append(_block(line))
    return Source(file.stem, settings, blocks, notes)


def read_sources(folder: Path = TEXTS) -> list[Source]:
    """Read every text, in the order of the names."""
    return [read_source(file) for file in sorted(folder.glob("*.txt"))]


def words_of(source: Source) -> str:
    """Return all that stands in a paper: heads and feet, blocks, cells and notes."""
    parts = [source.settings.get(key, "") for key in ("head", "foot", "heading")]
    for block in source.blocks:
        parts.append(f"{block.mark} {block.text}")
        parts += map(row_text, block.rows)
    return NOTE_MARK.sub("", "\n".join([*parts, *source.notes.values()]))


def row_text(row: list[str]) -> str:
    """Return what stands in the cells of a row."""
    return " ".join(cell for cell in row if cell not in JOINED)


def spans_of(block: Block) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the first and the last (column, row) of cells that are joined."""
    spans = []
    for y, row in enumerate(block.rows):
        for x, cell in enumerate(row):
            if cell in JOINED:
                continue
            right, below = x, y
            while right + 1 < len(row) and row[right + 1] == "<":
                right += 1
            while below + 1 < len(block.rows) and block.rows[below + 1][x] == "^":
                below += 1
            if (right, below) != (x, y):
                spans.append(((x, y), (right, below)))
    return spans


def _block(line: str) -> Block:
    if line == "---":
        return Block("break")
    for start, kind in _HEADS.items():
        if line.startswith(start):
            return Block(kind, line[len(start) :])
    for start, ruled in _TABLES.items():
        if line.startswith(start):
            return Block("table", line[len(start) :], ruled=ruled)
    if marked := _MARKED.fullmatch(line):
        return Block("item", marked[2], "•" if marked[1] == "-" else marked[1])
    return Block("p", line)
