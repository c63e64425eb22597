"""What says the same and what says the opposite, word by word, for the evidence check."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from assistant.words import STOP_WORDS, stem, words

_FILE = Path(__file__).with_name("thesaurus.txt")
# Two stems of one family ("optimist", "optim") share this much of the longer one.
_SHARED_LETTERS = 5
_SHARED_PART = 0.6


def _key(entry: str) -> str:
    """Return a word's stem; a phrase ("long-term") gives its stems joined."""
    return "_".join(stem(word) for word in words(entry.replace("_", " ")))


class Thesaurus:
    """Lines of words that say the same, some with their opposites."""

    def __init__(self, text: str) -> None:
        """Read the lines; ``thesaurus.txt`` says at its head what they hold."""
        self.empty: set[str] = set()
        self.phrases: set[str] = set()
        self._same: defaultdict[str, set[str]] = defaultdict(set)
        self._opposite: defaultdict[str, set[str]] = defaultdict(set)
        for line in text.splitlines():
            if line.startswith("~"):
                self.empty |= {_key(entry) for entry in line[1:].split()}
            elif line.strip() and not line.startswith("#"):
                sides = [
                    {_key(entry) for entry in side.split()} for side in line.split("/")
                ]
                for number, side in enumerate(sides):
                    self._enter(side, sides[1 - number] if len(sides) > 1 else set())

    def _enter(self, side: set[str], other: set[str]) -> None:
        for key in side:
            self._same[key] |= side
            self._opposite[key] |= other
            if "_" in key:
                self.phrases.add(key)

    def same(self, key: str) -> set[str]:
        """Return the stems that may stand for this one, itself among them."""
        return self._same.get(key, set()) | {key}

    def opposites(self, key: str) -> set[str]:
        """Return the stems that say the opposite; none that may also say the same."""
        return self._opposite.get(key, set()) - self._same.get(key, set())


@cache
def load_thesaurus() -> Thesaurus:
    """Return the shipped thesaurus."""
    return Thesaurus(_FILE.read_text(encoding="utf-8"))


def related(one: str, other: str) -> bool:
    """Tell whether two stems are of one family: "optimist" and "optim"."""
    if one == other:
        return True
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    # "regul" is all of "regulatori"; elsewhere the two must share most letters.
    whole = shared == min(len(one), len(other))
    most = shared >= _SHARED_PART * max(len(one), len(other))
    return shared >= _SHARED_LETTERS and (whole or most)


def carries_matter(word: str, key: str, thesaurus: Thesaurus) -> bool:
    """Tell whether a word says something of its own that evidence must hold."""
    return word not in STOP_WORDS and key not in thesaurus.empty
