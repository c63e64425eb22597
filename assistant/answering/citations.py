"""Citation markers in text: finding, resolving, removing and numbering them.

Pure functions that every writer shares. A marker is ``[1]``, ``[1, 2]``, ``[1-3]``,
``[^1]``, ``【1】`` or ``[one]``; what looks like one inside code is not a marker. Models
write more forms: ``plain_markers`` makes these of those that can be nothing else, and
``resolve_markers`` reads ``(1)`` and ``¹`` where they point at a passage given out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from assistant.text.words import number_value

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_NUMBER = r"\d{1,9}"
_ITEM = rf"\^?{_NUMBER}(?:\s*[-–—]\s*\^?{_NUMBER})?"
_MARKER = re.compile(
    rf"(?:\[\s*(?P<square>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*|[a-z]{{3,9}})\s*\](?![(\[:])"
    rf"|\[\s*(?P<adjacent>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*)\s*\](?=\[\s*\^?\d)"
    rf"|【\s*(?P<lens>{_ITEM}(?:\s*[,;&]\s*{_ITEM})*)[^】\n]{{0,20}}】)"
)
# What models put before the number, and how they put several.
LABEL = (
    r"(?:passages?|sources?|documents?|docs?|ref(?:erence)?s?|cit(?:ation|e)s?|excerpts?"
    r"|extracts?|chunks?)"
)
_LABELS = rf"(?:{LABEL}[\s:.#_=-]*)+"
_SMALL = r"\d{1,3}(?:\s*[-–—]\s*\d{1,3})?"
_PLAIN_FORMS = (
    # "[Passage 1]", "(source: 1, p. 4)", "[Doc 1; Doc 2]"
    re.compile(
        rf"[\[(【]\s*(?:see )?{_LABELS}"
        rf"(?P<n>{_SMALL}(?:\s*(?:[,;&]|\band\b)\s*(?:{_LABELS})?{_SMALL})*)"
        r"(?:\s*[,;:|–—-]\s*[a-z“\"][^\[\]()【】\n]{0,80})?\s*[\])】]",
        re.IGNORECASE,
    ),
    # "[1, p. 20]"
    re.compile(
        rf"\[\s*(?P<n>{_SMALL})\s*[,:;]\s*(?:pp?\.|pages?)\s[^\[\]\n]{{1,20}}\]"
    ),
    # "[1](#1)"
    re.compile(rf"\[\s*\^?(?P<n>{_SMALL})\s*\]\(#[^()\s]{{0,40}}\)"),
    # "<sup>1</sup>"
    re.compile(
        rf"<(?P<tag>sup|cite|ref|citation|source)\b[^<>]{{0,40}}>\s*"
        rf"\[?(?P<n>{_SMALL})\]?\s*</(?P=tag)>",
        re.IGNORECASE,
    ),
    # "passage 1", as a word of the sentence
    re.compile(r"(?<=\bpassage )(?P<n>\d{1,2})\b", re.IGNORECASE),
)
_ESCAPED = re.compile(r"\\([\[\]])")
# What may be a citation too: at the end of what it rests on, not "section 12(1)" ...
_IN_PARENTHESES = re.compile(
    r"(?<![\d(])\((?P<n>\d{1,2}(?:\s*[,;&]\s*\d{1,2})*)\)(?=\s*(?:[.,;:!?]|\(\d|\Z))"
)
# ... and behind a word or a sentence, not "m²".
_RAISED = re.compile(r"(?:(?<=[a-z]{3})|(?<=[.,;:!?”\"')]))(?P<n>[⁰¹²³⁴-⁹]{1,2})(?!\w)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
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


def _marker(match: re.Match[str]) -> str:
    return f"[{', '.join(re.findall(_SMALL, match['n']))}]"


def plain_markers(text: str) -> str:
    """Return a model's text with its other forms of a marker as ``[1]``.

    >>> plain_markers("Boards help [Passage 1; Passage 3], funds too <sup>2</sup>.")
    'Boards help [1, 3], funds too [2].'
    """
    text = _ESCAPED.sub(r"\1", text)
    for form in _PLAIN_FORMS:
        text = form.sub(_marker, text)
    return text


def _doubtful_markers(text: str, known: Collection[int]) -> str:
    """Return a text with ``(1)`` and ``¹`` as ``[1]``, where these numbers are known."""

    def read(match: re.Match[str]) -> str:
        told = match["n"].translate(_DIGITS)
        # "¹³" is 13, or else 1 and 3; "(13)" is 13.
        several = r"\d" if told != match["n"] else r"\d+"
        for numbers in (re.findall(r"\d+", told), re.findall(several, told)):
            if all(int(number) in known for number in numbers):
                return f"[{', '.join(numbers)}]"
        return match.group()

    return _RAISED.sub(read, _IN_PARENTHESES.sub(read, text))


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
    it stay. Where no marker is plain, those in doubt count.
    """
    if not find_markers(text):
        text = _doubtful_markers(text, known)
    numbers: dict[int, None] = {}
    invented = 0
    for marker in find_markers(text):
        numbers.update(dict.fromkeys(marker.numbers(known)))
        invented += marker.names_unknown(known)
    return Resolved(strip_markers(text).strip(), tuple(numbers), invented)


def render_markers(numbers: Iterable[int]) -> str:
    """Return markers as they are shown: ``[1][3]``."""
    return "".join(f"[{number}]" for number in numbers)
