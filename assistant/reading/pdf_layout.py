"""From the lines of a page to its paragraphs, tables and notes, by how they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from assistant.reading.blocks import Page
from assistant.reading.pdf_lines import (
    MARK,
    Line,
    in_columns,
    in_rows,
    join_lines,
    join_row,
    most_size,
)
from assistant.reading.pdf_tables import Table, aligned_table
from assistant.reading.tables import find_heads

_ITEM = re.compile(rf"(?:{MARK.pattern})\s")
_ENDED = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_LISTED = re.compile(r"[;,]\s+(?:and|or)$")
# A line of a table of contents: dots that lead to a number.
_LEADER = re.compile(r"(?:\.\s?){4,}\s*\w{0,5}$|…{2,}\s*\w{0,5}$")
_NOTE = re.compile(r"^(?P<mark>\d{1,3}|[*†‡]{1,3})[.)]?\s*(?=\D)")
_SMALLER = 0.92
_TOLERANCE = 0.08
# So many equal steps from line to line tell how a column is set: the agenda of a pack
# is set otherwise than its reports.
_SURE = 5


@dataclass(frozen=True, slots=True)
class Style:
    """How most of a document is set: size of type, and lines apart in letter heights."""

    size: float
    leading: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, or a table; with their type and first place."""

    text: str
    size: float
    bold: bool
    top: float
    pages: tuple[tuple[int, Page], ...]
    kind: Literal["text", "table", "note"] = "text"
    notes: tuple[str, ...] = ()
    table: Table | None = field(default=None, compare=False)

    @property
    def page(self) -> Page:
        """The page on which it begins."""
        return self.pages[0][1]

    @property
    def is_item(self) -> bool:
        """True where it begins with a number or a bullet."""
        return bool(_ITEM.match(self.text))


def make_paragraphs(
    lines: Sequence[Line],
    tables: Sequence[Table],
    page: Page,
    style: Style,
    words: Counter[str],
) -> list[Paragraph]:
    """Return the paragraphs, tables and notes of a page in reading order.

    Furniture is taken out of its lines, and so is the text of its ruled tables.
    ``style`` tells how most of the document is set; ``words`` how often each word stands
    in it, to mend broken ones.
    """
    found: list[Paragraph] = []
    notes, body = _foot(lines, style.size)
    for column in in_columns(body):
        found.extend(_column(column, page, style, words))
    for table in tables:
        at = [n for n, other in enumerate(found) if other.top < table.box[3]]
        found.insert(
            at[0] if at else len(found), _table_paragraph(table, page, style.size)
        )
    return [*found, *_notes(notes, page, words)]


def _table_paragraph(table: Table, page: Page, size: float) -> Paragraph:
    """Return a table as a paragraph, to stand among the others."""
    pages = ((0, page),)
    return Paragraph("", size, False, table.box[3], pages, "table", table=table)


def _foot(lines: Sequence[Line], usual: float) -> tuple[list[Line], list[Line]]:
    """Part the notes at the foot, in small type after a number, from the rest."""
    rows = in_rows(lines)
    first = len(rows)
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        if any(line.size > _SMALLER * usual for line in row):
            break
        if _NOTE.match(" ".join(line.text for line in row)):
            first = place
    foot = {id(line) for row in rows[first:] for line in row}
    notes = [join_row(row) for row in rows[first:]]
    return notes, [line for line in lines if id(line) not in foot]


def _notes(
    lines: Sequence[Line], page: Page, words: Counter[str]
) -> Iterator[Paragraph]:
    held: list[Line] = []
    for line in lines:
        if held and _NOTE.match(line.text):
            yield _note_of(_paragraph(held, page, words))
            held = []
        held.append(line)
    if held:
        yield _note_of(_paragraph(held, page, words))


def _note_of(paragraph: Paragraph) -> Paragraph:
    """Return a paragraph as a note, its mark apart from its text."""
    match = _NOTE.match(paragraph.text)
    mark = (match["mark"],) if match else ()
    text = paragraph.text[match.end() :] if match else paragraph.text
    return replace(paragraph, kind="note", text=text.strip(), notes=mark)


def _column(
    lines: Sequence[Line], page: Page, style: Style, words: Counter[str]
) -> Iterator[Paragraph]:
    rows = [_with_mark(row) for row in in_rows(lines)]
    rows = [row for row in rows if not _LEADER.search(row[-1].text)]
    right = max((row[-1].end for row in rows), default=0.0)
    own, count = find_leading([rows])
    leading = own if count >= _SURE else style.leading
    held: list[Line] = []
    place = 0
    while place < len(rows):
        table = aligned_table(rows[place:])
        if table is not None:
            if held:
                yield _paragraph(held, page, words)
            held = []
            yield _table_paragraph(table[0], page, rows[place][0].size)
            place += table[1]
            continue
        line = join_row(rows[place])
        if held and not _runs_on(held, line, right, leading):
            yield _paragraph(held, page, words)
            held = []
        held.append(line)
        place += 1
    if held:
        yield _paragraph(held, page, words)


def _with_mark(row: Sequence[Line]) -> list[Line]:
    """Join a number or a bullet that hangs in front of a row to what it belongs to."""
    if len(row) > 1:
        joined = join_row(row[:2])
        if joined.hanging:
            return [joined, *row[2:]]
    return list(row)


def find_leading(columns: Iterable[Sequence[Sequence[Line]]]) -> tuple[float, int]:
    """Return how far rows of columns stand apart, in letter heights, and how often."""
    steps: Counter[float] = Counter()
    for rows in columns:
        for (one, *_), (other, *_) in pairwise(rows):
            if abs(one.size - other.size) < 0.5 and other.size:
                steps[round((one.y - other.y) / other.size, 1)] += 1
    near = [step for step, count in steps.items() if 0.9 < step < 2.6 and count > 1]
    most = max((steps[step] for step in near), default=0)
    # Of those that are common, the least: the others part paragraphs.
    return min((s for s in near if steps[s] > most / 4), default=1.25), most


def _runs_on(held: Sequence[Line], line: Line, right: float, leading: float) -> bool:
    last = held[-1]
    ended = bool(_ENDED.search(last.text) or _LISTED.search(last.text))
    begins_low = line.text[:1].islower()
    alike = abs(last.size - line.size) <= _TOLERANCE * line.size
    if (
        line.hanging
        or line.text.startswith("• ")
        or (_ITEM.match(line.text) and (ended or held[0].hanging))
    ):
        return False
    down = last.y - line.y
    if down > (leading + 0.35) * line.size and not (begins_low and not ended and alike):
        return False
    if down > (leading + 1.1) * line.size or not alike:
        return False
    if last.bold != line.bold:
        # A sentence may begin in bold and go on without.
        return begins_low and not ended
    middle = last.x + last.end - line.x - line.end
    if abs(middle) < line.size and abs(last.x - line.x) > line.size and not ended:
        return True  # centred
    first_word = line.text.split(maxsplit=1)[0] if line.text else ""
    room = right - last.end - 0.6 * line.size * (len(first_word) + 1)
    if ended and room > line.size:
        return False
    # A line that ends far from the margin, with the next one no part of its sentence.
    if room > 0.3 * (right - held[0].x) and not begins_low:
        return False
    return not (ended and len(held) > 1 and line.x > last.x + 0.8 * line.size)


def _paragraph(lines: Sequence[Line], page: Page, words: Counter[str]) -> Paragraph:
    return Paragraph(
        text=join_lines([line.text for line in lines], words),
        size=most_size((line.size, line.text) for line in lines),
        bold=all(line.bold for line in lines),
        top=lines[0].y + lines[0].size,
        pages=((0, page),),
        notes=tuple(note for line in lines for note in line.notes),
    )


def joined_over_breaks(
    paragraphs: Sequence[Paragraph], words: Counter[str]
) -> list[Paragraph]:
    """Join a sentence that runs over the end of a page or a column."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        # Notes and figures may stand between the two parts of it.
        at = next(
            (n for n in range(len(joined) - 1, -1, -1) if joined[n].kind == "text"),
            None,
        )
        before = joined[at] if at is not None else None
        if at is not None and before and _goes_on(before, paragraph):
            text = join_lines([before.text, paragraph.text], words)
            start = len(text) - len(paragraph.text)
            more = tuple((start + at, page) for at, page in paragraph.pages)
            if paragraph.page == before.pages[-1][1]:
                more = more[1:]
            joined[at] = replace(
                before,
                text=text,
                pages=(*before.pages, *more),
                notes=before.notes + paragraph.notes,
            )
        else:
            joined.append(paragraph)
    return joined


def joined_tables(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join a table that goes on at the head of the next page."""
    joined: list[Paragraph] = []
    for paragraph in paragraphs:
        before = next((p for p in reversed(joined) if p.kind != "note"), None)
        table = paragraph.table
        if table and before and before.table and _same_columns(before, paragraph):
            one = before.table
            grid = list(table.grid)
            heads = one.heads if one.heads is not None else find_heads(one.grid)
            # The names of the columns are set again, whole or in part.
            named = {"", *(cell for row in one.grid[:heads] for cell in row)}
            while len(grid) > 1 and named.issuperset(grid[0]):
                grid = grid[1:]
            rows = list(one.grid)
            if "".join(grid[0][:2])[:1].islower() and not grid[0][0]:
                # The page ends amid a row.
                cells = zip(rows.pop(), grid.pop(0), strict=True)
                rows.append([" ".join(filter(None, pair)) for pair in cells])
            pages = one.pages or (before.page,) * len(rows)
            pages += (paragraph.page,) * len(grid)
            whole = replace(one, grid=[*rows, *grid], heads=heads, pages=pages)
            joined[joined.index(before)] = replace(before, table=whole)
        else:
            joined.append(paragraph)
    return joined


def _same_columns(before: Paragraph, after: Paragraph) -> bool:
    one, other = before.table, after.table
    assert one
    assert other
    last = one.pages[-1] if one.pages else before.page
    return (
        after.page.number == last.number + 1
        and not other.pages
        and len(one.grid[0]) == len(other.grid[0])
        and abs(one.box[0] - other.box[0]) < 20
    )


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    if after.kind != "text" or after.is_item:
        return False
    if before.page == after.page and after.top < before.top:
        return False  # below it in the same column: parted there on purpose
    alike = abs(before.size - after.size) <= _TOLERANCE * after.size
    open_ = not _ENDED.search(before.text) and before.bold == after.bold
    low = after.text[:1].islower() or before.text.endswith((",", "-", "–", " and"))
    return alike and open_ and low and len(before.text.split()) > 3
