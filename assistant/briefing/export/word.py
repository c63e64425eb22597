"""A pack as a Word document: real headings, contents, linked references, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document as new_document
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from assistant.briefing.export import blocks
from assistant.briefing.export.word_parts import (
    bookmark_end,
    element,
    field,
    field_char,
    jump,
    tab,
    web_link,
)
from assistant.briefing.export.word_styles import WIDTH, set_up

_STYLES = {
    "normal": "Normal",
    "line": "Line to take",
    "small": "Small",
    "lead": "Lead",
    "label": "Label",
    "warning": "Warning",
}


def render_word(document: blocks.Document) -> bytes:
    """Return a document as a DOCX file."""
    return _Writer(document).write()


class _Writer:
    """Writes blocks one after the other; knows which references have been cited."""

    def __init__(self, document: blocks.Document) -> None:
        self._source = document
        self._docx = new_document()
        self._names = _bookmark_names(document)
        self._cited: set[str] = set()
        self._bookmarks = 0
        self._detail: BaseOxmlElement | None = None
        self._breaks = False

    def write(self) -> bytes:
        set_up(self._docx, self._source)
        self._paragraph("Title", (blocks.Span(self._source.title),))
        if self._source.subtitle:
            self._paragraph("Subtitle", self._source.subtitle)
        for block in self._source.blocks:
            self._block(block)
        if self._detail is not None:
            self._docx.paragraphs[-1]._p.append(bookmark_end(self._detail))
        file = BytesIO()
        self._docx.save(file)
        return file.getvalue()

    def _paragraph(self, style: str, spans: blocks.Spans = ()) -> Paragraph:
        """Add a paragraph, on a new page if one is to begin."""
        paragraph = self._docx.add_paragraph(style=style)
        if self._breaks:
            paragraph.paragraph_format.page_break_before = True
            self._breaks = False
        self._spans(paragraph, spans)
        return paragraph

    def _block(self, block: blocks.Block) -> None:
        match block:
            case blocks.Heading():
                paragraph = self._paragraph(f"Heading {block.level}")
                self._bookmark(paragraph, self._names[block.anchor], block.text)
            case blocks.Paragraph():
                self._paragraph(_STYLES[block.style], block.spans)
            case blocks.Bullets():
                for line in block.lines:
                    self._paragraph("List Bullet", line)
            case blocks.Table():
                self._table(block)
            case blocks.Contents():
                self._contents()
            case blocks.References():
                for entry in block.entries:
                    self._reference(entry, run_on=block.run_on and not entry.lead)
            case blocks.NewPage():
                self._breaks = True

    def _reference(self, entry: blocks.Entry, *, run_on: bool) -> None:
        if run_on:
            paragraph = self._docx.paragraphs[-1]
            paragraph.add_run(" ")
        else:
            paragraph = self._paragraph("Reference")
        if entry.lead:
            paragraph.add_run(f"{entry.lead} ").bold = True
        start = self._bookmark_start(f"ref_{entry.reference}")
        back = jump(f"[{entry.number}]", f"cite_{entry.reference}")
        paragraph._p.extend((start, back, bookmark_end(start)))
        self._spans(paragraph, (blocks.Span(" "), *entry.spans))

    def _spans(self, paragraph: Paragraph, spans: blocks.Spans) -> None:
        for span in spans:
            if span.kind == "cite":
                self._cite(paragraph, span)
            elif span.kind == "break":
                paragraph.add_run().add_break()
            elif span.kind == "link":
                paragraph._p.append(web_link(paragraph, span.text))
            else:
                run = paragraph.add_run(span.text)
                run.bold = True if span.kind == "strong" else None

    def _cite(self, paragraph: Paragraph, span: blocks.Span) -> None:
        link = jump(f"[{span.text}]", f"ref_{span.reference}")
        if span.reference in self._cited:
            paragraph._p.append(link)
            return
        # The reference links back to where it is first cited.
        self._cited.add(span.reference)
        start = self._bookmark_start(f"cite_{span.reference}")
        paragraph._p.extend((start, link, bookmark_end(start)))

    def _bookmark_start(self, name: str) -> BaseOxmlElement:
        self._bookmarks += 1
        return element("w:bookmarkStart", id=str(self._bookmarks), name=name)

    def _bookmark(self, paragraph: Paragraph, name: str, text: str) -> None:
        start = self._bookmark_start(name)
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(bookmark_end(start))

    def _table(self, block: blocks.Table) -> None:
        caption = self._paragraph("Caption", (blocks.Span(block.caption),))
        caption.paragraph_format.keep_with_next = True
        table = self._docx.add_table(rows=1, cols=len(block.header))
        table.style = "Table Grid"
        table.autofit = False
        for cell, text in zip(table.rows[0].cells, block.header, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
            shade = element("w:shd", val="clear", color="auto", fill="E8EEF3")
            cell._tc.get_or_add_tcPr().append(shade)
        table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
        for row in block.rows:
            for cell, spans in zip(table.add_row().cells, row, strict=True):
                self._spans(cell.paragraphs[0], spans)
        self._fit(table, block.widths)
        self._paragraph("Small")

    def _fit(self, table: Table, widths: Sequence[int]) -> None:
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(WIDTH * width / 100)
                for paragraph in cell.paragraphs:
                    paragraph.style = "Cell"
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(WIDTH * width / 100)

    def _contents(self) -> None:
        """Write the field with its present result, as Word itself would.

        The page numbers are fields without a value yet: only Word knows its pages. It
        fills them in when the file is printed or the contents are updated; to have it
        do so on opening would greet every reader with a warning.
        """
        headings = self._source.headings
        self._paragraph("Contents Title", (blocks.Span("Contents"),))
        for place, heading in enumerate(headings):
            paragraph = self._paragraph(f"toc {heading.level}")
            if place == 0:
                paragraph._p.extend(field(r'TOC \b detail \o "1-2" \h \z \u'))
            name = self._names[heading.anchor]
            entry = jump(heading.text, name)
            entry.extend([tab(), *field(f"PAGEREF {name} \\h"), field_char("end")])
            paragraph._p.append(entry)
            if place == len(headings) - 1:
                paragraph._p.append(field_char("end"))
                # What the field lists: the headings from here to the end.
                self._detail = self._bookmark_start("detail")
                paragraph._p.append(self._detail)


def _bookmark_names(document: blocks.Document) -> dict[str, str]:
    """Return the name of each heading's bookmark: Word takes few letters and signs."""
    headings = (block for block in document.blocks if isinstance(block, blocks.Heading))
    return {heading.anchor: f"heading_{n}" for n, heading in enumerate(headings, 1)}
