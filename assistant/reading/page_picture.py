"""Draws a page of a PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from pypdfium2 import PdfDocument

from assistant.reading.pdf_marks import mark_quotes

WIDTH, HEIGHT = 1200, 2400
"""Pixels of a picture at most: any page fits into them."""


def draw_page(file: Path, page: int, quotes: str, *, marked: bool = True) -> bytes:
    """Return a picture of a page as PNG; its place in the file counts from 1.

    The quotations of a citation are highlighted where they can be placed. They are not
    looked for at all unless ``marked``: in some files that takes long.

    Raises:
        PdfiumError: the file is damaged, or asks for a password.
        ValueError: the file has no such page, or the page has no size.
    """
    copy = _marked(file, page, quotes) if marked and quotes.strip() else None
    with PdfDocument(copy or file) as document:
        place = 0 if copy else page - 1
        if not 0 <= place < len(document):
            raise ValueError(f"There is no page {page}.")
        drawn = document[place]
        width, height = drawn.get_size()
        if min(width, height) <= 0:
            raise ValueError(f"Page {page} has no size.")
        scale = min(WIDTH / width, HEIGHT / height)
        picture = drawn.render(scale=scale, limit_image_cache=True).to_pil()
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _marked(file: Path, page: int, quotes: str) -> bytes | None:
    """Return a copy of the page with its marks, or None: then the file is drawn."""
    try:
        return mark_quotes(file, page, quotes, alone=True)
    except Exception:  # noqa: BLE001 - PDFium may draw what pypdf cannot read
        return None
