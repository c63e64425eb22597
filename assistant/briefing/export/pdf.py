"""A pack as a PDF: bookmarks, links, page numbers and a title, made by reportlab."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as FlowingTable

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

_INK, _GREY, _LINE = HexColor("#1d4f76"), HexColor("#444444"), HexColor("#9aa5ad")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN
# With more letters than any font that reportlab brings; where the system has it.
_SYSTEM = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/TTF"),
    Path("/Library/Fonts"),
)


def render_pdf(document: Document) -> bytes:
    """Return a document as a PDF file."""
    file = BytesIO()
    regular, bold = _fonts(document)
    template = _Template(file, document, regular)
    writer = _Writer(document, _styles(regular, bold))
    template.build(
        list(writer.flow()), canvasmaker=partial(_NumberedCanvas, font=regular)
    )
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


def _fonts(document: Document) -> tuple[str, str]:
    """Return names of a regular and a bold font that have the document's letters."""
    try:
        "".join(_texts(document)).encode("cp1252")
    except UnicodeEncodeError:
        return _embedded()
    return "Helvetica", "Helvetica-Bold"


def _embedded() -> tuple[str, str]:
    for folder in _SYSTEM:
        try:
            pdfmetrics.registerFont(TTFont("Pack", folder / "DejaVuSans.ttf"))
            pdfmetrics.registerFont(TTFont("Pack-Bold", folder / "DejaVuSans-Bold.ttf"))
        except TTFError:
            continue
        return "Pack", "Pack-Bold"
    pdfmetrics.registerFont(TTFont("Pack", "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("Pack-Bold", "VeraBd.ttf"))
    return "Pack", "Pack-Bold"


class _NumberedCanvas(Canvas):
    """A canvas that writes "Page 1 of 3" when the last page is known."""

    def __init__(self, *arguments: Any, font: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._font = font
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(self._font, 8.5)
            self.setFillColor(_GREY)
            told = f"Page {number} of {len(self._pages)}"
            self.drawRightString(A4[0] - _MARGIN, 11 * mm, told)
            super().showPage()
        super().save()


class _Template(BaseDocTemplate):
    """An A4 page with the title at its head; headings become bookmarks."""

    def __init__(self, file: BytesIO, document: Document, font: str) -> None:
        super().__init__(
            file,
            pagesize=A4,
            title=document.title,
            author="",
            subject="Briefing pack",
            creator="Council Shelf assistant",
            lang=document.language,
        )
        frame = Frame(_MARGIN, 18 * mm, _WIDTH, A4[1] - 40 * mm, 0, 0, 0, 0)
        self._running, self._font = document.running, font
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._head)])

    def _head(self, canvas: Canvas, _template: object) -> None:
        canvas.saveState()
        canvas.setFont(self._font, 8.5)
        canvas.setFillColor(_GREY)
        running = self._running
        while canvas.stringWidth(running, self._font, 8.5) > _WIDTH:
            running = running[:-2].rstrip() + "…"
        canvas.drawString(_MARGIN, A4[1] - 14 * mm, running)
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Add a bookmark for a heading."""
        heading = getattr(flowable, "heading", None)
        if isinstance(heading, Heading):
            self.canv.bookmarkPage(heading.anchor)
            level = heading.level - 1
            self.canv.addOutlineEntry(heading.text, heading.anchor, level, False)


def _styles(regular: str, bold: str) -> dict[str, ParagraphStyle]:
    base = ParagraphStyle(
        "normal", fontName=regular, fontSize=9.6, leading=12.6, spaceAfter=3,
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
        heading("h2", 11, 6),
        heading("h3", 10.5, 6),
        style("small", fontSize=8.6, leading=11.2, textColor=_GREY),
        style("lead", fontSize=8.6, leading=11.2, textColor=_GREY, keepWithNext=1),
        style("label", spaceBefore=4, keepWithNext=1),
        style("line"),
        style("warning", backColor=HexColor("#fff6e0"), borderPadding=4, spaceAfter=8),
        style("cell", fontSize=8.8, leading=11.5, spaceAfter=0),
        style("caption", fontName=bold, spaceBefore=5, keepWithNext=1),
        style("bullet", spaceAfter=2, leftIndent=12, bulletIndent=2),
        style("reference", fontSize=8.8, leading=11.6),
        style("bold", fontName=bold),
    ]
    return {one.name: one for one in found}


class _Writer:
    """Makes flowables of blocks, and remembers which references have been cited."""

    def __init__(self, document: Document, styles: dict[str, ParagraphStyle]) -> None:
        self._document = document
        self._styles = styles
        self._cited: set[str] = set()

    def flow(self) -> Iterator[Flowable]:
        yield self._text(escape(self._document.title), "title")
        if self._document.subtitle:
            yield self._text(self._line(self._document.subtitle), "small")
        for block in self._document.blocks:
            yield from self._block(block)

    def _text(self, marked_up: str, style: str) -> Flowing:
        return Flowing(marked_up, self._styles[style])

    def _line(self, spans: Spans) -> str:
        return "".join(self._span(span) for span in spans)

    def _span(self, span: Span) -> str:
        text = escape(span.text, {'"': "&quot;"})
        if span.kind == "cite":
            # A reference links back to where it is first cited.
            place = escape(span.reference)
            anchor = "" if place in self._cited else f'<a name="cite-{place}"/>'
            self._cited.add(place)
            return f'{anchor}<a href="#ref-{place}" color="#1d4f76">[{text}]</a>'
        if span.kind == "link":
            return f'<a href="{text}" color="#1d4f76">{text}</a>'
        if span.kind == "break":
            return "<br/>"
        if span.kind == "strong":
            return f'<font name="{self._styles["bold"].fontName}">{text}</font>'
        return text

    def _block(self, block: Block) -> Iterator[Flowable]:
        match block:
            case Heading():
                made = self._text(escape(block.text), f"h{block.level}")
                made.heading = block  # type: ignore[attr-defined]
                yield made
            case Paragraph():
                yield self._text(self._line(block.spans), block.style)
            case Bullets():
                style = self._styles["bullet"]
                for line in block.lines:
                    yield Flowing(self._line(line), style, bulletText="•")
            case Table():
                yield self._text(escape(block.caption), "caption")
                yield self._table(block)
                yield Spacer(0, 6)
            case Contents():
                yield from self._contents()
            case References():
                for entry in block.entries:
                    n, place = entry.number, escape(entry.reference)
                    back = f'<a name="ref-{place}"/><a href="#cite-{place}">[{n}]</a>'
                    yield self._text(f"{back} {self._line(entry.spans)}", "reference")
            case NewPage():
                yield PageBreak()

    def _contents(self) -> Iterator[Flowable]:
        yield self._text("Contents", "h1")
        for heading in self._document.headings:
            indent = "&nbsp;" * 6 * (heading.level - 1)
            link = f'<a href="#{heading.anchor}">{escape(heading.text)}</a>'
            yield self._text(indent + link, "normal")

    def _table(self, block: Table) -> Flowable:
        bold = self._styles["bold"].fontName
        head = [
            self._text(f'<font name="{bold}">{escape(text)}</font>', "cell")
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
