"""Headers, footers and page numbers: taken out, and read for the printed labels."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from assistant.reading.blocks import roman
from assistant.reading.pdf_lines import Line

# The part of a page's height, at its top and at its foot, where furniture stands.
_MARGIN = 0.13
_NUMBER = re.compile(
    r"^(?:.{0,80}?[|·•–—\s])?(?:page\s+)?(?P<n>\d{1,4}|[ivxlc]{1,8})(?:\s*(?:of|/)\s*\d+)?$"
    r"|^(?P<m>\d{1,4}|[ivxlc]{1,8})\s*[|·•–—\s].{0,80}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\d{1,2}(?:\.\d{1,3})*[.)]?")
_ROMAN = {roman(number).lower(): number for number in range(1, 400)}


def roman_value(text: str) -> int | None:
    """Return the value of a Roman number up to 399, or None where it is none."""
    return _ROMAN.get(text.lower())


def _in_margin(line: Line, height: float) -> bool:
    return line.y > height * (1 - _MARGIN) or line.y < height * _MARGIN


def _is_beside(one: Line, other: Line) -> bool:
    return abs(one.y - other.y) < 0.3 * other.size


def _shape(line: Line) -> tuple[str, int]:
    """A line as its like on other pages: numbers left open, and its height."""
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", line.text.lower()), round(line.y / 4)


def find_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[list[set[int]], list[str | None]]:
    """Return for each page the places of its furniture lines, and its printed label.

    A line is furniture where its like stands at the same height of other pages. A
    printed number counts as the page's label where two pages or more, and half of
    those with a number, count on from each other.
    """
    least = 2 if len(pages) <= 4 else 3
    shapes = Counter(
        shape
        for lines, height in zip(pages, heights, strict=True)
        for shape in {_shape(line) for line in lines if _in_margin(line, height)}
    )
    margins = [
        [(place, line) for place, line in enumerate(lines) if _in_margin(line, height)]
        for lines, height in zip(pages, heights, strict=True)
    ]

    def stands_apart(line: Line, margin: Sequence[tuple[int, Line]]) -> bool:
        """Tell whether nothing but furniture is beside a line: no row of a table."""
        beside = (o for _, o in margin if o is not line and _is_beside(o, line))
        return all(shapes[_shape(other)] >= least for other in beside)

    labels = _labels(
        [
            [
                match["n"] or match["m"]
                for _, line in margin
                if (match := _NUMBER.match(line.text)) and stands_apart(line, margin)
            ]
            for margin in margins
        ]
    )
    drop = [
        {p for p, line in margin if shapes[_shape(line)] >= least or line.text == label}
        for margin, label in zip(margins, labels, strict=True)
    ]
    for lines, dropped in zip(pages, drop, strict=True):
        dropped -= {p for p in dropped if _numbers_text(lines, p, dropped)}
    return drop, labels


def _numbers_text(lines: Sequence[Line], place: int, dropped: set[int]) -> bool:
    """Tell whether a number stands before text that is no furniture, on its line."""
    line = lines[place]
    return bool(_COUNTED.fullmatch(line.text)) and any(
        _is_beside(other, line) and 0 < other.x - line.end < 72
        for number, other in enumerate(lines)
        if number not in dropped
    )


def _labels(numbers: Sequence[Sequence[str]]) -> list[str | None]:
    """Return the printed label of each page, as far as the numbers count on."""
    runs: Mapping[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for page, texts in enumerate(numbers):
        for text in texts:
            # Four figures are a year, but in very long files.
            if text.isdigit() and (len(text) < 4 or len(numbers) > 999):
                runs["arabic", int(text) - page][page] = text
            elif (value := roman_value(text)) is not None:
                runs["roman", value - page][page] = text
    labels: list[str | None] = [None] * len(numbers)
    for (kind, _), run in sorted(runs.items(), key=lambda item: len(item[1])):
        rivals = {
            page
            for (other, _), pages in runs.items()
            if other == kind
            for page in pages
            if min(run) <= page <= max(run)
        }
        if len(run) >= 2 and 2 * len(run) >= len(rivals):
            for page, text in run.items():
                labels[page] = text
    return labels
