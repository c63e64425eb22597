"""What the first page of a document says of it: title, authors, date, publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reading.blocks import Found

_MONTH_NAMES = (
    "january february march april may june july august september october november "
    "december"
).split()
_MONTH = "|".join([*_MONTH_NAMES, *(name[:3] for name in _MONTH_NAMES), "sept"])
_YEAR, _DAY = r"(?P<y>\d{4})", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_NAMED = rf"(?P<m>{_MONTH})\.?"
_DATES = tuple(
    re.compile(rf"\b{form}(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_DAY}\s+{_NAMED},?\s+{_YEAR}",
        rf"{_NAMED}\s+{_DAY},\s+{_YEAR}",
        rf"{_YEAR}-(?P<n>\d{{2}})-(?P<d>\d{{2}})(?=\b|T)",
        rf"{_NAMED},?\s+{_YEAR}",
    )
)
_PUBLISHER = re.compile(
    r"(?:^|\b)(?:first\s+)?published\s+(?:in\s+\d{4}\s+)?by:?\s+(?P<name>[^.,;©\n]{2,80})"
    r"|©\s*(?:copyright\s*)?(?:\d{4},?\s+)?(?P<holder>[^.,;\d\n]{2,80})",
    re.IGNORECASE,
)
_AUTHORS = re.compile(
    r"^(?:(?:written\s+|a\s+report\s+|edited\s+)?by|authors?:?)\s+(?P<names>[^.:\d]{4,160})$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"^[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|[a-z]{2,3}|[A-Z][\w'’-]+)){1,4}$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def find_date(text: str) -> str | None:
    """Return the first date of a text as ISO, as precise as it is written.

    >>> find_date("London, 5 July 2023"), find_date("Spring; March 2024")
    ('2023-07-05', '2024-03')
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year = int(parts["y"])
            month = int(parts.get("n") or 0) or _month(parts.get("m") or "")
            day = int(parts.get("d") or 0)
            if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12:
                continue
            if "d" not in parts:
                return f"{year}-{month:02}"
            if 1 <= day <= 31:
                return f"{year}-{month:02}-{day:02}"
    return None


def _month(name: str) -> int:
    short = name[:3].lower()
    return next(
        (n for n, full in enumerate(_MONTH_NAMES, 1) if full.startswith(short)), 0
    )


def find_publisher(text: str) -> str | None:
    """Return who published a text: "Published by …" or the holder of the copyright."""
    match = _PUBLISHER.search(text)
    if match is None:
        return None
    name = (match["name"] or match["holder"]).strip()
    name = re.sub(
        r"\s*\b(?:all rights reserved|in \d{4}|on \d).*$", "", name, flags=re.I
    )
    return name.strip() or None


def find_authors(text: str) -> tuple[str, ...]:
    """Return the people named in a line such as ``By Ada Green and Ben Low``."""
    match = _AUTHORS.match(text.strip())
    if match is None:
        return ()
    names = [n.strip() for n in re.split(r",|\band\b|&", match["names"]) if n.strip()]
    return tuple(names) if all(_PERSON.match(name) for name in names) else ()


def read_front_page(lines: Sequence[tuple[str, float]]) -> Found:
    """Read the details off a first page.

    Args:
        lines: its paragraphs with the size of their type, in order. The title is the
            largest, where one is larger than the rest.
    """
    largest = max((size for _, size in lines), default=0.0)
    smallest = min((size for _, size in lines), default=0.0)
    title = next((t for t, size in lines if size == largest and len(t) <= 200), None)
    authors = next((a for text, _ in lines if (a := find_authors(text))), ())
    # A date in a long paragraph is one that the text speaks of, not its own.
    short = [text for text, _ in lines if len(text) <= 120]
    return Found(
        title=title if largest > 1.1 * smallest else None,
        authors=authors,
        published=next((d for text in short if (d := find_date(text))), None),
        publisher=next((p for text, _ in lines if (p := find_publisher(text))), None),
    )
