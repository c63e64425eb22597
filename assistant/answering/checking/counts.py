"""What a number counts: the number must stand with the same thing in the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.answering.checking.claims import Token, tokens
from assistant.answering.checking.quantities import MONTHS
from assistant.answering.checking.thesaurus import load_thesaurus, related

_BEFORE, _AFTER = 3, 5
_UNITS = frozenset("year month week day hour minut decad centuri mile".split())
_YEARS = range(1900, 2100)
_ORDINALS = {
    word: str(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        start=1,
    )
}


class Counted(NamedTuple):
    """A number as it stands in a text, with the words around it."""

    value: str
    word: str
    around: tuple[str, ...]


def counted(words: Sequence[Token], skip: set[str]) -> list[Counted]:
    """Return the numbers of a text, each with the words that may say what it counts.

    The words after a number reach to the next number or the end of its clause.
    """
    found = []
    for place, token in enumerate(words):
        value = _ORDINALS.get(token.word, token.stem)
        # "One" is a pronoun more often than a count.
        if token.word == "one" or not value.isdigit() or int(value) in _YEARS:
            continue
        if words[place + 1 : place + 2] and words[place + 1].word in skip:
            # A part of a name or an address.
            continue
        after = _until_number(words[place + 1 :], skip)[:_AFTER]
        before: list[str] = []
        day = bool(words[place + 1 :]) and words[place + 1].word in MONTHS
        if day or not after:
            before = _until_number(words[:place][::-1], skip)[:_BEFORE]
        found.append(Counted(value, token.word, tuple([*after, *before])))
    return found


def _until_number(words: Sequence[Token], skip: set[str]) -> list[str]:
    kept: list[str] = []
    for token in words:
        is_number = token.stem.isdigit() or token.word in _ORDINALS
        if is_number or token.word in (";", ":", ".", "(", ","):
            break
        if (
            token.content
            and token.word not in skip
            and token.stem not in load_thesaurus().empty
        ):
            kept.append(token.stem)
    return kept


def miscounted(sentence: Sequence[Token], evidence: str, skip: set[str]) -> list[str]:
    """Return the numbers that the evidence gives to something else.

    "Five lessons for ministries" is miscounted where the evidence has five lessons for
    companies and three for ministries: what it counts stands nearer to another number.
    Names (``skip``) are nothing that is counted.
    """
    told = counted(tokens(evidence), skip)
    problems = []
    for one in counted(sentence, skip):
        own = [_shared(one, other) for other in told if other.value == one.value]
        others = [_shared(one, other) for other in told if other.value != one.value]
        if own and others and max(others) > max(own):
            problems.append(one.word)
    problems += _wrong_units(sentence, tokens(evidence))
    return list(dict.fromkeys(problems))


def _wrong_units(sentence: Sequence[Token], evidence: Sequence[Token]) -> list[str]:
    """Return the numbers that count months here and years there."""
    told = _units(evidence)
    return [
        f"{value} {unit}"
        for value, units in _units(sentence).items()
        for unit in sorted(units)
        if told.get(value) and unit not in told[value]
    ]


def _units(words: Sequence[Token]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, unit in pairwise(words):
        if number.stem.isdigit() and unit.stem in _UNITS:
            found[number.stem].add(unit.stem)
    return found


def _shared(one: Counted, other: Counted) -> int:
    return sum(any(related(a, b) for b in other.around) for a in set(one.around))
