"""Which reports a question means by their year, month or age."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.schema import ReportDetails

YEAR = re.compile(r"(19|20)\d\d")
_REPORT_NOUNS = frozenset(
    "report reports paper papers study studies publication document one ones research "
    "findings launch summary release work guide".split()
)
_SHELF_NOUNS = _REPORT_NOUNS | frozenset("four them release published on".split())
_NEWEST = frozenset("latest newest recent last".split())
_OLDEST = frozenset("oldest earliest older old first".split())
_MONTHS = {
    month: f"{number:02}"
    for number, month in enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        start=1,
    )
}


def by_month(text: list[str], catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports published in a month that the question names with its year."""
    months = {
        f"{year}-{_MONTHS[month]}"
        for month, year in pairwise(text)
        if month in _MONTHS and YEAR.fullmatch(year)
    }
    found = [d.report for d in catalogue if (d.published or "")[:7] in months]
    return list(dict.fromkeys(found)) if set(text) & _REPORT_NOUNS else []


def years_named(text: list[str], taken: set[int]) -> list[int]:
    """Return the years that are said of a report; every year's place is taken."""
    years = []
    for place, word in enumerate(text):
        if YEAR.fullmatch(word) and place not in taken:
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            near = {*before, *after, *text[place + 2 : place + 3]}
            # "in 2013" may be about the world; "the 2013 report" is about the shelf.
            named = bool(near & _REPORT_NOUNS) or bool({"the", "and"} & set(before))
            years.append((int(word), place, named))
    taken.update(place for _, place, _ in years)
    return [year for year, _, named in years if named]


def asks_for_age(text: Sequence[str]) -> bool:
    """Tell whether a question's words ask for the newest or the oldest report."""
    aged = {w for i, w in enumerate(text) if {*text[i + 1 : i + 4]} & _SHELF_NOUNS}
    return bool(aged & (_NEWEST | _OLDEST - {"first", "old"}))


def by_age(
    text: list[str], catalogue: Sequence[ReportDetails], chosen: list[str]
) -> list[str]:
    """Keep the newest or oldest of the reports where the question asks for it."""
    ages = {d.report: d.published or "" for d in catalogue if d.report in chosen}
    near = {
        word
        for place, word in enumerate(text)
        if {*text[place + 1 : place + 4]} & _SHELF_NOUNS
        or place + 1 == len(text)
        or text[place + 1]
        in ("want", "wants", "say", "says", "suggest", "suggests", "differ")
    }
    # "The oldest and the newest think-tank papers": the noun stands beside one of them.
    oldest, newest = (
        set(text) & words_of for words_of in (_OLDEST - {"first", "old"}, _NEWEST)
    )
    if len(chosen) > 1 and oldest and newest and near & (oldest | newest):
        ordered = sorted(chosen, key=lambda report: ages[report])
        return [ordered[0], ordered[-1]]
    if len(chosen) > 1 and near & _NEWEST:
        return [max(chosen, key=lambda report: ages[report])]
    if len(chosen) > 1 and near & _OLDEST and "first" not in near:
        return [min(chosen, key=lambda report: ages[report])]
    return chosen
