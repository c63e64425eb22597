"""The chat as HTML: pure functions, and everything that is not ours is escaped.

Gradio's Markdown takes HTML as it stands as long as no blank line is in it, so
whatever is put out here is one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

from assistant.answering.citations import find_markers
from assistant.schema import Answer, Citation, Nearest, Outcome, Withheld
from assistant.sentences import split_sentences

_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,3})[.)])\s+")
# An answer in full needs no label over it.
_LABELS: dict[Outcome, str] = {
    "partial": "Part of an answer",
    "no_evidence": "Not on the shelf",
    "clarify": "Please say which",
    "declined": "Outside the shelf",
    "error": "Not answered",
}

_UNFINISHED = "Not finished: what follows was checked before the model failed"
_QUOTATIONS = "From quotations, without the model"

Link = Callable[[int], str]
Number = int | str
"""Of an answer in the conversation; of its quotations, see ``quotations_of``."""


class _Block(NamedTuple):
    """A paragraph or a list item of an answer; ``tag`` is p, ul or ol."""

    tag: str
    sentences: list[str]


def flat(text: str) -> str:
    """Return a text escaped and on one line."""
    return escape(" ".join(text.split()))


def answer_id(number: Number) -> str:
    """Return the id of an answer on the page."""
    return f"answer-{number}"


def quotations_of(number: Number) -> str:
    """Return what numbers the quotations that stand beside an answer."""
    return f"{number}-quotations"


def source_id(answer: Number, source: int) -> str:
    """Return the id of a source in the panel, unique to its answer."""
    return f"{answer_id(answer)}-source-{source}"


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
            body = link_markers(" ".join(sentences), known, link)
            html += f"<{item}>{body}</{item}>"
    return html


def _link_to(answer: Number, citations: Sequence[Citation]) -> Link:
    names = {
        citation.number: f"{citation.title}, {citation.publisher}"
        for citation in citations
    }

    def link(number: int) -> str:
        return (
            f'<a class="cite" href="#{source_id(answer, number)}" '
            f'title="{flat(names[number])}">'
            f'[<span class="vh">source </span>{number}]</a>'
        )

    return link


def _render_nearest(nearest: Sequence[Nearest]) -> str:
    if not nearest:
        return ""
    items = "".join(
        f"<li><cite>{flat(near.title)}</cite>: {flat(near.section)}</li>"
        for near in nearest
    )
    return f'<p class="lead">The nearest sections:</p><ul class="nearest">{items}</ul>'


def _render_withheld(withheld: Sequence[Withheld]) -> str:
    if not withheld:
        return ""
    count = len(withheld)
    items = "".join(
        f"<li><q>{flat(item.text)}</q> – {flat(item.reason)}</li>" for item in withheld
    )
    noun = "sentence" if count == 1 else "sentences"
    return (
        f'<details class="withheld"><summary>{count} {noun} withheld</summary>'
        f"<ul>{items}</ul></details>"
    )


def _frame(number: Number, kind: str, inside: str) -> str:
    return f'<div class="answer {kind}" id="{answer_id(number)}">{inside}</div>'


def _label(answer: Answer) -> str:
    label = _LABELS.get(answer.outcome)
    if answer.outcome == "error" and answer.sentences:
        label = _UNFINISHED
    return f'<p class="outcome">{label}</p>' if label else ""


def _render_quotations(number: Number, quoting: Answer | None) -> str:
    """Return the answer in quotations that stands beside one of a model."""
    if quoting is None:
        return ""
    own = quotations_of(number)
    known = [citation.number for citation in quoting.citations]
    text = render_text(quoting.text, known, _link_to(own, quoting.citations))
    inside = f'<p class="lead">{_QUOTATIONS}:</p>{text}'
    return f'<div class="quotations" id="{answer_id(own)}">{inside}</div>'


def render_question(question: str) -> str:
    """Return a question as it stands in the chat."""
    lines = [flat(line) for line in question.splitlines() if line.strip()]
    spoken = '<span class="vh">You asked: </span>'
    return f'<div class="question">{spoken}{"<br>".join(lines)}</div>'


def render_searched(searched_for: str | None) -> str:
    """Return the line over an answer that says what was searched for."""
    if searched_for is None:
        return ""
    return f'<p class="searched">Searched for: {flat(searched_for)}</p>'


def render_pending(number: int, searched_for: str | None) -> str:
    """Return what stands in the place of an answer until it comes."""
    inside = render_searched(searched_for) + '<p class="wait">Looking on the shelf…</p>'
    return _frame(number, "pending", inside)


def render_failure(number: int, sentence: str) -> str:
    """Return the sentence that stands in the place of an answer that failed."""
    return _frame(number, "error", f"<p>{flat(sentence)}</p>")


def render_stopped(number: int) -> str:
    """Return what stands in the place of an answer that was not waited for."""
    return _frame(number, "stopped", "<p>Stopped before the answer was ready.</p>")


def render_growing(number: int, answer: Answer, searched_for: str | None) -> str:
    """Return an answer that a model is writing: what is checked so far."""
    inside = _render_body(number, answer, searched_for)
    inside += '<p class="wait">Writing, and checking each sentence…</p>'
    return _frame(number, "growing", inside)


def render_answer(
    number: int,
    answer: Answer,
    searched_for: str | None,
    shown: int | None = None,
    *,
    stopped: bool = False,
) -> str:
    """Return an answer as it stands in the chat.

    Args:
        number: of the answer in the conversation, for its ids.
        answer: the answer.
        searched_for: the standalone question, where it is not what was typed.
        shown: how many sentences to show; all, with what follows them, when None.
        stopped: whether the user stopped it there.
    """
    inside = _render_body(number, answer, searched_for, shown)
    if stopped:
        inside += '<p class="wait">Stopped here.</p>'
    growing = "" if shown is None else " growing"
    return _frame(number, f"{answer.outcome}{growing}", inside)


def _render_body(
    number: int, answer: Answer, searched_for: str | None, shown: int | None = None
) -> str:
    known = [citation.number for citation in answer.citations]
    link = _link_to(number, answer.citations)
    body = (
        render_searched(searched_for)
        + _label(answer)
        + render_text(answer.text, known, link, shown)
    )
    if shown is not None:
        return body
    return (
        body
        + _render_nearest(answer.nearest)
        + _render_withheld(answer.withheld)
        + _render_quotations(number, answer.quoting)
    )
