"""The panel of sources as HTML: the passages that each answer cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from assistant.dates import date_words, is_old
from assistant.reading.quotes import split_quotes
from assistant.schema import QUOTES_JOINED_BY, Answer, Citation, Passage
from assistant.web.documents import document_link
from assistant.web.render import Number, answer_id, flat, quotations_of, source_id

EMPTY = "The passages that an answer cites stand here, with the cited words marked."
_NONE_CITED = "The latest answer cites nothing."
_OF_QUOTATIONS = "Sources of the quotations:"


class Cited(NamedTuple):
    """An answer with its number in the conversation and the question as typed."""

    number: Number
    question: str
    answer: Answer


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


def render_link(url: str) -> str:
    """Return a link to the original, or nothing for an address that is no web page."""
    url = "".join(url.split())
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.")
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        f"Original at {escape(host)}</a>"
    )


def _render_note(citation: Citation) -> str:
    link = render_link(citation.url)
    if citation.digest_of is None:
        return f'<p class="note">{link}</p>' if link else ""
    digest = f"Digest of {flat(citation.digest_of)} – not the original."
    return f'<p class="note">{digest} {link}</p>'


def _render_place(citation: Citation) -> str:
    page = f", page {flat(citation.page)}" if citation.page else ""
    return f'<p class="place">{flat(citation.section)}{page}</p>'


def _render_open(citation: Citation, passage: Passage | None) -> str:
    """Return a link to the cited place of the original, where we keep it."""
    link = passage and document_link(citation, passage.chunk.details)
    if not link:
        return ""
    what = "Open the document"
    if citation.page_number is not None:
        page = citation.page or f"{citation.page_number} of the file"
        what = f"Open page {flat(page)} in the document"
    return (
        f'<p class="note"><a class="open" href="{escape(link)}" target="_blank" '
        f'rel="noopener">{what}</a></p>'
    )


def render_source(
    answer: Number, citation: Citation, passages: Sequence[Passage], today: date
) -> str:
    """Return one entry of the panel."""
    old = is_old(citation.published, today)
    mark = ' <span class="older">older report</span>' if old else ""
    quotes = split_quotes(citation.quote)
    passage = passage_of(citation, passages)
    text = _text_of(passage) if passage else QUOTES_JOINED_BY.join(quotes)
    return (
        f'<li class="source" id="{source_id(answer, citation.number)}" tabindex="-1">'
        f'<h3><span class="number">{citation.number}</span> {flat(citation.title)}</h3>'
        f'<p class="details">{flat(citation.publisher)}, '
        f"{date_words(citation.published)}{mark}</p>"
        f"{_render_place(citation)}"
        f"<blockquote>{mark_quotes(text, quotes)}</blockquote>"
        f"{_render_open(citation, passage)}"
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


def render_sources(answers: Sequence[Cited], today: date) -> str:
    """Return the panel: the latest answer's sources, earlier ones folded below."""
    latest = f'<p class="empty">{EMPTY}</p>'
    if answers:
        none = f'<p class="empty">{_NONE_CITED}</p>'
        latest = _render_list(answers[-1], today) or none
    earlier = "".join(
        f"<details><summary>Sources for “{flat(cited.question)}”</summary>"
        f"{sources}</details>"
        for cited in reversed(answers[:-1])
        if (sources := _render_list(cited, today))
    )
    return f'<div class="panel">{latest}{earlier}</div>'
