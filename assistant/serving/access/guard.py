"""Who is let in: the guard before every page, call, file and stream.

There are four ways, and the settings say which. Loopback: whoever sits at this machine.
Accounts: whoever signed in. Proxy: whomever a trusted proxy names. Everyone.
"""

from __future__ import annotations

import logging
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import BusyError, ConfigError
from assistant.serving.access.accounts import Accounts
from assistant.serving.access.basic import Basic
from assistant.serving.access.login import LOGIN, LOGOUT, login_address
from assistant.serving.access.people import KEY, Person, address_of
from assistant.serving.forwarding import PROXIED, path_of
from assistant.serving.refusing import refuse, refuse_busy
from assistant.settings import Settings

Way = Literal["loopback", "accounts", "proxy", "everyone"]

PROGRAMS = ("/api/", "/mcp")
"""Where programs call: they may send name and password with each request."""

_OPEN = ("/healthz", "/readyz", "/favicon.ico")
_SIGN_IN = (
    "Sign in to use this page. If you were signed in, reload the page to do it again."
)
_SAFE = ("GET", "HEAD", "OPTIONS")
_MOST_NAME = 200

log = logging.getLogger(__name__)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a host's address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def decide_access(settings: Settings, host: str) -> Way:
    """Return the way in which people are let in.

    Raises:
        ConfigError: others would reach the page, and nothing says who may.
    """
    accounts = bool(Accounts(settings.data_dir).all())
    if settings.proxy_user_header:
        if settings.trusted_proxies:
            return "proxy"
        raise ConfigError(
            "ASSISTANT_PROXY_USER_HEADER is set, but no proxy is believed. Set "
            "ASSISTANT_TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1."
        )
    if accounts and settings.open_to_everyone:
        raise ConfigError(
            "There are accounts, and ASSISTANT_OPEN_TO_EVERYONE (--open-to-everyone) is "
            "set. Leave that out, or remove the accounts (assistant accounts remove)."
        )
    if accounts:
        return "accounts"
    if settings.open_to_everyone:
        return "everyone"
    if is_loopback(host):
        return "loopback"
    raise ConfigError(
        f"Others would reach the page at {host}, and nothing says who may. Either add "
        "accounts (assistant accounts add NAME); or put a proxy before it that knows "
        "your users, and set ASSISTANT_PROXY_USER_HEADER and ASSISTANT_TRUSTED_PROXIES; "
        "or let everyone in with --open-to-everyone (ASSISTANT_OPEN_TO_EVERYONE=true)."
    )


class Guard:
    """Lets in whoever may, says who it is, and refuses the others (plain ASGI)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        way: Way,
        settings: Settings,
        basic: Basic | None = None,
    ) -> None:
        """Wrap an application; ``basic`` is needed for accounts only."""
        self._app = app
        self._way = way
        self._everyone_may_add = settings.everyone_may_add
        self._header = (settings.proxy_user_header or "").lower()
        self._editors = {name.lower() for name in settings.proxy_editors}
        self._basic = basic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        refusal = await self._admit(request)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        else:
            await refusal(scope, receive, send)

    async def _admit(self, request: HTTPConnection) -> Response | None:
        """Say who it is in the request's scope, or return what is answered instead."""
        scope = request.scope
        path = path_of(scope)
        if path in _OPEN:
            return None
        if _comes_from_elsewhere(request):
            return refuse(403, "This came from a page of another site.")
        if self._way == "accounts" and path in (LOGIN, LOGOUT):
            return None
        try:
            person = await self._person(request, path)
        except BusyError as error:
            return refuse_busy(error)
        except ConfigError as error:
            log.error("nobody is let in: %s", error)
            return refuse(503, "Nobody can be let in just now. Tell whoever runs this.")
        if person is None:
            return self._stop(request, path)
        scope[KEY] = person
        return None

    async def _person(self, request: HTTPConnection, path: str) -> Person | None:
        match self._way:
            case "loopback":
                # Sent on by a proxy, it is somebody elsewhere, whoever that is.
                at_hand = request.scope.get(PROXIED, "") == ""
                return Person(None, may_add=at_hand or self._everyone_may_add)
            case "everyone":
                return Person(None, may_add=self._everyone_may_add)
            case "proxy":
                return self._named_by_proxy(request)
            case "accounts":
                return await self._signed_in(request, path)

    def _named_by_proxy(self, request: HTTPConnection) -> Person | None:
        if request.scope.get(PROXIED) != "trusted":
            return None
        names = [name.strip() for name in request.headers.getlist(self._header)]
        # Two names: one of them is the client's own.
        if len(names) != 1 or not 0 < len(names[0]) <= _MOST_NAME:
            return None
        if not names[0].isprintable():
            return None
        return Person(names[0], may_add=names[0].lower() in self._editors)

    async def _signed_in(self, request: HTTPConnection, path: str) -> Person | None:
        assert self._basic is not None
        account = self._basic.sessions.account_of(request.headers.get("cookie", ""))
        if account is None and path.startswith(PROGRAMS):
            account = await self._basic.account_of(request)
        if account is None:
            return None
        return Person(account.name, may_add=account.role == "editor")

    def _stop(self, request: HTTPConnection, path: str) -> Response:
        scope = request.scope
        if self._way == "proxy":
            log.info("refused a request from %s without a name", address_of(scope))
            return refuse(403, "This page is reached through your sign-in page only.")
        if path.startswith(PROGRAMS):
            challenge = 'Basic realm="Council shelf", charset="UTF-8"'
            return refuse(
                401,
                "Send the name and the password of an account (HTTP Basic).",
                {"WWW-Authenticate": challenge},
            )
        wants_page = "text/html" in request.headers.get("accept", "")
        if scope.get("method") not in ("GET", "HEAD") or not wants_page:
            return refuse(401, _SIGN_IN)
        root, query = scope.get("root_path", ""), scope.get("query_string", b"")
        address = login_address(root, scope["path"], query.decode("latin-1"))
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})


def _comes_from_elsewhere(request: HTTPConnection) -> bool:
    """Tell whether a page of another site sent what may change something.

    Browsers say so in ``Sec-Fetch-Site`` and ``Origin``; programs send neither.
    """
    if request.scope["type"] == "http" and request.scope["method"] in _SAFE:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != request.headers["host"].lower()
    except (KeyError, ValueError):
        return True
