"""What a number counts: the number must stand with the same thing in the evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.answering.checking.quantities import MONTHS, ORDINALS
from assistant.words import STOP_WORDS, plain, stem, words

_PIECE = re.compile(r"[^\W_]+(?:'[a-z]+)?|[,;:()]|\.(?=\s)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
# No count: the second half of "2022/23", the pence of "£1.60".
_PART = re.compile(r"\b(?:19|20)\d\d/\d\d\b|\b\d+\.\d+\b")
_BEFORE, _AFTER = 3, 5
_UNITS = frozenset("year month week day hour minut decad centuri mile".split())
_YEARS = range(1900, 2100)
# They stand beside any number and are nothing that it counts.
_COUNT_NOTHING = frozenset(
    stem(word)
    for word in """
    key main part parts total include call set say find recommend make report paper
    """.split()
)


class _Counted(NamedTuple):
    """A number as it stands in a text, with the stems around it."""

    value: str
    word: str
    around: frozenset[str]
    unit: str


def miscounted(sentence: str, evidence: str, names: Collection[str] = ()) -> list[str]:
    """Return the numbers that the evidence gives to something else.

    "Five lessons for ministries" is miscounted where the evidence has five lessons for
    companies and three for ministries: what it counts stands by another number alone.
    So are "five months" where it has five years. The words of ``names`` are nothing that
    is counted.
    """
    told = _counted(evidence, names)
    problems = []
    for one in _counted(sentence, names):
        same = [other for other in told if other.value == one.value]
        others = [other for other in told if other.value != one.value]
        own = max((len(one.around & other.around) for other in same), default=0)
        most = max((len(one.around & other.around) for other in others), default=0)
        # Where nothing says what it counts (a cell of a table), nothing is known wrong.
        told_of = all(other.around for other in same)
        if same and told_of and most > own == 0:
            problems.append(one.word)
        units = {other.unit for other in same} - {""}
        if one.unit and units and one.unit not in units:
            problems.append(f"{one.value} {one.unit}")
    return list(dict.fromkeys(problems))


def _counted(text: str, names: Collection[str]) -> list[_Counted]:
    """Return the numbers of a text, each with the words that may say what it counts.

    The words after a number reach to the next number or the end of its clause.
    """
    clauses = plain(_PART.sub(" ", text.replace("\n", "; ")))
    pieces = _PIECE.findall(_THOUSANDS.sub("", clauses))
    tokens = [word for piece in pieces for word in words(piece) or [piece]]
    found = []
    for place, word in enumerate(tokens):
        value, following = _value(word), tokens[place + 1 :]
        # "One" is a pronoun more often than a count; a name or an address may hold one.
        if word == "one" or not value.isdigit() or int(value) in _YEARS:
            continue
        if following and following[0] in names:
            continue
        around = _until_number(following, names)[:_AFTER]
        unit = stem(following[0]) if following else ""
        if not around or (following and following[0] in MONTHS):
            around = [*around, *_until_number(tokens[:place][::-1], names)[:_BEFORE]]
        unit = unit if unit in _UNITS else ""
        found.append(_Counted(value, word, frozenset(around), unit))
    return found


def _value(word: str) -> str:
    return ORDINALS.get(word) or stem(word)


def _until_number(tokens: Sequence[str], names: Collection[str]) -> list[str]:
    kept: list[str] = []
    for word in tokens:
        if _value(word).isdigit() or not word[0].isalnum():
            break
        nothing = word in STOP_WORDS or stem(word) in _COUNT_NOTHING
        if not nothing and word not in names:
            kept.append(stem(word))
    return kept
