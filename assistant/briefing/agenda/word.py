"""Reads an agenda from a Word file: as it would print, with the numbers that Word shows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.briefing.agenda.tables import lines_of_rows
from assistant.errors import AgendaError

_MOST_UNPACKED = 100_000_000
_MOST_DEEP = 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out, and what a field or a box holds beside the text.
_UNPRINTED = {f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "txbxContent")}
_UNPRINTED.add(_FALLBACK)
_BREAKS = {f"{_W}{tag}" for tag in ("tab", "br", "cr", "ptab")}


def read_word_agenda(file: Path) -> str:
    """Return the text of a Word file, its marks (numbers, bullets, headings) kept.

    Tracked changes are read as if accepted; text boxes follow the paragraph to which
    they are anchored; comments, footnotes and pictures are left out.

    Raises:
        AgendaError: it is damaged, or unpacks to more than can be an agenda.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise AgendaError(f"{file.name} unpacks to more than 100 MB.")
        document = docx.Document(str(file))
        return "\n".join(_Reading(document).lines())
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError) as error:
        raise AgendaError(
            f"{file.name} is no readable Word document. Open it in Word or LibreOffice "
            "and save it again as .docx, or paste its text."
        ) from error


class _Reading:
    """Goes through a document, and counts its numbered paragraphs."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = {s.style_id: s.name or "" for s in document.styles}
        self._counts: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        yield from self._blocks(self._body, 0)

    def _blocks(self, parent: Any, deep: int) -> Iterator[str]:
        """Yield the lines of paragraphs and tables, inside content controls too."""
        for child in parent if deep < _MOST_DEEP else ():
            if child.tag == f"{_W}p":
                yield from self._paragraph(child, deep)
            elif child.tag == f"{_W}tbl":
                yield from lines_of_rows([list(_cells(r)) for r in _rows(child)])
            elif child.tag not in _UNPRINTED and not str(child.tag).endswith("Pr"):
                yield from self._blocks(child, deep + 1)

    def _paragraph(self, paragraph: Any, deep: int) -> Iterator[str]:
        text = _text(paragraph)
        yield self._mark(paragraph) + text if text else ""
        for box in paragraph.iter(f"{_W}txbxContent"):
            # Word writes a box twice, the second time for its older versions.
            if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                yield ""
                yield from self._blocks(box, deep + 1)
                yield ""

    def _mark(self, paragraph: Any) -> str:
        """Return the mark that Word shows before a paragraph and does not keep as text."""
        own = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style = self._styles.get(own.get(f"{_W}val"), "") if own is not None else ""
        if style == "Title":
            return "# "
        if style.lower().startswith("heading "):
            return f"## {self._number(paragraph, 'heading')}"
        if style.startswith("List Bullet"):
            return "- "
        if style.startswith("List Number"):
            return self._number(paragraph, style, always=True)
        return self._number(paragraph, "list")

    def _number(self, paragraph: Any, kind: str, *, always: bool = False) -> str:
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None and not always:
            return ""
        level = properties.find(f"{_W}ilvl") if properties is not None else None
        deep = level is not None and level.get(f"{_W}val") not in (None, "0")
        if deep or kind[-1:] in "23":
            return "- "
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{self._counts[kind]}. "


def _text(element: Any) -> str:
    """Return what of a paragraph is printed, on one line."""

    def pieces(parent: Any) -> Iterator[str]:
        for child in parent:
            if child.tag == f"{_W}t":
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield " "
            elif child.tag not in _UNPRINTED:
                yield from pieces(child)

    return " ".join("".join(pieces(element)).split())


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[str]:
    """Yield the first line of each cell: what follows in it explains the item."""
    for cell in row.iter(f"{_W}tc"):
        texts = (_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
        yield next(filter(None, texts), "")
