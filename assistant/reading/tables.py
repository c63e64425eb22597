"""Rows of tables as text that stands alone: caption, name of the row, columns' names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeGuard

from assistant.reading.blocks import Block, Part

Grid = Sequence[Sequence[str]]
"""Rows of cells; a cell that spans several places stands in each of them."""

CAPTION = re.compile(r"^(?:table|figure|chart|box)\s+[\w.]{1,6}(?:\b|:)", re.IGNORECASE)
_FIGURE = re.compile(r"[-–+<>~±(]*\s*[£€$]?\s*[\d.,]+\s*(?:%|[a-z]{1,3})?\)?\**", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[/–-]\s*\d{2,4})?")
_TOTAL = re.compile(r"(?:sub-?|grand )?total\b", re.IGNORECASE)
_NOTHING = re.compile(r"[-–—.·]*")
# A cell of more words is text, no name.
_LONGEST_NAME = 12
_LONGEST_ROW = 100
_MOST_HEADS = 3


def with_rows(items: Iterable[Part]) -> list[Block]:
    """Return blocks with the rows of each table, and its caption in them."""
    parts = list(items)
    blocks: list[Block] = []
    for place, part in enumerate(parts):
        if isinstance(part, Block):
            blocks.append(part)
            continue
        caption = part.caption
        after = parts[place + 1] if place + 1 < len(parts) else None
        near = [part for part in (*blocks[-1:], after) if _is_caption(part)]
        if caption is None and near:
            # Below a figure's caption a table may stand that has its own below it.
            title = min(near, key=lambda one: not one.text.lower().startswith("table"))
            caption = title.text
            if title is after:
                parts[place + 1] = Block("text", "")
            else:
                blocks.pop()
        known = part.spans_known
        for number, text in row_texts(
            part.grid, caption, part.heads, spans_known=known
        ):
            pages = ((0, part.pages[number]),) if part.pages else ()
            blocks.append(Block("row", text, pages=pages))
    return [block for block in blocks if block.text]


def _is_caption(part: Part | None) -> TypeGuard[Block]:
    if not isinstance(part, Block) or part.kind != "text":
        return False
    return len(part.text.split()) <= 30 and bool(CAPTION.match(part.text))


def row_texts(
    grid: Grid,
    caption: str | None = None,
    heads: int | None = None,
    *,
    spans_known: bool = True,
) -> Iterator[tuple[int, str]]:
    """Yield the number of each row and ``caption: row — column: value; column: value``.

    ``heads`` rows name the columns; they are looked for where it is None. Unless
    ``spans_known``, so that a cell over several rows stands in each, the first of a row
    that is empty is taken to be that of the row above.
    """
    numbers, rows = _without_empty([[" ".join(c.split()) for c in row] for row in grid])
    if not rows:
        return
    # A first row of one cell is the table's title.
    if heads is None and len(rows) > 2 and len(rows[0]) > 1 and len(set(rows[0])) == 1:
        caption = caption or rows[0][0]
        numbers, rows = numbers[1:], rows[1:]
    count = find_heads(rows) if heads is None else min(heads, len(rows) - 1)
    count = _heads_again(rows, count)
    names = [_name(column) for column in zip(*rows[:count], strict=True)]
    names = named = names or [""] * len(rows[0])
    group = first = ""
    for place in range(count, len(rows)):
        number, row = numbers[place], list(rows[place])
        filled = [cell for cell in row if cell]
        if _TOTAL.match(filled[0]):
            group, first, names = "", "", named
        if len(row) > 2 and len(set(filled)) == 1 and (len(filled) > 1 or row[0]):
            # A row of one cell heads those below it.
            short = len(filled[0].split()) <= _LONGEST_NAME and filled[0][0].isalnum()
            is_name = short and not filled[0].endswith(".")
            group = filled[0].rstrip(" :") if is_name else ""
            if not group:
                yield number, _after(caption, filled[0])
            continue
        if count and row[0] and _heads_part(rows[place - 1 : place + 2]):
            group, names = row[0].rstrip(" :"), ["", *row[1:]]
            continue
        if not (row[0] or spans_known) and len(row) > 2 and row[1][:1].isalpha():
            row[0] = first
        first = row[0]
        for text in _row(row, names, caption, group):
            yield number, text


def _heads_part(rows: Grid) -> bool:
    """Tell whether the second of three rows names the columns anew, among figures."""
    counts = [sum(is_figure(cell) for cell in row[1:]) for row in rows]
    short = all(len(cell.split()) <= _LONGEST_NAME for cell in rows[1])
    return len(rows) == 3 and short and not counts[1] and bool(counts[0] and counts[2])


def _without_empty(rows: list[list[str]]) -> tuple[list[int], list[list[str]]]:
    """Leave out rows and columns without text, and make all rows of one length.

    Returns:
        The numbers of the rows that are left, and the rows.
    """
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    numbers = [number for number, row in enumerate(rows) if any(row)]
    kept = [n for n in range(width) if any(row[n] for row in rows)]
    return numbers, [[rows[number][n] for n in kept] for number in numbers]


def find_heads(rows: Grid) -> int:
    """Return how many of the first rows name the columns; 0 where that is not clear."""
    if len(rows) < 2 or len(rows[0]) < 2 or rows[0][0].endswith(":"):
        return 0
    if len(rows[0]) == 2 and not any(_FIGURE.fullmatch(row[1]) for row in rows[1:]):
        return 0
    count = 0
    for row in rows[:_MOST_HEADS]:
        others = [cell for cell in row[1:] if cell]
        if not others or any(is_figure(cell) for cell in others):
            break
        if any(len(cell.split()) > _LONGEST_NAME for cell in others):
            break
        count += 1
        spans = any(a and a == b for a, b in pairwise(row[1:]))
        if not spans and all(row[1:]):
            break
    return count if count < len(rows) else 0


def _heads_again(rows: Grid, count: int) -> int:
    """Mend the number of rows that name the columns.

    Under a name over several columns stand the names of each; a row of one cell heads
    what is below it.
    """
    while count > 1 and len({cell for cell in rows[count - 1] if cell}) == 1:
        count -= 1
    while 0 < count < min(_MOST_HEADS, len(rows) - 1):
        above, row = rows[count - 1], rows[count]
        spans = any(a and a == b for a, b in pairwise(above[1:]))
        spans = spans and len(set(above)) > 1
        if not spans or (row[0] and row[0] != above[0]):
            break
        count += 1
    return count


def is_figure(cell: str) -> bool:
    """Tell whether a cell is a figure; a year may name a column."""
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _name(column: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(cell for cell in column if cell))


def _row(
    row: Sequence[str], names: Sequence[str], caption: str | None, group: str
) -> Iterator[str]:
    # Its name is its first cell, and where figures follow all cells before them.
    count = 0
    figures = any(_FIGURE.fullmatch(cell) for cell in row[1:])
    for cell in row if figures else row[:1]:
        if _FIGURE.fullmatch(cell) and (count or names[0]):
            break
        if len(cell.split()) > _LONGEST_NAME or (cell and _NOTHING.fullmatch(cell)):
            break
        count += 1
    count = count if any(row[:count]) else 0
    label = ", ".join(dict.fromkeys(part for part in (group, *row[:count]) if part))
    pairs = list(zip(names, row, strict=True))[count:]
    # A cell over several columns is said once, under their common name.
    told: list[str] = []
    seen: set[tuple[str, str]] = set()
    for name, cell in pairs:
        if not _NOTHING.fullmatch(cell) and (name, cell) not in seen:
            name = name.rstrip(" :")
            told.append(f"{name}: {cell}" if name and name != cell else cell)
            seen.add((name, cell))
    start = f"{label.rstrip(' :')} — " if label and told else label
    for part in _parted(told):
        yield _after(caption, start + "; ".join(part))


def _parted(told: Sequence[str]) -> Iterator[list[str]]:
    """Yield what a row says in parts of not too many words."""
    part: list[str] = []
    for one in told:
        if part and sum(len(each.split()) for each in (*part, one)) > _LONGEST_ROW:
            yield part
            part = []
        part.append(one)
    yield part


def _after(caption: str | None, text: str) -> str:
    return f"{caption.rstrip(' .:')}: {text}" if caption else text
