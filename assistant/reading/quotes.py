"""Finds a quotation in a text that was cut into lines or paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.schema import QUOTES_JOINED_BY


@dataclass(frozen=True, slots=True)
class Span:
    """Part of one text of several: its place among them, from 0, and its characters."""

    place: int
    start: int
    end: int


class Letters:
    """Texts one after the other, as nothing but letters and digits in lower case.

    So a word broken at the end of a line, or other spaces, hide no quotation.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the texts in reading order."""
        self._texts = texts
        self._at: list[tuple[int, int]] = []
        kept: list[str] = []
        for place, text in enumerate(texts):
            for index, sign in enumerate(text):
                for letter in filter(str.isalnum, sign.casefold()):
                    kept.append(letter)
                    self._at.append((place, index))
        self.text = "".join(kept)

    def spans(self, start: int, length: int) -> list[Span]:
        """Return where so many letters stand, a span for each text they are in."""
        found: list[Span] = []
        for place, group in groupby(self._at[start : start + length], lambda a: a[0]):
            indices = [index for _, index in group]
            end = indices[-1] + 1
            text = self._texts[place]
            # The full stop and the closing quotation mark belong to the sentence.
            while end < len(text) and not (text[end].isalnum() or text[end].isspace()):
                end += 1
            found.append(Span(place, indices[0], end))
        return found

    def find(self, quote: str) -> list[Span]:
        """Return where a quotation stands first; nothing where it does not."""
        wanted = Letters([quote]).text
        start = self.text.find(wanted) if wanted else -1
        return self.spans(start, len(wanted)) if start >= 0 else []


def split_quotes(quotes: str) -> list[str]:
    """Return the pieces of a passage that a citation quotes."""
    pieces = quotes.split(QUOTES_JOINED_BY)
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def find_over_pages(
    page: Letters, following: Letters, quote: str
) -> tuple[list[Span], list[Span]]:
    """Return where a quotation stands on a page, and on the next one if it runs over."""
    here = page.find(quote)
    if here:
        return here, []
    wanted = Letters([quote]).text
    # The longest beginning on this page whose rest is on the next one.
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[:middle] in page.text:
            low = middle
        else:
            high = middle - 1
    rest = following.text.find(wanted[low:])
    if low == 0 or rest < 0:
        return [], []
    start = page.text.rfind(wanted[:low])
    return page.spans(start, low), following.spans(rest, len(wanted) - low)
