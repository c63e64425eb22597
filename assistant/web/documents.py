"""Opens the documents that the team added, at the place that a citation names.

``/documents/REPORT/DOCUMENT?page=N&quote=…`` gives a PDF with the quotation marked on
its page; of any other file ``?section=…&quote=…`` gives the text that was read of it,
as a page of our own. Only what the team's shelf lists is looked for, and by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from assistant.errors import AssistantError
from assistant.library.details import is_added
from assistant.library.entries import Entry, Library, StoredReport
from assistant.reading.kinds import MOST_BYTES
from assistant.reading.limited import Limits, mark_limited
from assistant.reading.quotes import Letters, Span, split_quotes
from assistant.schema import QUOTES_JOINED_BY, Citation, ReportDetails, Section

PATH = "/documents"
MOST_QUOTE = 2000
"""Letters of the quotations in an address; a link is given no more."""
MOST_TEXT = 400_000
"""Letters of a document without pages that are shown at a time."""
# Larger files open at the page without a mark: a copy would take too long.
_MOST_MARKED_BYTES, _MOST_MARKED_PAGES = 40_000_000, 600
_MARKING = Limits(memory=1_000_000_000, seconds=15, output=80_000_000)
_AT_A_TIME, _WAIT_SECONDS = 2, 10

_ALWAYS = (
    "default-src 'none'; script-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
# A browser shows a PDF in a page of its own, with an object and some style in it.
_PDF_POLICY = f"{_ALWAYS}; object-src 'self'; style-src 'unsafe-inline'"
_TEXT_POLICY = f"{_ALWAYS}; style-src 'unsafe-inline'; sandbox"
_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;"
    "margin:2rem auto;max-width:42rem;padding:0 1rem;overflow-wrap:anywhere}"
    "mark{background:#ffe066;color:#000}"
)

Mark = Callable[[Path, int, str], bytes | None]


class _Refusal(Exception):
    """A request that cannot be met: the status, and what is said."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def document_link(citation: Citation, details: ReportDetails) -> str | None:
    """Return the address of a cited place, or None where no original is kept.

    It is relative to the chat page, wherever that is mounted.
    """
    if not is_added(details):
        return None
    place = {"section": citation.section}
    anchor = "marked"
    if citation.page_number is not None:
        place = {"page": str(citation.page_number)}
        anchor = f"page={citation.page_number}"
    wanted = {**place, "quote": _short(citation.quote)}
    query = urlencode(wanted, quote_via=percent_encode, errors="replace")
    name = percent_encode(details.document_id)
    return f"{PATH[1:]}/{name}?{query}#{anchor}"


def _short(quotes: str) -> str:
    """Return as much of the quotations as an address takes, cut between two words."""
    if len(quotes) <= MOST_QUOTE:
        return quotes
    return quotes[:MOST_QUOTE].rpartition(" ")[0].removesuffix(QUOTES_JOINED_BY.strip())


def add_documents(app: FastAPI, library: Library, mark: Mark | None = None) -> None:
    """Add the route to an application.

    Args:
        app: the application that the chat page is mounted on; what guards that page
            must guard the whole application.
        library: the team's shelf.
        mark: makes the marked copy of a PDF; as it stands, in a process with limits.
    """
    marking = BoundedSemaphore(_AT_A_TIME)

    def mark_in_turn(file: Path, page: int, quotes: str) -> bytes | None:
        if not marking.acquire(timeout=_WAIT_SECONDS):
            return None
        try:
            return (mark or _mark)(file, page, quotes)
        finally:
            marking.release()

    @app.get(f"{PATH}/{{name:path}}")
    def document(name: str, request: Request) -> Response:
        try:
            return _open(library, name, request.query_params, mark_in_turn)
        except _Refusal as refusal:
            return PlainTextResponse(str(refusal), refusal.status)
        except AssistantError as error:
            return PlainTextResponse(str(error), 500)


def _mark(file: Path, page: int, quotes: str) -> bytes | None:
    return mark_limited(file, page, quotes, _MARKING)


def _open(
    library: Library, name: str, wanted: Mapping[str, str], mark: Mark
) -> Response:
    quotes = wanted.get("quote", "")
    if len(quotes) > MOST_QUOTE:
        raise _Refusal(400, f"The quotation is longer than {MOST_QUOTE:,} letters.")
    # Its id is compared, never put into a path.
    entry = next((e for e in library.entries() if e.details.document_id == name), None)
    if entry is None:
        raise _Refusal(404, "The team's shelf holds no such document (any more).")
    if entry.kind == "PDF":
        page = _page(wanted.get("page", ""), entry)
        return _pdf(library.file_of(entry), entry, page, quotes, mark)
    report = StoredReport(entry, library.folder_of(entry))
    return _text(entry, _sections(report, wanted.get("section")), quotes)


def _page(text: str, entry: Entry) -> int | None:
    if not text:
        return None
    pages = entry.pages or 0
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise _Refusal(400, "The page must be its place in the file: 1, 2, 3 …")
    if not 1 <= int(text) <= pages:
        raise _Refusal(404, f"The document has {pages} pages; there is no page {text}.")
    return int(text)


def _pdf(
    file: Path, entry: Entry, page: int | None, quotes: str, mark: Mark
) -> Response:
    headers = _headers(_PDF_POLICY)
    # Every sign in it is encoded: the name is the file's own.
    shown = percent_encode(entry.name, safe="", errors="replace")
    headers["Content-Disposition"] = f"inline; filename*=UTF-8''{shown}"
    try:
        size = file.stat().st_size
    except OSError as error:
        raise _Refusal(404, "The kept file of this document is missing.") from error
    if size > MOST_BYTES:
        raise _Refusal(413, "The kept file of this document is too large to show.")
    small = size <= _MOST_MARKED_BYTES and (entry.pages or 0) <= _MOST_MARKED_PAGES
    if page and quotes.strip() and small:
        copy = mark(file, page, quotes)
        if copy is not None:
            return Response(copy, headers=headers, media_type="application/pdf")
    return FileResponse(file, headers=headers, media_type="application/pdf")


def _sections(report: StoredReport, heading: str | None) -> Sequence[Section]:
    sections = report.sections
    if heading is None:
        return sections
    found = [section for section in sections if section.heading == heading]
    if not found:
        raise _Refusal(404, "The document has no such section (any more).")
    return found


def _text(entry: Entry, sections: Sequence[Section], quotes: str) -> Response:
    details = entry.details
    body: list[str] = []
    left = MOST_TEXT
    for section in sections:
        body.append(f"<h2>{escape(section.heading)}</h2>")
        body.append(_paragraphs(section.text[:left], quotes))
        left -= len(section.text)
        if left < 0:
            body.append("<p><em>The rest is not shown here.</em></p>")
            break
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(details.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(details.title)}</h1><p>{escape(details.attribution)}. Text read "
        f"of {escape(entry.name)}.</p>{''.join(body)}</body></html>"
    )
    return HTMLResponse(html, headers=_headers(_TEXT_POLICY))


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
    return "".join(marked).replace("<mark>", '<mark id="marked">', 1)


def _marked(text: str, spans: Sequence[Span]) -> str:
    html, done = "", 0
    for span in sorted(spans, key=lambda s: s.start):
        # Quotations may overlap.
        start, end = max(span.start, done), max(span.end, done)
        inside = f"<mark>{escape(text[start:end])}</mark>" if end > start else ""
        html += escape(text[done:start]) + inside
        done = end
    return html + escape(text[done:])


def _headers(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Cache-Control": "private, no-cache"}
