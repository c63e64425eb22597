"""The paragraphs and tables of a tagged PDF, as its structure tree names them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from assistant.reading.blocks import Page
from assistant.reading.pdf_layout import Paragraph, join_lines, note_of
from assistant.reading.pdf_letters import Letter
from assistant.reading.pdf_lines import Line, join_row, make_lines
from assistant.reading.pdf_tables import Table, bold_heads, cell_text
from assistant.reading.pdf_tree import Cell, Mark, Unit

# A page whose letters are named by the tree to this part is read by the tree.
COVERED = 0.97


def covered_pages(
    units: Iterable[Unit], letters: Sequence[Sequence[Letter]]
) -> set[int]:
    """Return the indices of the pages whose letters the tree names, nearly all."""
    named = {mark for unit in units for mark in unit.all_marks()}
    covered = set()
    for page, own in enumerate(letters):
        counted = [letter for letter in own if letter.mark != -2]
        inside = sum((page, letter.mark) in named for letter in counted)
        if counted and inside >= COVERED * len(counted):
            covered.add(page)
    return covered


def tagged_paragraphs(
    units: Sequence[Unit],
    letters: Sequence[Sequence[Letter]],
    covered: set[int],
    pages: Sequence[Page],
    words: Counter[str],
) -> dict[int, list[Paragraph]]:
    """Return the paragraphs of the pages read by the tree, by the index of the page.

    Each stands on the page on which it begins.
    """
    marked: dict[Mark, list[Letter]] = defaultdict(list)
    places: dict[Mark, int] = {}
    for page in covered:
        for place, letter in enumerate(letters[page]):
            marked[page, letter.mark].append(letter)
            places.setdefault((page, letter.mark), place)
    found: dict[int, list[tuple[int, Paragraph]]] = defaultdict(list)
    for unit in units:
        marks = [mark for mark in unit.all_marks() if mark in places]
        if not marks:
            continue
        first = min(marks, key=lambda mark: (mark[0], places[mark]))
        paragraph = _paragraph(unit, marked, pages, words)
        if paragraph is not None:
            found[first[0]].append((places[first], paragraph))
    return {page: _in_order(own) for page, own in found.items()}


def _in_order(placed: Sequence[tuple[int, Paragraph]]) -> list[Paragraph]:
    """Return paragraphs in the order of the tree or of the content, as they go down.

    A list that other text interrupts is one element of the tree.
    """
    orders = [
        [paragraph for _, paragraph in placed],
        [paragraph for _, paragraph in sorted(placed, key=lambda one: one[0])],
    ]
    return min(
        orders, key=lambda order: sum(a.top < b.top - 2 for a, b in pairwise(order))
    )


def _paragraph(
    unit: Unit,
    marked: Mapping[Mark, Sequence[Letter]],
    pages: Sequence[Page],
    words: Counter[str],
) -> Paragraph | None:
    if unit.rows is not None:
        return _table(unit.rows, marked, pages)
    text, size, top = "", 0.0, 0.0
    starts: list[tuple[int, Page]] = []
    bolds: list[bool] = []
    notes: list[str] = []
    by_page: dict[int, list[Letter]] = {}
    for mark in unit.marks:
        by_page.setdefault(mark[0], []).extend(marked.get(mark, ()))
    for page, letters in by_page.items():
        lines = [join_row(row) for row in _own_rows(letters)]
        if not lines:
            continue
        if not text:
            top = lines[0].y + lines[0].size
            size = Counter(a.size for a in letters).most_common(1)[0][0]
        joined = join_lines(
            [text, *(line.text for line in lines)]
            if text
            else [line.text for line in lines],
            words,
        )
        starts.append((min(len(text) + 1, len(joined)) if text else 0, pages[page]))
        text = joined
        bolds.extend(line.bold for line in lines if any(map(str.isalnum, line.text)))
        notes.extend(note for line in lines for note in line.notes)
    words_in_picture = unit.kind == "left out" and len(text.split()) < 40
    if not text or (
        unit.kind == "left out" and (words_in_picture or _is_contents(text))
    ):
        return None
    paragraph = Paragraph(
        text=text,
        size=size,
        bold=bool(bolds) and all(bolds),
        top=top,
        pages=tuple(starts),
        kind="caption" if unit.kind == "caption" else "text",
        level=unit.level,
        notes=tuple(notes),
    )
    return note_of(paragraph) if unit.kind == "note" else paragraph


def _own_rows(letters: Sequence[Letter]) -> list[list[Line]]:
    """Return the rows of a paragraph's lines; they stay in order over its columns."""
    rows: list[list[Line]] = []
    for line in make_lines(letters):
        if rows and abs(rows[-1][-1].y - line.y) < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_contents(text: str) -> bool:
    return bool(re.search(r"(?:\.\s?){6,}|…{3,}", text))


def _table(
    rows: Sequence[Sequence[Cell]],
    marked: Mapping[Mark, Sequence[Letter]],
    pages: Sequence[Page],
) -> Paragraph | None:
    filled = [
        [(cell, [a for m in cell.marks for a in marked.get(m, ())]) for cell in row]
        for row in rows
    ]
    letters = [letter for row in filled for _, own in row for letter in own]
    if not letters:
        return None
    first = min(page for row in rows for cell in row for page, _ in cell.marks)
    starts: list[Page] = []
    for row in rows:
        own = [page for cell in row for page, _ in cell.marks]
        starts.append(pages[min(own)] if own else (starts or [pages[first]])[-1])
    heads = next((n for n, r in enumerate(rows) if not all(c.head for c in r)), 0)
    bold = [all(a.bold for _, own in row for a in own) for row in filled]
    here = [
        letter
        for row, page in zip(filled, starts, strict=True)
        for _, own in row
        for letter in own
        if page == pages[first]
    ]
    top = max(letter.box[3] for letter in here or letters)
    box = (0.0, min(letter.box[1] for letter in here or letters), 0.0, top)
    table = Table(_grid(filled), box, heads or bold_heads(bold), tuple(starts))
    at = ((0, pages[first]),)
    return Paragraph("", letters[0].size, False, top, at, "table", table=table)


Filled = Sequence[Sequence[tuple[Cell, Sequence[Letter]]]]


def _grid(rows: Filled) -> list[list[str]]:
    """Place the cells of a table in its columns: by where they stand, if that is clear.

    The tree leaves out cells under one that goes over several rows, or has them empty.
    """
    columns = _columns(rows)
    taken: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        last, wide = 0, ""
        for cell, own in row:
            if columns and not own:
                continue
            while not columns and (number, last) in taken:
                last += 1
            first, count = last, cell.columns
            if columns:
                first, count = _place(cell, own, columns, alone=len(row) == 1)
            text = cell_text(own)
            # A name over two columns or more goes on to the next one.
            fill = [(c, 1, wide) for c in range(last, first)] if wide else []
            fill += [(c, cell.rows, text) for c in range(first, first + count)]
            for column, down, words in fill:
                for below in range(down):
                    taken.setdefault((number + below, column), words)
            last, wide = first + count, text if columns and count > 1 else ""
    width = max((column for _, column in taken), default=0) + 1
    return [[taken.get((n, c), "") for c in range(width)] for n in range(len(rows))]


def _columns(rows: Filled) -> list[tuple[float, float]]:
    """Return from where to where each column goes; nothing where that is not clear."""
    spans = [[_span(own) for _, own in row if own] for row in rows]
    most = max(map(len, spans))
    columns: list[tuple[float, float]] = []
    for left, right in sorted(s for row in spans if len(row) == most for s in row):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns if len(columns) == most > 1 else []


def _span(letters: Sequence[Letter]) -> tuple[float, float]:
    return min(a.box[0] for a in letters), max(a.box[2] for a in letters)


def _place(
    cell: Cell,
    letters: Sequence[Letter],
    columns: Sequence[tuple[float, float]],
    *,
    alone: bool,
) -> tuple[int, int]:
    """Return the column in which a cell begins, and how many it takes."""
    if alone:
        return 0, len(columns)
    left, right = _span(letters)
    under = [n for n, (a, b) in enumerate(columns) if left < (a + b) / 2 < right]
    gaps = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    first = under[0] if under else bisect_right(gaps, (left + right) / 2)
    count = max(cell.columns, len(under))
    if cell.columns > 1:
        # Its text stands in the middle of the columns that it goes over.
        middle = left + right
        first = min(
            range(max(1, len(columns) - count + 1)),
            key=lambda n: abs(
                columns[n][0] + columns[min(n + count, len(columns)) - 1][1] - middle
            ),
        )
    return first, min(count, len(columns) - first)
