"""Finds a phrase in a question, typing errors allowed, and what reports are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.schema import ReportDetails
from assistant.words import words

_SUPPORTED_NOUNS = ("report", "one", "paper", "study")
_SUPPORTED_VERBS = ("backed", "sponsored", "supported", "funded", "helped")
_LONG_PHRASE = 12
# So many words of a subtitle are enough to mean it.
_SUBTITLE_WORDS = 5


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
    most = 2 if long else 0
    return most > 0 and OSA.distance(joined, typed, score_cutoff=most) <= most


def find_phrase(
    phrase: Sequence[str], text: Sequence[str], taken: set[int]
) -> list[int]:
    """Return the places in a text where a phrase stands, typing errors allowed."""
    size, first = len(phrase), phrase[0][:1]
    for start in range(len(text) - size + 1):
        # A slip hardly ever hits the first letter, and looking there first is cheap.
        if text[start][:1] != first:
            continue
        places = list(range(start, start + size))
        window = text[start : start + size]
        if not taken.intersection(places) and _same_phrase(phrase, window):
            return places
    return []


@lru_cache(maxsize=2_000)
def title_phrases(details: ReportDetails) -> frozenset[tuple[str, ...]]:
    """Return the phrases that name a report, as words: its title, aliases, supporters."""
    return frozenset(tuple(phrase) for phrase in _phrases(details) if phrase)


def _phrases(details: ReportDetails) -> Iterable[list[str]]:
    yield words(details.title)
    if details.subtitle:
        yield words(details.subtitle)
        yield words(details.subtitle)[:_SUBTITLE_WORDS]
    for alias in details.aliases:
        yield [w for w in words(alias) if w != "the"]
    for person in details.authors:
        yield [*words(person), "report"]
        yield [words(person)[-1], "report"]
    for name in details.supporters:
        for noun in _SUPPORTED_NOUNS:
            yield [*words(name), noun]
            for verb in _SUPPORTED_VERBS:
                # "the Civica-backed report", "the study that Civica supported"
                yield [*words(name), verb, noun]
                yield [noun, *words(name), verb]
                yield [noun, "that", *words(name), verb]
