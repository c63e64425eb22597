"""Citation markers in text: finding, resolving, removing and numbering them.

Pure functions that every writer shares. A marker is ``[1]``, ``[1, 2]``, ``[1-3]``,
``[^1]``, ``【1】`` or ``[one]``; what looks like one inside code is not a marker.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from assistant.words import number_value

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_NUMBER = r"\d{1,9}"
_ITEM = rf"\^?{_NUMBER}(?:\s*[-–—]\s*\^?{_NUMBER})?"
_MARKER = re.compile(
    rf"(?:\[\s*(?P<square>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*|[a-z]{{3,9}})\s*\](?![(\[:])"
    rf"|\[\s*(?P<adjacent>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*)\s*\](?=\[\s*\^?\d)"
    rf"|【\s*(?P<lens>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*)[^】\n]{{0,20}}】)"
)
_RANGE = re.compile(rf"\^?({_NUMBER})(?:\s*[-–—]\s*\^?({_NUMBER}))?")


class Marker(NamedTuple):
    """A marker at ``start``..``end`` of a text, with the number ranges it names."""

    start: int
    end: int
    ranges: tuple[tuple[int, int], ...]

    def numbers(self, known: Collection[int]) -> list[int]:
        """Return the known numbers that the marker names, in its order, each once."""
        found: dict[int, None] = {}
        for low, high in self.ranges:
            # A range may be huge: go through what is known, never through the range.
            for number in sorted(n for n in known if low <= n <= high):
                found[number] = None
        return list(found)

    def names_unknown(self, known: Collection[int]) -> bool:
        """Tell whether the marker names a number that is not known."""
        return any(
            sum(low <= n <= high for n in known) < high - low + 1
            for low, high in self.ranges
        )


class Resolved(NamedTuple):
    """A text without its markers, the known numbers in order, and how many were not."""

    text: str
    numbers: tuple[int, ...]
    invented: int


def find_markers(text: str) -> list[Marker]:
    """Return the citation markers of a text, code left out."""
    code = [match.span() for match in _CODE.finditer(text)]
    found = []
    for match in _MARKER.finditer(text):
        if any(start <= match.start() < end for start, end in code):
            continue
        inside = match["square"] or match["adjacent"] or match["lens"]
        if inside.isalpha():
            value = number_value(inside)
            ranges = [(int(value), int(value))] if value else []
        else:
            ranges = [
                (int(low), int(high or low)) for low, high in _RANGE.findall(inside)
            ]
        if ranges:
            found.append(Marker(match.start(), match.end(), tuple(ranges)))
    return found


def strip_markers(text: str) -> str:
    """Return a text without its markers; the space before each goes with it."""
    # Taking out the inner of two nested markers may leave another: "[[1]7]".
    while markers := find_markers(text):
        parts: list[str] = []
        place = 0
        for marker in markers:
            parts.append(text[place : marker.start].rstrip(" "))
            place = marker.end
        text = "".join([*parts, text[place:]])
    return text


def resolve_markers(text: str, known: Collection[int]) -> Resolved:
    """Take the markers out of a sentence and keep the numbers that were given out.

    A number that was never given out is dropped and counted; the valid numbers beside
    it stay.
    """
    numbers: dict[int, None] = {}
    invented = 0
    for marker in find_markers(text):
        numbers.update(dict.fromkeys(marker.numbers(known)))
        invented += marker.names_unknown(known)
    return Resolved(strip_markers(text).strip(), tuple(numbers), invented)


def render_markers(numbers: Iterable[int]) -> str:
    """Return markers as they are shown: ``[1][3]``."""
    return "".join(f"[{number}]" for number in numbers)


def number_by_use(cited: Iterable[Sequence[str]]) -> dict[str, int]:
    """Number passages from 1 in the order in which sentences first cite them.

    Args:
        cited: for each sentence the ids of the passages it cites.
    """
    order = dict.fromkeys(id_ for ids in cited for id_ in ids)
    return {id_: number for number, id_ in enumerate(order, start=1)}
