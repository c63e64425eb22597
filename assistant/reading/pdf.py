"""Reads a PDF: text in reading order under its headings, each on its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, product, zip_longest
from pathlib import Path

from pypdfium2 import PdfDocument, PdfiumError, raw

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    FoundTable,
    Kind,
    Page,
    Part,
    clean,
    make_sections,
)
from assistant.reading.front_page import (
    FrontLine,
    find_body,
    find_front_date,
    find_publisher,
    is_person,
    read_front_page,
)
from assistant.reading.ocr import (
    HOW_TO_INSTALL,
    MOST_SCANNED,
    is_installed,
    recognise,
)
from assistant.reading.pdf_furniture import find_furniture
from assistant.reading.pdf_headings import find_headings
from assistant.reading.pdf_layout import (
    Paragraph,
    Style,
    find_leading,
    joined_over_breaks,
    joined_tables,
    make_paragraphs,
)
from assistant.reading.pdf_letters import PageLetters, read_letters
from assistant.reading.pdf_lines import (
    Line,
    count_words,
    in_rows,
    make_lines,
    most_size,
)
from assistant.reading.pdf_tables import ruled_tables
from assistant.reading.tables import with_rows

MOST_PAGES = 2000
# Fewer letters a page than this, over the whole file: pictures of text, no text.
_LEAST_LETTERS = 20
_AXIS = 3


def read_pdf(file: Path) -> Extract:
    """Read a PDF file.

    Raises:
        CorpusError: it is encrypted, damaged, too long, or holds no text (a scan).
    """
    try:
        with PdfDocument(file) as document:
            return _read(file, document)
    except PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise CorpusError(
                f"{file.name} is encrypted. Save a copy without a password and add that."
            ) from error
        raise CorpusError(
            f"{file.name} is damaged or incomplete. Download or export it again."
        ) from error


def _read(file: Path, document: PdfDocument) -> Extract:
    count = len(document)
    if count > MOST_PAGES:
        raise CorpusError(
            f"{file.name} has {count} pages; at most {MOST_PAGES} are read. Split it."
        )
    drawn = [read_letters(document[number]) for number in range(count)]
    scanned = _recognise(file, document, drawn)
    lines = [make_lines(a for a in page.letters if not a.turned) for page in drawn]
    drop, printed = find_furniture(lines, [page.height for page in drawn])
    pages = _labelled(document, printed)
    for number, (own, dropped) in enumerate(zip(lines, drop, strict=True)):
        drawn[number] = _without(drawn[number], [own[place] for place in dropped])
    kept = [
        [line for n, line in enumerate(own) if n not in dropped]
        for own, dropped in zip(lines, drop, strict=True)
    ]
    paragraphs = _paragraphs(drawn, kept, pages)
    found = _found(document, lines, drop, paragraphs)
    parts = tuple(_parts(paragraphs))
    sections = make_sections(with_rows(parts), found.title)
    outline = tuple(_outline(document))
    return Extract(f"PDF{scanned}", sections, found, count, parts, outline)


def _outline(document: PdfDocument) -> Iterator[tuple[str, int]]:
    for mark in document.get_toc():
        title, place = clean(mark.get_title()), mark.get_dest()
        page = place.get_index() if place else None
        if title and page is not None:
            yield title, page + 1


def _recognise(file: Path, document: PdfDocument, drawn: list[PageLetters]) -> str:
    """Recognise the text of scanned pages, in place; return what to say of that."""
    bare = [n for n, page in enumerate(drawn) if len(page.letters) < _LEAST_LETTERS]
    pictured = [number for number in bare if drawn[number].pictured]
    mostly = sum(len(page.letters) for page in drawn) < _LEAST_LETTERS * len(drawn)
    if mostly and not (pictured and is_installed()):
        raise CorpusError(
            f"{file.name} holds pictures of its pages and hardly any text: it was "
            f"scanned. {HOW_TO_INSTALL}"
        )
    if not pictured or not is_installed():
        return ""
    if len(pictured) > MOST_SCANNED:
        raise CorpusError(
            f"{file.name} has {len(pictured)} scanned pages; at most {MOST_SCANNED} are "
            "recognised. Split it."
        )
    for number in pictured:
        drawn[number] = recognise(document[number], drawn[number])
    if sum(len(page.letters) for page in drawn) < 2:
        raise CorpusError(
            f"{file.name} was scanned, and no text can be recognised in its pictures. "
            "Scan it again, upright and with more contrast."
        )
    read = [number for number in pictured if drawn[number].letters]
    part = "" if len(read) == len(drawn) else "in part "
    return f", {part}read by text recognition" if read else ""


def _without(page: PageLetters, lines: Sequence[Line]) -> PageLetters:
    """Return a page without the letters of its furniture."""
    if not lines:
        return page
    gone = {id(letter) for line in lines for letter in line.letters}
    return replace(page, letters=[a for a in page.letters if id(a) not in gone])


def _labelled(document: PdfDocument, printed: Sequence[str | None]) -> list[Page]:
    """Name the pages: by the number printed on them, else by the file's own labels."""
    labels = [document.get_page_label(number) for number in range(len(printed))]
    return [
        Page(print_ or (label if label not in printed else None) or None, number)
        for number, (print_, label) in enumerate(
            zip(printed, labels, strict=True), start=1
        )
    ]


def _paragraphs(
    drawn: Sequence[PageLetters],
    lines: Sequence[Sequence[Line]],
    pages: Sequence[Page],
) -> list[Paragraph]:
    sizes = Counter(letter.size for page in drawn for letter in page.letters)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    style = Style(usual, find_leading(map(in_rows, lines))[0])
    words = count_words(line for page in lines for line in page)
    found: list[Paragraph] = []
    for page, own, letters in zip(pages, lines, drawn, strict=True):
        tables, rest = ruled_tables(letters, words)
        left = make_lines(a for a in rest if not a.turned) if tables else own
        found.extend(make_paragraphs(left, tables, page, style, words))
    return joined_over_breaks(joined_tables(found), words)


def _parts(paragraphs: Sequence[Paragraph]) -> list[Part]:
    levels = find_headings(paragraphs)
    notes = {(p.page, p.notes): p for p in reversed(paragraphs) if p.kind == "note"}
    told: set[int] = set()
    blocks: list[Part] = []
    for place, paragraph in enumerate(paragraphs):
        if place in levels:
            blocks.append(Block("heading", *levels[place], paragraph.pages))
        elif (table := paragraph.table) is not None:
            at = table.pages or (paragraph.page,) * len(table.grid)
            blocks.append(FoundTable(table.grid, table.heads, None, at, False))
        elif paragraph.kind == "note" and id(paragraph) not in told:
            notes.pop((paragraph.page, paragraph.notes), None)
            blocks.append(_note(paragraph))
        elif paragraph.kind != "note":
            kind: Kind = "item" if paragraph.is_item else "text"
            blocks.append(Block(kind, paragraph.text, pages=paragraph.pages))
            for page, mark in product((p for _, p in paragraph.pages), paragraph.notes):
                note = notes.pop((page, (mark,)), None)
                if note is not None:
                    blocks.append(_note(note))
                    told.add(id(note))
    return _with_text(_without_axes(blocks))


def _without_axes(parts: Sequence[Part]) -> Iterator[Part]:
    """Leave out paragraphs without a word, several in a row: the labels of a chart."""
    for is_bare, run in groupby(parts, key=_is_bare):
        labels = list(run)
        if not is_bare or len(labels) < _AXIS:
            yield from labels


def _is_bare(part: Part) -> bool:
    if not isinstance(part, Block) or part.kind != "text":
        return False
    return not re.search(r"[^\W\d_]{2}", part.text)


def _with_text(found: Iterable[Part]) -> list[Part]:
    """Take guessed headings that head nothing as text, so that no word is lost."""
    parts = list(found)
    kept: list[Part] = []
    for part, after in zip_longest(parts, parts[1:]):
        if isinstance(part, Block) and part.kind == "heading" and kept:
            next_level = _heading_level(after)
            if after is None or (next_level and next_level <= part.level):
                part = Block("text", part.text, pages=part.pages)
        kept.append(part)
    return kept


def _heading_level(part: Part | None) -> int:
    is_heading = isinstance(part, Block) and part.kind == "heading"
    return part.level if isinstance(part, Block) and is_heading else 0


def _note(paragraph: Paragraph) -> Block:
    mark = "".join(paragraph.notes)
    text = f"Note {mark}: {paragraph.text}".replace(" :", ":")
    return Block("note", text, pages=paragraph.pages)


def _found(
    document: PdfDocument,
    lines: Sequence[Sequence[Line]],
    drop: Sequence[set[int]],
    paragraphs: Sequence[Paragraph],
) -> Found:
    usual = most_size((p.size, p.text) for p in paragraphs)
    given = clean(document.get_metadata_value("Title"))
    style = Style(usual, find_leading([in_rows(lines[0])])[0])
    cover = make_paragraphs(lines[0], [], Page(None, 1), style, Counter())
    said = [FrontLine(p.text, p.size, p.bold) for p in cover if p.text]
    front = read_front_page(said, usual=usual, given=given)
    author = clean(document.get_metadata_value("Author"))
    pages = zip(lines, drop, strict=True)
    heads = [own[n].text for own, dropped in pages for n in sorted(dropped)]
    text = "\n".join([*(p.text for p in paragraphs), *heads])
    return replace(
        front,
        authors=_people(author),
        published=front.published or find_front_date([line.text for line in lines[0]]),
        publisher=front.publisher
        or find_publisher("\n".join(heads))
        or find_body([*heads, *(line.text for line in said)], text),
    )


def _people(text: str) -> tuple[str, ...]:
    names = [name.strip() for part in text.split(";") for name in part.split(",")]
    # A user name such as "jsmith2" is no author.
    return tuple(n for n in names if is_person(n))
