"""Tables of a PDF page: those with rulings, and figures set out in columns."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant.reading.blocks import Page
from assistant.reading.pdf_letters import Box, Letter, PageLetters
from assistant.reading.pdf_lines import Line, in_rows, join_lines, make_lines
from assistant.reading.tables import Grid, is_figure

_SNAP = 5
# A line of text, and no caption with the white around it.
_GAP = 18
# More rulings than this are a map or a chart.
_MOST_RULINGS = 4000
# What stands in columns without rulings: so many rows, of so many letters a cell.
_LEAST_ROWS, _CELL_LETTERS = 2, 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was found: its rows, where it stands, its first line's type."""

    grid: Grid
    box: Box
    heads: int | None = None
    pages: tuple[Page, ...] = ()
    """The page of each row, where the table goes over several."""


_Edge = dict[str, Any]
"""A ruling as pdfplumber's table finder wants it; its top is counted from above."""


def ruled_tables(
    page: PageLetters, words: Counter[str]
) -> tuple[list[Table], list[Letter]]:
    """Return the ruled tables of a page, and the letters that stand in none."""
    letters = page.letters
    tables: list[Table] = []
    if not 4 <= len(page.rulings) <= _MOST_RULINGS:
        return tables, letters
    for cells in _find_cells(page):
        table, rest = _table(cells, letters, words)
        if table is not None:
            tables.append(table)
            letters = rest
    return tables, letters


def _find_cells(page: PageLetters) -> list[list[Box]]:
    """Find the cells of each table between rulings, tables from top to bottom."""
    from pdfplumber.table import (
        cells_to_tables,
        edges_to_intersections,
        intersections_to_cells,
    )

    height = page.height
    edges: list[_Edge] = []
    for left, bottom, right, top in page.rulings:
        if right - left > top - bottom:
            y = height - (bottom + top) / 2
            edges.append(_edge(left, right, y, y))
        else:
            x = (left + right) / 2
            edges.append(_edge(x, x, height - top, height - bottom))
    edges = _merged(edges)
    edges = _merged([*edges, *_open_ends(edges)])
    crossings = edges_to_intersections(edges, _SNAP, _SNAP)
    if len(crossings) > _MOST_RULINGS:
        return []
    tables: list[list[Box]] = cells_to_tables(intersections_to_cells(crossings))
    return _joined(
        [(x0, height - bottom, x1, height - top) for x0, top, x1, bottom in cells]
        for cells in tables
    )


def _edge(x0: float, x1: float, top: float, bottom: float) -> _Edge:
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0,
        "height": bottom - top, "orientation": "h" if x1 - x0 > bottom - top else "v",
        "object_type": "line",
    }  # fmt: skip


def _merged(edges: Sequence[_Edge]) -> list[_Edge]:
    from pdfplumber.table import merge_edges

    merged: list[_Edge] = merge_edges(list(edges), _SNAP, _SNAP, _SNAP, _SNAP)
    return [e for e in merged if max(e["x1"] - e["x0"], _upright(e)) >= _SNAP]


def _upright(edge: _Edge) -> float:
    return float(edge["bottom"] - edge["top"])


def _open_ends(edges: Sequence[_Edge]) -> Iterator[_Edge]:
    """Yield edges that close a table above and below, where it runs over the page."""
    for side in ("top", "bottom"):
        ends: dict[int, list[_Edge]] = {}
        for edge in edges:
            if edge["orientation"] == "v" and _upright(edge) > 3 * _SNAP:
                ends.setdefault(round(edge[side] / _SNAP), []).append(edge)
        for own in ends.values():
            if len(own) >= 3:
                xs, y = [edge["x0"] for edge in own], own[0][side]
                yield _edge(min(xs), max(xs), y, y)


def _joined(tables: Iterable[list[Box]]) -> list[list[Box]]:
    """Join tables of one width that a line of text without rulings parts."""
    joined: list[list[Box]] = []
    for cells in sorted(tables, key=lambda own: -max(top for *_, top in own)):
        left, right = min(c[0] for c in cells), max(c[2] for c in cells)
        top = max(c[3] for c in cells)
        above = joined[-1] if joined else [(0.0, 0.0, 0.0, 0.0)]
        bottom = min(c[1] for c in above)
        is_wide = (left, right) == (min(c[0] for c in above), max(c[2] for c in above))
        if is_wide and 0 < bottom - top < _GAP:
            above += [(left, top, right, bottom), *cells]
        else:
            joined.append(cells)
    return joined


def _table(
    cells: Sequence[Box], letters: Sequence[Letter], words: Counter[str]
) -> tuple[Table | None, list[Letter]]:
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    if len(xs) < 3 or len(ys) < 3:
        return None, list(letters)
    places: dict[tuple[int, int], Box] = {}
    for cell in cells:
        for column in range(xs.index(cell[0]), xs.index(cell[2])):
            for row in range(ys.index(cell[1]), ys.index(cell[3])):
                places[row, column] = cell
    inside: dict[Box, list[Letter]] = {cell: [] for cell in cells}
    rest: list[Letter] = []
    for letter in letters:
        x = (letter.box[0] + letter.box[2]) / 2
        y = (letter.box[1] + letter.box[3]) / 2
        found = places.get((bisect_right(ys, y) - 1, bisect_right(xs, x) - 1))
        (inside[found] if found else rest).append(letter)
    texts = {cell: _cell_text(own, words) for cell, own in inside.items()}
    for cell, text in texts.items():
        below, above = ys.index(cell[1]), ys.index(cell[3]) - 1
        ends = [texts.get(places.get((row, 0), cell), "") for row in (above, below)]
        if above > below and cell[0] > xs[0] and is_figure(text) and all(ends):
            # It is the figure of these rows together, and of none.
            texts[cell] = f"{text} ({ends[0]} to {ends[1]} together)"
    filled = [cell for cell, text in texts.items() if text]
    # A box around prose, or the frame of a chart.
    if len({cell[0] for cell in filled}) < 2 or len({cell[3] for cell in filled}) < 2:
        return None, list(letters)
    grid = [
        [
            texts[places[row, c]] if (row, c) in places else ""
            for c in range(len(xs) - 1)
        ]
        for row in reversed(range(len(ys) - 1))
    ]
    bold = [
        all(
            all(a.bold for a in inside[places[row, c]] if a.text.isalnum())
            for c in range(len(xs) - 1)
            if (row, c) in places
        )
        for row in reversed(range(len(ys) - 1))
    ]
    heads = _bold_heads(bold)
    return Table(grid, (xs[0], ys[0], xs[-1], ys[-1]), heads), rest


def _bold_heads(bold: Sequence[bool]) -> int | None:
    """Return how many rows name the columns by their bold type; None where none is."""
    count = next((n for n, is_bold in enumerate(bold) if not is_bold), 0)
    return (
        count if count <= 3 and sum(bold[count:]) <= len(bold) / 2 and count else None
    )


def _cell_text(letters: Iterable[Letter], words: Counter[str]) -> str:
    """Return the text of a cell, that which stands sideways last."""
    ordered = sorted(letters, key=lambda letter: letter.turned)
    parts: list[str] = []
    for _, group in groupby(ordered, key=lambda letter: letter.turned):
        rows = in_rows(make_lines(group))
        parts.extend(line.text for row in rows for line in row)
    return join_lines(parts, words)


def aligned_table(rows: Sequence[Sequence[Line]]) -> tuple[Table, int] | None:
    """Return the table that rows of a column begin with, and how many rows it takes.

    Its cells stand under each other, parted by white alone.
    """
    taken: list[Sequence[Line]] = []
    for row in rows:
        last = taken[-1] if taken else None
        wraps = bool(last) and len(row) == 1 and len(taken) > 1
        if len(row) < 2 and not (wraps and _is_under(row[0], taken)):
            break
        taken.append(row)
    while taken and len(taken[-1]) < 2:
        taken.pop()
    cells = [line for row in taken for line in row]
    if sum(len(row) > 1 for row in taken) < _LEAST_ROWS:
        return None
    if sum(len(line.text) for line in cells) > _CELL_LETTERS * len(cells):
        return None
    columns = _columns(cells)
    if len(columns) < 2:
        return None
    grid: list[list[str]] = []
    for row in taken:
        texts = [""] * len(columns)
        for line in row:
            place = bisect_right([x for x, _ in columns], line.x + 1) - 1
            texts[place] = f"{texts[place]} {line.text}".strip()
        if len(row) == 1 and grid:
            before = grid[-1]
            grid[-1] = [f"{a} {b}".strip() for a, b in zip(before, texts, strict=True)]
        else:
            grid.append(texts)
    top, bottom = taken[0][0].y + taken[0][0].size, taken[-1][0].y
    box = (columns[0][0], bottom, columns[-1][1], top)
    return Table(grid, box), len(taken)


def _is_under(line: Line, rows: Sequence[Sequence[Line]]) -> bool:
    """Tell whether a line goes on in a cell of the row above, none of its first."""
    above = rows[-1][-1].y - line.y
    return above < 1.6 * line.size and any(
        abs(cell.x - line.x) < line.size for row in rows[-2:] for cell in row[1:]
    )


def _columns(cells: Iterable[Line]) -> list[tuple[float, float]]:
    """Return from where to where each column goes: where cells stand under each other."""
    columns: list[tuple[float, float]] = []
    for line in sorted(cells, key=lambda one: one.x):
        if columns and line.x <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], line.end))
        else:
            columns.append((line.x, line.end))
    return columns
