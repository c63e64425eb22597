"""The chat as HTML: pure functions, and everything that is not ours is escaped.

Gradio's Markdown takes HTML as it stands as long as no blank line is in it, so
whatever is put out here is one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.schema import Answer, Citation
from assistant.web.answers.answer_text import Link, flat, part_own_words, render_text
from assistant.web.answers.arranging import render_arranged, wants_table
from assistant.web.answers.outcomes import (
    CHECKED_BEFORE,
    LABELS,
    SO_FAR,
    STOPPED,
    label_of,
    render_label,
    render_nearest,
    render_withheld,
    render_written,
)

Number = int | str
"""Of an answer in the conversation; of its quotations, see ``quotations_of``."""


def answer_id(number: Number) -> str:
    """Return the id of an answer on the page."""
    return f"answer-{number}"


def quotations_of(number: Number) -> str:
    """Return what numbers the quotations that stand beside an answer."""
    return f"{number}-quotations"


def source_id(answer: Number, source: int) -> str:
    """Return the id of a source in the panel, unique to its answer."""
    return f"{answer_id(answer)}-source-{source}"


def link_to(answer: Number, citations: Sequence[Citation]) -> Link:
    """Return what makes the links from an answer to its sources."""
    names = {
        citation.number: f"{citation.title}, {citation.publisher}"
        for citation in citations
    }

    def link(number: int) -> str:
        return (
            f'<a class="cite" href="#{source_id(answer, number)}">'
            f'[<span class="vh">source </span>{number}'
            f'<span class="vh">, {flat(names[number])}</span>]</a>'
        )

    return link


def _frame(number: Number, kind: str, inside: str) -> str:
    return f'<div class="answer {kind}" id="{answer_id(number)}">{inside}</div>'


def _render_quotations(number: Number, quoting: Answer | None, today: date) -> str:
    """Return the answer in quotations that stands beside one of a model."""
    if quoting is None:
        return ""
    own = quotations_of(number)
    inside = (
        render_label(f"{LABELS[quoting.outcome]} in quotations, without the model")
        + _render_cited(own, quoting, quoting.text)
        + render_nearest(quoting.nearest, quoting.passages)
        + render_written(quoting, today)
    )
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
    return _frame(number, "pending", render_searched(searched_for))


def render_failure(number: int, sentence: str) -> str:
    """Return the sentence that stands in the place of an answer that failed."""
    failed = f'<div class="failed"><p>{flat(sentence)}</p></div>'
    return _frame(number, "error", render_label(LABELS["error"]) + failed)


def render_stopped(number: int) -> str:
    """Return what stands in the place of an answer that was not waited for."""
    return _frame(number, "stopped", "<p>Stopped before the answer was ready.</p>")


def render_growing(number: int, answer: Answer, searched_for: str | None) -> str:
    """Return an answer that a model is writing: what is checked so far."""
    inside = (
        render_searched(searched_for)
        + render_label(SO_FAR)
        + _render_cited(number, answer, answer.text)
        + render_withheld(answer.withheld)
    )
    return _frame(number, "growing", inside)


def render_answer(
    number: int,
    answer: Answer,
    searched_for: str | None,
    shown: int | None = None,
    *,
    stopped: bool = False,
    today: date | None = None,
) -> str:
    """Return an answer as it stands in the chat.

    ``searched_for`` is the standalone question, where it is not what was typed; ``shown``
    counts the sentences to show (all, with what follows them, when None).
    """
    label = STOPPED if stopped else label_of(answer)
    inside = render_searched(searched_for) + render_label(label)
    if answer.outcome == "error":
        inside += _render_broken(number, answer)
    else:
        inside += _render_cited(number, answer, answer.text, shown)
    if shown is None:
        inside += _render_rest(number, answer, today or date.today())
    growing = "" if shown is None else " growing"
    kind = "partial" if stopped else answer.outcome
    return _frame(number, f"{kind}{growing}", inside)


def _render_rest(number: int, answer: Answer, today: date) -> str:
    return (
        render_nearest(answer.nearest, answer.passages)
        + render_withheld(answer.withheld)
        + render_written(answer, today)
        + _render_quotations(number, answer.quoting, today)
    )


def _render_broken(number: int, answer: Answer) -> str:
    """Return what failed and what to do, then what was checked before that."""
    cited, own = part_own_words(answer.text)
    failed = render_text(own, (), link_to(number, ()))
    html = f'<div class="failed">{failed}</div>' if failed else ""
    if cited:
        html += f'<p class="lead">{CHECKED_BEFORE}</p>'
        html += _render_cited(number, answer, cited)
    return html


def _render_cited(
    number: Number, answer: Answer, text: str, shown: int | None = None
) -> str:
    link = link_to(number, answer.citations)
    as_table = wants_table(answer)
    return render_arranged(text, answer.citations, link, shown, as_table=as_table)
