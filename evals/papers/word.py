"""Writes a paper as a Word document: Word's own heading and list numbers, and notes."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from evals.papers.source import JOINED, NOTE_MARK, Block, Source, spans_of

_HEADING_NUMBER = re.compile(r"\d+(?:\.\d+)* +")
_LETTERED = re.compile(r"\([a-z]\)")
_HEADINGS, _LETTERS, _FIGURES = 90, 91, 92
_DAY = (2024, 1, 1, 0, 0, 0)


def write_word(source: Source, file: Path) -> None:
    """Write a paper as .docx: numbers are Word's, none of them typed."""
    writer = _Writer(source)
    for block in source.blocks:
        writer.add(block)
    writer.add_notes()
    written = BytesIO()
    writer.document.save(written)
    file.write_bytes(_undated(written))


class _Writer:
    """Adds one block after another; a list goes on until something else comes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.document = Document()
        properties = self.document.core_properties
        properties.title = source.settings.get("property", "")
        properties.author = properties.comments = ""
        properties.created = properties.modified = datetime(*_DAY)
        self.numbering = self.document.part.numbering_part.element
        self._define(_HEADINGS, [("decimal", "%1"), ("decimal", "%1.%2")])
        self._define(_LETTERS, [("lowerLetter", "(%1)")])
        self._define(_FIGURES, [("decimal", "%1.")])
        self.headings = self._instance(_HEADINGS)
        self.open_list: tuple[int, int] | None = None
        section = self.document.sections[0]
        section.header.paragraphs[0].text = source.settings.get("head", "")
        section.footer.paragraphs[0].text = source.settings.get("foot", "")

    def add(self, block: Block) -> None:
        """Add a block; ends the list before it if it is no item."""
        if block.kind != "item":
            self.open_list = None
        if block.kind == "break":
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind == "table":
            self._table(block)
        elif block.kind == "item":
            self._item(block)
        elif block.kind in ("h1", "h2", "h3"):
            self._heading(block)
        else:
            style = {"title": "Title"}.get(block.kind, "Normal")
            self._fill(self.document.add_paragraph(style=style), block.text)

    def _heading(self, block: Block) -> None:
        level = int(block.kind[1])
        text, numbered = _HEADING_NUMBER.subn("", block.text, count=1)
        paragraph = self.document.add_paragraph(style=f"Heading {level}")
        if numbered:
            _number(paragraph, self.headings, level - 1)
        self._fill(paragraph, text)

    def _item(self, block: Block) -> None:
        if block.mark == "•":
            self._fill(self.document.add_paragraph(style="List Bullet"), block.text)
            return
        paragraph = self.document.add_paragraph()
        if re.fullmatch(r"\d+\.\d+", block.mark):
            _number(paragraph, self.headings, 1)
        else:
            kind = _LETTERS if _LETTERED.fullmatch(block.mark) else _FIGURES
            if self.open_list is None or self.open_list[0] != kind:
                self.open_list = (kind, self._instance(kind))
            _number(paragraph, self.open_list[1], 0)
        self._fill(paragraph, block.text)

    def _table(self, block: Block) -> None:
        self._fill(self.document.add_paragraph(style="Caption"), block.text)
        table = self.document.add_table(len(block.rows), len(block.rows[0]))
        if block.ruled:
            table.style = "Table Grid"
        for row, texts in zip(table.rows, block.rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = "" if text in JOINED else text
        for (left, top), (right, bottom) in spans_of(block):
            joined = table.cell(top, left).merge(table.cell(bottom, right))
            joined.text = block.rows[top][left]

    def _fill(self, paragraph: Any, text: str) -> None:
        """Add a text; where a note is called for, Word's mark of it."""
        for i, piece in enumerate(NOTE_MARK.split(text)):
            run = paragraph.add_run("" if i % 2 else piece)
            if i % 2:
                mark = OxmlElement("w:footnoteReference")
                mark.set(qn("w:id"), piece)
                run.font.superscript = True
                run._r.append(mark)

    def add_notes(self) -> None:
        """Add the part that holds the footnotes."""
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r>'
            f'<w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
            for number, text in self.source.notes.items()
        )
        if not notes:
            return
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>"
        )
        name = PackURI("/word/footnotes.xml")
        main = self.document.part
        part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), main.package)
        main.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _define(self, number: int, levels: list[tuple[str, str]]) -> None:
        """Add a kind of numbering; Word wants these before their instances."""
        inside = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>'
            '<w:ind w:left="720" w:hanging="720"/></w:pPr></w:lvl>'
            for i, (form, text) in enumerate(levels)
        )
        self.numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
                f'<w:multiLevelType w:val="multilevel"/>{inside}</w:abstractNum>'
            ),
        )

    def _instance(self, kind: int) -> int:
        """Begin a numbering of a kind anew and return its id."""
        instance = self.numbering.add_num(kind)
        instance.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(instance.numId)


def _number(paragraph: Any, instance: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = instance


def _undated(written: BytesIO) -> bytes:
    """Return the same archive with one fixed date, so that its bytes stay the same."""
    packed = BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, _DAY), old.read(name), zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()
