"""Opens the documents of the shelf, at the place that a citation names.

``/documents/REPORT/DOCUMENT?section=…&quote=…`` gives a section's text as a page of our
own, the quotation marked. Of a PDF that the team added, ``?page=N&quote=…`` gives the
file with the quotation marked on its page, and ``…/picture?page=N&quote=…`` a picture of
that page. Only what the shelf lists is looked for, and by its id; where the document is
left out, it is the first of the report that has the section.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from pathlib import Path
from threading import BoundedSemaphore
from typing import NamedTuple, ParamSpec
from urllib.parse import quote as percent_encode

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from assistant.errors import AssistantError
from assistant.library.entries import Entry
from assistant.library.files import StoredReport
from assistant.library.library import Library
from assistant.library.shelf import read_shelf
from assistant.reading.kinds import MOST_BYTES
from assistant.reading.limited import Limits, mark_limited
from assistant.schema import Source
from assistant.serving.faults import sentence_of
from assistant.serving.refusing import RefusedError
from assistant.web.documents.page_pictures import Draw, Pictures, draw_in_limits
from assistant.web.documents.places import MOST_QUOTE, PATH, PICTURE
from assistant.web.documents.text_page import Shown, headings_of, render_page

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

P = ParamSpec("P")
Mark = Callable[[Path, int, str], bytes | None]
_mark: Mark = partial(mark_limited, limits=_MARKING)


class _Shelf(NamedTuple):
    """Where the documents are."""

    library: Library
    corpus_dir: Path

    def find(self, name: str, heading: str | None) -> Source:
        """Return a document by its id, or a report's first that has the section."""
        # The id is compared, never put into a path.
        named = [
            source
            for source in read_shelf(self.corpus_dir, self.library.root)
            if name in (source.details.document_id, source.details.report)
        ]
        if not named:
            raise RefusedError(404, "The shelf holds no such document (any more).")
        for source in named:
            if not heading or heading in headings_of(source.sections):
                return source
        raise RefusedError(404, "The document has no such section (any more).")

    def open_pdf(self, source: Source, page: str) -> _Pdf:
        """Return the kept file of a PDF, to be opened at a page."""
        if not isinstance(source, StoredReport) or source.entry.kind != "PDF":
            raise RefusedError(404, "This document has no pages to show.")
        entry, file = source.entry, self.library.file_of(source.entry)
        try:
            size = file.stat().st_size
        except OSError as error:
            sentence = "The kept file of this document is missing."
            raise RefusedError(404, sentence) from error
        if size > MOST_BYTES:
            raise RefusedError(
                413, "The kept file of this document is too large to show."
            )
        small = size <= _MOST_MARKED_BYTES and (entry.pages or 0) <= _MOST_MARKED_PAGES
        return _Pdf(file, entry, _page(page, entry), small)


class _Pdf(NamedTuple):
    """The kept file of a PDF, with the page that is wanted."""

    file: Path
    entry: Entry
    page: int | None
    is_markable: bool


def add_documents(
    app: FastAPI,
    library: Library,
    corpus_dir: Path,
    mark: Mark = _mark,
    draw: Draw = draw_in_limits,
) -> None:
    """Add the routes to an application, which must be guarded as a whole.

    ``mark`` and ``draw`` work in processes with limits, as they stand.
    """
    shelf = _Shelf(library, corpus_dir)
    marking = BoundedSemaphore(_AT_A_TIME)
    pictures = Pictures(draw)

    def mark_in_turn(file: Path, page: int, quotes: str) -> bytes | None:
        if not marking.acquire(timeout=_WAIT_SECONDS):
            return None
        try:
            return mark(file, page, quotes)
        finally:
            marking.release()

    @app.get(f"{PATH}/{{name:path}}/{PICTURE}")
    @_told
    def picture(
        name: str, request: Request, page: str = "", quote: str = ""
    ) -> Response:
        _check(quote)
        source = shelf.find(name, None)
        pdf = shelf.open_pdf(source, page)
        return pictures.respond(
            pdf.file,
            source.content_hash,
            pdf.page or 1,
            quote,
            marked=pdf.is_markable,
            known=request.headers.get("If-None-Match"),
        )

    @app.get(f"{PATH}/{{name:path}}")
    @_told
    def document(
        name: str, page: str = "", section: str | None = None, quote: str = ""
    ) -> Response:
        _check(quote)
        source = shelf.find(name, section)
        entry = source.entry if isinstance(source, StoredReport) else None
        is_pdf = entry is not None and entry.kind == "PDF"
        if is_pdf and (page or section is None):
            return _send_pdf(shelf.open_pdf(source, page), quote, mark_in_turn)
        shown = Shown(
            source.details,
            source.sections,
            section or None,
            quote,
            file=entry.name if entry else None,
            has_pages=is_pdf,
        )
        html = render_page(shown, date.today())
        return HTMLResponse(html, headers=_headers(_TEXT_POLICY))


def _told(answer: Callable[P, Response]) -> Callable[P, Response]:
    """Have a route say in plain text why it cannot give what is wanted."""

    @wraps(answer)
    def answered(*wanted: P.args, **named: P.kwargs) -> Response:
        try:
            return answer(*wanted, **named)
        except RefusedError as refusal:
            return PlainTextResponse(str(refusal), refusal.status)
        except AssistantError as error:
            return PlainTextResponse(sentence_of(error), 500)

    return answered


def _check(quotes: str) -> None:
    if len(quotes) > MOST_QUOTE:
        sentence = f"The quotation is longer than {MOST_QUOTE:,} letters."
        raise RefusedError(400, sentence)


def _page(text: str, entry: Entry) -> int | None:
    if not text:
        return None
    pages = entry.pages or 0
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise RefusedError(400, "The page must be its place in the file: 1, 2, 3 …")
    if not 1 <= int(text) <= pages:
        raise RefusedError(
            404, f"The document has {pages} pages; there is no page {text}."
        )
    return int(text)


def _send_pdf(pdf: _Pdf, quotes: str, mark: Mark) -> Response:
    headers = _headers(_PDF_POLICY)
    # Every sign in it is encoded: the name is the file's own.
    shown = percent_encode(pdf.entry.name, safe="", errors="replace")
    headers["Content-Disposition"] = f"inline; filename*=UTF-8''{shown}"
    if pdf.page and quotes.strip() and pdf.is_markable:
        copy = mark(pdf.file, pdf.page, quotes)
        if copy is not None:
            return Response(copy, headers=headers, media_type="application/pdf")
    return FileResponse(pdf.file, headers=headers, media_type="application/pdf")


def _headers(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Cache-Control": "private, no-cache"}
