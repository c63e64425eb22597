"""The security headers that every answer carries."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.documents import PATH as DOCUMENTS

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
    "Referrer-Policy": "no-referrer",
}
_POLICY = "Content-Security-Policy"


def _is_document(scope: Scope) -> bool:
    return str(scope.get("path", "")).startswith(f"{DOCUMENTS}/")


class SecurityHeaders:
    """Adds the security headers to every answer (plain ASGI: streams stay streams)."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A document has a policy of its own, which allows less.
                own = headers.get(_POLICY) if _is_document(scope) else None
                headers.update({**HEADERS, **({_POLICY: own} if own else {})})
            await send(message)

        await self._app(scope, receive, send_with_headers)
