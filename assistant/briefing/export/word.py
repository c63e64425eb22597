"""A pack as a Word document: real headings, contents, linked references, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from assistant.briefing.export.blocks import (
    Block,
    Bullets,
    Contents,
    Document,
    Heading,
    NewPage,
    Paragraph,
    References,
    Span,
    Spans,
    Table,
)

_INK = RGBColor(0x1D, 0x4F, 0x76)
_FONT = "Arial"
_PAGE, _MARGIN = (Mm(210), Mm(297)), Mm(20)
_WIDTH = 170  # millimetres between the margins
_STYLES = {
    "normal": "Normal",
    "line": "Line to take",
    "small": "Small",
    "lead": "Lead",
    "label": "Label",
    "warning": "Warning",
}
# Characters that Word takes in the name of a bookmark.
_MOST_NAME = 40


def render_word(document: Document) -> bytes:
    """Return a document as a DOCX file."""
    return _Writer(document).write()


class _Writer:
    """Writes blocks one after the other; knows which references have been cited."""

    def __init__(self, document: Document) -> None:
        self._source = document
        self._docx = new_document()
        self._cited: set[str] = set()
        self._bookmarks = 0
        self._detail: Any = None

    def write(self) -> bytes:
        _set_up(self._docx, self._source)
        self._docx.add_paragraph(self._source.title, style="Title")
        if self._source.subtitle:
            self._spans(
                self._docx.add_paragraph(style="Subtitle"), self._source.subtitle
            )
        for block in self._source.blocks:
            self._block(block)
        if self._detail is not None:
            self._docx.add_paragraph(style="Small")._p.append(
                _bookmark_end(self._detail)
            )
        file = BytesIO()
        self._docx.save(file)
        return file.getvalue()

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                paragraph = self._docx.add_heading("", level=block.level)
                self._bookmark(paragraph, _name(block.anchor), block.text)
            case Paragraph():
                style = _STYLES[block.style]
                self._spans(self._docx.add_paragraph(style=style), block.spans)
            case Bullets():
                for line in block.lines:
                    self._spans(self._docx.add_paragraph(style="List Bullet"), line)
            case Table():
                self._table(block)
            case Contents():
                self._contents()
            case References():
                for entry in block.entries:
                    paragraph = self._docx.add_paragraph(style="Reference")
                    start = self._bookmark_start(f"ref_{entry.reference}")
                    paragraph._p.append(start)
                    text = f"[{entry.number}]"
                    paragraph._p.append(_jump(text, f"cite_{entry.reference}"))
                    paragraph._p.append(_bookmark_end(start))
                    self._spans(paragraph, (Span(" "), *entry.spans))
            case NewPage():
                self._docx.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _spans(self, paragraph: Any, spans: Spans) -> None:
        for span in spans:
            if span.kind == "cite":
                self._cite(paragraph, span)
            elif span.kind == "break":
                paragraph.add_run().add_break()
            elif span.kind == "link":
                paragraph._p.append(_web_link(paragraph, span.text))
            else:
                run = paragraph.add_run(span.text)
                run.bold = True if span.kind == "strong" else None

    def _cite(self, paragraph: Any, span: Span) -> None:
        link = _jump(f"[{span.text}]", f"ref_{span.reference}")
        if span.reference in self._cited:
            paragraph._p.append(link)
            return
        # The reference links back to where it is first cited.
        self._cited.add(span.reference)
        start = self._bookmark_start(f"cite_{span.reference}")
        for element in (start, link, _bookmark_end(start)):
            paragraph._p.append(element)

    def _bookmark_start(self, name: str) -> Any:
        self._bookmarks += 1
        return _element("w:bookmarkStart", id=str(self._bookmarks), name=name)

    def _bookmark(self, paragraph: Any, name: str, text: str) -> None:
        start = self._bookmark_start(name)
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(_bookmark_end(start))

    def _table(self, block: Table) -> None:
        caption = self._docx.add_paragraph(block.caption, style="Caption")
        caption.paragraph_format.keep_with_next = True
        table = self._docx.add_table(rows=1, cols=len(block.header))
        table.style = "Table Grid"
        table.autofit = False
        for cell, text in zip(table.rows[0].cells, block.header, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
            shade = _element("w:shd", val="clear", color="auto", fill="E8EEF3")
            cell._tc.get_or_add_tcPr().append(shade)
        table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        for row in block.rows:
            for cell, spans in zip(table.add_row().cells, row, strict=True):
                self._spans(cell.paragraphs[0], spans)
        self._fit(table, block.widths)
        self._docx.add_paragraph(style="Small")

    def _fit(self, table: Any, widths: Sequence[int]) -> None:
        for row in table.rows:
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(_WIDTH * width / 100)
                for paragraph in cell.paragraphs:
                    paragraph.style = "Cell"
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(_WIDTH * width / 100)

    def _contents(self) -> None:
        """Write the field with its present result, as Word itself would.

        The page numbers are fields without a value yet: only Word knows its pages. It
        fills them in when the file is printed or the contents are updated; to have it
        do so on opening would greet every reader with a warning.
        """
        headings = self._source.headings
        self._docx.add_paragraph("Contents", style="Contents Title")
        for place, heading in enumerate(headings):
            paragraph = self._docx.add_paragraph(style=f"toc {heading.level}")
            if place == 0:
                paragraph._p.append(_field_char("begin"))
                paragraph._p.append(_instruction(r' TOC \b detail \o "1-2" \h \z \u '))
                paragraph._p.append(_field_char("separate"))
            name = _name(heading.anchor)
            entry = _jump(heading.text, name)
            entry.append(_tab())
            for part in (
                _field_char("begin"),
                _instruction(f" PAGEREF {name} \\h "),
                _field_char("separate"),
                _field_char("end"),
            ):
                entry.append(part)
            paragraph._p.append(entry)
            if place == len(headings) - 1:
                paragraph._p.append(_field_char("end"))
                # What the field lists: the headings from here to the end.
                self._detail = self._bookmark_start("detail")
                paragraph._p.append(self._detail)


def _set_up(docx: Any, source: Document) -> None:
    core = docx.core_properties
    core.title, core.language = source.title, source.language
    core.author, core.comments = "", ""
    section = docx.sections[0]
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin = section.bottom_margin = _MARGIN
    _styles(docx, source.language)
    section.header.paragraphs[0].text = source.running
    section.header.paragraphs[0].style = "Small"
    foot = section.footer.paragraphs[0]
    foot.style = "Small"
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for before, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(before)
        foot._p.append(_field_char("begin"))
        foot._p.append(_instruction(f" {field} "))
        foot._p.append(_field_char("separate"))
        foot.add_run("1")
        foot._p.append(_field_char("end"))


def _styles(docx: Any, language: str) -> None:
    normal = docx.styles["Normal"]
    _font(normal, 10)
    normal.paragraph_format.space_after = Pt(3)
    properties = normal.element.get_or_add_rPr()
    properties.append(_element("w:lang", val=language, eastAsia=language))
    for name, size in (("Title", 17.0), ("Heading 1", 14.0), ("Heading 2", 11.5)):
        style = docx.styles[name]
        _font(style, size)
        style.font.bold, style.font.color.rgb = True, _INK
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 7)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.keep_with_next = True
    _font(docx.styles["Subtitle"], 10)
    spacing = docx.styles["Subtitle"].element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        docx.styles["Subtitle"].element.rPr.remove(spacing)
    docx.styles["Subtitle"].font.italic = False
    docx.styles["Subtitle"].font.color.rgb = RGBColor(0x44, 0x44, 0x44)
    _font(docx.styles["Caption"], 10.5)
    docx.styles["Caption"].font.color.rgb = RGBColor(0, 0, 0)
    docx.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    for name, size, indent in (
        ("Small", 9, 0),
        ("Lead", 9, 0),
        ("Label", 10, 0),
        ("Line to take", 10, 0),
        ("Warning", 10, 0),
        ("Reference", 9, 0),
        ("Cell", 9, 0),
        ("Contents Title", 13, 0),
        ("toc 1", 10, 0),
        ("toc 2", 10, 6),
    ):
        style = docx.styles.add_style(name, 1)
        style.base_style = normal
        _font(style, size)
        style.paragraph_format.left_indent = Mm(indent)
    for name in ("toc 1", "toc 2"):
        stops = docx.styles[name].paragraph_format.tab_stops
        stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    docx.styles["Contents Title"].font.bold = True
    docx.styles["Contents Title"].font.color.rgb = _INK
    _bar(docx.styles["Line to take"], "left", "1D4F76", 24)
    _bar(docx.styles["Warning"], "left", "8A5A00", 24)
    docx.styles["Cell"].paragraph_format.space_after = Pt(2)
    docx.styles["Cell"].paragraph_format.space_before = Pt(2)
    for name in ("Lead", "Label"):
        docx.styles[name].paragraph_format.keep_with_next = True


def _font(style: Any, size: float) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over the one that is named.
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _bar(style: Any, side: str, colour: str, eighths: int) -> None:
    borders = _element("w:pBdr")
    borders.append(
        _element(f"w:{side}", val="single", sz=str(eighths), space="6", color=colour)
    )
    properties = style.element.get_or_add_pPr()
    # The schema wants borders before spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _name(anchor: str) -> str:
    """Return a bookmark's name: letters, digits and underscores, at most 40."""
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in anchor)
    return f"h_{kept}"[:_MOST_NAME]


def _element(tag: str, **attributes: str) -> Any:
    found = OxmlElement(tag)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


def _bookmark_end(start: Any) -> Any:
    return _element("w:bookmarkEnd", id=start.get(qn("w:id")))


def _run(text: str, *, coloured: bool = False) -> Any:
    run = _element("w:r")
    if coloured:
        properties = _element("w:rPr")
        properties.append(_element("w:color", val="1D4F76"))
        run.append(properties)
    content = _element("w:t")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    return run


def _jump(text: str, bookmark: str) -> Any:
    link = _element("w:hyperlink", anchor=bookmark, history="1")
    link.append(_run(text, coloured=True))
    return link


def _web_link(paragraph: Any, url: str) -> Any:
    link = _element("w:hyperlink", history="1")
    relation = paragraph.part.relate_to(
        url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link.set(qn("r:id"), relation)
    link.append(_run(url, coloured=True))
    return link


def _field_char(kind: str) -> Any:
    run = _element("w:r")
    run.append(_element("w:fldChar", fldCharType=kind))
    return run


def _tab() -> Any:
    run = _element("w:r")
    run.append(_element("w:tab"))
    return run


def _instruction(text: str) -> Any:
    run = _element("w:r")
    instruction = _element("w:instrText")
    instruction.text = text
    instruction.set(qn("xml:space"), "preserve")
    run.append(instruction)
    return run
