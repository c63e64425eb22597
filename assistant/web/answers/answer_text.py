"""The text of an answer as HTML: paragraphs, lists, links of its citations.

Gradio's Markdown takes HTML as it stands as long as no blank line is in it, so
whatever is put out here is one line, and everything that is not ours is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

from assistant.answering.citations import find_markers
from assistant.text.sentences import split_sentences

_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,3})[.)])\s+")

Link = Callable[[int], str]
"""Makes the link of a citation's number."""


class Block(NamedTuple):
    """A paragraph or a list item of an answer; ``tag`` is p, ul or ol."""

    tag: str
    sentences: list[str]


def flat(text: str) -> str:
    """Return a text escaped and on one line."""
    return escape(" ".join(text.split()))


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 page``, ``1,200 pages``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def blocks_of(text: str) -> list[Block]:
    """Return the paragraphs and list items of a text, its empty lines left out."""
    found: list[Block] = []
    for line in filter(str.strip, text.splitlines()):
        item = _LIST_ITEM.match(line)
        tag = "p" if item is None else "ol" if item["number"] else "ul"
        body = line[item.end() :] if item else line
        found.append(Block(tag, split_sentences(body)))
    return found


def count_sentences(text: str) -> int:
    """Count the steps in which an answer appears."""
    return sum(len(block.sentences) for block in blocks_of(text))


def link_markers(text: str, known: Sequence[int], link: Link) -> str:
    """Escape a text and make links of its citation markers; unknown numbers go."""
    parts: list[str] = []
    place = 0
    for marker in find_markers(text):
        parts.append(_flat_inside(text[place : marker.start]))
        parts.extend(link(number) for number in marker.numbers(known))
        place = marker.end
    return "".join([*parts, _flat_inside(text[place:])])


def _flat_inside(text: str) -> str:
    """Do the same for a piece of a text, whose outer spaces count."""
    return escape(re.sub(r"\s+", " ", text))


def visible(blocks: Iterable[Block], shown: int | None) -> list[Block]:
    """Return as much of the blocks as holds the first sentences."""
    if shown is None:
        return list(blocks)
    found: list[Block] = []
    for tag, sentences in blocks:
        if shown > 0:
            found.append(Block(tag, sentences[:shown]))
        shown -= len(sentences)
    return found


def render_text(text: str, known: Sequence[int], link: Link) -> str:
    """Return a text's paragraphs and lists; markers of ``known`` become links."""
    return render_blocks(blocks_of(text), lambda body: link_markers(body, known, link))


def render_blocks(blocks: Iterable[Block], linked: Callable[[str], str]) -> str:
    """Return paragraphs and lists as HTML."""
    html, around = "", "p"
    for tag, sentences in [*blocks, Block("p", [])]:
        if tag != around:
            html += f"</{around}>" if around != "p" else ""
            html += f"<{tag}>" if tag != "p" else ""
            around = tag
        item = "p" if tag == "p" else "li"
        if sentences:
            html += f"<{item}>{linked(' '.join(sentences))}</{item}>"
    return html


def _is_own(text: str) -> bool:
    return not find_markers(text)


def part_own_words(text: str) -> tuple[str, str]:
    """Part a text into the paragraphs that cite, and the assistant's own words."""
    lines = [line for line in text.splitlines() if line.strip()]
    own = [line for line in lines if _is_own(line) and not _LIST_ITEM.match(line)]
    cited = [line for line in lines if line not in own]
    return "\n\n".join(cited), "\n\n".join(own)
