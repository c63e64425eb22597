"""The rows of a table on an agenda as lines: which column holds the items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_TITLE = re.compile(
    r"^(?:agenda\s+)?(?:items?|titles?|topics?|subjects?|matters?|business|reports?"
    r"|description|discussion)(?:\s+(?:title|description|of (?:report|business)))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^(?:(?:agenda\s+)?item\s+)?(?:no\.?|number|ref\.?|#|nr)$|^$", re.I
)
_BESIDE = re.compile(
    r"^(?:lead(?: officer| member)?|officer|owner|who|presenter|presented by|speaker|time"
    r"|timing|duration|mins|minutes|when|page(?:s| no\.?)?|paper|papers|purpose|action"
    r"|enclosure|status|type|appendix)$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^(?P<number>\d{1,3})[.)]?$")
_TIME = re.compile(r"^\d{1,2}[:.]\d{2}\b")


def lines_of_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a line for each row that holds an item: its number or time, and its title.

    A header row says which column is which and is no item itself; without one an item
    stands behind the number or the time, or is the whole row.
    """
    title: int | None = None
    number: int | None = None
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if title is None and (header := _header(cells)):
            title, number = header
            continue
        yield _line(cells, title, number)


def _header(cells: Sequence[str]) -> tuple[int, int | None] | None:
    """Return the columns of titles and of numbers, if this is a header."""
    named = [n for n, cell in enumerate(cells) if _TITLE.match(cell)]
    numbers = [n for n, cell in enumerate(cells) if _NUMBER.match(cell)]
    beside = [n for n, cell in enumerate(cells) if _BESIDE.match(cell)]
    known = {*named, *numbers, *beside}
    if len(cells) < 2 or len(known) < len(cells) or not named:
        return None
    # Of "Item | Title" the first is the number's.
    title = named[-1] if len(named) > 1 and not numbers else named[0]
    numbers = [n for n in (*numbers, *named[:-1]) if n != title and cells[n]]
    return title, numbers[0] if numbers else None


def _line(cells: Sequence[str], title: int | None, number: int | None) -> str:
    kept = [cell for cell in dict.fromkeys(cells) if cell]
    if title is None:
        return _line_without_header(kept)
    text = cells[title] if title < len(cells) else ""
    told = cells[number] if number is not None and number < len(cells) else ""
    first = _COUNT.match(told) or next(filter(None, map(_COUNT.match, kept[:1])), None)
    if not text or _COUNT.match(text):
        # A row with another number of cells than the header.
        return _line_without_header(kept)
    return f"{first['number']}. {text}" if first else f"- {text}"


def _line_without_header(kept: Sequence[str]) -> str:
    if len(kept) > 1:
        if count := _COUNT.match(kept[0]):
            return f"{count['number']}. {kept[1]}"
        if _TIME.match(kept[0]):
            return f"{kept[0]} {kept[1]}"
    return " ".join(kept)
