"""What a number counts: the number must stand with the same thing in the evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.answering.checking.quantities import MONTHS
from assistant.words import STOP_WORDS, plain, stem, words

_PIECE = re.compile(r"[^\W_]+(?:'[a-z]+)?|[,;:()]|\.(?=\s)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ENDS = (";", ":", ".", "(", ",")
_BEFORE, _AFTER = 3, 5
_UNITS = frozenset("year month week day hour minut decad centuri mile".split())
_YEARS = range(1900, 2100)
# Two stems of one family ("optimist", "optim") share this much of the longer one.
_SHARED_LETTERS, _SHARED_PART = 5, 0.6
_ORDINALS = {
    word: str(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),
        start=1,
    )
}
# They stand beside any number and are nothing that it counts.
_COUNT_NOTHING = frozenset(
    stem(word)
    for word in """
    key main part parts least total include includes call called set sets say says find
    finds recommend recommends made makes report reports paper papers
    """.split()
)


class _Word(NamedTuple):
    """One word, or a punctuation mark, whose stem is empty."""

    word: str
    stem: str


class _Counted(NamedTuple):
    """A number as it stands in a text, with the words around it."""

    value: str
    word: str
    around: tuple[str, ...]


def _read(text: str) -> list[_Word]:
    found = []
    for piece in _PIECE.findall(_THOUSANDS.sub("", plain(text))):
        found += [_Word(word, stem(word)) for word in words(piece)] or [
            _Word(piece, "")
        ]
    return found


def miscounted(sentence: str, evidence: str, names: Collection[str] = ()) -> list[str]:
    """Return the numbers that the evidence gives to something else.

    "Five lessons for ministries" is miscounted where the evidence has five lessons for
    companies and three for ministries: what it counts stands nearer to another number.
    The words of ``names`` are nothing that is counted.
    """
    own_words, told_words = _read(sentence), _read(evidence)
    told = _counted(told_words, names)
    problems = []
    for one in _counted(own_words, names):
        own = [_shared(one, other) for other in told if other.value == one.value]
        others = [_shared(one, other) for other in told if other.value != one.value]
        if own and others and max(others) > max(own):
            problems.append(one.word)
    units = _units(told_words)
    problems += [
        f"{value} {unit}"
        for value, found in _units(own_words).items()
        for unit in sorted(found)
        if units.get(value) and unit not in units[value]
    ]
    return list(dict.fromkeys(problems))


def _counted(text: Sequence[_Word], names: Collection[str]) -> list[_Counted]:
    """Return the numbers of a text, each with the words that may say what it counts.

    The words after a number reach to the next number or the end of its clause.
    """
    found = []
    for place, token in enumerate(text):
        value = _ORDINALS.get(token.word, token.stem)
        following = text[place + 1 :]
        # "One" is a pronoun more often than a count; a name or an address may hold one.
        if token.word == "one" or not value.isdigit() or int(value) in _YEARS:
            continue
        if following and following[0].word in names:
            continue
        after = _until_number(following, names)[:_AFTER]
        day = bool(following) and following[0].word in MONTHS
        before = _until_number(text[:place][::-1], names)[:_BEFORE]
        around = [*after, *(before if day or not after else ())]
        found.append(_Counted(value, token.word, tuple(around)))
    return found


def _until_number(text: Sequence[_Word], names: Collection[str]) -> list[str]:
    kept: list[str] = []
    for token in text:
        if token.stem.isdigit() or token.word in _ORDINALS or token.word in _ENDS:
            break
        plain_word = token.word in STOP_WORDS or token.stem in _COUNT_NOTHING
        if token.stem and not plain_word and token.word not in names:
            kept.append(token.stem)
    return kept


def _units(text: Sequence[_Word]) -> dict[str, set[str]]:
    """Return the units of time that stand behind each number."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, unit in pairwise(text):
        if number.stem.isdigit() and unit.stem in _UNITS:
            found[number.stem].add(unit.stem)
    return found


def _shared(one: _Counted, other: _Counted) -> int:
    return sum(any(_related(a, b) for b in other.around) for a in set(one.around))


def _related(one: str, other: str) -> bool:
    """Tell whether two stems are of one family: "optimist" and "optim"."""
    if one == other:
        return True
    shared = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    whole = shared == min(len(one), len(other))
    most = shared >= _SHARED_PART * max(len(one), len(other))
    return shared >= _SHARED_LETTERS and (whole or most)
