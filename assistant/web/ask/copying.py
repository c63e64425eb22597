"""An answer to take along: with its numbered sources, as plain text and as HTML."""

from __future__ import annotations

from html import escape

from assistant.answering.citations import strip_markers
from assistant.schema import Answer, Citation, Nearest
from assistant.text.dates import date_words
from assistant.web.answers.answer_text import flat
from assistant.web.answers.arranging import render_in_form

_SOURCES = "Sources"
_NEAREST = "The nearest sections:"
_QUOTATIONS = "From quotations, without the model:"


def cite(citation: Citation) -> str:
    """Return one line for a list of sources, without its number.

    Title, publisher, date, section, page and address, as far as they are known.
    """
    digest = f" Digest of {citation.digest_of}, not the original." * bool(
        citation.digest_of
    )
    line = (
        f"{citation.title}, {citation.publisher}, {date_words(citation.published)}. "
        f"{citation.place}.{digest} {citation.url}"
    )
    return " ".join(line.split())


def _near(near: Nearest) -> str:
    return " ".join(f"{near.title}: {near.section}".split())


def as_text(answer: Answer) -> str:
    """Return an answer with its markers and its sources as plain text."""
    blocks = [answer.text.strip()]
    if answer.citations:
        lines = [
            f"[{citation.number}] {cite(citation)}" for citation in answer.citations
        ]
        blocks.append("\n".join([_SOURCES, *lines]))
    if answer.nearest:
        blocks.append("\n".join([_NEAREST, *(f"- {_near(n)}" for n in answer.nearest)]))
    if answer.quoting is not None:
        blocks += [_QUOTATIONS, as_text(answer.quoting)]
    return "\n\n".join(blocks)


def as_html(answer: Answer) -> str:
    """Return the same as HTML, on one line, for programs that paste formatted text."""
    html = render_in_form(answer, lambda number: f"[{number}]")
    if answer.citations:
        lines = (
            f"[{citation.number}] {_cite_in_html(citation)}"
            for citation in answer.citations
        )
        html += f"<p><strong>{_SOURCES}</strong><br>{'<br>'.join(lines)}</p>"
    if answer.nearest:
        items = "".join(f"<li>{flat(_near(near))}</li>" for near in answer.nearest)
        html += f"<p>{_NEAREST}</p><ul>{items}</ul>"
    if answer.quoting is not None:
        html += f"<p>{_QUOTATIONS}</p>{as_html(answer.quoting)}"
    return html


def _cite_in_html(citation: Citation) -> str:
    line = escape(cite(citation))
    title = flat(citation.title)
    return line.replace(title, f"<em>{title}</em>", 1)


def as_plain(answer: Answer) -> str:
    """Return an answer's text alone, without its markers."""
    lines = (" ".join(line.split()) for line in strip_markers(answer.text).splitlines())
    return "\n".join(lines).strip()


def render_copy(answer: Answer) -> str:
    """Return each as a hidden part of the page; line breaks are written as entities.

    A blank line would end the HTML, and what follows be read as Markdown.
    """
    return (
        f'<div hidden class="to-copy"><div class="as-text">{_lines(as_text(answer))}'
        f'</div><div class="as-plain">{_lines(as_plain(answer))}</div>'
        f'<div class="as-html">{as_html(answer)}</div></div>'
    )


def _lines(text: str) -> str:
    return escape(text).replace("\r", "").replace("\n", "&#10;")
