"""The login page, and signing out."""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import BusyError, ConfigError, LimitError
from assistant.serving.access.known import Known
from assistant.serving.access.people import address_of, person_of
from assistant.serving.access.sessions import Sessions
from assistant.serving.access.signing_in import SignIn
from assistant.serving.refusing import pause_of

LOGIN, LOGOUT, ACCOUNT = "/login", "/logout", "/account"
_MOST_BYTES = 10_000
_PAGE = Template(Path(__file__).with_name("login.html").read_text(encoding="utf-8"))
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
_WRONG = "This name and password do not go together. Check both, then try again."
_NOBODY = "Nobody can sign in just now. Tell whoever runs this page."
_EMPTY = "Type your name and your password."
_OUT = {
    "": "You are signed out.",
    "here": "You are signed out in this browser. It could not be written down: tell "
    "whoever runs this page.",
}

log = logging.getLogger(__name__)


def safe_next(next_: str, root: str) -> str:
    """Return the address to go on to: one of our own pages, whatever was asked for.

    >>> safe_next("/shelf/briefing?x=1", "/shelf"), safe_next("//evil.example", "")
    ('/shelf/briefing?x=1', '/')
    """
    home = f"{root}/"
    # Browsers take a backslash for a slash, and pass over tabs and line ends.
    plain = all("!" <= sign <= "~" and sign != "\\" for sign in next_)
    ours = next_.startswith(home) and not next_.startswith("//")
    path = next_.partition("?")[0].partition("#")[0]
    away = "/./" in path or "/../" in path or path.endswith(("/..", "/."))
    account = path in (root + LOGIN, root + LOGOUT)
    return next_ if plain and ours and not away and not account else home


def login_address(root: str, path: str, query: str) -> str:
    """Return the login page's address, which leads on to a page afterwards."""
    next_ = safe_next(f"{path}?{query}" if query else path, root)
    if next_ == f"{root}/":
        return root + LOGIN
    return f"{root}{LOGIN}?{urlencode({'next': next_})}"


def render_login(
    root: str, next_: str, *, told: str = "", fault: str = "", name: str = ""
) -> str:
    """Return the login page; ``told`` or ``fault`` stands above the form."""
    box = f'<p class="told" role="status">{escape(told)}</p>' if told else ""
    if fault:
        box = f'<p class="told fault" role="alert" id="fault">{escape(fault)}</p>'
    state = ' aria-invalid="true" aria-describedby="fault"' if fault else ""
    # Whoever typed a wrong password shall type the next one at once.
    focus = " autofocus"
    return _PAGE.substitute(
        title=f"{'Error: ' if fault else ''}Sign in – Ask the shelf",
        root=escape(root),
        next=escape(next_),
        name=escape(name),
        told=box,
        name_state=state + ("" if name else focus),
        password_state=state + (focus if name else ""),
    )


def add_login(app: FastAPI, sessions: Sessions, sign_in: SignIn, known: Known) -> None:
    """Add the login page and signing out to an application."""

    @app.api_route(LOGIN, methods=["GET", "HEAD"])
    def login_page(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        next_ = safe_next(request.query_params.get("next", ""), root)
        if sessions.account_of(request.headers.get("cookie", "")):
            return _to(next_)
        told = _OUT.get(request.query_params.get("out", "-"), "")
        return HTMLResponse(render_login(root, next_, told=told), headers=_HEADERS)

    @app.post(LOGIN)
    async def login(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        typed = await _form(request)
        name, password = typed.get("name", "").strip(), typed.get("password", "")
        next_ = safe_next(typed.get("next", ""), root)
        cookies = request.headers.get("cookie", "")

        def again(fault: str, status: int, headers: dict[str, str]) -> Response:
            html = render_login(root, next_, fault=fault, name=name[:64])
            return HTMLResponse(html, status, headers=_HEADERS | headers)

        if not name or not password:
            return again(_EMPTY, 422, {})
        try:
            address, browser = address_of(request.scope), known.mark_of(name, cookies)
            account = await sign_in.check(name, password, address, browser)
        except BusyError as error:
            status = 429 if isinstance(error, LimitError) else 503
            return again(str(error), status, pause_of(error.retry_after))
        if account is None:
            return again(_WRONG, 422, {})
        https = request.url.scheme == "https"
        try:
            session = sessions.cookie(account, https=https)
            mark = known.cookie(account.name, cookies, https=https)
            return _to(next_, session, mark)
        except ConfigError as error:
            log.error("nobody can sign in: %s", error)
            return again(_NOBODY, 503, {})

    _add_logout(app, sessions)


def _add_logout(app: FastAPI, sessions: Sessions) -> None:
    @app.post(LOGOUT)
    def logout(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        https = request.url.scheme == "https"
        try:
            cookie = sessions.end(request.headers.get("cookie", ""), https=https)
        except ConfigError as error:
            log.error("a session ended in its browser only: %s", error)
            return _to(f"{root}{LOGIN}?out=here", sessions.forget(https=https))
        return _to(f"{root}{LOGIN}?out", cookie)


def add_account(app: FastAPI, *, signs_out: bool) -> None:
    """Add the address at which a page learns who uses it."""

    @app.get(ACCOUNT)
    def account(request: Request) -> dict[str, str | bool | None]:
        person = person_of(request)
        return {
            "name": person.name,
            "may_add": person.may_add,
            "signs_out": signs_out and person.name is not None,
        }


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return {}
    fields = parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _to(address: str, *cookies: str) -> Response:
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    for cookie in cookies:
        response.headers.append("Set-Cookie", cookie)
    return response
