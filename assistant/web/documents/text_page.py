"""A document's text as a page of our own, whole or section by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from assistant.reading.quotes import Letters, Span, split_quotes
from assistant.schema import SECTION_SEPARATOR, ReportDetails, Section
from assistant.text.dates import age_of, date_words, is_old
from assistant.web.documents.places import MARK, query_of, render_original

MOST_TEXT = 400_000
"""Letters of a document that are shown at a time."""

_STYLE = (Path(__file__).parent / "text_page.css").read_text(encoding="utf-8")


class Shown(NamedTuple):
    """What a page shows.

    ``heading`` is the section to show, None for all of them. ``file`` is the name of
    the file that the text was read of, None for a report that came with the program;
    ``has_pages`` says that it is a PDF, which opens as well.
    """

    details: ReportDetails
    sections: Sequence[Section]
    heading: str | None
    quotes: str
    file: str | None = None
    has_pages: bool = False


def headings_of(sections: Sequence[Section]) -> list[str]:
    """Return the headings in order, each once."""
    return list(dict.fromkeys(section.heading for section in sections))


def render_page(shown: Shown, today: date) -> str:
    """Return the page; where to go from it is relative to its own address."""
    details = shown.details
    title = escape(details.title)
    place = f"{escape(_last(shown.heading))} – " if shown.heading else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{place}{title}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{title}</h1>{_details(details, today)}{_origin(shown)}</header>"
        f"<main>{''.join(_body(shown))}</main>{_ways_on(shown)}</body></html>"
    )


def _details(details: ReportDetails, today: date) -> str:
    published = date_words(details.published)
    line = f'<p class="details">{escape(details.publisher)}, {published}</p>'
    if not is_old(details.published, today):
        return line
    age = age_of(details.published, today.isoformat())
    return f'{line}<p class="older">Older report: {age} old</p>'


def _origin(shown: Shown) -> str:
    """Say what the text is, so that nobody takes it for the original."""
    original = render_original(shown.details.url, "")
    if shown.details.digest_of is not None:
        digest = f"This is a digest of {escape(shown.details.digest_of)}, in our own"
        return (
            f'<p class="origin">{digest} words. It is not the original. {original}</p>'
        )
    read = f"The text as it was read of {escape(shown.file)}." if shown.file else ""
    if shown.has_pages:
        read += ' <a href="?">Open the document itself</a>'
    parts = " ".join(filter(None, (read, original)))
    return f'<p class="origin">{parts}</p>' if parts else ""


def _body(shown: Shown) -> Iterator[str]:
    left = MOST_TEXT
    for heading, parts in groupby(_wanted(shown), lambda section: section.heading):
        yield _heading(heading)
        for section in parts:
            yield _paragraphs(section.text[:left], shown.quotes)
            left -= len(section.text)
            if left < 0:
                yield "<p><em>The rest is not shown here.</em></p>"
                return


def _wanted(shown: Shown) -> list[Section]:
    if shown.heading is None:
        return list(shown.sections)
    return [section for section in shown.sections if section.heading == shown.heading]


def _last(heading: str) -> str:
    return heading.rpartition(SECTION_SEPARATOR)[2]


def _heading(heading: str) -> str:
    """Return a section's heading, those above it in a line of their own."""
    above, _, last = heading.rpartition(SECTION_SEPARATOR)
    line = f'<p class="above">{escape(above)}</p>' if above else ""
    return f"{line}<h2>{escape(last)}</h2>" if last else ""


def _ways_on(shown: Shown) -> str:
    if shown.heading is None:
        return ""
    headings = headings_of(shown.sections)
    place = headings.index(shown.heading)
    before, after = headings[:place][-1:], headings[place + 1 :][:1]
    links = [
        f'<a href="?{query_of({"section": heading})}" rel="{rel}">'
        f"<span>{word} section</span> {escape(_last(heading))}</a>"
        for rel, word, found in (("prev", "Previous", before), ("next", "Next", after))
        for heading in found
    ]
    links.append('<a href="?section="><span>Whole text</span> All sections</a>')
    return f'<nav aria-label="Sections">{"".join(links)}</nav>'


def _paragraphs(text: str, quotes: str) -> str:
    """Return a text as paragraphs, escaped, with the quotations in it marked."""
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    letters = Letters(paragraphs)
    spans = [span for quote in split_quotes(quotes) for span in letters.find(quote)]
    marked: list[str] = []
    for place, paragraph in enumerate(paragraphs):
        own = [span for span in spans if span.place == place]
        marked.append(f"<p>{_marked(paragraph, own)}</p>")
    # The link's anchor is the first mark.
    return "".join(marked).replace("<mark>", f'<mark id="{MARK}">', 1)


def _marked(text: str, spans: Sequence[Span]) -> str:
    html, done = "", 0
    for span in sorted(spans, key=lambda s: s.start):
        # Quotations may overlap.
        start, end = max(span.start, done), max(span.end, done)
        inside = f"<mark>{escape(text[start:end])}</mark>" if end > start else ""
        html += escape(text[done:start]) + inside
        done = end
    return html + escape(text[done:])
