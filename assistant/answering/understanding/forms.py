"""The form of answer that a question asks for, and whether a sentence holds it."""

from __future__ import annotations

import re

from assistant.answering.understanding.question import Kind
from assistant.words import plain


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_COUNTED = re.compile(
    r"\bhow many (?P<noun>[\w' -]+?)(?= (?:are|is|were|was|did|does|do|has|have|had|can"
    r"|should|would|will|there|in|on|at|of|for|to|the|made|make|got|come|came)\b|[?.,!]|$)",
    re.IGNORECASE,
)
_NO_NOUN = ("", "are", "is", "were", "was", "do", "does", "did", "of", "have", "has")
_LONG_IN = re.compile(r"\bhow long\b.* in (?P<noun>pages|words)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:recommendation|principle|lesson|finding|element|rec)s? "
    r"(?:number |no\.? ?|#)?(?P<number>\d{1,2})\b",
    re.IGNORECASE,
)

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORD = (
    r"(\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|dozen|first|inaugural|single)"
)
_HOLDS: dict[Kind, re.Pattern[str]] = {
    "page": re.compile(r"\bpages? (\d|[ivxl]+\b)", re.IGNORECASE),
    "when": re.compile(rf"\b({_MONTHS})\b|\b(19|20)\d\d\b|\b\d\d[.:]\d\d\b"),
    "how_many": _any(rf"\b{_NUMBER_WORD}\b"),
    "amount": _any(
        r"[£$€]\s?\d|\d\s?%|\d\s?(per cent|percent|million|billion|bn|m|k)\b"
    ),
    "contact": re.compile(
        r"@|https?://|www\.|\w\.(org|gov|co)\b|\d{4} ?\d{3}|\b[A-Z]{1,2}\d+\w? \d[A-Z]{2}\b"
    ),
    "names": re.compile(r"(?!x)x"),
    "who": re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b|\b[A-Z]{2,}\w*\b"),
    "why": _any(
        r"\b(because|so that|so as|in order to|since|reason\w*|aim\w*|purpose|would|helps?)\b",
        r"\bto (help|ensure|improve|give|restore|halt|equip|build|understand|avoid|reduce)\b",
        r"\bwhich (will|would|helps?|prevents?|wants?)\b",
    ),
}


def counted_noun(question: str) -> str | None:
    """Return what a "how many" question counts, as typed: ``new homes``."""
    found = _COUNTED.search(plain(question)) or _LONG_IN.search(plain(question))
    noun = found["noun"].strip() if found else ""
    # "Of the recommendations, how many are aimed at us?" names no noun there.
    return None if noun.split(" ")[0] in _NO_NOUN else noun


_ROLE = re.compile(
    r"\bwho(?:['’]?s| is| was| are| were)?(?: (?:the|a|an|current|new|present))* "
    r"(?P<role>ministers?|secretar(?:y|ies)|mayors?|chairs?|chairman|chairwoman|treasurers?"
    r"|presidents?|mps?|inspectors?|commissioners?|sheriffs?)\b",
    re.IGNORECASE,
)


def role_asked(question: str) -> str | None:
    """Return the office whose holder a question asks for: ``minister``."""
    found = _ROLE.search(plain(question))
    return found["role"].lower() if found else None


def numbered_item(question: str) -> str | None:
    """Return the number of the one item that a question asks for, as digits."""
    found = _NUMBERED.search(plain(question))
    return found["number"] if found else None


def holds_kind(sentence: str, kind: Kind) -> bool:
    """Tell whether a sentence holds the kind of thing asked for (a date, a name…)."""
    wanted = _HOLDS.get(kind)
    return wanted is None or wanted.search(plain(sentence)) is not None


def numbers_of(sentence: str) -> list[tuple[int, int]]:
    """Return where the numbers of a sentence stand (character spans)."""
    found = re.finditer(rf"\b{_NUMBER_WORD}\b", sentence, re.IGNORECASE)
    vague = ("first", "inaugural", "single")
    return [match.span() for match in found if match.group().lower() not in vague]
