"""The letters of a PDF page as PDFium sees them, hidden ones left out, and its rulings."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pypdfium2 import PdfObject, PdfPage, raw

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""
_LEAST_SIZE = 2.0
_INVISIBLE = 3
# Fill and stroke: how bold is made of a font that has no bold.
_THICKENED = 2
# PDFium gives heavier weights than there are for fonts that do not say theirs.
_BOLD, _MOST_WEIGHT = 600, 900
# What PDFium gives for a hyphen at the end of a line.
_HYPHENS = {0x02, 0xFFFE, 0xAD}
# A ruling is thinner than this, in points.
_THIN = 3.0
# Of a path with more points than these the others are no rulings.
_MOST_POINTS = 500


class Letter(NamedTuple):
    """A letter as it is read: ``x`` to ``end`` on the baseline ``y``, in points.

    The page is turned so that most of it is upright, its lower left corner at 0, 0;
    a letter that stands sideways then (``turned``, quarters) has places of its own
    frame, and ``box`` is where it stands in the page's. ``at`` is its box in the file.
    """

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool
    turned: int
    box: Box
    at: Box
    after_space: bool


class _Look(NamedTuple):
    """What the letters of one text object share."""

    size: float
    bold: bool
    quarter: int | None
    invisible: bool
    white: bool


@dataclass(frozen=True)
class PageLetters:
    """The letters of a page in the order of its content, and its height as it is read."""

    height: float
    letters: list[Letter]
    rulings: list[Box] = field(default_factory=list)
    """Lines, and the edges of boxes that are drawn as lines, as boxes."""
    pictured: bool = False
    """True where a picture covers most of the page."""


def _turned(box: Box, quarters: int, width: float, height: float) -> Box:
    """Turn a box of a page of that size by quarters, clockwise."""
    left, bottom, right, top = box
    if quarters == 1:
        return bottom, width - right, top, width - left
    if quarters == 2:
        return width - right, height - top, width - left, height - bottom
    if quarters == 3:
        return height - top, left, height - bottom, right
    return box


def read_letters(page: PdfPage) -> PageLetters:
    """Return the visible letters of a page.

    Text drawn invisibly over an image is the reading of a scan and counts; other
    invisible text, white text on bare paper, text off the page or smaller than can be
    read is hidden and is left out.
    """
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    every = list(_raw_letters(page))
    grounds, rulings, pictured = _drawn(page)
    shown = [
        (look, code, x, y, box, spaced)
        for look, code, x, y, box, spaced in every
        if look.quarter is not None
        and look.size >= _LEAST_SIZE
        and left - 1 <= x <= right + 1
        and bottom - 1 <= y <= top + 1
        and (pictured or not look.invisible)
        and (not look.white or _within(x, y, grounds))
    ]
    turns = Counter(look.quarter or 0 for look, *_ in shown)
    # Text runs in the direction of most letters, else in that of the page itself.
    own = page.get_rotation() // 90
    turn = max(turns, key=lambda q: (turns[q], q == (-own) % 4), default=own)

    # A place is kept once, however many letters share it: files have millions.
    known: dict[float, float] = {}

    def placed(box: Box, quarters: int) -> Box:
        x0, y0, x1, y1 = box
        moved = (x0 - left, y0 - bottom, x1 - left, y1 - bottom)
        a, b, c, d = (round(v, 2) for v in _turned(moved, quarters, width, height))
        keep = known.setdefault
        return keep(a, a), keep(b, b), keep(c, c), keep(d, d)

    is_moved = bool(left or bottom or turn)
    letters: list[Letter] = []
    for look, code, x, y, box, spaced in shown:
        quarter = look.quarter or 0
        frame = placed(box, quarter)
        letters.append(
            Letter(
                text=chr(code),
                x=frame[0],
                end=frame[2],
                y=placed((x, y, x, y), quarter)[1],
                size=look.size,
                bold=look.bold,
                turned=(quarter - turn) % 4,
                box=frame if quarter == turn else placed(box, turn),
                at=box if is_moved else frame,
                after_space=spaced,
            )
        )
    edges = [placed(box, turn) for box in rulings]
    return PageLetters(width if turn % 2 else height, letters, edges, pictured)


def _raw_letters(
    page: PdfPage,
) -> Iterator[tuple[_Look, int, float, float, Box, bool]]:
    """Yield look, code, origin, box, and whether a space stands before each letter."""
    text = page.get_textpage()
    looks: dict[int, _Look | None] = {}
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    spaced = False
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        owner = raw.FPDFText_GetTextObject(text, index)
        if not owner or (code <= 32 and code not in _HYPHENS) or code in (160, 0x200B):
            spaced = True
            continue
        key = ctypes.addressof(owner.contents)
        if key not in looks:
            looks[key] = _look(owner)
        look = looks[key]
        if look is None:
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetLooseCharBox(text, index, loose)
        box = (loose.left, loose.bottom, loose.right, loose.top)
        yield look, 45 if code in _HYPHENS else code, x.value, y.value, box, spaced
        spaced = False


def _look(owner: raw.FPDF_PAGEOBJECT) -> _Look | None:
    matrix, size = raw.FS_MATRIX(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(owner, matrix)
    raw.FPDFTextObj_GetFontSize(owner, size)
    along = math.hypot(matrix.a, matrix.b)
    across = math.hypot(matrix.c, matrix.d)
    if not along or not math.isfinite(along * size.value):
        return None
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    nearest = round(angle / 90)
    font = raw.FPDFTextObj_GetFont(owner)
    name = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, name, 128)
    weight = raw.FPDFFont_GetWeight(font)
    mode = raw.FPDFTextObj_GetTextRenderMode(owner)
    return _Look(
        size=round(abs(size.value) * max(across, 0.5 * along), 1),
        bold=b"bold" in name.value.lower()
        or b"black" in name.value.lower()
        or _BOLD <= weight <= _MOST_WEIGHT
        or mode == _THICKENED,
        quarter=nearest % 4 if abs(angle - 90 * nearest) < 6 else None,
        invisible=mode == _INVISIBLE,
        white=_is_white(owner),
    )


def _is_white(thing: PdfObject | raw.FPDF_PAGEOBJECT) -> bool:
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(thing, r, g, b, a):
        return False
    return a.value < 8 or min(r.value, g.value, b.value) > 247


def _drawn(page: PdfPage) -> tuple[list[Box], list[Box], bool]:
    """Return what white text may stand on, the rulings, and whether a picture fills it."""
    grounds: list[Box] = []
    rulings: list[Box] = []
    pictured = False
    left, bottom, right, top = page.get_cropbox()
    half = (right - left) * (top - bottom) / 2
    kinds = [raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING]
    for number, thing in enumerate(page.get_objects(kinds, max_depth=4)):
        if number > _MOST_DRAWN:
            break
        try:
            box: Box = thing.get_bounds()
        except Exception:  # noqa: BLE001 - what has no place hides and parts nothing
            continue
        if thing.type != raw.FPDF_PAGEOBJ_PATH:
            grounds.append(box)
            area = (box[2] - box[0]) * (box[3] - box[1])
            pictured |= thing.type == raw.FPDF_PAGEOBJ_IMAGE and area > half
            continue
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(thing, fill, stroke)
        if fill.value and not _is_white(thing):
            grounds.append(box)
        # The colour behind a cell ends beside its rulings: its edges are none.
        thin = min(box[2] - box[0], box[3] - box[1]) < _THIN
        if stroke.value or (fill.value and thin):
            rulings.extend(_edges(thing, box))
    return grounds, rulings, pictured


# Maps and charts draw so many things; what comes after them hides nothing.
_MOST_DRAWN = 20_000


def _edges(thing: PdfObject, box: Box) -> Iterator[Box]:
    """Yield the straight edges of a path, upright or level."""
    if min(box[2] - box[0], box[3] - box[1]) < _THIN:
        yield box
        return
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    points: list[tuple[float, float]] = []
    for index in range(min(_MOST_POINTS, raw.FPDFPath_CountSegments(thing))):
        segment = raw.FPDFPath_GetPathSegment(thing, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(
            (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
        )
    for one, other in pairwise(points):
        (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        if min(x1 - x0, y1 - y0) < 1 < max(x1 - x0, y1 - y0):
            yield x0, y0, x1, y1


def _within(x: float, y: float, boxes: list[Box]) -> bool:
    return any(x0 - 1 <= x <= x1 and y0 - 1 <= y <= y1 for x0, y0, x1, y1 in boxes)
