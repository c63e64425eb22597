"""Puts what every request passes before the application, in its order."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response

from assistant.errors import BusyError, ConfigError
from assistant.serving.access.accounts import Accounts
from assistant.serving.access.basic import Basic
from assistant.serving.access.guard import Guard, Way, is_loopback
from assistant.serving.access.known import Known
from assistant.serving.access.login import add_account, add_login
from assistant.serving.access.sessions import Begun, Sessions, load_key
from assistant.serving.access.signing_in import SignIn
from assistant.serving.forwarding import Forwarding
from assistant.serving.rates import Rates
from assistant.serving.refusing import say_busy, say_failed, say_not_set_up
from assistant.serving.sizes import Frequencies, Sizes
from assistant.settings import Settings
from assistant.web.headers import HEADERS, SecurityHeaders
from assistant.web.wall.owners import Owners


def add_doors(
    app: FastAPI, *, way: Way, settings: Settings, host: str, rates: Rates
) -> None:
    """Add the guard, the limits and the login page to an application.

    ``way`` is how people are let in, see ``decide_access``; ``host`` the address that is
    listened on.
    """
    basic = None
    if way == "accounts":
        accounts, key = Accounts(settings.data_dir), load_key(settings.data_dir)
        path, secure = settings.root_path or "/", settings.https_only
        hours, begun = settings.session_hours, Begun(settings.data_dir)
        sessions = Sessions(accounts, begun, key, hours, path, secure)
        sign_in = SignIn(accounts, settings.sign_in_tries, rates)
        add_login(app, sessions, sign_in, Known(key, path, secure))
        basic = Basic(sessions, sign_in)
    add_account(app, signs_out=way == "accounts")
    app.add_exception_handler(BusyError, say_busy)
    app.add_exception_handler(ConfigError, say_not_set_up)
    app.add_exception_handler(Exception, _say_failed)

    # The last is passed first.
    app.add_middleware(Frequencies, settings=settings, rates=rates)
    app.add_middleware(Sizes, settings=settings)
    app.add_middleware(Owners, path=settings.root_path, secure=settings.https_only)
    app.add_middleware(Guard, way=way, settings=settings, basic=basic)
    if names := _host_names(settings, host):
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=names)
    app.add_middleware(
        SecurityHeaders,
        https_only=settings.https_only,
        frame_ancestors=settings.frame_ancestors,
    )
    app.add_middleware(
        Forwarding,
        trusted=settings.trusted_proxies,
        user_header=settings.proxy_user_header,
        root_path=settings.root_path,
    )


def _host_names(settings: Settings, host: str) -> list[str]:
    """Return the names that the page answers to; any where there are none."""
    loopback = is_loopback(host)
    if not loopback and not settings.allowed_hosts:
        return []
    # Else a page of another site could reach this one under a name of its own.
    own = [host, f"[{host}]", "127.0.0.1", "localhost"]
    return [*own, *settings.allowed_hosts]


async def _say_failed(request: Request, error: Exception) -> Response:
    response = await say_failed(request, error)
    # This is answered outside of all the doors.
    response.headers.update(HEADERS)
    return response
