"""Marks quotations on a page of a PDF; run as a program, in a process with limits.

``python -m assistant.reading.pdf_marks FILE MEMORY SECONDS PAGE QUOTES`` writes a copy
of the file with the quotations highlighted, or nothing where they cannot be placed.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading.pdf_layout import reading_order
from assistant.reading.pdf_rects import PageRects, Rect, find_rects
from assistant.reading.pdf_text import Line, point_on_page, read_lines, text_width
from assistant.reading.quotes import Letters, Span, find_over_pages, split_quotes

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter
    from pypdf.annotations import Highlight

_COLOUR = "ffe066"
# Of a line's letter height: how far the mark reaches over and under the baseline.
_OVER, _UNDER = 0.8, 0.22
# The part of a full line's width that the letters of a justified one take at least.
_NEAR = 0.85
# What would run, or move the reader from the page, when a viewer opens the copy.
_ACTIVE = ("/OpenAction", "/AA")

Corners = list[tuple[float, float]]


def mark_quotes(
    file: Path, page: int, quotes: str, *, alone: bool = False
) -> bytes | None:
    """Return a copy of a PDF with quotations highlighted.

    Args:
        file: the PDF.
        page: the place of the page in the file, from 1; a sentence may run over to
            the next.
        quotes: as in a citation.
        alone: copy that page only.

    Returns:
        The copy; None where no quotation can be placed, or the file is encrypted.

    Raises:
        PyPdfError: it is damaged; so may be any error of a file not well formed.
    """
    from pypdf import PdfReader

    reader = PdfReader(file)
    # A copy would be without the encryption, and what that forbids.
    if reader.is_encrypted or not 1 <= page <= len(reader.pages):
        return None
    pages = list(reader.pages[page - 1 : page + 1])
    marks = _find_marks(file, page, pages, split_quotes(quotes))
    if not any(marks[: 1 if alone else None]):
        return None
    writer = _copy(reader, pages[0] if alone else None)
    first = 0 if alone else page - 1
    for place, corners in enumerate(marks[: 1 if alone else None], start=first):
        if corners:
            writer.add_annotation(place, _highlight(corners))
    _make_passive(writer)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _copy(reader: PdfReader, page: PageObject | None) -> PdfWriter:
    """Return a copy of a page, or of the whole file."""
    from pypdf import PdfWriter

    if page is None:
        return PdfWriter(clone_from=reader)
    writer = PdfWriter()
    # Links of the page would take the pages along that they lead to.
    writer.add_page(page, excluded_keys=("/Annots", "/B"))
    return writer


def _find_marks(
    file: Path, page: int, pages: Sequence[PageObject], quotes: Sequence[str]
) -> list[Corners]:
    """Return the corners of what is to be marked on each page, four for each line."""
    marks: list[Corners] = [[] for _ in pages]
    left: list[str] = []
    for quote, rects in zip(quotes, _exact(file, page, quotes), strict=True):
        if not any(rects):
            left.append(quote)
        for own, found in zip(marks, rects, strict=False):
            own.extend(corner for rect in found for corner in _corners_of(rect))
    if left:
        for own, corners in zip(marks, _find_in_lines(pages, left), strict=True):
            own.extend(corners)
    return marks


def _exact(file: Path, page: int, quotes: Sequence[str]) -> list[PageRects]:
    from pypdfium2 import PdfiumError

    try:
        return find_rects(file, page, quotes)
    except PdfiumError:
        return [PageRects([], []) for _ in quotes]


def _corners_of(rect: Rect) -> Corners:
    left, bottom, right, top = rect
    return [(left, top), (right, top), (left, bottom), (right, bottom)]


def _find_in_lines(pages: Sequence[PageObject], quotes: Sequence[str]) -> list[Corners]:
    """Find quotations in the lines as they were read, columns one after the other.

    PDFium gives letters in the order in which the file draws them.
    """
    lines = [reading_order(read_lines(page)) for page in pages]
    letters = [Letters([line.text for line in page]) for page in lines]
    following = letters[1] if len(letters) > 1 else Letters([])
    marks: list[Corners] = [[] for _ in pages]
    for quote in quotes:
        found = find_over_pages(letters[0], following, quote)
        for page, own, on_page, spans in zip(pages, marks, lines, found, strict=False):
            quoted = [on_page[span.place] for span in spans]
            for line, span in zip(quoted, spans, strict=True):
                own.extend(_corners(page, _justified(line, quoted), span))
    return marks


def _justified(line: Line, quoted: Sequence[Line]) -> Line:
    """Return a line with the end of those above and below it, where it comes near.

    Spaces that were stretched to justify it are not in its known width.
    """
    end = max(o.end for o in quoted if abs(o.x - line.x) < line.size / 2)
    near = line is not quoted[-1] and line.end - line.x > _NEAR * (end - line.x)
    return replace(line, end=end) if near else line


def _corners(page: PageObject, line: Line, span: Span) -> Corners:
    """Return the corners of part of a line: upper left and right, lower left and right."""
    left, right = (_along(line, index) for index in (span.start, span.end))
    top, bottom = line.y + _OVER * line.size, line.y - _UNDER * line.size
    places = [(left, top), (right, top), (left, bottom), (right, bottom)]
    return [point_on_page(page, x, y) for x, y in places]


def _along(line: Line, index: int) -> float:
    """Return where a character of a line begins.

    The width of the line is known; letters part it much alike in all fonts for text.
    """
    whole = text_width(line.text)
    share = text_width(line.text[:index]) / whole if index else 0.0
    return line.x + (line.end - line.x) * share


def _highlight(corners: Corners) -> Highlight:
    from pypdf.annotations import Highlight
    from pypdf.generic import ArrayObject, FloatObject

    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    numbers = [FloatObject(round(n, 2)) for corner in corners for n in corner]
    return Highlight(
        rect=(min(xs), min(ys), max(xs), max(ys)),
        quad_points=ArrayObject(numbers),
        highlight_color=_COLOUR,
        printing=True,
    )


def _make_passive(writer: PdfWriter) -> None:
    root = writer.root_object
    for key in _ACTIVE:
        root.pop(key, None)
    names = root.get("/Names")
    if names is not None:
        names.get_object().pop("/JavaScript", None)


def main(arguments: list[str]) -> None:
    """Mark the file named, under the limits given, and write the copy."""
    from assistant.reading.reader import limit_this_process

    file, memory, seconds, page, quotes = arguments
    limit_this_process(int(memory), int(seconds))
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    sys.stdout.buffer.write(mark_quotes(Path(file), int(page), quotes) or b"")


if __name__ == "__main__":
    main(sys.argv[1:])
