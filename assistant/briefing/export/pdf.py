"""A pack as a PDF: bookmarks, links, page numbers and a title, made by reportlab."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as FlowingTable
from reportlab.platypus.doctemplate import IndexingFlowable
from reportlab.platypus.tableofcontents import TableOfContents

from assistant.briefing.export.blocks import (
    Block,
    Bullets,
    Contents,
    Document,
    Entry,
    Heading,
    NewPage,
    Paragraph,
    References,
    Span,
    Spans,
    Table,
)
from assistant.briefing.export.fonts import MARK, NOT_SHOWN, Fonts, fonts_for

_INK, _GREY, _LINE = HexColor("#1d4f76"), HexColor("#444444"), HexColor("#9aa5ad")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def render_pdf(document: Document) -> bytes:
    """Return a document as a PDF file."""
    file = BytesIO()
    fonts = fonts_for("".join(_texts(document)))
    template = _Template(file, document, fonts)
    writer = _Writer(document, fonts)
    # Twice and more: the contents know their pages when the rest is laid out.
    template.multiBuild([*writer.flow(), _PageCount(template)])
    return file.getvalue()


def _texts(document: Document) -> Iterator[str]:
    def spans(lines: tuple[Spans, ...]) -> Iterator[str]:
        return (span.text for line in lines for span in line)

    yield document.title
    yield from spans((document.subtitle,))
    for block in document.blocks:
        match block:
            case Heading():
                yield block.text
            case Paragraph():
                yield from spans((block.spans,))
            case Bullets():
                yield from spans(block.lines)
            case Table():
                for row in block.rows:
                    yield from spans(row)
            case References():
                yield from spans(tuple(entry.spans for entry in block.entries))


def _least(before: Block | None, block: Block) -> float:
    """Return the room that is left where a part of the detail begins on a page."""
    match before, block:
        case Heading(), Heading():
            return 0
        case _, Heading():
            # Its questions, and the first row of its table.
            return 60 * mm
        case Table(), Table():
            return 35 * mm
    return 0


class _PageCount(IndexingFlowable):
    """Takes no room; has the document laid out again until it knows its last page."""

    def __init__(self, template: _Template) -> None:
        super().__init__()
        self._template = template

    def isSatisfied(self) -> bool:
        same = self._template.pages == self._template.page
        self._template.pages = self._template.page
        return same

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        """Draw nothing."""


class _Template(BaseDocTemplate):
    """An A4 page with the title at its head; headings become bookmarks."""

    def __init__(self, file: BytesIO, document: Document, fonts: Fonts) -> None:
        super().__init__(
            file,
            pagesize=A4,
            title=document.title,
            author="",
            subject="Briefing pack",
            creator="Council Shelf assistant",
            lang=document.language,
        )
        frame = Frame(_MARGIN, 16 * mm, _WIDTH, A4[1] - 35 * mm, 0, 0, 0, 0)
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
        while canvas.stringWidth(running, self._font, 8.5) > _WIDTH:
            running = running[:-2].rstrip() + "…"
        canvas.drawString(_MARGIN, A4[1] - 14 * mm, running)
        told = f"Page {self.page} of {self.pages}"
        canvas.drawRightString(A4[0] - _MARGIN, 11 * mm, told)
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Add a bookmark for a heading, and its page to the contents."""
        heading = getattr(flowable, "heading", None)
        if isinstance(heading, Heading):
            self.canv.bookmarkPage(heading.anchor)
            level = heading.level - 1
            self.canv.addOutlineEntry(heading.text, heading.anchor, level, False)
            if heading in self._listed:
                listed = getattr(flowable, "listed", "")
                entry = (level, listed, self.page, heading.anchor)
                self.notify("TOCEntry", entry)


def _styles(regular: str, bold: str) -> dict[str, ParagraphStyle]:
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


class _Writer:
    """Makes flowables of blocks, and remembers which references have been cited."""

    def __init__(self, document: Document, fonts: Fonts) -> None:
        self._document = document
        self._fonts = fonts
        self._styles = _styles(fonts.regular, fonts.bold)
        self._cited: set[str] = set()
        self._detail = False
        self._before: Block | None = None

    def flow(self) -> Iterator[Flowable]:
        yield self._text(self._marked_up(self._document.title), "title")
        if self._fonts.lacks:
            yield self._text(escape(NOT_SHOWN.format(mark=MARK)), "warning")
        if self._document.subtitle:
            yield self._text(self._line(self._document.subtitle), "small")
        for block in self._document.blocks:
            if self._detail and (least := _least(self._before, block)):
                # Kept together with a whole table, it would leave a page half empty.
                yield CondPageBreak(least)
            yield from self._block(block)
            self._before = block

    def _text(self, marked_up: str, style: str) -> Flowing:
        return Flowing(marked_up, self._styles[style])

    def _line(self, spans: Spans) -> str:
        return "".join(self._span(span) for span in spans)

    def _marked_up(self, text: str) -> str:
        """Return a text escaped, each piece of it in a font that has its letters."""
        return "".join(
            f'<font name="{self._fonts.east_asian}">{escape(piece)}</font>'
            if east_asian
            else escape(piece)
            for piece, east_asian in self._fonts.runs(text)
        )

    def _span(self, span: Span) -> str:
        text = self._marked_up(span.text)
        if span.kind == "cite":
            # A reference links back to where it is first cited.
            place = escape(span.reference)
            anchor = "" if place in self._cited else f'<a name="cite-{place}"/>'
            self._cited.add(place)
            return f'{anchor}<a href="#ref-{place}" color="#1d4f76">[{text}]</a>'
        if span.kind == "link":
            address = escape(span.text, {'"': "&quot;"})
            return f'<a href="{address}" color="#1d4f76">{text}</a>'
        if span.kind == "break":
            return "<br/>"
        if span.kind == "strong":
            return f'<font name="{self._styles["bold"].fontName}">{text}</font>'
        return text

    def _block(self, block: Block) -> Iterator[Flowable]:
        match block:
            case Heading():
                made = self._text(self._marked_up(block.text), f"h{block.level}")
                made.heading = block  # type: ignore[attr-defined]
                made.listed = self._marked_up(block.text)  # type: ignore[attr-defined]
                yield made
            case Paragraph():
                yield self._text(self._line(block.spans), block.style)
            case Bullets():
                style = self._styles["bullet"]
                for line in block.lines:
                    yield Flowing(self._line(line), style, bulletText="•")
            case Table():
                yield self._text(self._marked_up(block.caption), "caption")
                yield self._table(block)
                yield Spacer(0, 6)
            case Contents():
                yield from self._contents()
                self._detail = True
            case References():
                for text in self._references(block):
                    yield self._text(text, "reference")
            case NewPage():
                yield PageBreak()

    def _references(self, block: References) -> list[str]:
        """Return the paragraphs, marked up."""
        found: list[str] = []
        for entry in block.entries:
            if not found or entry.lead or not block.run_on:
                found.append("")
            found[-1] += self._reference(entry)
        return found

    def _reference(self, entry: Entry) -> str:
        n, place = entry.number, escape(entry.reference)
        back = f'<a name="ref-{place}"/><a href="#cite-{place}">[{n}]</a>'
        lead = self._line((Span(f"{entry.lead} ", "strong"),)) if entry.lead else ""
        return f"{lead}{back} {self._line(entry.spans)} "

    def _contents(self) -> Iterator[Flowable]:
        yield self._text("Contents", "h1")
        contents = TableOfContents()
        contents.levelStyles = [self._styles["contents-1"], self._styles["contents-2"]]
        # Whoever has it read aloud would hear each dot.
        contents.dotsMinLevel = -1
        yield contents

    def _table(self, block: Table) -> Flowable:
        bold = self._styles["bold"].fontName
        head = [
            self._text(f'<font name="{bold}">{self._marked_up(text)}</font>', "cell")
            for text in block.header
        ]
        rows = [[self._text(self._line(c), "cell") for c in row] for row in block.rows]
        made = FlowingTable(
            [head, *rows],
            colWidths=[_WIDTH * width / 100 for width in block.widths],
            repeatRows=1,
            splitInRow=1,
        )
        made.setStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e8eef3")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        return made
