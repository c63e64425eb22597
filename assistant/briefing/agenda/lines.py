"""The lines of an agenda, each with what the mark before it says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)"
)
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<text>.*)$")
_NUMBERED = re.compile(
    r"^(?:(?:agenda\s+)?item\s+(?:no\.?\s*)?)?(?P<number>\d{1,3}(?:/\d{2,4}(?=[.)]?\s))?)(?:[.):]\s*(?=\D)|\s*[–—-]\s+|\t\s*|\s{2,}"
    rf"|\s(?=[A-Z])(?!{MONTH}))"
    r"(?P<text>\S.*)$",
    re.IGNORECASE,
)
_SUB = re.compile(
    r"^(?:\d{1,3}(?:\.\d{1,3})+[.)]?|\(?(?:[a-z]|[ivx]{1,4})[.)])\s+(?P<text>\S.*)$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-*•·–▪◦o]\s+(?P<text>\S.*)$")
_BULLETS = re.compile(r"^(?:[-*•·–▪◦o]\s+)+(?=\S)")
# Bounded: a line may hold thousands of stars that nothing closes.
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")
_RULE = re.compile(r"^[\s|:*_=+-]*$")
# They turn the direction of what follows, or hide it; no agenda needs them.
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")

# A time in the margin; with a full stop it is one only where it could be no sub-number.
_TIME = r"(?:\d{1,2}:\d{2}|(?:0?[89]|1\d|2[0-2])\.[0-5][05]|\d{1,2}(?:[.:]\d{2})?(?=\s?[ap]\.?m))"
_TIMED = re.compile(
    rf"^{_TIME}\s?(?:[ap]\.?m\.?)?(?:\s*(?:[–—-]|to)\s*{_TIME}\s?(?:[ap]\.?m\.?)?)?"
    r"[\s:–—-]+(?P<text>\S.*)$",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,500}\)")
_STYLED = re.compile(r"(\*|~~|`|__)(?=\w)([^*~`]{1,400}?)(?<=[\w.)])\1")

Kind = Literal["heading", "number", "time", "sub", "bullet", "text"]


class Line(NamedTuple):
    """One line of an agenda with what its mark says of it."""

    kind: Kind
    text: str
    number: str = ""
    level: int = 0
    after_blank: bool = False
    indent: int = 0


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines that hold anything, each with what its mark says."""
    blank = True
    for raw in _HIDDEN.sub("", text.replace("\0", " ")).splitlines():
        stripped = raw.strip().lstrip(">").strip()
        if not stripped or _RULE.match(stripped):
            blank = True
            continue
        text = _row(stripped) if stripped.startswith("|") else stripped
        indent = len(raw) - len(raw.lstrip())
        line = _marked(_plain(text))
        # Patterns that look for spaces take long over many of them.
        spaced = " ".join(line.text.split())
        yield line._replace(text=spaced, after_blank=blank, indent=indent)
        blank = False


def _plain(text: str) -> str:
    """Return a line without what Markdown marks within it."""
    text = _LINK.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    return _STYLED.sub(r"\2", text)


def _row(text: str) -> str:
    """Return a table's row as a line: the number and what comes after it."""
    cells = [cell.strip() for cell in text.strip("|").split("|")]
    if cells[0].strip(".)").isdigit() and len(cells) > 1:
        return f"{cells[0].strip('.)')}. {cells[1]}"
    return " ".join(cell for cell in cells if cell)


def _marked(text: str) -> Line:
    level = 0
    if heading := _HEADING.match(text):
        level, text = len(heading["marks"]), heading["text"].rstrip("#").rstrip()
    if timed := _TIMED.match(text):
        inner = _marked(timed["text"])
        return inner if inner.kind == "number" else Line("time", timed["text"])
    if sub := _SUB.match(text):
        return Line("sub", sub["text"])
    if numbered := _NUMBERED.match(text):
        return Line("number", numbered["text"].strip(), numbered["number"])
    if level:
        return Line("heading", text, level=level)
    if bullet := _BULLET.match(text):
        # "- 4. Title" is an item of a list that was made a list again.
        inner = _marked(_BULLETS.sub("", text))
        return inner if inner.kind == "number" else Line("bullet", bullet["text"])
    return Line("text", text)
