"""Reads a PDF: text in reading order under its headings, each on its page."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    Page,
    clean,
    letters,
    make_sections,
)
from assistant.reading.front_page import read_front_page
from assistant.reading.pdf_furniture import find_furniture
from assistant.reading.pdf_layout import Paragraph, count_words, make_paragraphs, run_on
from assistant.reading.pdf_text import page_height, read_lines

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 2000
# Fewer letters a page than this, over the whole file: pictures of text, no text.
_LEAST_LETTERS = 20
# A heading is at least so much larger than the text, and no longer than this.
_LARGER = 1.12
_LONGEST_HEADING = 160


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the file's outline: title, level from 1, index of the page."""

    title: str
    level: int
    page: int
    top: float | None


def read_pdf(file: Path) -> Extract:
    """Read a PDF file.

    Raises:
        CorpusError: it is encrypted, damaged, too long, or holds no text (a scan).
    """
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    # It warns of every slip of a file that it can read all the same.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        return _read(file)
    except LimitReachedError as error:
        raise CorpusError(
            f"{file.name} unpacks to more than may be read. Print it to a new PDF."
        ) from error
    except DependencyError as error:
        raise _encrypted(file) from error
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError) as error:
        raise CorpusError(
            f"{file.name} is damaged or incomplete. Download or export it again."
        ) from error
    except (AttributeError, AssertionError, RecursionError, OverflowError) as error:
        raise CorpusError(
            f"{file.name} is no well-formed PDF. Print it to a new PDF."
        ) from error


def _encrypted(file: Path) -> CorpusError:
    return CorpusError(
        f"{file.name} is encrypted. Save a copy without a password and add that."
    )


def _read(file: Path) -> Extract:
    from pypdf import PdfReader

    reader = PdfReader(file)
    # Many files have an empty password, which only forbids printing or copying.
    if reader.is_encrypted and not reader.decrypt(""):
        raise _encrypted(file)
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise CorpusError(
            f"{file.name} has {count} pages; at most {MOST_PAGES} are read. Split it."
        )
    lines = [read_lines(page) for page in reader.pages]
    if sum(len(line.text) for page in lines for line in page) < _LEAST_LETTERS * count:
        raise CorpusError(
            f"{file.name} holds pictures of its pages and hardly any text: it was "
            "scanned. Run it through text recognition (for instance `ocrmypdf in.pdf "
            "out.pdf`) and add the result."
        )
    heights = [page_height(page) for page in reader.pages]
    drop, printed = find_furniture(lines, heights)
    pages = _labelled(reader, printed)
    words = count_words(line for page in lines for line in page)
    paragraphs = [
        paragraph
        for page, page_lines, dropped in zip(pages, lines, drop, strict=True)
        for paragraph in make_paragraphs(
            [line for n, line in enumerate(page_lines) if n not in dropped], page, words
        )
    ]
    found = _found(reader, [p for p in paragraphs if p.page.number == 1])
    blocks = _with_headings(paragraphs, list(_bookmarks(reader)), words)
    sections = make_sections(blocks, found.title)
    return Extract("PDF", sections, found, count)


def _labelled(reader: PdfReader, printed: Sequence[str | None]) -> list[Page]:
    """Name the pages: by the number printed on them, else by the file's own labels."""
    labels: Sequence[str | None] = [None] * len(printed)
    if "/PageLabels" in reader.root_object:
        labels = reader.page_labels
    return [
        Page(print_ or label or None, number)
        for number, (print_, label) in enumerate(
            zip(printed, labels, strict=True), start=1
        )
    ]


def _bookmarks(reader: PdfReader) -> Iterator[Bookmark]:
    def walk(entries: Sequence[Any], level: int) -> Iterator[Bookmark]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
                continue
            page = reader.get_destination_page_number(entry)
            title, top = clean(str(entry.title or "")), entry.get("/Top")
            if page is not None and page >= 0 and title:
                place = float(top) if isinstance(top, int | float) else None
                yield Bookmark(title, min(level, 6), page, place)

    yield from walk(reader.outline, 1)


def _with_headings(
    paragraphs: Sequence[Paragraph], bookmarks: Sequence[Bookmark], words: Counter[str]
) -> list[Block]:
    levels = (
        _levels_by_bookmark(paragraphs, bookmarks)
        if bookmarks
        else _levels_by_size(paragraphs)
    )
    blocks: list[Block] = []
    held: list[Paragraph] = []
    for place, paragraph in enumerate(paragraphs):
        if place not in levels:
            held.append(paragraph)
            continue
        blocks.extend(run_on(held, words))
        held.clear()
        for title, level in levels[place]:
            blocks.append(Block("heading", title, level))
        if not any(_names(title, paragraph) for title, _ in levels[place]):
            held.append(paragraph)
    blocks.extend(run_on(held, words))
    return blocks


def _names(title: str, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph is a heading, be it that its number is not in the title."""
    text, wanted = letters(paragraph.text), letters(title)
    return wanted != "" and wanted in (text, text.lstrip("0123456789"))


Levels = dict[int, list[tuple[str, int]]]


def _levels_by_bookmark(
    paragraphs: Sequence[Paragraph], bookmarks: Sequence[Bookmark]
) -> Levels:
    """Find the paragraph that each bookmark names, else the first one below it."""
    levels: Levels = {}
    start = 0
    for mark in bookmarks:
        here = [
            place
            for place in range(start, len(paragraphs))
            if paragraphs[place].page.number == mark.page + 1
        ]
        named = [p for p in here if _names(mark.title, paragraphs[p])]
        below = [
            p for p in here if mark.top is None or paragraphs[p].top <= mark.top + 2
        ]
        later = (
            p
            for p in range(start, len(paragraphs))
            if paragraphs[p].page.number > mark.page
        )
        place = next(iter(named or below), None) or next(later, None)
        if place is not None:
            levels.setdefault(place, []).append((mark.title, mark.level))
            start = place
    return levels


def _levels_by_size(paragraphs: Sequence[Paragraph]) -> Levels:
    """Take short paragraphs in larger or bold type as headings, largest first."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    if not sizes:
        return {}
    usual = sizes.most_common(1)[0][0]
    bold = sum(len(p.text) for p in paragraphs if p.bold and p.size <= usual * _LARGER)
    # Where half of the text is bold, bold says nothing.
    bold_counts = 2 * bold < sum(sizes.values())

    def rank(paragraph: Paragraph) -> tuple[float, bool] | None:
        short = len(paragraph.text) <= _LONGEST_HEADING and not paragraph.row
        if not short or not letters(paragraph.text):
            return None
        if paragraph.size >= usual * _LARGER:
            return (paragraph.size, False)
        ends = paragraph.text.endswith((".", ",", ";", ":"))
        if bold_counts and paragraph.bold and not ends and paragraph.size >= usual:
            return (usual, True)
        return None

    ranks = {place: rank(p) for place, p in enumerate(paragraphs)}
    order = sorted({r for r in ranks.values() if r}, reverse=True)
    return {
        place: [(paragraphs[place].text, min(order.index(r) + 1, 6))]
        for place, r in ranks.items()
        if r
    }


def _found(reader: PdfReader, first: Sequence[Paragraph]) -> Found:
    values: Mapping[str, Any] = reader.metadata or {}
    front = read_front_page([(p.text, p.size) for p in first])
    title = clean(str(values.get("/Title") or ""))
    if not title or _is_file_name(title):
        title = front.title or ""
    author = clean(str(values.get("/Author") or ""))
    return Found(
        title=title or None,
        authors=_people(author) or front.authors,
        published=front.published,
        publisher=front.publisher,
    )


def _people(text: str) -> tuple[str, ...]:
    names = [name.strip() for part in text.split(";") for name in part.split(",")]
    # A user name such as "jsmith2" is no author.
    return tuple(n for n in names if " " in n and not any(c.isdigit() for c in n))


def _is_file_name(title: str) -> bool:
    ends = (".doc", ".docx", ".pdf", ".indd", ".odt", ".html", ".htm", ".tmp")
    return title.lower().endswith(ends) or title.lower().startswith(
        ("microsoft word", "untitled", "about:blank", "http")
    )
