"""The text of an answer as blocks: paragraphs and lists, its citations as marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import groupby

from assistant.answering.citations import find_markers
from assistant.briefing.export.blocks import (
    Block,
    Bullets,
    Paragraph,
    Span,
    Spans,
    cite,
    clean,
)

_BULLET = re.compile(r"^\s*[-*•]\s+")


def text_blocks(text: str, known: Collection[int], within: str) -> Iterator[Block]:
    """Yield the paragraphs and lists of an answer; a list's own numbers stay as text.

    Markers of numbers that are not ``known`` are left out; ``within`` tells the sources
    from those of other answers.
    """
    lines = [line for line in text.splitlines() if clean(line)]
    for is_list, group in groupby(lines, lambda line: bool(_BULLET.match(line))):
        found = [spans_of(_BULLET.sub("", line), known, within) for line in group]
        if is_list:
            yield Bullets(tuple(found))
        else:
            yield from (Paragraph(spans) for spans in found)


def spans_of(line: str, known: Collection[int], within: str) -> Spans:
    """Return a line as runs of text and marks."""
    spans: list[Span] = []
    place = 0
    for marker in find_markers(line):
        spans += _piece(line[place : marker.start])
        spans += cite(marker.numbers(known), within)
        place = marker.end
    return tuple([*spans, *_piece(line[place:])])


def _piece(text: str) -> Iterator[Span]:
    """Yield a piece of a line, whose outer spaces count."""
    inside = clean(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inside and text[-1:].isspace() else ""
    if text:
        yield Span(f"{before}{inside}{after}")
