"""Pictures of the pages that citations name, drawn when they are looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore

from starlette.responses import PlainTextResponse, Response

from assistant.reading.limited import Limits, draw_limited

POLICY = "default-src 'none'; frame-ancestors 'self'"
NOT_DRAWN = (
    "This page cannot be shown as a picture: the file is locked, damaged, or too large "
    "to draw. Open the document instead."
)
BUSY = "Many pages are being drawn just now. Try again in a moment."

_DRAWING = Limits(memory=1_000_000_000, seconds=15, output=12_000_000)
_AT_A_TIME, _WAIT_SECONDS = 2, 20
# Part of what a browser compares: raise it whenever pages are drawn otherwise.
_DRAWN_AS = 1

Draw = Callable[[Path, int, str, bool], bytes | None]
"""Draws a page of a file with quotations; marks them where the last one is true."""


def draw_in_limits(file: Path, page: int, quotes: str, marked: bool) -> bytes | None:
    """Draw a page in a process with limits; see ``draw_limited``."""
    return draw_limited(file, page, quotes, _DRAWING, marked=marked)


class Pictures:
    """Draws pages, a few at a time."""

    def __init__(self, draw: Draw = draw_in_limits) -> None:
        """Take what draws a page."""
        self._draw = draw
        self._turns = BoundedSemaphore(_AT_A_TIME)

    def respond(
        self,
        file: Path,
        content_hash: str,
        page: int,
        quotes: str,
        *,
        marked: bool,
        known: str | None = None,
    ) -> Response:
        """Return the picture, or a sentence that says why there is none.

        The page's place in the file counts from 1; quotations are looked for on it where
        ``marked``. ``known`` is what the browser says it holds (``If-None-Match``).
        """
        tag = _tag(content_hash, page, quotes)
        headers = {
            "Content-Security-Policy": POLICY,
            # A browser may keep it and asks each time: the page may be for few.
            "Cache-Control": "private, no-cache",
            "ETag": tag,
        }
        if known is not None and tag in known:
            return Response(status_code=304, headers=headers)
        if not self._turns.acquire(timeout=_WAIT_SECONDS):
            return PlainTextResponse(BUSY, 503, headers={"Retry-After": "10"})
        try:
            picture = self._draw(file, page, quotes, marked)
        finally:
            self._turns.release()
        if picture is None:
            return PlainTextResponse(NOT_DRAWN, 422)
        return Response(picture, headers=headers, media_type="image/png")


def _tag(content_hash: str, page: int, quotes: str) -> str:
    key = f"{_DRAWN_AS}\0{content_hash}\0{page}\0{quotes}"
    return f'"{hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]}"'
