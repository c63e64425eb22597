"""Odd values by the hundred thousand: hypothesis draws a seed, and the value is made of it.

To draw a JSON value part by part takes it ten times as long as to test it. A value that
fails is not made smaller, but is small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

# Ends of lines, marks of markup and paths, letters that fold or join, half a sign.
SIGNS = (
    "aZ09 .,:;-_/\\\"'<>&[](){}%\n\r\t\0\x1b\x85\u2028\u200b\ufeff\u0301"
    "\xe9\xa3\u017f\u0130\xdf\u4e2d\U0001f600\ud800"
)
PLAIN = (None, True, False, 0, 1, -1, 10**30, 0.5, -0.0, math.inf, math.nan)


def odd(make: Callable[[Random], T]) -> st.SearchStrategy[T]:
    """Return a strategy of whatever a function makes."""
    return st.binary(min_size=8, max_size=8).map(lambda seed: make(Random(seed)))


def text(chance: Random, words: Sequence[str] = (), most: int = 30) -> str:
    """Return one of some words, or any text."""
    if words and chance.random() < 0.4:
        return chance.choice(words)
    length = chance.choice((0, 1, 2, 5, most))
    if chance.random() < 0.7:
        return "".join(chance.choices(SIGNS, k=length))
    return "".join(chr(chance.randrange(0x110000)) for _ in range(length))


def value(chance: Random, words: Sequence[str] = (), depth: int = 3) -> object:
    """Return any JSON value, with some of the words as names and texts."""
    kind = chance.randrange(10 if depth else 6)
    if kind < 3:
        return text(chance, words)
    if kind < 6:
        return chance.choice(PLAIN)
    size = chance.randrange(5)
    if kind < 8:
        return [value(chance, words, depth - 1) for _ in range(size)]
    return {text(chance, words): value(chance, words, depth - 1) for _ in range(size)}


def nearly(
    chance: Random, fields: dict[str, Callable[[Random], object]], words: Sequence[str]
) -> dict[str, object]:
    """Return an object of some fields, a few of them odd or missing."""
    found = {name: make(chance) for name, make in fields.items()}
    for name in fields:
        if chance.random() < 0.15:
            found[name] = value(chance, words)
        elif chance.random() < 0.1:
            del found[name]
    if chance.random() < 0.1:
        found[text(chance, words)] = value(chance, words)
    return found
