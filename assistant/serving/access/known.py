"""Browsers in which somebody has signed in before: a signed cookie says so.

Such a browser has a lane of its own at the login page, so that others who guess, be it
from the same address, neither keep its owner waiting nor lock them out.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from assistant.serving.access.sessions import cookie_header, value_of

COOKIE = "shelf_known"
# As long as browsers keep any cookie.
_SECONDS = 400 * 86_400


@dataclass(frozen=True)
class Known:
    """Makes and reads the cookies of browsers that are known."""

    key: str
    path: str = "/"
    secure: bool = False

    def cookie(self, name: str, cookies: str, *, https: bool) -> str:
        """Return the ``Set-Cookie`` header by which a browser is known from now on.

        One that was known by this name keeps its mark, and its count of wrong tries.
        """
        mark = self.mark_of(name, cookies) or secrets.token_hex(16)
        value = str(self._signer(name).dumps(mark))
        secure = https or self.secure
        return cookie_header(COOKIE, value, self.path, _SECONDS, secure=secure)

    def mark_of(self, name: str, cookies: str) -> str | None:
        """Return the mark of a browser in which this very name has signed in."""
        try:
            return str(self._signer(name).loads(value_of(COOKIE, cookies) or ""))
        except (BadSignature, ValueError):
            return None

    def _signer(self, name: str) -> URLSafeSerializer:
        # Of the name the cookie holds nothing that could be read.
        return URLSafeSerializer(
            self.key,
            salt=f"assistant.known.{name.strip().lower()}",
            signer_kwargs={"digest_method": hashlib.sha256},
        )
