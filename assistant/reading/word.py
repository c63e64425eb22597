"""Reads a Word document (DOCX): headings by style, tables by row, hidden text left out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.styles.style import BaseStyle
from lxml import etree
from lxml.etree import _Element as Element

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    FoundTable,
    Part,
    clean,
    lines_of,
    make_sections,
)
from assistant.reading.front_page import find_body, is_person, read_front_blocks
from assistant.reading.tables import with_rows
from assistant.reading.word_numbers import Numbers, W, value_of

_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Text that was struck out or moved away, and text boxes repeated for older programs.
_LEFT_OUT = {f"{W}del", f"{W}moveFrom", _ALTERNATIVE}
_OFF = {"0", "false", "none", "off"}
_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)
# What a zip or its XML that was damaged may raise on the way.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, KeyError,
    ValueError, AttributeError, TypeError, IndexError, AssertionError,
)  # fmt: skip
# How many paragraphs of the beginning may give the details.
_FRONT = 12


def read_word(file: Path) -> Extract:
    """Read a DOCX file; it has no pages until it is laid out, so none are named.

    Raises:
        CorpusError: it is no Word document, damaged, or holds no text.
    """
    try:
        document = docx.Document(str(file))
        parts = tuple(_blocks(document))
        blocks = with_rows(parts)
        found = _found(document, blocks)
    except (*_BROKEN, OpcError, etree.LxmlError) as error:
        raise CorpusError(
            f"{file.name} is no readable Word document. Open it in Word or LibreOffice "
            "and save it again as .docx."
        ) from error
    sections = make_sections(blocks, found.title)
    return Extract("Word document", sections, found, parts=parts)


def _blocks(document: Document) -> Iterator[Part]:
    levels = {
        style.style_id: level
        for style in document.styles
        if (level := _heading_level(style)) is not None
    }
    numbers, notes = Numbers(document), _Notes(document)
    for element in document.element.body.iter(f"{W}p", f"{W}tbl"):
        inside = any(parent.tag == f"{W}tbl" for parent in element.iterancestors())
        left_out = any(parent.tag in _LEFT_OUT for parent in element.iterancestors())
        if inside or left_out:
            continue
        if element.tag == f"{W}tbl":
            yield _table(element)
            continue
        text = clean(_text(element))
        if not text:
            continue
        level = _level(element, levels)
        number = numbers.of(element)
        whole = f"{number} {text}" if number else text
        if level is not None:
            yield Block("heading", whole, level)
        else:
            yield Block("item" if number else "text", whole)
        yield from (
            Block("note", f"Note {mark}: {note}") for mark, note in notes.of(element)
        )


def _table(table: Element) -> FoundTable:
    """Return a table; a cell over several places stands in each of them."""
    grid: list[list[str]] = []
    heads = 0
    for number, row in enumerate(table.iterchildren(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}tblHeader") is not None:
            heads += heads == number
        cells: list[str] = []
        for cell in row.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is not row:
                continue
            own = cell.find(f"{W}tcPr")
            merge = own.find(f"{W}vMerge") if own is not None else None
            text = lines_of(_text(cell))
            goes_on = merge is not None and merge.get(f"{W}val") != "restart"
            if goes_on and grid and len(grid[-1]) > len(cells):
                text = grid[-1][len(cells)]
            count = int(value_of(own, "gridSpan") or 1)
            cells += [text] * max(1, min(count, 60))
        grid.append(cells)
    return FoundTable(grid, heads or None)


class _Notes:
    """The footnotes and endnotes of a document, numbered as they are referred to."""

    def __init__(self, document: Document) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self._count = 0
        for relation in document.part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if kind in ("footnotes", "endnotes") and not relation.is_external:
                for note in _parsed(relation.target_part.blob):
                    key = (kind[:-1], note.get(f"{W}id") or "")
                    self._texts[key] = clean(_text(note))

    def of(self, paragraph: Element) -> Iterator[tuple[int, str]]:
        """Yield number and text of the notes that a paragraph refers to."""
        for kind in ("footnote", "endnote"):
            for mark in paragraph.iter(f"{W}{kind}Reference"):
                text = self._texts.get((kind, mark.get(f"{W}id") or ""))
                if text:
                    self._count += 1
                    yield self._count, text


def _heading_level(style: BaseStyle | None) -> int | None:
    """Return the level of a heading style, or of one based on it; a title is 0."""
    for _ in range(10):
        if style is None or not getattr(style, "name", None):
            return None
        match = _HEADING.match(style.name)
        if match:
            return int(match[1])
        if style.name.lower() == "title":
            return 0
        style = getattr(style, "base_style", None)
    return None


def _level(paragraph: Element, levels: dict[str, int]) -> int | None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return None
    outline = value_of(properties, "outlineLvl") or "9"
    if outline < "9":
        return int(outline) + 1
    return levels.get(value_of(properties, "pStyle") or "")


def _text(element: Element) -> str:
    """Return the visible text under an element; a tab or a break counts as a space."""
    pieces: list[str] = []

    def walk(node: Element) -> None:
        if node.tag in _LEFT_OUT or (node.tag == f"{W}r" and _hidden(node)):
            return
        if node.tag == f"{W}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            pieces.append(" ")
        elif node.tag == f"{W}noBreakHyphen":
            pieces.append("-")
        for child in node:
            walk(child)
        if node.tag == f"{W}p":
            pieces.append("\n")

    walk(element)
    return "".join(pieces)


def _hidden(run: Element) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    vanish = properties.find(f"{W}vanish")
    if vanish is not None and (vanish.get(f"{W}val") or "1").lower() not in _OFF:
        return True
    size = value_of(properties, "sz") or ""
    if size.isdigit() and int(size) <= 4:  # in half points
        return True
    white = (value_of(properties, "color") or "").upper() == "FFFFFF"
    # White text on a coloured ground is meant to be read.
    return white and properties.find(f"{W}shd") is None and not _on_ground(run)


def _on_ground(run: Element) -> bool:
    for parent in run.iterancestors(f"{W}p", f"{W}tc"):
        properties = parent.find(f"{parent.tag}Pr")
        shade = properties.find(f"{W}shd") if properties is not None else None
        if shade is not None and (shade.get(f"{W}fill") or "auto").lower() not in (
            "auto",
            "ffffff",
        ):
            return True
    return False


def _found(document: Document, blocks: list[Block]) -> Found:
    core = document.core_properties
    front = read_front_blocks(blocks[:_FRONT], clean(core.title or ""))
    named = next((b.text for b in blocks[:3] if b.kind == "heading"), None)
    running = [
        clean(paragraph.text)
        for section in document.sections
        for part in (section.header, section.footer)
        for paragraph in part.paragraphs
    ]
    first = [block.text for block in blocks[:_FRONT]]
    text = "\n".join(block.text for block in blocks)
    authors = tuple(
        name
        for part in re.split(r"[;,]", core.author or "")
        if is_person(name := part.strip()) and name.lower() != "python-docx"
    )
    return Found(
        title=front.title or named,
        authors=authors,
        published=front.published,
        publisher=front.publisher or find_body([*running, *first], text),
    )


def _parsed(xml: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(xml, parser)
