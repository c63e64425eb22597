"""The page, header, footer and styles of a Word file."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from assistant.briefing.export.blocks import Document
from assistant.briefing.export.word_parts import element, field, field_char

_INK = RGBColor(0x1D, 0x4F, 0x76)
_FONT = "Arial"
_PAGE, _MARGIN = (Mm(210), Mm(297)), Mm(20)
WIDTH = 170
"""Millimetres between the margins."""


def set_up(docx: WordDocument, source: Document) -> None:
    """Give an empty file its page, its styles, and what stands on every page."""
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
    for before, code in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        foot.add_run(before)
        foot._p.extend(field(code))
        foot.add_run("1")
        foot._p.append(field_char("end"))


def _styles(docx: WordDocument, language: str) -> None:
    normal = docx.styles["Normal"]
    _font(normal, 10)
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1.0
    properties = normal.element.get_or_add_rPr()
    properties.append(element("w:lang", val=language, eastAsia=language))
    for name, size in (("Title", 17.0), ("Heading 1", 14.0), ("Heading 2", 11.0)):
        style = docx.styles[name]
        _font(style, size)
        style.font.bold, style.font.color.rgb = True, _INK
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 6)
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
    for name, size in (
        ("Small", 9), ("Lead", 9), ("Label", 10), ("Line to take", 10), ("Warning", 10),
        ("Reference", 9), ("Cell", 9), ("Contents Title", 13), ("toc 1", 10),
        ("toc 2", 10),
    ):  # fmt: skip
        style = docx.styles.add_style(name, 1)
        style.base_style = normal
        _font(style, size)
        style.paragraph_format.left_indent = Mm(6 if name == "toc 2" else 0)
    for name in ("toc 1", "toc 2"):
        stops = docx.styles[name].paragraph_format.tab_stops
        stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    docx.styles["Contents Title"].font.bold = True
    docx.styles["Contents Title"].font.color.rgb = _INK
    _bar(docx.styles["Line to take"], "left", "1D4F76", 24)
    _bar(docx.styles["Warning"], "left", "8A5A00", 24)
    docx.styles["Cell"].paragraph_format.space_after = Pt(2)
    docx.styles["Cell"].paragraph_format.space_before = Pt(2)
    for name in ("Lead", "Label"):
        docx.styles[name].paragraph_format.keep_with_next = True


def _font(style: ParagraphStyle, size: float) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over the one that is named.
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _bar(style: ParagraphStyle, side: str, colour: str, eighths: int) -> None:
    edge = element(f"w:{side}", val="single", sz=str(eighths), space="6", color=colour)
    borders = element("w:pBdr", edge)
    properties = style.element.get_or_add_pPr()
    # The schema wants borders before spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )
