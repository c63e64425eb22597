"""Where a quotation stands in a paper: its heading, and the page a reader would name."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2 as pdfium

from evals.measuring.answers import folded
from evals.papers.pdf import write_pdf
from evals.papers.source import NOTE_MARK, Source, row_text

_HEADINGS = ("h1", "h2", "h3")


def headings_of(source: Source, quote: str) -> list[str]:
    """Return the heading over each place where a quotation stands.

    The quotation of a row of a table is its cells with spaces between them; a note
    belongs where its mark is. What stands above the first heading is under ``""``.
    """
    found = []
    heading = ""
    wanted = _letters(quote)
    for block in source.blocks:
        if block.kind in _HEADINGS:
            heading = block.text
        notes = [source.notes[mark[1]] for mark in NOTE_MARK.finditer(block.text)]
        texts = [NOTE_MARK.sub("", block.text), *map(row_text, block.rows), *notes]
        found += [heading for text in texts if wanted in _letters(text)]
    return found


def pages_of(source: Source, quote: str, folder: Path) -> list[str]:
    """Return the page of each place where a quotation stands in a PDF.

    A page is named by the number printed on it, otherwise by its place in the file,
    counted from 1. Other kinds of file have no pages. ``folder`` is for the PDF, which
    is made as it is before it becomes a scan, if it is not there yet.
    """
    if not source.settings["file"].endswith(".pdf"):
        return []
    file = folder / f"{source.name}.pdf"
    if not file.exists():
        write_pdf(source, file)
    wanted = _letters(quote)
    with pdfium.PdfDocument(file) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [
        _label(source, number)
        for number, text in enumerate(texts)
        if wanted in _letters(text)
    ]


def _label(source: Source, number: int) -> str:
    if not source.settings.get("numbers"):
        return str(number + 1)
    return str(max(1, number + int(source.settings.get("first", "1"))))


def _letters(text: str) -> str:
    """Return letters and digits alone: lines and columns break the rest anywhere."""
    return re.sub(r"[^a-z0-9£%]", "", folded(text))
