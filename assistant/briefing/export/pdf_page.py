"""The page, its head and foot, and the styles of a PDF file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
)
from reportlab.platypus.doctemplate import IndexingFlowable

from assistant.briefing.export import blocks
from assistant.briefing.export.fonts import Fonts

_INK, _GREY = HexColor("#1d4f76"), HexColor("#444444")
_MARGIN = 20 * mm
WIDTH = A4[0] - 2 * _MARGIN


class HeadingText(Paragraph):
    """A heading, which the contents list as it is marked up."""

    heading: blocks.Heading | None = None
    marked_up = ""


class PageCount(IndexingFlowable):
    """Takes no room; has the document laid out again until it knows its last page."""

    def __init__(self, template: Template) -> None:
        """Count the pages of a template."""
        super().__init__()
        self._template = template

    def isSatisfied(self) -> bool:
        """Tell whether there were as many pages as last time."""
        same = self._template.pages == self._template.page
        self._template.pages = self._template.page
        return same

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take no room."""
        return 0, 0

    def draw(self) -> None:
        """Draw nothing."""


class Template(BaseDocTemplate):
    """An A4 page with the title at its head; headings become bookmarks."""

    def __init__(self, file: BytesIO, document: blocks.Document, fonts: Fonts) -> None:
        """Make the page of a document."""
        super().__init__(
            file,
            pagesize=A4,
            title=document.title,
            author="",
            subject="Briefing pack",
            creator="Council Shelf assistant",
            lang=document.language,
        )
        frame = Frame(_MARGIN, 16 * mm, WIDTH, A4[1] - 35 * mm, 0, 0, 0, 0)
        self._running = fonts.plain(document.running)
        self._font = fonts.regular
        self._listed = set(document.headings)
        self.pages = 0
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._head)])

    def _head(self, canvas: Canvas, _template: object) -> None:
        canvas.saveState()
        canvas.setFont(self._font, 8.5)
        canvas.setFillColor(_GREY)
        running = self._running
        while canvas.stringWidth(running, self._font, 8.5) > WIDTH:
            running = running[:-2].rstrip() + "…"
        canvas.drawString(_MARGIN, A4[1] - 14 * mm, running)
        told = f"Page {self.page} of {self.pages}"
        canvas.drawRightString(A4[0] - _MARGIN, 11 * mm, told)
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Add a bookmark for a heading, and its page to the contents."""
        if isinstance(flowable, HeadingText) and (heading := flowable.heading):
            self.canv.bookmarkPage(heading.anchor)
            level = heading.level - 1
            self.canv.addOutlineEntry(heading.text, heading.anchor, level, False)
            if heading in self._listed:
                entry = (level, flowable.marked_up, self.page, heading.anchor)
                self.notify("TOCEntry", entry)


def styles_of(regular: str, bold: str) -> dict[str, ParagraphStyle]:
    """Return the styles by name, in these two fonts."""
    base = ParagraphStyle(
        "normal", fontName=regular, fontSize=9.5, leading=12.2, spaceAfter=3,
        alignment=TA_LEFT, splitLongWords=1,
    )  # fmt: skip

    def style(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=base, **changes)

    def heading(name: str, size: float, before: float) -> ParagraphStyle:
        return style(
            name, fontName=bold, fontSize=size, leading=size * 1.2, textColor=_INK,
            spaceBefore=before, spaceAfter=3, keepWithNext=1,
        )  # fmt: skip

    found = [
        base,
        heading("title", 17, 0),
        heading("h1", 13.5, 9),
        heading("h2", 11, 5),
        heading("h3", 10.5, 6),
        style("small", fontSize=8.6, leading=11.2, textColor=_GREY),
        style("lead", fontSize=8.6, leading=11.2, textColor=_GREY, keepWithNext=1),
        style("label", spaceBefore=4, keepWithNext=1),
        style("line"),
        style("warning", backColor=HexColor("#fff6e0"), borderPadding=4, spaceAfter=8),
        style("cell", fontSize=8.8, leading=11.5, spaceAfter=0),
        style("caption", fontName=bold, spaceBefore=5),
        style("bullet", spaceAfter=2, leftIndent=12, bulletIndent=2),
        style("reference", fontSize=8.8, leading=11.6),
        style("bold", fontName=bold),
        style("contents-1", fontName=bold, spaceBefore=4),
        style("contents-2", leftIndent=12, rightIndent=24),
    ]
    return {one.name: one for one in found}
