"""The room on the page in front: what a text takes of it, in points and in words.

Heights are those of an A4 page as a word processor lays it out. Where Arial is missing
DejaVu Sans may stand in for it, the widest of its usual substitutes: what fits in it
fits in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.briefing.front_text import (
    LABEL,
    NOTHING,
    RECORD,
    asked_of,
    silence_of,
    title_of,
    told_of,
    told_of_meeting,
    told_of_record,
    told_together,
)
from assistant.briefing.pack import Item, Pack, Place, Source, Statement

# Read in three minutes: titles and labels counted.
WORDS_OF_A_PAGE = 580
_HEIGHT, _WIDTH, _BULLET = 730.0, 481.0, 18.0
_TEXT, _SMALL, _HEADING = 10.0, 9.0, 11.0
# A line is so many times its letters' size.
_LINE = 1.165
_AFTER, _AROUND_A_HEADING = 3.0, 9.0
# The title with its rule, and "In brief"; "References".
_HEAD, _FOOT = 47.0, 26.0
_BOLD = 1.1
_AGED = ", 2000, about 20 years old"
# Widths of letters in hundredths of their size, those of DejaVu Sans; any other is one
# of 65.
_WIDTHS = {
    letter: width
    for width, letters in {
        30: " ,.IJijl'",
        35: "-/:;\\f|",
        40: "!()[]rt’›",
        50: '*_sz"“”–',
        60: "?LcFPTYaekovxy•",
        72: "ABCRVXZDGHNU",
        83: "&OQw#+<=>~",
        99: "%mM@W…",
    }.items()
    for letter in letters
}


@dataclass
class Room:
    """What is left of the page: its height in points, and words to read."""

    height: float
    words: int
    sources: Mapping[Place, Source] | None = None
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
        if with_sources:
            foot += _FOOT + _small(f"{RECORD}: {told_of_record(pack)}")
        height = _HEIGHT - head - notes - foot
        return cls(height, WORDS_OF_A_PAGE - words, {} if with_sources else None)

    def without(self, line: str) -> Room:
        """Return what a further line at the foot leaves."""
        return replace(self, height=self.height - _small(line))

    def take(self, item: Item) -> bool:
        """Take the room of an item without its points, if there is so much."""
        title = _height(title_of(item), _HEADING, bold=True) + _AROUND_A_HEADING
        line = f"{LABEL}: {told_of(item)}"
        asked, silent = asked_of(item), silence_of(item)
        height = title + _text(line + _marks(item.line))
        height += 2 * _text("What the reports say") if item.paper else 0
        height += _text(item.reason) if item.state == "failed" else 0
        height += sum(_small(small) for small in (asked, silent) if small)
        text = f"{title_of(item)} {asked} {line} {silent} {item.reason}"
        return self._take(height, text, item.line)

    def take_point(self, point: Statement) -> bool:
        """Take the room of a point, if there is so much."""
        text = point.text + _marks((point,))
        height = _height(text, _TEXT, _WIDTH - _BULLET) + _AFTER
        return self._take(height, point.text, (point,))

    def _take(self, height: float, text: str, said: Iterable[Statement]) -> bool:
        words, sources = len(text.split()), self.sources
        if sources is not None:
            found = {s.place: s for statement in said for s in statement.sources}
            height -= _height_of(sources)
            sources = {**sources, **found}
            height += _height_of(sources)
        fits = height <= self.height and words <= self.words
        if fits:
            self.height, self.words = self.height - height, self.words - words
            self.sources = sources
        return fits


def _height_of(sources: Mapping[Place, Source]) -> float:
    """Return the height of sources told by report, each report a paragraph."""
    of_report: dict[str, str] = {}
    for source in sources.values():
        report = f"{source.title}. {source.publisher}{_AGED}. "
        where = f"[00] {source.section}; " + (
            f"page {source.page}" if source.page else ""
        )
        of_report[report] = of_report.get(report, report) + where
    return sum(map(_small, of_report.values()))


def _marks(said: Iterable[Statement]) -> str:
    return " [00]" * sum(len(statement.sources) for statement in said)


def _text(text: str) -> float:
    return _height(text, _TEXT) + _AFTER


def _small(text: str) -> float:
    return _height(text, _SMALL) + _AFTER


def _height(
    text: str, size: float, width: float = _WIDTH, *, bold: bool = False
) -> float:
    """Return the height of a text that is broken at its words."""
    lines = 1
    used: float = 0
    for word in text.split():
        own: float = sum(_WIDTHS.get(letter, 65) for letter in f"{word} ")
        own *= size / 100 * (_BOLD if bold else 1)
        # The space behind the last word of a line takes no room.
        if used and used + own - 0.3 * size > width:
            lines, used = lines + 1, 0.0
        used += own
    return lines * size * _LINE
