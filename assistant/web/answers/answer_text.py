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
from assistant.sentences import split_sentences

_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,3})[.)])\s+")

Link = Callable[[int], str]
"""Makes the link of a citation's number."""


class _Block(NamedTuple):
    """A paragraph or a list item of an answer; ``tag`` is p, ul or ol."""

    tag: str
    sentences: list[str]


def flat(text: str) -> str:
    """Return a text escaped and on one line."""
    return escape(" ".join(text.split()))


def _blocks(text: str) -> list[_Block]:
    found: list[_Block] = []
    for line in filter(str.strip, text.splitlines()):
        item = _LIST_ITEM.match(line)
        tag = "p" if item is None else "ol" if item["number"] else "ul"
        body = line[item.end() :] if item else line
        found.append(_Block(tag, split_sentences(body)))
    return found


def count_sentences(text: str) -> int:
    """Count the steps in which an answer appears."""
    return sum(len(block.sentences) for block in _blocks(text))


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


def _visible(blocks: Iterable[_Block], shown: int | None) -> list[_Block]:
    """Return as much of the blocks as holds the first sentences."""
    if shown is None:
        return list(blocks)
    found: list[_Block] = []
    for tag, sentences in blocks:
        if shown > 0:
            found.append(_Block(tag, sentences[:shown]))
        shown -= len(sentences)
    return found


def render_text(
    text: str, known: Sequence[int], link: Link, shown: int | None = None
) -> str:
    """Return the paragraphs and lists of an answer.

    A paragraph that cites nothing, in an answer that cites, is the assistant's own word
    about the shelf (what it lacks, who is silent), and gets the class ``own``.

    Args:
        text: with citation markers.
        known: the numbers that the answer cites.
        link: makes the link of a number.
        shown: how many sentences to show; all when None.
    """
    html = ""
    around = "p"
    for tag, sentences in [*_visible(_blocks(text), shown), _Block("p", [])]:
        if tag != around:
            html += f"</{around}>" if around != "p" else ""
            html += f"<{tag}>" if tag != "p" else ""
            around = tag
        if sentences:
            item = "p" if tag == "p" else "li"
            body = " ".join(sentences)
            own = ' class="own"' if known and tag == "p" and _is_own(body) else ""
            html += f"<{item}{own}>{link_markers(body, known, link)}</{item}>"
    return html


def _is_own(text: str) -> bool:
    return not find_markers(text)


def part_own_words(text: str) -> tuple[str, str]:
    """Part a text into the paragraphs that cite, and the assistant's own words."""
    lines = [line for line in text.splitlines() if line.strip()]
    own = [line for line in lines if _is_own(line) and not _LIST_ITEM.match(line)]
    cited = [line for line in lines if line not in own]
    return "\n\n".join(cited), "\n\n".join(own)
