"""The panel of sources as HTML: the passages that each answer cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from assistant.answering.citations import strip_markers
from assistant.reading.quotes import split_quotes
from assistant.schema import QUOTES_JOINED_BY, Answer, Citation, Passage
from assistant.text.dates import age_of, date_words, is_old
from assistant.web.answers.answer_text import flat
from assistant.web.answers.render import Number, answer_id, quotations_of, source_id
from assistant.web.documents.page_pictures import NOT_DRAWN
from assistant.web.documents.places import (
    NEW_TAB,
    OWN,
    page_link,
    picture_link,
    render_original,
    section_link,
)

EMPTY = "The passages that an answer cites stand here, with the cited words marked."
_FOUND = "Found so far; the answer says which of them it rests on."
_NONE_CITED = "This answer cites nothing."
_OF_QUOTATIONS = "Sources of the quotations:"
# Letters of a passage that was found and is not cited.
_SHORT = 240


class Cited(NamedTuple):
    """An answer with its number in the conversation and the question as typed."""

    number: Number
    question: str
    answer: Answer
    growing: bool = False
    """A model is still writing it."""


def passage_of(citation: Citation, passages: Sequence[Passage]) -> Passage | None:
    """Return the passage that a citation quotes from, or None where none holds it."""
    quotes = split_quotes(citation.quote)
    place = (citation.report, citation.section, citation.page, citation.digest_of)
    for passage in passages:
        chunk, details = passage.chunk, passage.chunk.details
        same = (details.report, chunk.section, chunk.page, details.digest_of) == place
        if same and all(quote in _text_of(passage) for quote in quotes):
            return passage
    return None


def _text_of(passage: Passage) -> str:
    return " ".join(passage.chunk.text.split())


def mark_quotes(text: str, quotes: Sequence[str]) -> str:
    """Return a text escaped, with the quoted words marked where they stand in it."""
    if not quotes:
        return escape(text)
    # The longest first: a quote may begin with another.
    longest_first = sorted(quotes, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return "".join(
        f"<mark>{escape(piece)}</mark>" if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def render_age(published: str | None, today: date) -> str:
    """Return the mark of an old report, or nothing."""
    if not is_old(published, today):
        return ""
    age = age_of(published, today.isoformat())
    return f'<p class="older">Older report: {age} old</p>'


def _render_note(citation: Citation) -> str:
    link = render_original(citation.url)
    if citation.digest_of is None:
        return f'<p class="note">{link}</p>' if link else ""
    digest = f"Digest of {flat(citation.digest_of)} – not the original."
    return f'<p class="note">{digest} {link}</p>'


def _link(address: str, what: str) -> str:
    return f'<a class="open" href="{escape(address)}"{NEW_TAB}>{what}</a>'


def _render_ways(citation: Citation, passage: Passage | None) -> str:
    """Return where the cited place can be opened, and of a PDF the page itself."""
    if citation.report.startswith(OWN):
        return ""
    name = passage.chunk.details.document_id if passage else citation.report
    section = section_link(name, citation.section, citation.quote)
    number = citation.page_number
    if number is None:
        return f'<p class="note">{_link(section, "Open the section")}</p>'
    page = flat(citation.page) if citation.page else f"{number} of the file"
    document = page_link(name, number, citation.quote)
    opened = _link(document, f"Open page {page} in the document")
    as_text = _link(section, "Read the section as text")
    return (
        f'<p class="note">{opened} <span class="or">or</span> {as_text}</p>'
        f"{_render_picture(citation, name, number, page)}"
    )


def _render_picture(citation: Citation, name: str, number: int, page: str) -> str:
    """Return the page behind a fold; it is drawn when the fold is opened."""
    address = escape(picture_link(name, number, citation.quote))
    says = f"Page {page} of {flat(citation.title)}, the cited words marked"
    return (
        f'<details class="page"><summary>Show page {page}</summary>'
        f'<a href="{address}"{NEW_TAB}><img loading="lazy" src="{address}" '
        f'alt="{says}"><span>See it larger in a new tab</span></a>'
        f'<p class="undrawn">{NOT_DRAWN}</p></details>'
    )


def render_source(
    answer: Number, citation: Citation, passages: Sequence[Passage], today: date
) -> str:
    """Return one entry of the panel."""
    quotes = split_quotes(citation.quote)
    passage = passage_of(citation, passages)
    text = _text_of(passage) if passage else QUOTES_JOINED_BY.join(quotes)
    return (
        f'<li class="source" id="{source_id(answer, citation.number)}" tabindex="-1">'
        f'<h3><span class="number">{citation.number}</span> {flat(citation.title)}</h3>'
        f'<p class="details">{flat(citation.publisher)}, '
        f"{date_words(citation.published)}</p>"
        f"{render_age(citation.published, today)}"
        f'<p class="place">{flat(citation.place)}</p>'
        f"<blockquote>{mark_quotes(text, quotes)}</blockquote>"
        f"{_render_ways(citation, passage)}"
        f"{_render_note(citation)}"
        f'<p class="back"><a href="#{answer_id(answer)}">Back to the answer</a></p>'
        "</li>"
    )


def _render_list(cited: Cited, today: date) -> str:
    """Return the sources of an answer, and of the quotations beside it."""
    items = "".join(
        render_source(cited.number, citation, cited.answer.passages, today)
        for citation in cited.answer.citations
    )
    own = f'<ol class="sources" role="list">{items}</ol>' if items else ""
    quoting = cited.answer.quoting
    if quoting is None or not quoting.citations:
        return own
    beside = Cited(quotations_of(cited.number), cited.question, quoting)
    return f'{own}<p class="lead">{_OF_QUOTATIONS}</p>{_render_list(beside, today)}'


def uncited(answer: Answer) -> list[Passage]:
    """Return the passages that were retrieved and are not cited, best first."""
    cited = [passage_of(citation, answer.passages) for citation in answer.citations]
    if answer.quoting is not None:
        cited += [
            passage_of(citation, answer.quoting.passages)
            for citation in answer.quoting.citations
        ]
    ids = {passage.chunk.id for passage in cited if passage}
    return [passage for passage in answer.passages if passage.chunk.id not in ids]


def _render_also(cited: Cited) -> str:
    """Return what was found and not cited, behind a fold and without numbers."""
    answer = cited.answer
    if cited.growing or answer.outcome in ("clarify", "declined"):
        return ""
    items = "".join(map(_render_found, uncited(answer)))
    if not items:
        return ""
    label = "Also found, not cited" if answer.citations else "Found, not cited"
    return (
        f'<details class="also"><summary>{label}</summary>'
        "<p>The search found these passages too. The answer does not rest on them.</p>"
        f"<ul>{items}</ul></details>"
    )


def _render_found(passage: Passage) -> str:
    chunk = passage.chunk
    # A marker in a report's own text is no citation of ours.
    text = " ".join(strip_markers(_text_of(passage)).split())
    if len(text) > _SHORT:
        text = f"{text[:_SHORT].rpartition(' ')[0] or text[:_SHORT]} …"
    name, section = chunk.details.document_id, flat(chunk.section)
    if not name.startswith(OWN):
        address = section_link(name, chunk.section)
        section = _link(address, section or "Open the document")
    return (
        f"<li><cite>{flat(chunk.details.title)}</cite> "
        f"({flat(chunk.details.attribution)}): {section}<br>{flat(text)}</li>"
    )


def render_sources(
    answers: Sequence[Cited], today: date, found: Sequence[Passage] = ()
) -> str:
    """Return the panel: a section for each answer, of which one is in sight.

    ``found`` are passages for an answer that is still to come.
    """
    sections = "".join(_render_section(cited, today) for cited in answers)
    if found:
        items = "".join(map(_render_found, found))
        inside = f'<p>{_FOUND}</p><ul class="found">{items}</ul>'
        sections += f'<div class="of-answer also">{inside}</div>'
    if not sections:
        sections = f'<p class="empty">{EMPTY}</p>'
    return f'<div class="panel">{sections}</div>'


def _render_section(cited: Cited, today: date) -> str:
    none = f'<p class="empty">{_NONE_CITED}</p>'
    inside = (_render_list(cited, today) or none) + _render_also(cited)
    about = f'<p class="about">For “{flat(cited.question)}”</p>'
    id_ = f"sources-of-{answer_id(cited.number)}"
    return f'<div class="of-answer" id="{id_}">{about}{inside}</div>'
