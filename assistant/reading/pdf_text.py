"""The text of a PDF page as lines with their place and size, in the file's own order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.reading.blocks import clean

if TYPE_CHECKING:
    from pypdf import PageObject

Matrix = list[float]
_INVISIBLE = 3
# A gap wider than this many letter heights parts two cells of a table.
_CELL_GAP = 1.2
# Figures stand closer together, and words are rarely spaced so far before a figure.
_FIGURE_GAP = 0.42
_FIGURE = re.compile(r"\s*[-–+£€$(]?\d[\d.,]*\s?(?:%|bn|m|k)?\)?\s*")
_LEAST_SIZE = 2.0
_HELVETICA = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
_COLOUR = (b"g", b"rg", b"k", b"sc", b"scn")
_SHOW = (b"Tj", b"TJ", b"'", b'"')
_FILL = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
_NO_FILL = (b"n", b"S", b"s")


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline; lengths in points, ``y`` upwards."""

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return [
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    ]  # fmt: skip


def _white(operands: list[Any]) -> bool:
    values = [float(v) for v in operands if isinstance(v, int | float)]
    if len(values) == 4:  # cyan, magenta, yellow, black
        return max(values) < 0.05
    return bool(values) and min(values) > 0.97


@dataclass
class _Paint:
    """What is painted while a page is read, so far as it hides text."""

    turn: Matrix
    invisible: bool = False
    white: bool = False
    stack: list[tuple[bool, bool]] = field(default_factory=list)
    pending: list[tuple[float, float, float, float]] = field(default_factory=list)
    panels: list[tuple[float, float, float, float]] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    shown: list[tuple[bool, bool]] = field(default_factory=list)

    def before(self, operator: Any, operands: Any, cm: Matrix, tm: Matrix) -> None:
        """Follow one operator of the page's content."""
        if operator == b"q":
            self.stack.append((self.invisible, self.white))
        elif operator == b"Q" and self.stack:
            self.invisible, self.white = self.stack.pop()
        elif operator == b"Tr" and operands:
            self.invisible = operands[0] == _INVISIBLE
        elif operator in _COLOUR:
            self.white = _white(operands)
        elif operator in _SHOW:
            self.shown.append((self.invisible, self.white))
        elif operator == b"Do":
            self.images.append(_box([0.0, 0.0, 1.0, 1.0], _times(cm, self.turn)))
        else:
            self._path(operator, operands, cm)

    def _path(self, operator: Any, operands: Any, cm: Matrix) -> None:
        if operator == b"re" and len(operands) == 4:
            box = [float(v) for v in operands]
            self.pending.append(_box(box, _times(cm, self.turn)))
        elif operator in _FILL:
            if not self.white:
                self.panels.extend(self.pending)
            self.pending.clear()
        elif operator in _NO_FILL:
            self.pending.clear()

    def take(self) -> tuple[bool, bool]:
        """Tell whether all that was shown since the last call is invisible, or white."""
        shown, self.shown = self.shown, []
        if not shown:
            return self.invisible, self.white
        return all(i for i, _ in shown), all(w for _, w in shown)


def _box(rectangle: list[float], cm: Matrix) -> tuple[float, float, float, float]:
    x, y, width, height = rectangle
    corners = [
        _times([1, 0, 0, 1, x + dx, y + dy], cm)[4:]
        for dx in (0, width)
        for dy in (0, height)
    ]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _within(x: float, y: float, boxes: list[tuple[float, float, float, float]]) -> bool:
    return any(x0 - 1 <= x <= x1 and y0 - 1 <= y <= y1 for x0, y0, x1, y1 in boxes)


def _turn(page: PageObject) -> Matrix:
    """Return what turns the content as the page is turned to be read (/Rotate)."""
    width, height = float(page.mediabox.right), float(page.mediabox.top)
    turns = {
        90: [0.0, -1.0, 1.0, 0.0, 0.0, width],
        180: [-1.0, 0.0, 0.0, -1.0, width, height],
        270: [0.0, 1.0, -1.0, 0.0, height, 0.0],
    }
    return turns.get(page.rotation % 360, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0])


def _seen_box(page: PageObject) -> tuple[float, float, float, float]:
    left, bottom, right, top = (float(v) for v in page.mediabox)
    return _box([left, bottom, right - left, top - bottom], _turn(page))


def page_height(page: PageObject) -> float:
    """Return the height of a page as it is read, in points."""
    return _seen_box(page)[3]


def read_lines(page: PageObject) -> list[Line]:
    """Return the visible, upright text of a page in the order of its content.

    Text drawn invisibly over an image is the reading of a scan and counts; other
    invisible text, white text on bare paper, text off the page or smaller than can be
    read is hidden and is left out.
    """
    turn = _turn(page)
    paint, found = _Paint(turn), list[tuple[Line, bool, bool]]()
    fonts: dict[int, Any] = {}
    left, bottom, right, top = _seen_box(page)

    def visit(text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        invisible, white = paint.take()
        if not text.strip():
            return
        a, b, _, d, x, y = _times(_times(tm, cm), turn)
        scale = math.hypot(a, b)
        height = abs(size) * max(scale, abs(d))
        if abs(b) > 0.1 * scale or height < _LEAST_SIZE:
            return
        if not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1):
            return
        name = str((font or {}).get("/BaseFont", ""))
        # The text may begin with the space that parts it from what stood before.
        wide = _width(text.strip(), font, fonts) * abs(size) * scale
        line = Line(text, x, x + wide, y, round(height, 1), "bold" in name.lower())
        found.append((line, invisible, white))

    page.extract_text(visitor_text=visit, visitor_operand_before=paint.before)
    scanned = any(
        (x1 - x0) * (y1 - y0) > (right - left) * (top - bottom) / 2
        for x0, y0, x1, y1 in paint.images
    )
    kept = [
        line
        for line, invisible, white in found
        if (scanned or not invisible)
        and (not white or _within(line.x, line.y, paint.panels + paint.images))
    ]
    return list(_joined(kept))


def point_on_page(page: PageObject, x: float, y: float) -> tuple[float, float]:
    """Return a place of a page as it is read in the coordinates of its content."""
    a, b, c, d, e, f = _turn(page)
    # A turn keeps lengths: its inverse has the same numbers, rows and columns swapped.
    x, y = x - e, y - f
    return a * x + b * y, c * x + d * y


def text_width(text: str) -> float:
    """Return the width of a text in Helvetica, in letter heights."""
    return _width(text, _HELVETICA, {})


def _width(text: str, font: Any, fonts: dict[int, Any]) -> float:
    """Return the width of a text in letter heights; half of one a letter if unknown."""
    from pypdf.generic._font import Font

    if not isinstance(font, dict):
        return len(text) / 2
    if id(font) not in fonts:
        known = Font.from_font_resource(font)  # type: ignore[arg-type]
        # Widths are kept by the font's own code of a letter, texts are in Unicode.
        codes = {letter: code for code, letter in known.character_map.items()}
        usual = known.character_widths.get("default", 500.0)
        fonts[id(font)] = lambda c: float(
            known.character_widths.get(str(codes.get(c, c)), usual)
        )
    width = sum(map(fonts[id(font)], text)) / 1000
    return width if math.isfinite(width) and width > 0 else len(text) / 2


def _joined(fragments: list[Line]) -> Iterator[Line]:
    """Join fragments that follow each other on one baseline without a wide gap."""
    held: Line | None = None
    for piece in fragments:
        if held and _is_note_mark(held, piece):
            held = replace(held, end=max(held.end, piece.end))
            continue
        if held and _follows(held, piece):
            gap = piece.x - held.end > 0.12 * piece.size
            space = " " if gap and not held.text.endswith((" ", "\n")) else ""
            held = replace(
                held,
                text=f"{held.text}{space}{piece.text}",
                end=max(held.end, piece.end),
                bold=held.bold and piece.bold,
                size=max(held.size, piece.size),
            )
            continue
        if held:
            yield replace(held, text=clean(held.text))
        held = piece
    if held:
        yield replace(held, text=clean(held.text))


def _follows(held: Line, piece: Line) -> bool:
    size = max(held.size, piece.size)
    widest = _FIGURE_GAP if _FIGURE.fullmatch(piece.text) else _CELL_GAP
    return (
        abs(held.y - piece.y) < 0.3 * size
        and -0.5 * size < piece.x - held.end < widest * size
    )


def _is_note_mark(held: Line, piece: Line) -> bool:
    """Tell whether a piece is the raised number of a footnote."""
    return (
        piece.size < 0.8 * held.size
        and piece.text.strip().isdigit()
        and 0 < piece.y - held.y < 0.8 * held.size
        and piece.x - held.end < held.size
    )
