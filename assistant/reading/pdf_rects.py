"""Where words stand on a page of a PDF, exactly, as PDFium sees its letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.reading.quotes import Letters, find_over_pages

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

# Of a line's height: letters reach so little over and under it that a mark looks tight.
_AROUND = 0.2


class Rect(NamedTuple):
    """Part of a line, in points from the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class PageRects(NamedTuple):
    """Of one quotation: the parts of lines it takes on its page and on the next."""

    here: list[Rect]
    next: list[Rect]


def find_rects(file: Path, page: int, quotes: Sequence[str]) -> list[PageRects]:
    """Return for each quotation where it stands; nothing where it is not found.

    Args:
        file: the PDF.
        page: the place of the page in the file, from 1.
        quotes: without the signs that join them in a citation.

    Raises:
        PdfiumError: the file is damaged, or asks for a password.
    """
    from pypdfium2 import PdfDocument

    with PdfDocument(file) as document:
        places = range(page - 1, min(page + 1, len(document)))
        texts = [document[place].get_textpage() for place in places]
        letters = [Letters([_text_of(text)]) for text in texts]
        following = letters[1] if len(letters) > 1 else Letters([])
        found: list[PageRects] = []
        for quote in quotes:
            spans = find_over_pages(letters[0], following, quote)
            rects = [
                [rect for s in own for rect in _rects(text, s.start, s.end)]
                for text, own in zip(texts, spans, strict=False)
            ]
            found.append(PageRects(*rects, *([[]] if len(texts) < 2 else [])))
        return found


def _text_of(text: PdfTextPage) -> str:
    """Return a page's letters, one for each index of PDFium's."""
    from pypdfium2.raw import FPDFText_GetUnicode

    codes = (FPDFText_GetUnicode(text, index) for index in range(text.count_chars()))
    return "".join(chr(code or 32) for code in codes)


def _rects(text: PdfTextPage, start: int, end: int) -> list[Rect]:
    number = text.count_rects(start, end - start)
    rects = [Rect(*text.get_rect(index)) for index in range(number)]
    return [_padded(rect) for rect in rects]


def _padded(rect: Rect) -> Rect:
    around = _AROUND * min(rect.top - rect.bottom, rect.right - rect.left)
    return Rect(
        rect.left - around / 2,
        rect.bottom - around,
        rect.right + around / 2,
        rect.top + around,
    )
