"""What tells the outcomes of answers apart, and what stands below an answer, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from assistant.answering.quoting.refusing import UNSURE
from assistant.schema import Answer, Citation, Nearest, Outcome, Passage, Withheld
from assistant.text.dates import age_of, date_words, is_old, latest_day
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.documents.places import NEW_TAB, OWN, section_link

LABELS: dict[Outcome, str] = {
    "answered": "Answer",
    "partial": "Part of an answer",
    "no_evidence": "Not on the shelf",
    "clarify": "Please say which",
    "declined": "Outside the shelf",
    "error": "Not answered",
}
PERHAPS = "Perhaps an answer"
SO_FAR = "Answer so far"
STOPPED = "Answer so far, stopped here"
BROKEN_OFF = "Broken off"
CHECKED_BEFORE = "Written and checked before the model failed:"
_NOT_BORNE_OUT = (
    "Each sentence was checked automatically, and this was left out of the answer, because "
    "the passages it cites do not bear it out. Do not rely on it."
)


def render_label(text: str) -> str:
    """Return the heading of an answer; its style sheet puts a sign before it."""
    return f'<h3 class="outcome">{text}</h3>'


def label_of(answer: Answer) -> str:
    """Return what an answer is called."""
    if answer.outcome == "error" and answer.sentences:
        return BROKEN_OFF
    if answer.text.startswith(UNSURE):
        return PERHAPS
    return LABELS[answer.outcome]


def render_nearest(nearest: Sequence[Nearest], passages: Sequence[Passage]) -> str:
    """Return links to the nearest sections, where the shelf does not say."""
    if not nearest:
        return ""
    items = "".join(
        f"<li>{_link(near, passages)} <cite>{flat(near.title)}</cite></li>"
        for near in nearest
    )
    return f'<p class="lead">Nearest sections:</p><ul class="nearest">{items}</ul>'


def _link(near: Nearest, passages: Sequence[Passage]) -> str:
    section = flat(near.section)
    if near.report.startswith(OWN):
        return section
    address = escape(_address(near, passages))
    return f'<a href="{address}"{NEW_TAB}>{section or "Open the document"}</a>'


def _address(near: Nearest, passages: Sequence[Passage]) -> str:
    """Return where a section opens: of a report whose document is not known, by it."""
    for passage in passages:
        chunk = passage.chunk
        if (chunk.details.report, chunk.section) == (near.report, near.section):
            return section_link(chunk.details.document_id, near.section)
    return section_link(near.report, near.section)


def render_withheld(withheld: Sequence[Withheld]) -> str:
    """Return the sentences that the check withheld, folded, each with its reasons."""
    if not withheld:
        return ""
    items = "".join(
        f'<li><q>{flat(item.text)}</q> <span class="why">Why: {flat(item.reason)}.'
        "</span></li>"
        for item in withheld
    )
    count = count_of(len(withheld), "sentence")
    return (
        f'<details class="withheld"><summary>{count} withheld</summary>'
        f"<p>{_NOT_BORNE_OUT}</p><ul>{items}</ul></details>"
    )


def render_written(answer: Answer, today: date) -> str:
    """Return who wrote an answer, and how old what it cites is, if any of it is old."""
    parts = (who_wrote(answer), age_note(answer.citations, today))
    return f'<p class="written">{" ".join(filter(None, parts))}</p>'


def who_wrote(answer: Answer) -> str:
    """Say who wrote an answer, as HTML."""
    by_code = answer.model == "quoting"
    if not answer.sentences:
        if by_code:
            return "Answered by fixed rules; no language model was used."
        return f"The language model {flat(answer.model)} was asked."
    if by_code:
        return (
            "Quotations, chosen and checked automatically; no language model was used."
        )
    return (
        f"Written by the language model {flat(answer.model)}; each sentence was checked "
        "automatically against the passage it cites."
    )


def age_note(citations: Sequence[Citation], today: date) -> str:
    """Say how old the oldest and the newest cited report is, if any is old."""
    dates = {citation.published for citation in citations if citation.published}
    if not any(is_old(published, today) for published in dates):
        return ""
    oldest, newest = min(dates, key=latest_day), max(dates, key=latest_day)
    age = f"{date_words(oldest)}, {age_of(oldest, today.isoformat())} old"
    if len(dates) == 1:
        return f"The report cited is from {age}."
    return f"Oldest report cited: {age}; newest: {date_words(newest)}."
