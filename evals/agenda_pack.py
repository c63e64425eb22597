"""Makes an agenda pack as councils publish it: notices, an agenda, and its reports.

``python -m evals.agenda_pack FILE`` writes a PDF of 80 pages. Council, people, places
and figures are made up; the layout is that of the programs that most councils use.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

PAGES = 80
_LEFT, _RIGHT, _TOP, _FOOT = 25 * mm, A4[0] - 25 * mm, A4[1] - 30 * mm, 28 * mm


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the pack: its item, the lines below it, its pages and what it says."""

    number: int
    title: str
    below: tuple[str, ...]
    pages: int
    says: tuple[str, ...]


ITEMS: tuple[Report | tuple[int, str, str], ...] = (
    (1, "Apologies for Absence", ""),
    (
        2,
        "Declarations of Members' Interests",
        "In accordance with the Constitution, Members are asked to declare any interest "
        "they may have in any matter which is to be considered at this meeting.",
    ),
    Report(
        3,
        "Minutes - To confirm as correct the minutes of the meeting held on 8 July 2025",
        (),
        6,
        ("The Cabinet received and noted the report.",),
    ),
    Report(
        4,
        "Prevention and Early Help Strategy 2025 - 2030",
        ("Report of the Cabinet Member for Families",),
        18,
        (
            "The strategy moves £3.4m a year from crisis placements to early help by "
            "March 2028.",
            "Seven family hubs will open by September 2026, the first of them in Ashmere.",
            "Each pound spent on early help is expected to avoid two pounds of later cost.",
        ),
    ),
    Report(
        5,
        "Devolution White Paper: the Council's Preferred Geography",
        (
            "Report of the Leader of the Council",
            "To agree the preferred geography for a devolution deal.",
        ),
        14,
        (
            "The Council prefers a strategic authority of the three coastal counties.",
            "Officers will return with a costed prospectus in January 2026.",
        ),
    ),
    Report(
        6,
        "Ashmere Swimming Pool - Roof Replacement Contract",
        ("Report of the Strategic Director, Assets",),
        12,
        (
            "The roof of Ashmere swimming pool will be replaced at a cost of £1.26m.",
            "The pool will close from 2 February to 24 April 2026.",
        ),
    ),
    Report(
        7,
        "Performance Framework, Oflog Indicators and Quarter 1 Results",
        ("Report of the Head of Insight",),
        24,
        (
            "Of the 31 indicators 22 met their target in Quarter 1.",
            "Missed bin collections fell to 41 in every 100,000.",
        ),
    ),
    (8, "Any other public items which the Chair decides are urgent", ""),
    (
        9,
        "To consider whether it would be appropriate to pass a resolution to exclude the "
        "public and press from the remainder of the meeting",
        "",
    ),
)
_NOTICE = (
    "Members of the public are welcome. Filming is allowed; tell the Chair beforehand.",
    "Date of publication: 5 September 2025",
    "Contact Officer: Maureen Tillotson",
    "Tel: 01632 960733  Minicom: 01632 960734",
    "E-mail: maureen.tillotson@eastmarsh.example",
)


class _Pages:
    """Writes lines down a page, and begins another where one is full."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas, self.number, self._y = canvas, 1, _TOP

    def line(
        self, text: str, size: int = 11, *, bold: bool = False, at: float = 0
    ) -> None:
        font = "Helvetica-Bold" if bold else "Helvetica"
        width = _RIGHT - _LEFT - at - 32 * mm * (at > 0)
        for part in simpleSplit(text, font, size, width):
            self._canvas.setFont(font, size)
            self._canvas.drawString(_LEFT + at, self._y, part)
            self._y -= size * 1.25
        self._y -= size * 0.6

    def beside(self, text: str, at: float) -> None:
        """Write at the right or the left of the line that comes next."""
        self._canvas.setFont("Helvetica", 11)
        self._canvas.drawString(at, self._y, text)

    @property
    def is_full(self) -> bool:
        return self._y < _FOOT + 40 * mm

    def turn(self) -> None:
        if self.number > 2:
            self._canvas.setFont("Helvetica", 10)
            self._canvas.drawCentredString(A4[0] / 2, 12 * mm, f"Page {self.number}")
        self._canvas.showPage()
        self.number, self._y = self.number + 1, _TOP


def first_pages() -> dict[int, tuple[int, int]]:
    """Return the first and the last page of each item that has a report."""
    found, page = {}, 3
    for item in ITEMS:
        if isinstance(item, Report):
            found[item.number] = (page, page + item.pages - 1)
            page += item.pages
    return found


def make_pack(*, bookmarks: bool = True) -> bytes:
    """Return the pack as a PDF, with or without an outline."""
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True)
    canvas.setTitle("Agenda reports pack")
    pages = _Pages(canvas)
    _front(pages)
    _agenda(pages)
    for item in ITEMS:
        if isinstance(item, Report):
            if bookmarks:
                canvas.bookmarkPage(f"item{item.number}")
                canvas.addOutlineEntry(
                    f"{item.number} {item.title}", f"item{item.number}", 0
                )
            _report(pages, item)
    while pages.number <= PAGES:
        pages.line("This page is intentionally left blank")
        pages.turn()
    canvas.save()
    return file.getvalue()


def _front(pages: _Pages) -> None:
    pages.line("Eastmarsh Borough Council", 20, bold=True)
    pages.line("Notice of Meeting", 16, bold=True)
    pages.line("CABINET", 16, bold=True)
    pages.line("Tuesday, 16 September 2025 - 7:00 pm", 12, bold=True)
    pages.line("Council Chamber, Town Hall, Eastmarsh", 12, bold=True)
    pages.line("Members: Cllr Ruth Adeyemi (Chair); Cllr Piers Langton (Deputy Chair)")
    for text in _NOTICE:
        pages.line(text)
    pages.turn()


def _agenda(pages: _Pages) -> None:
    pages.line("AGENDA", 14, bold=True)
    for item in ITEMS:
        number, title = (
            (item.number, item.title) if isinstance(item, Report) else item[:2]
        )
        if isinstance(item, Report):
            first, last = first_pages()[item.number]
            pages.beside(f"(Pages {first} - {last})", _RIGHT - 28 * mm)
        pages.beside(f"{number}.", _LEFT)
        pages.line(title, bold=True, at=12 * mm)
        below: Sequence[str] = (
            item.below if isinstance(item, Report) else filter(None, item[2:])  # type: ignore[assignment]
        )
        for text in below:
            pages.line(text, at=12 * mm)
    pages.turn()


def _report(pages: _Pages, report: Report) -> None:
    last = pages.number + report.pages - 1
    pages.beside(f"Agenda Item {report.number}", _RIGHT - 30 * mm)
    pages.line("CABINET", 12, bold=True)
    pages.line("16 September 2025", 12, bold=True)
    pages.line(f"Title: {report.title}", 12, bold=True)
    for text in report.below:
        pages.line(text, bold=True)
    pages.line("Summary", bold=True)
    for text in report.says:
        pages.line(text)
    paragraphs = _filling(report)
    while pages.number <= last:
        while not pages.is_full:
            pages.line(next(paragraphs))
        pages.turn()


def _filling(report: Report) -> Iterator[str]:
    """Yield paragraphs without end, numbered as reports number them."""
    subject, place = report.title.split(" - ")[0], 0
    told = (
        f"Members asked for further detail on {subject} at the previous meeting.",
        "Officers have tested the proposal with residents, ward by ward.",
        "The financial implications have been reviewed by the Section 151 Officer.",
        "There are no legal implications beyond those set out above.",
        "An equality impact assessment is attached and found no adverse effect.",
    )
    while True:
        place += 1
        section, paragraph = 1 + place // 6, 1 + place % 6
        yield f"{section}.{paragraph} {told[place % len(told)]}"


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(make_pack())
