"""Marks quotations on a page of a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.annotations import Highlight
from pypdf.generic import ArrayObject, FloatObject
from pypdfium2 import PdfDocument, PdfiumError

from assistant.reading.pdf_letters import Box, Letter, read_letters
from assistant.reading.pdf_lines import Line, make_lines, reading_order
from assistant.reading.quotes import Letters, find_over_pages, split_quotes

_COLOUR = "ffe066"
# What would run, or move the reader from the page, when a viewer opens the copy.
_ACTIVE = ("/OpenAction", "/AA")


def mark_quotes(
    file: Path, page: int, quotes: str, *, alone: bool = False
) -> bytes | None:
    """Return a copy of a PDF with the quotations of a citation highlighted.

    The page's place in the file counts from 1; a sentence may run over to the next page,
    unless that page is copied ``alone``.

    Returns:
        The copy; None where no quotation can be placed, or the file is encrypted.

    Raises:
        PyPdfError: it is damaged; so may be any error of a file not well formed.
    """
    reader = PdfReader(file)
    # A copy would be without the encryption, and what that forbids.
    if reader.is_encrypted or not 1 <= page <= len(reader.pages):
        return None
    try:
        marks = find_marks(file, page, split_quotes(quotes))
    except PdfiumError:
        return None
    if not any(marks[: 1 if alone else None]):
        return None
    writer = _copy(reader, reader.pages[page - 1] if alone else None)
    first = 0 if alone else page - 1
    for place, boxes in enumerate(marks[: 1 if alone else None], start=first):
        if boxes:
            writer.add_annotation(place, _highlight(boxes))
    _make_passive(writer)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _copy(reader: PdfReader, page: PageObject | None) -> PdfWriter:
    """Return a copy of a page, or of the whole file."""
    if page is None:
        return PdfWriter(clone_from=reader)
    writer = PdfWriter()
    # Links of the page would take the pages along that they lead to.
    writer.add_page(page, excluded_keys=("/Annots", "/B"))
    return writer


def find_marks(file: Path, page: int, quotes: Sequence[str]) -> list[list[Box]]:
    """Return where quotations stand on a page and on the next, line by line.

    The page's place in the file counts from 1.

    Raises:
        PdfiumError: the file is damaged, or asks for a password.
    """
    with PdfDocument(file) as document:
        places = range(page - 1, min(page + 1, len(document)))
        pages = [
            make_lines(a for a in read_letters(document[place]).letters if not a.turned)
            for place in places
        ]
    # As they are read, columns one after the other; else as the file draws them.
    orders = [[reading_order(lines) for lines in pages], pages]
    marks: list[list[Box]] = [[] for _ in pages]
    for quote in quotes:
        found = next(filter(any, (_find(order, quote) for order in orders)), None)
        for own, boxes in zip(
            marks, found or [_find_row(pages[0], quote)], strict=False
        ):
            own.extend(boxes)
    return marks


def _find(pages: Sequence[Sequence[Line]], quote: str) -> list[list[Box]]:
    letters = [Letters([_drawn(line) for line in lines]) for lines in pages]
    following = letters[1] if len(letters) > 1 else Letters([])
    spans = find_over_pages(letters[0], following, quote)
    return [
        [_around(lines[s.place].letters[s.start : s.end]) for s in own]
        for lines, own in zip(pages, spans, strict=False)
    ]


def _find_row(lines: Sequence[Line], quote: str) -> list[Box]:
    """Find a row of a table, which is quoted with its caption and its columns' names."""
    before, dash, _ = quote.partition(" — ")
    name = before.rpartition(": ")[2]
    order = reading_order(lines)
    letters = Letters([_drawn(line) for line in order])
    for label in dict.fromkeys([name, name.rpartition(", ")[2]] if dash else []):
        spans = letters.find(label)
        if spans:
            line = order[spans[-1].place]
            beside = [x for x in lines if abs(x.y - line.y) < line.size]
            return [_around(x.letters) for x in beside if x.x >= line.x - 1]
    return []


def _drawn(line: Line) -> str:
    return "".join(letter.text for letter in line.letters)


def _around(letters: Sequence[Letter]) -> Box:
    lefts, bottoms, rights, tops = zip(*(a.at for a in letters), strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _highlight(boxes: Sequence[Box]) -> Highlight:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    # Of each line: upper left and right, lower left and right.
    numbers = [
        FloatObject(round(n, 2))
        for left, bottom, right, top in boxes
        for n in (left, top, right, top, left, bottom, right, bottom)
    ]
    return Highlight(
        rect=(min(lefts), min(bottoms), max(rights), max(tops)),
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
