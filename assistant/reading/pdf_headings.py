"""Which paragraphs of a PDF are headings, and how deep, by type and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.reading.pdf_layout import Paragraph
from assistant.reading.pdf_lines import most_size
from assistant.reading.tables import CAPTION

# A heading is at least so much larger than the text, and no longer than this.
_LARGER = 1.12
_LONGEST, _MOST_WORDS = 160, 22
_DEEPEST = 6
_NUMBER = re.compile(
    r"(?:(?:appendix|annex|part|section|chapter)\s+)?(\d{1,2}(?:\.\d{1,3})*)\b"
)
_SENTENCE = re.compile(r"[.,;!]$")

Levels = Mapping[int, tuple[str, int]]
"""By the place of a paragraph that is a heading: its title and its level."""


def find_headings(paragraphs: Sequence[Paragraph]) -> Levels:
    """Take short paragraphs in larger or bold type as headings, largest first."""
    if not paragraphs:
        return {}
    usual = most_size((p.size, p.text) for p in paragraphs)
    bold = sum(len(p.text) for p in paragraphs if p.bold and p.size <= usual * _LARGER)
    # Where half of the text is bold, bold says nothing.
    bold_counts = 2 * bold < sum(len(p.text) for p in paragraphs)
    styles = {
        place: style
        for place, paragraph in enumerate(paragraphs)
        if (style := _style(paragraph, usual, bold_counts=bold_counts))
    }
    for place in range(len(paragraphs) - 1):
        if place not in styles and _is_numbered(paragraphs, place):
            styles[place] = (usual, False, False, -_depth(paragraphs[place].text))
    cover = {s for n, s in styles.items() if paragraphs[n].page.number == 1}
    cover -= {s for n, s in styles.items() if paragraphs[n].page.number > 1}
    several = paragraphs[-1].page.number > 1
    order = sorted(set(styles.values()) - (cover if several else set()), reverse=True)
    levels: dict[int, tuple[str, int]] = {}
    top = 0
    for place, style in sorted(styles.items()):
        text = paragraphs[place].text
        level = order.index(style) + 1 if style in order else _DEEPEST
        if style in order and _NUMBER.match(text.lower()):
            # Its number says how deep it is under the first of its kind.
            depth = _depth(text)
            top = top if top or depth > 1 else level
            level = top + depth - 1 if top else level
        levels[place] = text.rstrip(" :"), max(1, min(level, _DEEPEST))
    return levels


Style = tuple[float, bool, bool, int]


def _may_be(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        paragraph.kind == "text"
        and len(text) <= _LONGEST
        and len(text.split()) <= _MOST_WORDS
        and sum(map(str.isalpha, text)) >= 3
        and not CAPTION.match(text)
        and not text.startswith(("•", "–", "(", "“", '"'))
        and "@" not in text
        and "://" not in text
    )


def _style(paragraph: Paragraph, usual: float, *, bold_counts: bool) -> Style | None:
    """Return how a heading is set, comparable: the greater the higher; None for text."""
    text = paragraph.text
    if not _may_be(paragraph) or paragraph.size < 0.95 * usual:
        return None
    larger = paragraph.size >= usual * _LARGER
    capitals = text.isupper() and sum(map(str.isalpha, text)) >= 4
    if not larger:
        if _SENTENCE.search(text):
            return None
        if text.endswith(":") and len(text.split()) > 7:
            return None
        if not (paragraph.bold and bold_counts) and not capitals:
            return None
    size = round(paragraph.size) if larger else usual
    return (float(size), paragraph.bold, capitals, -_depth(text))


def _depth(text: str) -> int:
    number = _NUMBER.match(text.lower())
    # "4.0 Process" and "4. Process" are of one depth.
    return len(re.sub(r"\.0+$", "", number[1]).split(".")) if number else 1


def _is_numbered(paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Tell whether a short line with a number heads the text after it, which has none."""
    paragraph, after = paragraphs[place], paragraphs[place + 1]
    text = paragraph.text
    numbered = re.match(r"\d{1,2}(?:\.|(?:\.\d{1,2})+\.?)\s+[A-Z]", text)
    if not numbered or not _may_be(paragraph):
        return False
    before = paragraphs[place - 1] if place else None
    if before and before.is_item and len(before.text.split()) <= 14:
        return False  # the last item of a list
    return (
        len(text.split()) <= 14
        and not text.endswith((".", ",", ";", ":"))
        and after.kind == "text"
        and (not after.is_item or after.text.startswith("•"))
    )
