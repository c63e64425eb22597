"""Writes a paper as a PDF, of the same bytes each time."""

from __future__ import annotations

import re
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from evals.papers.layouts import LAYOUTS, MM, Layout, styles_of
from evals.papers.source import JOINED, NOTE_MARK, Block, Source, spans_of
from evals.papers.tagging import Marked, MarkedTable, add_tags
from evals.papers.turned import turn_pages

_NUMBER = re.compile(r"[-–(£]?[\d.,]+[%)]?|n/a|–")


class Sheet(Canvas):
    """A page that knows which notes its text calls for and what it has marked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with no notes."""
        super().__init__(*args, **kwargs)
        self.called: list[str] = []
        # reportlab calls it wherever the mark of a note is drawn.
        self.setNamedCB("note", lambda _sheet, _kind, note: self.called.append(note))


def write_pdf(source: Source, file: Path) -> int:
    """Write a paper and return its number of pages.

    ``layout`` says how; ``tagged: yes`` adds a structure tree as Word makes it.
    ``turned: yes`` lays its pages on their side and has viewers turn them back.
    ``numbers`` is what is printed on each page, such as ``Page {n} of {total}``;
    ``first`` is the number of the first page (0: a cover, with none printed).
    """
    total = 0
    if "{total}" in source.settings.get("numbers", ""):
        total = _build(source, file, 0)
    pages = _build(source, file, total)
    if "tagged" in source.settings:
        add_tags(file)
    if "turned" in source.settings:
        turn_pages(file)
    return pages


def _build(source: Source, file: Path, total: int) -> int:
    layout = LAYOUTS[source.settings["layout"]]
    document = BaseDocTemplate(
        str(file),
        pagesize=layout.page,
        title=source.settings.get("property", ""),
        author="",
        creator="",
        invariant=1,
    )
    furnish = partial(_furnish, source, layout, total)
    document.addPageTemplates(
        [PageTemplate(frames=_frames(layout), onPageEnd=furnish, pagesize=layout.page)]
    )
    document.build(_flowables(source, layout), canvasmaker=Sheet)
    return int(document.page)


def _frames(layout: Layout) -> list[Frame]:
    width, height = layout.page
    gutter = 8 * MM
    across = width - 2 * layout.margin - gutter * (layout.columns - 1)
    each = across / layout.columns
    bottom = layout.margin + layout.note_room
    return [
        Frame(
            layout.margin + i * (each + gutter),
            bottom,
            each,
            height - bottom - layout.margin,
            leftPadding=0,
            rightPadding=0,
        )
        for i in range(layout.columns)
    ]


def _furnish(
    source: Source, layout: Layout, total: int, sheet: Sheet, document: BaseDocTemplate
) -> None:
    """Draw the running head and foot, the page number and the notes of a page."""
    settings = source.settings
    width, height = layout.page
    page = document.page + int(settings.get("first", "1")) - 1
    sheet.saveState()
    code: list[str] = vars(sheet)["_code"]
    code.append("/Artifact BMC")
    sheet.setFont("Helvetica", 8)
    if page > 0:
        sheet.drawString(layout.margin, height - 12 * MM, settings.get("head", ""))
        number = settings.get("numbers", "").format(n=page, total=total)
        sheet.drawRightString(width - layout.margin, 10 * MM, number)
    sheet.drawString(layout.margin, 10 * MM, settings.get("foot", ""))
    if sheet.called:
        _draw_notes(source, layout, sheet)
    code.append("EMC")
    sheet.restoreState()


def _draw_notes(source: Source, layout: Layout, sheet: Sheet) -> None:
    top = layout.margin + layout.note_room - 4 * MM
    sheet.line(layout.margin, top, layout.margin + 50 * MM, top)
    style = styles_of(layout)["note"]
    for number in sheet.called:
        text = f"<super>{number}</super> {escape(source.notes[number])}"
        note = Paragraph(text, style)
        _, height = note.wrap(layout.page[0] - 2 * layout.margin, layout.note_room)
        top -= height + 2
        note.drawOn(sheet, layout.margin, top)
    sheet.called.clear()


def _flowables(source: Source, layout: Layout) -> list[Flowable]:
    styles = styles_of(layout)
    tagged = "tagged" in source.settings
    kind_of_paragraph = Marked if tagged else Paragraph
    found: list[Flowable] = []
    for number, block in enumerate(source.blocks):
        if block.kind == "break" or (layout.slides and block.kind == "h1" and number):
            found.append(PageBreak())
        if block.kind == "break":
            continue
        if block.kind == "table":
            found.append(kind_of_paragraph(escape(block.text), styles["caption"]))
            found.append(_table(block, layout, tagged))
            found.append(Spacer(1, 8))
            continue
        found.append(
            kind_of_paragraph(
                _marked_up(block.text), styles[block.kind], block.mark or None
            )
        )
    return found


def _marked_up(text: str) -> str:
    """Return reportlab's markup: marks of notes raised, ordinals raised as Word does."""
    raised = re.sub(r"\b(\d+)(st|nd|rd|th)\b", r"\1<super>\2</super>", escape(text))
    return NOTE_MARK.sub(r'<onDraw name="note" label="\1"/><super>\1</super>', raised)


def _table(block: Block, layout: Layout, tagged: bool) -> Table:
    styles = styles_of(layout)
    kind_of_paragraph = Marked if tagged else Paragraph
    cells = [
        [
            kind_of_paragraph(escape(cell), styles["td" if i else "th"])
            if cell not in JOINED
            else ""
            for cell in row
        ]
        for i, row in enumerate(block.rows)
    ]
    if all(len(row) == 1 for row in block.rows):
        raise ValueError(f"A table of one column: {block.text}")
    room = (layout.page[0] - 2 * layout.margin) / layout.columns - 4 * MM
    table = (MarkedTable if tagged else Table)(
        cells, colWidths=_widths(block.rows, room), repeatRows=1
    )
    commands: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    if block.ruled:
        commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.grey))
        commands.append(("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4e8ee")))
    commands += [("SPAN", first, last) for first, last in spans_of(block)]
    table.setStyle(commands)
    return table


def _widths(rows: list[list[str]], room: float) -> list[float]:
    """Share the room: columns of figures are narrow, the others as their text is long."""
    weights = []
    for column in zip(*rows, strict=True):
        figures = all(_NUMBER.fullmatch(cell) or not cell for cell in column[1:])
        longest = max(len(word) for cell in column for word in (cell.split() or [""]))
        mean = sum(len(cell) for cell in column) / len(column)
        weights.append(max(longest, 6.0) if figures else max(longest, mean, 8.0))
    return [room * weight / sum(weights) for weight in weights]
