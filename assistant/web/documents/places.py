"""Addresses of places on the shelf: a section as text, a page, a page's picture.

They are relative to the chat page, wherever that is mounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode, urlsplit

from assistant.schema import QUOTES_JOINED_BY

PATH = "/documents"
PICTURE = "picture"
MARK = "marked"
"""The anchor of the first mark in a text."""
NEW_TAB = ' target="_blank" rel="noopener noreferrer"'
"""Of a link that leaves the page as it is."""
OWN = "own:"
"""What the id of a paper begins with that is on no shelf, and has no address."""
MOST_QUOTE = 2000
"""Letters of the quotations in an address; a link is given no more."""


def document_link(name: str) -> str:
    """Return the address of a document: its file where it is a PDF, else its text."""
    return f"{PATH[1:]}/{percent_encode(name, errors='replace')}"


def section_link(name: str, section: str, quotes: str = "") -> str:
    """Return the address of a section as text, at the quotations marked in it.

    ``name`` is the document's id, or the report's where the document is not known.
    """
    address = _address(name, {"section": section, "quote": quotes})
    return f"{address}#{MARK}" if quotes else address


def page_link(name: str, page_number: int, quotes: str) -> str:
    """Return the address of a PDF, at a page with quotations marked on it."""
    wanted = {"page": str(page_number), "quote": quotes}
    return f"{_address(name, wanted)}#page={page_number}"


def picture_link(name: str, page_number: int, quotes: str) -> str:
    """Return the address of the picture of such a page."""
    wanted = {"page": str(page_number), "quote": quotes}
    return _address(f"{name}/{PICTURE}", wanted)


def _address(name: str, wanted: Mapping[str, str]) -> str:
    query = query_of({key: _short(value) for key, value in wanted.items() if value})
    return f"{document_link(name)}?{query}"


def query_of(wanted: Mapping[str, str]) -> str:
    """Return the part of an address after its question mark."""
    return urlencode(wanted, quote_via=percent_encode, errors="replace")


def _short(text: str) -> str:
    """Return as much of the quotations as an address takes, cut between two words."""
    if len(text) <= MOST_QUOTE:
        return text
    return text[:MOST_QUOTE].rpartition(" ")[0].removesuffix(QUOTES_JOINED_BY.strip())


def render_original(url: str, attributes: str = NEW_TAB) -> str:
    """Return a link to an original, or nothing for an address that is no web page."""
    url = "".join(url.split())
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.")
    return f'<a href="{escape(url)}"{attributes}>Original at {escape(host)}</a>'
