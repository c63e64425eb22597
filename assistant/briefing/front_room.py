"""The room on the page in front: what a text takes of it, in points and in words.

Heights are those of an A4 page as a word processor lays it out. Where Arial is missing
DejaVu Sans may stand in for it, the widest of its usual substitutes: what fits in it
fits in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from assistant.briefing.front_text import (
    LABEL,
    NOTHING,
    silence_of,
    title_of,
    told_of,
    told_of_meeting,
    told_together,
)
from assistant.briefing.pack import Item, Pack, Place, Source, Statement

# Read in three minutes: titles and labels counted.
WORDS_OF_A_PAGE = 580
_HEIGHT = 754.0
_LETTERS_OF_A_LINE, _LETTERS_OF_A_HEADING = 88, 66
_LINE, _SMALL_LINE, _HEADING_LINE = 11.7, 10.5, 13.5
_AFTER, _AROUND_A_HEADING = 3.0, 8.0
# The title with its rule, and "In brief".
_HEAD = 56.0
# "References", and what stands for the record; a source, and each further line of it.
_FOOT, _SOURCE, _SOURCE_LINE = 68.0, 14.7, 11.6
_LETTERS_OF_A_SOURCE, _DATE_AND_AGE = 98, 34


@dataclass
class Room:
    """What is left of the page: its height in points, and words to read."""

    height: float
    words: int
    sources: frozenset[Place] | None = None
    """Those that stand at the foot; None where none is to."""

    @classmethod
    def of(
        cls, pack: Pack, lists: Iterable[Sequence[Item]], *, with_sources: bool
    ) -> Room:
        """Return what the head leaves, and the lists of items at the foot."""
        notes = sum(_text(note) + 8 for note in pack.notes)
        head = _HEAD + _text(f"{told_of_meeting(pack)} In brief: 3 minutes to read")
        feet = [told_together(own) for own in lists if own]
        foot = sum(_small(f"{text} {NOTHING}") for text in feet)
        words = sum(len(text.split()) for text in (*feet, *pack.notes))
        height = _HEIGHT - head - notes - foot - (_FOOT if with_sources else 0)
        sources = frozenset[Place]() if with_sources else None
        return cls(height, WORDS_OF_A_PAGE - words, sources)

    def without(self, line: str) -> Room:
        """Return what a further line at the foot leaves."""
        return replace(self, height=self.height - _small(line))

    def take(self, item: Item) -> bool:
        """Take the room of an item without its points, if there is so much."""
        title = _HEADING_LINE * _lines(title_of(item), _LETTERS_OF_A_HEADING)
        line = f"{LABEL}: {told_of(item)}"
        silent = silence_of(item)
        height = title + _AROUND_A_HEADING + _text(line, item)
        height += _text(item.reason) if item.state == "failed" else 0
        height += _small(silent) if silent else 0
        text = f"{title_of(item)} {line} {silent} {item.reason}"
        return self._take(height, text, item.line)

    def take_point(self, point: Statement) -> bool:
        """Take the room of a point, if there is so much."""
        return self._take(_text(f"{point.text} [00] · ·"), point.text, (point,))

    def _take(self, height: float, text: str, said: Iterable[Statement]) -> bool:
        words, sources = len(text.split()), self.sources
        if sources is not None:
            found = {s.place: s for statement in said for s in statement.sources}
            height += sum(_source(s) for p, s in found.items() if p not in sources)
            sources |= found.keys()
        fits = height <= self.height and words <= self.words
        if fits:
            self.height, self.words = self.height - height, self.words - words
            self.sources = sources
        return fits


def _source(source: Source) -> float:
    told = len(source.title) + len(source.publisher) + len(source.section)
    lines = _lines(" " * (told + _DATE_AND_AGE), _LETTERS_OF_A_SOURCE)
    return _SOURCE + _SOURCE_LINE * (lines - 1)


def _lines(text: str, letters: int = _LETTERS_OF_A_LINE) -> int:
    return ceil(len(text) / letters)


def _text(text: str, item: Item | None = None) -> float:
    marks = sum(len(s.sources) for s in item.line) if item else 0
    return _LINE * _lines(text + " [00]" * marks) + _AFTER


def _small(text: str) -> float:
    return _SMALL_LINE * _lines(text, round(_LETTERS_OF_A_LINE / 0.9)) + _AFTER
