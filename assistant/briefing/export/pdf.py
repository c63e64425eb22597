"""A pack as a PDF: bookmarks, links, page numbers and a title, made by reportlab."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.tableofcontents import TableOfContents

from assistant.briefing.export import blocks
from assistant.briefing.export.fonts import MARK, NOT_SHOWN, Fonts, fonts_for
from assistant.briefing.export.pdf_page import (
    WIDTH,
    HeadingText,
    PageCount,
    Template,
    styles_of,
)

_LINE = HexColor("#9aa5ad")


def render_pdf(document: blocks.Document) -> bytes:
    """Return a document as a PDF file."""
    file = BytesIO()
    fonts = fonts_for("".join(_texts(document)))
    template = Template(file, document, fonts)
    writer = _Writer(document, fonts)
    # Twice and more: the contents know their pages when the rest is laid out.
    template.multiBuild([*writer.flow(), PageCount(template)])
    return file.getvalue()


def _texts(document: blocks.Document) -> Iterator[str]:
    def spans(lines: tuple[blocks.Spans, ...]) -> Iterator[str]:
        return (span.text for line in lines for span in line)

    yield document.title
    yield from spans((document.subtitle,))
    for block in document.blocks:
        match block:
            case blocks.Heading():
                yield block.text
            case blocks.Paragraph():
                yield from spans((block.spans,))
            case blocks.Bullets():
                yield from spans(block.lines)
            case blocks.Table():
                for row in block.rows:
                    yield from spans(row)
            case blocks.References():
                yield from spans(tuple(entry.spans for entry in block.entries))


def _least(before: blocks.Block | None, block: blocks.Block) -> float:
    """Return the room that is left where a part of the detail begins on a page."""
    match before, block:
        case blocks.Heading(), blocks.Heading():
            return 0
        case _, blocks.Heading():
            # Its questions, and the first row of its table.
            return 60 * mm
        case blocks.Table(), blocks.Table():
            return 35 * mm
    return 0


class _Writer:
    """Makes flowables of blocks, and remembers which references have been cited."""

    def __init__(self, document: blocks.Document, fonts: Fonts) -> None:
        self._document = document
        self._fonts = fonts
        self._styles = styles_of(fonts.regular, fonts.bold)
        self._cited: set[str] = set()
        self._detail = False
        self._before: blocks.Block | None = None

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

    def _text(self, marked_up: str, style: str) -> Paragraph:
        return Paragraph(marked_up, self._styles[style])

    def _line(self, spans: blocks.Spans) -> str:
        return "".join(self._span(span) for span in spans)

    def _marked_up(self, text: str) -> str:
        """Return a text escaped, each piece of it in a font that has its letters."""
        return "".join(
            f'<font name="{self._fonts.east_asian}">{escape(piece)}</font>'
            if east_asian
            else escape(piece)
            for piece, east_asian in self._fonts.runs(text)
        )

    def _span(self, span: blocks.Span) -> str:
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

    def _block(self, block: blocks.Block) -> Iterator[Flowable]:
        match block:
            case blocks.Heading():
                text = self._marked_up(block.text)
                made = HeadingText(text, self._styles[f"h{block.level}"])
                made.heading, made.marked_up = block, text
                yield made
            case blocks.Paragraph():
                yield self._text(self._line(block.spans), block.style)
            case blocks.Bullets():
                style = self._styles["bullet"]
                for line in block.lines:
                    yield Paragraph(self._line(line), style, bulletText="•")
            case blocks.Table():
                yield self._text(self._marked_up(block.caption), "caption")
                yield self._table(block)
                yield Spacer(0, 6)
            case blocks.Contents():
                yield from self._contents()
                self._detail = True
            case blocks.References():
                for text in self._references(block):
                    yield self._text(text, "reference")
            case blocks.NewPage():
                yield PageBreak()

    def _references(self, block: blocks.References) -> list[str]:
        """Return the paragraphs, marked up."""
        found: list[str] = []
        for entry in block.entries:
            if not found or entry.lead or not block.run_on:
                found.append("")
            found[-1] += self._reference(entry)
        return found

    def _reference(self, entry: blocks.Entry) -> str:
        n, place = entry.number, escape(entry.reference)
        back = f'<a name="ref-{place}"/><a href="#cite-{place}">[{n}]</a>'
        lead = (
            self._line((blocks.Span(f"{entry.lead} ", "strong"),)) if entry.lead else ""
        )
        return f"{lead}{back} {self._line(entry.spans)} "

    def _contents(self) -> Iterator[Flowable]:
        yield self._text("Contents", "h1")
        contents = TableOfContents()
        contents.levelStyles = [self._styles["contents-1"], self._styles["contents-2"]]
        # Whoever has it read aloud would hear each dot.
        contents.dotsMinLevel = -1
        yield contents

    def _table(self, block: blocks.Table) -> Flowable:
        bold = self._styles["bold"].fontName
        head = [
            self._text(f'<font name="{bold}">{self._marked_up(text)}</font>', "cell")
            for text in block.header
        ]
        rows = [[self._text(self._line(c), "cell") for c in row] for row in block.rows]
        made = Table(
            [head, *rows],
            colWidths=[WIDTH * width / 100 for width in block.widths],
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
