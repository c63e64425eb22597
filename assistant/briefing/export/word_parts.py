"""The parts of a Word file that python-docx does not write: links, bookmarks, fields."""

from __future__ import annotations

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph


def element(tag: str, *inside: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """Return an element such as ``w:shd``, its attributes of Word's namespace."""
    found = OxmlElement(tag)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    found.extend(inside)
    return found


def bookmark_end(start: BaseOxmlElement) -> BaseOxmlElement:
    """Return the end of a bookmark."""
    return element("w:bookmarkEnd", id=start.get(qn("w:id")))


def _text(tag: str, text: str) -> BaseOxmlElement:
    content = element(tag)
    content.text = text
    content.set(qn("xml:space"), "preserve")
    return content


def _coloured(text: str) -> BaseOxmlElement:
    properties = element("w:rPr", element("w:color", val="1D4F76"))
    return element("w:r", properties, _text("w:t", text))


def jump(text: str, bookmark: str) -> BaseOxmlElement:
    """Return a link to a bookmark of the same file."""
    return element("w:hyperlink", _coloured(text), anchor=bookmark, history="1")


def web_link(paragraph: Paragraph, url: str) -> BaseOxmlElement:
    """Return a link to a page of the web, which the paragraph's part relates to."""
    link = element("w:hyperlink", _coloured(url), history="1")
    relation = paragraph.part.relate_to(
        url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link.set(qn("r:id"), relation)
    return link


def field_char(kind: str) -> BaseOxmlElement:
    """Return a run that begins, separates or ends a field."""
    return element("w:r", element("w:fldChar", fldCharType=kind))


def field(code: str) -> list[BaseOxmlElement]:
    """Return the runs of a field as far as its value; ``field_char`` ends it."""
    instruction = element("w:r", _text("w:instrText", f" {code} "))
    return [field_char("begin"), instruction, field_char("separate")]


def tab() -> BaseOxmlElement:
    """Return a run with a tabulator."""
    return element("w:r", element("w:tab"))
