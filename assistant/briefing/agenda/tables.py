"""The rows of a table on an agenda as lines: each item, and the other cells below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from statistics import median

_COUNT = re.compile(
    r"^(?:item\s+)?(?P<number>\d{1,3}(?:/\d{2,4})?)[.):]?$", re.IGNORECASE
)
_TIME = re.compile(r"^\d{1,2}[:.]\d{2}\b")
_TITLE = re.compile(
    r"^(?:agenda |report )?(?:items?|titles?|topics?|subjects?|business|description)"
    r"(?: title| of (?:report|business))?$",
    re.IGNORECASE,
)
_LONGEST_NAME = 4


def lines_of_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of each row: its number or time with its title, then its other cells.

    Of several columns the one that is named so holds the titles, else the first in which
    words stand. A cell's further lines stand below the item, and so does each other cell
    behind its column's name.
    """
    table = [[_cleaned(cell) for cell in row] for row in rows]
    table = [row for row in table if any(row)]
    names = table[0] if _is_header(table) else []
    body = table[1:] if names else table
    if not body:
        yield from (" ".join(filter(None, row)) for row in table)
        return
    title = _title_column(names, body)
    for row in body:
        yield from _lines(row, names, title)


def _cleaned(cell: str) -> str:
    return "\n".join(
        " ".join(line.split()) for line in cell.splitlines() if line.strip()
    )


def _is_header(table: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first of several rows names the columns: short, without figures."""
    first, *rest = table or [[]]
    named = [cell for cell in first if cell]
    words = all(len(cell.split()) <= _LONGEST_NAME for cell in named)
    plain = words and not any(re.search(r"\d", cell) for cell in named)
    told = any(map(_TITLE.match, named)) or any(
        _COUNT.match(cell) or _TIME.match(cell) for row in rest for cell in row[:1]
    )
    return bool(rest) and len(named) > 1 and plain and told


def _title_column(names: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    named = [n for n, name in enumerate(names) if _TITLE.match(name)]
    # Of "Item | Title" the first is the number's.
    for place in reversed(named):
        own = [row[place] for row in body if place < len(row) and row[place]]
        if not all(map(_COUNT.match, own)):
            return place
    for place, column in enumerate(zip_longest(*body, fillvalue="")):
        told = [cell for cell in column if cell]
        is_mark = all(_COUNT.match(c) or _TIME.match(c) for c in told)
        if told and not is_mark and median(len(c.split()) for c in told) >= 1:
            return place
    return 0


def _lines(row: Sequence[str], names: Sequence[str], title: int) -> Iterator[str]:
    cells = dict(enumerate(row))
    told = cells.get(title, "")
    if not told or _COUNT.match(told):
        # A row with another number of cells than the header.
        title = max(cells, key=lambda n: len(cells[n].split()))
        told = cells[title]
    first, *more = told.split("\n")
    mark = next((n for n in cells if n != title and _COUNT.match(cells[n])), None)
    time = next((n for n in cells if n != title and _TIME.match(cells[n])), None)
    if mark is not None and (count := _COUNT.match(cells[mark])):
        yield f"{count['number']}. {first}"
    elif time is not None:
        yield f"{cells[time]} {first}"
    else:
        yield f"- {first}" if names or len(row) > 1 else first
    yield from (f"   {line}" for line in more)
    for place, cell in cells.items():
        if cell and place not in (title, mark, time) and cell != told:
            name = names[place] if place < len(names) else ""
            text = " ".join(cell.split())
            yield f"   {name}: {text}" if name else f"   {text}"
