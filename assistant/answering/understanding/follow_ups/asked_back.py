"""Which report is meant, where we asked that and the next turn says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS, number_value, words

WHICH_REPORT = "Which report do you mean:"

_ORDINALS = "first second third fourth fifth".split()
_ALL = re.compile(
    r"\b(all|both|every|each|any|either|whichever|don'?t mind|doesn'?t matter|not sure"
    r"|dunno|no idea|don'?t know)\b",
    re.I,
)
_HOW_MANY = re.compile(
    r"\b(?:the )?(?P<end>first|last) (?P<count>two|three|four|2|3|4)\b", re.I
)
_LAST = re.compile(r"\b(last|bottom)\b", re.I)
_OLDER = re.compile(r"\b(older|oldest|earlier|earliest)\b", re.I)
_NEWER = re.compile(r"\b(newer|newest|later|latest|most recent|more recent)\b", re.I)
# What an answer to "which report?" may hold beside the report itself.
_FILLING = frozenset(
    "report reports paper papers option number no choice pick please meant mean think "
    "guess sorry go want number first second third fourth fifth last two three four "
    "older oldest earlier newer newest later latest recent most all both every each any "
    "either whichever mind matter sure dunno idea know don't doesn't dont doesnt".split()
)


def reports_offered(text: str, catalogue: Sequence[ReportDetails]) -> tuple[str, ...]:
    """Return the reports that a question of ours offered, in its order."""
    if not text.startswith(WHICH_REPORT):
        return ()
    places = {
        d.report: text.find(f"{d.title} ({d.attribution})") for d in reversed(catalogue)
    }
    found = [report for report, place in places.items() if place >= 0]
    return tuple(sorted(found, key=lambda report: places[report]))


def reports_picked(
    answer: str, offered: Sequence[str], catalogue: Sequence[ReportDetails]
) -> tuple[str, ...]:
    """Return which of the reports offered an answer picks; empty where it picks none.

    "The 2024 one", "Localis", "2", "the second", "the first two", "both" and "not sure"
    are answers; what holds a matter of its own is another question.
    """
    if not offered:
        return ()
    own = [d for d in catalogue if d.report in offered]
    named = find_reports(answer, own)
    years = [d.report for d in own if str(d.year) in words(answer)]
    # "The last one" is the last of those offered; its age says nothing.
    by_name = named.reports if named.places else ()
    rest = set(named.rest) if by_name else set(words(answer))
    rest -= {str(d.year) for d in own}
    if {w for w in rest - STOP_WORDS - _FILLING if _number(w) is None}:
        return ()
    if by_name or years:
        picked = set(by_name or years)
        return tuple(r for r in offered if r in picked)
    return _by_place(answer, offered, own)


def _number(word: str) -> int | None:
    digits = word if word.isdigit() and len(word) < 3 else number_value(word)
    return int(digits) if digits is not None else None


def _by_place(
    answer: str, offered: Sequence[str], own: Sequence[ReportDetails]
) -> tuple[str, ...]:
    if several := _HOW_MANY.search(answer):
        count = _number(several["count"]) or 0
        first = several["end"].lower() == "first"
        return tuple(offered[:count] if first else offered[-count:])
    text = words(answer)
    numbers = [_ORDINALS.index(w) + 1 for w in text if w in _ORDINALS]
    # "The older one" is not the first; "one" alone is.
    counted = text if text == ["one"] else [w for w in text if w != "one"]
    numbers += [value for w in counted if (value := _number(w)) is not None]
    if numbers:
        return tuple(offered[n - 1] for n in numbers if 0 < n <= len(offered))
    if _LAST.search(answer):
        return tuple(offered[-1:])
    if _OLDER.search(answer) or _NEWER.search(answer):
        ages = {d.report: d.published or "" for d in own}
        ordered = sorted(ages, key=lambda report: ages[report])
        return (ordered[0],) if _OLDER.search(answer) else (ordered[-1],)
    return tuple(offered) if _ALL.search(answer) else ()
