"""How the papers look: page, letters and columns of each layout of a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle

# Millimetres and points are both points here, as reportlab has it.
MM = 2.834645669


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout; lengths are in points. ``hanging`` is the room for a number."""

    font: str = "Helvetica"
    size: float = 10.5
    leading: float = 14
    page: tuple[float, float] = A4
    margin: float = 22 * MM
    columns: int = 1
    justified: bool = False
    hanging: float = 12 * MM
    # Room at the foot for the notes of a page.
    note_room: float = 0
    # Each heading of the first rank begins a page, as in a deck.
    slides: bool = False
    colour: str = "#000000"
    gap: float = 6


LAYOUTS = {
    "committee": Layout("Times-Roman", 11.5, 14.5, justified=True, hanging=14 * MM),
    "report": Layout(),
    "strategy": Layout(
        size=9.5,
        leading=12.5,
        margin=18 * MM,
        columns=2,
        justified=True,
        hanging=7 * MM,
        note_room=27 * MM,
        colour="#1d5a4a",
    ),
    "statement": Layout(size=8.5, leading=11, page=landscape(A4), margin=15 * MM),
    "monitoring": Layout(size=10, leading=13, colour="#27408b"),
    "inspector": Layout(size=12, leading=19.5, margin=25 * MM, gap=11),
    "wide": Layout(size=10, leading=13, page=landscape(A4), margin=18 * MM),
    "minutes": Layout("Times-Roman", 11, 14, hanging=11 * MM),
    "deck": Layout(
        size=19,
        leading=26,
        page=(960, 540),
        margin=48,
        hanging=24,
        slides=True,
        colour="#7a1f5c",
        gap=9,
    ),
    "memo": Layout("Courier", 11, 15, margin=28 * MM),
}

_BOLD = {
    "Helvetica": "Helvetica-Bold",
    "Times-Roman": "Times-Bold",
    "Courier": "Courier-Bold",
}


def styles_of(layout: Layout) -> dict[str, ParagraphStyle]:
    """Return the styles of a layout by kind of block, and of cells and captions."""
    bold = _BOLD[layout.font]
    size, leading = layout.size, layout.leading
    body = ParagraphStyle(
        "p",
        fontName=layout.font,
        fontSize=size,
        leading=leading,
        spaceAfter=layout.gap,
        alignment=4 if layout.justified else 0,
    )

    def bigger(name: str, by: float, before: float) -> ParagraphStyle:
        return ParagraphStyle(
            name,
            parent=body,
            fontName=bold,
            fontSize=size * by,
            leading=leading * by,
            spaceBefore=before,
            alignment=0,
            textColor=HexColor(layout.colour),
            keepWithNext=1,
        )

    cell = size * 0.88
    in_cell = partial(
        ParagraphStyle,
        parent=body,
        fontSize=cell,
        leading=cell * 1.25,
        alignment=0,
        spaceAfter=0,
    )
    return {
        "p": body,
        "h1": bigger("h1", 1.35, 10),
        "h2": bigger("h2", 1.12, 6),
        "h3": bigger("h3", 1, 4),
        "title": bigger("title", 1.9, 8),
        "small": ParagraphStyle("small", parent=body, alignment=0, spaceAfter=3),
        "item": ParagraphStyle(
            "item",
            parent=body,
            leftIndent=layout.hanging,
            bulletIndent=0,
            bulletFontName=layout.font,
            bulletFontSize=size,
        ),
        "caption": ParagraphStyle(
            "caption", parent=body, fontName=bold, spaceBefore=6, keepWithNext=1
        ),
        "td": in_cell("td"),
        "th": in_cell("th", fontName=bold),
        "note": ParagraphStyle("note", parent=body, fontSize=7.5, leading=9),
    }
