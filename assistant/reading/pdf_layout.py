"""From lines to paragraphs and rows of tables, columns one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from assistant.reading.blocks import Block, Page, row_text
from assistant.reading.pdf_text import Line

# A cell of a table has at most this many lines; what jumps further up is a new column.
_CELL_LINES = 6
# So many rows of two long cells are two columns of text, written line by line.
_COLUMN_ROWS, _COLUMN_LETTERS = 6, 25
_BULLET = re.compile(r"^(?:[•●▪◦‣–-]|\(?[a-z0-9]{1,3}[.)])\s")
_ENDS = (".", "!", "?", ":", ";", "”", '."', ".)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, or the cells of one row, with their first place."""

    text: str
    size: float
    bold: bool
    top: float
    page: Page
    row: bool = False
    continues: bool = False
    """True where the text of the column or page before may run on into this."""

    def block(self) -> Block:
        """The paragraph as a block of text or a row."""
        return Block("row" if self.row else "text", self.text, pages=((0, self.page),))


Cells = list[list[Line]]


def _beside(line: Line, other: Line) -> bool:
    return abs(line.y - other.y) < 0.3 * line.size and line.x > other.end


def _below(line: Line, last: Line) -> bool:
    down = last.y - line.y
    return 0 < down < 1.7 * line.size and abs(line.x - last.x) < line.size / 2


def _rows(lines: Sequence[Line]) -> list[Cells]:
    """Group lines into rows of cells; running text makes rows of one cell."""
    rows: list[Cells] = []
    for line in lines:
        first = next(
            (
                place
                for place in range(max(0, len(rows) - _CELL_LINES), len(rows))
                if _beside(line, rows[place][-1][0])
            ),
            None,
        )
        if first is not None and all(len(row) == 1 for row in rows[first + 1 :]):
            wrapped = [one for row in rows[first + 1 :] for one in row[0]]
            rows[first][-1].extend(wrapped)
            del rows[first + 1 :]
            rows[first].append([line])
        elif rows and len(rows[-1]) > 1 and _below(line, rows[-1][-1][-1]):
            rows[-1][-1].append(line)
        else:
            rows.append([[line]])
    return rows


def _unzip_columns(rows: Sequence[Cells]) -> list[Cells]:
    """Put two columns that were written line by line one after the other."""
    result: list[Cells] = []
    held: list[Cells] = []

    def close() -> None:
        letters = [len(line.text) for row in held for cell in row for line in cell]
        if len(held) >= _COLUMN_ROWS and mean(letters) > _COLUMN_LETTERS:
            result.extend([row[0]] for row in held)
            result.extend([row[1]] for row in held)
        else:
            result.extend(held)
        held.clear()

    for row in rows:
        if len(row) == 2 and (
            not held or abs(held[-1][1][0].x - row[1][0].x) < row[1][0].size
        ):
            held.append(row)
        else:
            close()
            if len(row) == 2:
                held.append(row)
            else:
                result.append(row)
    close()
    return result


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page in the order in which they are read."""
    rows = _unzip_columns(_rows(lines))
    return [line for row in rows for cell in row for line in cell]


def make_paragraphs(
    lines: Sequence[Line], page: Page, words: Counter[str]
) -> list[Paragraph]:
    """Return the paragraphs and rows of a page in reading order.

    Args:
        lines: the page's lines in the order of its content, furniture taken out.
        page: the page.
        words: how often each word stands in the document, to mend broken ones.
    """
    found: list[Paragraph] = []
    held: list[Line] = []

    def close() -> None:
        if held:
            found.append(_paragraph(held, page, words))
            held.clear()

    for row in _unzip_columns(_rows(lines)):
        if len(row) > 1:
            close()
            cells = [join_lines([line.text for line in cell], words) for cell in row]
            first = row[0][0]
            text = row_text(cells)
            found.append(
                Paragraph(text, first.size, first.bold, first.y, page, row=True)
            )
            continue
        for line in row[0]:
            if held and not _runs_on(held, line):
                close()
            held.append(line)
    close()
    return found


def _paragraph(lines: Sequence[Line], page: Page, words: Counter[str]) -> Paragraph:
    return Paragraph(
        text=join_lines([line.text for line in lines], words),
        size=max(line.size for line in lines),
        bold=all(line.bold for line in lines),
        top=lines[0].y,
        page=page,
        continues=not _BULLET.match(lines[0].text),
    )


def _runs_on(held: Sequence[Line], line: Line) -> bool:
    last = held[-1]
    if abs(last.size - line.size) > 0.08 * line.size or last.bold != line.bold:
        # A sentence may begin in bold and go on without.
        return abs(last.size - line.size) <= 0.08 * line.size and (
            not last.text.endswith(_ENDS) and line.text[:1].islower()
        )
    if _BULLET.match(line.text):
        return False
    down = last.y - line.y
    if down <= 0:
        # Up again: the next column. A sentence that has not ended goes on there.
        return not last.text.endswith(_ENDS) and not held[0].bold
    usual = held[-2].y - last.y if len(held) > 1 else 1.45 * line.size
    limit = max(usual, line.size) * 1.25 if usual > 0 else 1.8 * line.size
    return down <= limit


def join_lines(lines: Iterable[str], words: Counter[str]) -> str:
    """Join lines to one text, mending words that were broken at their end.

    ``words`` decides whether "long-" and "standing" are one word or keep the hyphen;
    where it knows neither form, the hyphen is taken as the break's own.
    """
    text = ""
    for line in lines:
        broken = re.search(r"([^\W\d_]+)[-\u2010\u00ad]$", text)
        following = re.match(r"[^\W\d_]+", line)
        if broken and following and following.group()[0].islower():
            left, right = broken.group(1).lower(), following.group().lower()
            hyphened = words[f"{left}-{right}"] > words[left + right]
            text = (text if hyphened else text[:-1]) + line
        else:
            text = f"{text} {line}" if text else line
    return text


def count_words(lines: Iterable[Line]) -> Counter[str]:
    """Count the words of lines, those with a hyphen within as a whole."""
    words: Counter[str] = Counter()
    for line in lines:
        text = line.text.lower()
        words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![-\u2010\u00ad]$)", text))
    return words


def run_on(paragraphs: Sequence[Paragraph], words: Counter[str]) -> list[Block]:
    """Return blocks, sentences that run over a page break joined."""
    blocks: list[Block] = []
    for paragraph in paragraphs:
        before = blocks[-1] if blocks else None
        if (
            before is not None
            and before.kind == "text"
            and not paragraph.row
            and paragraph.continues
            and before.pages[-1][1] != paragraph.page
            and not before.text.endswith(_ENDS)
            and paragraph.text[:1].islower()
        ):
            text = join_lines([before.text, paragraph.text], words)
            start = len(text) - len(paragraph.text)
            pages = (*before.pages, (start, paragraph.page))
            blocks[-1] = replace(before, text=text, pages=pages)
        else:
            blocks.append(paragraph.block())
    return blocks
