"""The parts of a Word file that python-docx does not write: links, bookmarks, fields."""

from __future__ import annotations

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Return an element such as ``w:shd``, its attributes of Word's namespace."""
    found = OxmlElement(tag)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


def bookmark_end(start: BaseOxmlElement) -> BaseOxmlElement:
    """Return the end of a bookmark."""
    return element("w:bookmarkEnd", id=start.get(qn("w:id")))


def _run(text: str, *, coloured: bool = False) -> BaseOxmlElement:
    run = element("w:r")
    if coloured:
        properties = element("w:rPr")
        properties.append(element("w:color", val="1D4F76"))
        run.append(properties)
    content = element("w:t")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    return run


def jump(text: str, bookmark: str) -> BaseOxmlElement:
    """Return a link to a bookmark of the same file."""
    link = element("w:hyperlink", anchor=bookmark, history="1")
    link.append(_run(text, coloured=True))
    return link


def web_link(paragraph: Paragraph, url: str) -> BaseOxmlElement:
    """Return a link to a page of the web, which the paragraph's part relates to."""
    link = element("w:hyperlink", history="1")
    relation = paragraph.part.relate_to(
        url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link.set(qn("r:id"), relation)
    link.append(_run(url, coloured=True))
    return link


def field_char(kind: str) -> BaseOxmlElement:
    """Return a run that begins, separates or ends a field."""
    run = element("w:r")
    run.append(element("w:fldChar", fldCharType=kind))
    return run


def tab() -> BaseOxmlElement:
    """Return a run with a tabulator."""
    run = element("w:r")
    run.append(element("w:tab"))
    return run


def instruction(text: str) -> BaseOxmlElement:
    """Return a run that says what a field is."""
    run = element("w:r")
    content = element("w:instrText")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    run.append(content)
    return run
