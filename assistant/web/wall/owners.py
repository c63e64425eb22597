"""Whose a request is: the signed-in person's, or on an open page one browser's."""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.access.people import KEY, Person
from assistant.serving.access.sessions import cookie_header, value_of
from assistant.serving.forwarding import path_of

OWNER = "assistant.owner"
"""Where a request's scope holds whose it is."""

COOKIE = "shelf_browser"
# As long as browsers keep any cookie.
_SECONDS = 400 * 86_400
_TOKEN = re.compile(r"[0-9a-f]{48}")
_PAGES = ("/documents/", "/api/", "/assets/", "/static/", "/svelte/")


def owner_of(scope: Scope) -> str:
    """Return whose a request is, fit for a folder's name; without one, nobody else's."""
    return str(scope.get(OWNER) or _name_of("nobody", secrets.token_hex(24)))


def bound(owner: str, name: str) -> str:
    """Return what one owner's name for something is within: no other's comes out so."""
    return _name_of(owner, name)


def _name_of(kind: str, name: str) -> str:
    return sha256(f"{kind}\0{name}".encode(errors="surrogatepass")).hexdigest()[:40]


class Owners:
    """Says whose each request is; gives a browser without a name a cookie (plain ASGI)."""

    def __init__(self, app: ASGIApp, *, path: str = "/", secure: bool = False) -> None:
        """Wrap an application that is served under a path."""
        self._app = app
        self._path = path
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        person = scope.get(KEY)
        if not isinstance(person, Person):
            # The login page and the like: nothing here is anybody's.
            await self._app(scope, receive, send)
            return
        if person.name:
            scope[OWNER] = _name_of("person", person.name)
            await self._app(scope, receive, send)
            return
        token = _token_of(scope)
        known = token is not None
        token = token or secrets.token_hex(24)
        scope[OWNER] = _name_of("browser", token)
        if known or not _is_of_a_page(scope):
            await self._app(scope, receive, send)
            return
        secure = self._secure or scope.get("scheme") == "https"
        cookie = cookie_header(COOKIE, token, self._path, _SECONDS, secure=secure)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _token_of(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            token = value_of(COOKIE, value.decode("latin-1"))
            if token and _TOKEN.fullmatch(token):
                return token
    return None


def _is_of_a_page(scope: Scope) -> bool:
    """Tell whether a request asks for a page or is one of its steps.

    What may be kept by all, such as a script, carries nobody's cookie.
    """
    if scope["type"] != "http":
        return False
    path = path_of(scope)
    if path.startswith("/gradio_api/"):
        return True
    accepts = [value for name, value in scope["headers"] if name == b"accept"]
    return not path.startswith(_PAGES) and any(b"text/html" in one for one in accepts)
