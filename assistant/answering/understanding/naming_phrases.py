"""Finds a phrase in a question, typing errors allowed, and what reports are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.schema import ReportDetails
from assistant.text.words import STOP_WORDS, words

NOUNS = frozenset("report paper study document one".split())
# What a paper is called by its kind.
DOCUMENTS = (NOUNS - {"one"}) | frozenset(
    "strategy plan policy review statement inquiry audit note minutes assessment decision"
    " guidance survey framework briefing consultation update response case".split()
)
_LONG_PHRASE = 12
# So many words of a subtitle are enough to mean it.
_SUBTITLE_WORDS = 5
_UP_TO = re.compile(r": | [–—-] | \(")
_YEARS_AT_END = re.compile(
    r"[\s,(]*(?:19|20)\d\d(?:\s?[/–-]\s?\d\d(?:\d\d)?)?"
    r"(?: (?:to|and) (?:19|20)\d\d(?:\s?[/–-]\s?\d\d(?:\d\d)?)?)?\)?$"
)
# Fewer letters stand for a kind of document: "(SPD)".
_IN_BRACKETS = re.compile(r"\(([A-Z]{4,8})\)")
_INITIALS = 4
_BESIDE = rf"(?:{'|'.join(sorted(DOCUMENTS))})"


@lru_cache(maxsize=20_000)
def _alike(left: str, right: str) -> bool:
    if left == right:
        return True
    return (
        min(len(left), len(right)) > 4
        and left[0] == right[0]
        and OSA.distance(left, right, score_cutoff=2) <= (1 if len(left) < 8 else 2)
    )


def _same_phrase(phrase: Sequence[str], window: Sequence[str]) -> bool:
    if all(_alike(wanted, found) for wanted, found in zip(phrase, window, strict=True)):
        return True
    # "heart of teh matter": a long phrase may have a slip or two anywhere.
    joined, typed = " ".join(phrase), " ".join(window)
    # A digit is no slip: the report of 2019 is not that of 2013.
    long = len(joined) >= _LONG_PHRASE and not re.search(r"\d", joined + typed)
    return long and OSA.distance(joined, typed, score_cutoff=2) <= 2


def find_phrase(
    phrase: Sequence[str], text: Sequence[str], taken: set[int]
) -> list[int]:
    """Return the places in a text where a phrase stands, typing errors allowed."""
    size = len(phrase)
    for start in range(len(text) - size + 1):
        # A slip hardly ever hits the first letter, and looking there first is cheap.
        if text[start][:1] != phrase[0][:1]:
            continue
        places = list(range(start, start + size))
        window = text[start : start + size]
        if not taken.intersection(places) and _same_phrase(phrase, window):
            return places
    return []


@lru_cache(maxsize=2_000)
def title_phrases(details: ReportDetails) -> frozenset[tuple[str, ...]]:
    """Return the phrases that name a report, as words: title, subtitle, aliases."""
    return frozenset(tuple(phrase) for phrase in _phrases(details) if phrase)


def _phrases(details: ReportDetails) -> Iterable[list[str]]:
    yield words(details.title)
    yield words(details.subtitle or "")
    yield words(details.subtitle or "")[:_SUBTITLE_WORDS]
    for alias in details.aliases:
        yield [w for w in words(alias) if w != "the"]
    for person in details.authors:
        yield [*words(person), "report"]
        yield [words(person)[-1], "report"]


def short_titles(title: str) -> list[str]:
    """Return what people call a report of a long title: less than all of it.

    Without its years, up to a colon, a dash or a bracket, by the letters in brackets or
    by its initials.

    >>> short_titles("Medium-Term Financial Strategy 2024/25 to 2028/29")
    ['Medium-Term Financial Strategy', 'MTFS']
    >>> short_titles("Housing Needs Assessment (HNDA): what we found")
    ['Housing Needs Assessment', 'HNDA']
    """
    head = _UP_TO.split(title)[0]
    bare = _YEARS_AT_END.sub("", head).strip(" ,–-")
    found = [bare] if len(_telling(bare)) > 1 and bare != title else []
    found += _IN_BRACKETS.findall(title)
    capitals = [w for w in re.findall(r"[A-Za-z]+", bare) if w[0].isupper()]
    if len(capitals) >= _INITIALS:
        found.append("".join(word[0] for word in capitals))
    return list(dict.fromkeys(found))


def _telling(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS]


def is_meant(phrase: tuple[str, ...], question: str) -> bool:
    """Tell whether a title of one common word is meant as a title: "Homelessness".

    It is beside "report" or the like, in quotation marks, or with a capital within a
    sentence; else it is the subject, of which any report may speak.
    """
    told = [word for word in phrase if word not in STOP_WORDS]
    if len(told) > 1 or any(c.isdigit() for c in "".join(phrase)):
        return True
    word = re.escape(" ".join(phrase))
    beside = (
        rf"\b{word}['\"’”]?,? (?:the )?{_BESIDE}\b|['\"‘“]{word}['\"’”]"
        rf"|\b{_BESIDE}:? (?:called |on )?['\"‘“]?{word}\b"
    )
    if re.search(beside, question, re.IGNORECASE):
        return True
    capital = re.escape(" ".join(phrase).title())
    return re.search(rf"(?<=[a-z,] ){capital}\b", question) is not None
