"""Reads a Word document (DOCX): headings by style, tables by row, hidden text left out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    clean,
    make_sections,
    row_text,
)
from assistant.reading.front_page import read_front_page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_APP = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Text that was struck out or moved away, and text boxes repeated for older programs.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", _ALTERNATIVE}
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
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(str(file))
        blocks = list(_blocks(document))
        found = _found(document, blocks)
    except (*_BROKEN, OpcError, LxmlError) as error:
        raise CorpusError(
            f"{file.name} is no readable Word document. Open it in Word or LibreOffice "
            "and save it again as .docx."
        ) from error
    return Extract("Word document", make_sections(blocks, found.title), found)


def _blocks(document: Any) -> Iterator[Block]:
    levels = {
        style.style_id: level
        for style in document.styles
        if (level := _heading_level(style)) is not None
    }
    for element in document.element.body.iter(f"{_W}p", f"{_W}tbl"):
        inside = any(parent.tag == f"{_W}tbl" for parent in element.iterancestors())
        left_out = any(parent.tag in _LEFT_OUT for parent in element.iterancestors())
        if inside or left_out:
            continue
        if element.tag == f"{_W}tbl":
            for row in element.iterchildren(f"{_W}tr"):
                cells = row.iterchildren(f"{_W}tc")
                text = clean(row_text([_text(cell) for cell in cells]))
                if text:
                    yield Block("row", text)
            continue
        text = clean(_text(element))
        level = _level(element, levels)
        if text and level is not None:
            yield Block("heading", text, level)
        elif text:
            yield Block("text", text)


def _heading_level(style: Any) -> int | None:
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


def _level(paragraph: Any, levels: dict[str, int]) -> int | None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return None
    style, outline = properties.find(f"{_W}pStyle"), properties.find(f"{_W}outlineLvl")
    if outline is not None and (outline.get(f"{_W}val") or "9") < "9":
        return int(outline.get(f"{_W}val")) + 1
    return levels.get(style.get(f"{_W}val")) if style is not None else None


def _text(element: Any) -> str:
    """Return the visible text under an element; a tab or a break counts as a space."""
    pieces: list[str] = []

    def walk(node: Any) -> None:
        if node.tag in _LEFT_OUT or (node.tag == f"{_W}r" and _hidden(node)):
            return
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            pieces.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        for child in node:
            walk(child)
        if node.tag == f"{_W}p":
            pieces.append(" ")

    walk(element)
    return "".join(pieces)


def _hidden(run: Any) -> bool:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return False
    vanish, colour = properties.find(f"{_W}vanish"), properties.find(f"{_W}color")
    size = properties.find(f"{_W}sz")
    if vanish is not None and (vanish.get(f"{_W}val") or "1").lower() not in _OFF:
        return True
    tiny = size is not None and (size.get(f"{_W}val") or "").isdigit()
    if tiny and int(size.get(f"{_W}val")) <= 4:  # in half points
        return True
    white = colour is not None and (colour.get(f"{_W}val") or "").upper() == "FFFFFF"
    # White text on a coloured ground is meant to be read.
    return white and properties.find(f"{_W}shd") is None and not _on_ground(run)


def _on_ground(run: Any) -> bool:
    for parent in run.iterancestors(f"{_W}p", f"{_W}tc"):
        properties = parent.find(f"{parent.tag}Pr")
        shade = properties.find(f"{_W}shd") if properties is not None else None
        if shade is not None and (shade.get(f"{_W}fill") or "auto").lower() not in (
            "auto",
            "ffffff",
        ):
            return True
    return False


def _found(document: Any, blocks: list[Block]) -> Found:
    core = document.core_properties
    # A title style is set largest, a heading next; both outrank plain text.
    front = read_front_page(
        [
            (b.text, 30.0 - b.level if b.kind == "heading" else 10.0)
            for b in blocks[:_FRONT]
        ]
    )
    authors = tuple(
        name
        for part in re.split(r"[;,]", core.author or "")
        if " " in (name := part.strip()) and name.lower() != "python-docx"
    )
    return Found(
        title=clean(core.title or "") or front.title,
        authors=front.authors or authors,
        published=front.published,
        publisher=_company(document) or front.publisher,
    )


def _company(document: Any) -> str | None:
    from lxml import etree

    for part in document.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            company = etree.fromstring(part.blob, parser).findtext(f"{_APP}Company")
            return clean(company or "") or None
    return None
