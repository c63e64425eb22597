"""The security headers that every answer carries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.access.login import LOGIN
from assistant.serving.forwarding import path_of
from assistant.web.documents.places import PATH as DOCUMENTS

# Gradio's page needs inline script and style; nothing may come from elsewhere.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Other sites learn nothing; our own forms must say where they come from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer camera display-capture geolocation gyroscope magnetometer "
            "microphone midi payment usb"
        ).split()
    ),
}
_POLICY = "Content-Security-Policy"
# Which pages may hold this one in a frame.
_FRAMES = re.compile("frame-ancestors [^;]*")
_CACHE = "Cache-Control"
_HSTS = "max-age=31536000"
# Files of Gradio's own, the same for everyone; their names change with their content.
_PUBLIC = ("/assets/", "/static/", "/svelte/")


def _has_own_policy(path: str) -> bool:
    return path == LOGIN or path.startswith(f"{DOCUMENTS}/")


class SecurityHeaders:
    """Adds the security headers to every answer (plain ASGI: streams stay streams)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        https_only: bool = False,
        frame_ancestors: Sequence[str] = (),
    ) -> None:
        """Wrap an application.

        With ``https_only`` browsers are told to keep to https; ``frame_ancestors`` are
        other sites whose pages may hold ours in a frame.
        """
        self._app = app
        self._headers = dict(HEADERS)
        self._frames = ""
        if frame_ancestors:
            self._frames = " ".join(("frame-ancestors 'self'", *frame_ancestors))
            self._headers[_POLICY] = self._framed(CONTENT_SECURITY_POLICY)
        if https_only:
            self._headers["Strict-Transport-Security"] = _HSTS

    def _framed(self, policy: str) -> str:
        return _FRAMES.sub(self._frames, policy) if self._frames else policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to what comes back."""
        path = path_of(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A document or the login page has its own policy, which allows less.
                own = headers.get(_POLICY) if _has_own_policy(path) else None
                if own and path == LOGIN:
                    own = self._framed(own)
                headers.update({**self._headers, **({_POLICY: own} if own else {})})
                if not path.startswith(_PUBLIC):
                    headers.setdefault(_CACHE, "private, no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
