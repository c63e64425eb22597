"""The wall: what comes to Gradio is what our pages send, and nothing else.

It does not go by what Gradio checks. An address that is not listed here is closed, a
body is read and written anew, and files are handed out by us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.refusing import refuse
from assistant.web.wall.bodies import MALFORMED, RefusedError, read_object, write
from assistant.web.wall.held import KINDS, Held
from assistant.web.wall.owners import bound, owner_of
from assistant.web.wall.steps import Input, Steps, check_name

PREFIX = "/gradio_api/"
NOTHING = "There is nothing at this address."
_NO_FILE = "There is no such file for you here. Make it again."
# What our pages ask for besides themselves.
_PAGE = ("/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt")
_PARTS = ("/assets/", "/static/", "/svelte/")
_ASKED = (f"{PREFIX}app_id", f"{PREFIX}info", f"{PREFIX}queue/status")
_FILE, _HEARTBEAT = f"{PREFIX}file=", f"{PREFIX}heartbeat/"
# Each names something of its own that nobody else may hear of.
_STREAMS = {
    f"{PREFIX}queue/data": "session_hash",
    f"{PREFIX}upload_progress": "upload_id",
}
_OF_BODY = (
    b"content-type",
    b"content-length",
    b"content-encoding",
    b"transfer-encoding",
)

IsOf = Callable[[str, str], bool]


class Wall:
    """Stands before Gradio (plain ASGI)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: Iterable[str],
        inputs: Mapping[int, tuple[Input, ...]],
        held: Held,
        is_of: IsOf,
    ) -> None:
        """Wrap Gradio.

        Args:
            app: Gradio's application.
            pages: the addresses of the pages.
            inputs: what each event takes.
            held: the files of all.
            is_of: tells whether an event (first) is of a session.
        """
        self._app = app
        self._pages = {"/", *(f"/{page}" for page in pages), *_PAGE}
        self._steps = Steps(inputs)
        self._held = held
        self._is_of = is_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
            return
        try:
            answer = await self._pass(scope, receive)
        except RefusedError as refused:
            answer = refuse(refused.status, refused.sentence)
        if isinstance(answer, Response):
            await answer(scope, receive, send)
        else:
            await self._app(*answer, send)

    async def _pass(
        self, scope: Scope, receive: Receive
    ) -> tuple[Scope, Receive] | Response:
        """Return what Gradio gets, or what is answered instead."""
        root, owner = scope.get("root_path", ""), owner_of(scope)
        path = str(scope["path"]).removeprefix(root)
        match scope["method"]:
            case "GET" | "HEAD" if path in self._pages or path.startswith(_PARTS):
                return scope, receive
            case "GET" | "HEAD" if path.startswith(_FILE):
                return self._file(owner, path.removeprefix(_FILE))
            case "GET" if path in _ASKED:
                return scope, receive
            case "GET" if path in _STREAMS:
                return _stream(scope, owner, _STREAMS[path]), receive
            case "GET" if path.startswith(_HEARTBEAT):
                session = bound(owner, check_name(path.removeprefix(_HEARTBEAT)))
                return _at(scope, f"{root}{_HEARTBEAT}{session}"), receive
            case "POST" if path == f"{PREFIX}queue/join":
                return await self._join(scope, receive, owner)
            case "POST" if path == f"{PREFIX}cancel":
                return await self._cancel(scope, receive, owner)
            case "POST" if path == f"{PREFIX}reset":
                # Gradio itself does nothing here.
                return JSONResponse({"success": True})
        raise RefusedError(404, NOTHING)

    def _file(self, owner: str, path: str) -> Response:
        file = self._held.find(owner, path, *KINDS)
        if file is None:
            raise RefusedError(403, _NO_FILE)
        return FileResponse(file, filename=file.name)

    async def _join(
        self, scope: Scope, receive: Receive, owner: str
    ) -> tuple[Scope, Receive]:
        body = self._steps.join(
            await _read(scope, receive),
            lambda path: self._held.find(owner, path, "sent"),
        )
        body["session_hash"] = bound(owner, body["session_hash"])
        return _with_body(scope, receive, body)

    async def _cancel(
        self, scope: Scope, receive: Receive, owner: str
    ) -> tuple[Scope, Receive] | Response:
        body = self._steps.cancel(await _read(scope, receive))
        body["session_hash"] = bound(owner, body["session_hash"])
        if not self._is_of(body["event_id"], body["session_hash"]):
            # It is over, or somebody else's: there is nothing to end.
            return JSONResponse({"success": True})
        return _with_body(scope, receive, body)


async def _read(scope: Scope, receive: Receive) -> dict[str, Any]:
    request = Request(scope, receive)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(415, MALFORMED)
    return read_object(await request.body())


def _with_body(
    scope: Scope, receive: Receive, body: dict[str, Any]
) -> tuple[Scope, Receive]:
    """Return a request that has this body: Gradio shall read what we have read."""
    raw = write(body)
    kept = [(name, value) for name, value in scope["headers"] if name not in _OF_BODY]
    own = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(raw)).encode()),
    ]
    sent = False

    async def receive_body() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": raw, "more_body": False}

    return {**scope, "headers": kept + own}, receive_body


def _stream(scope: Scope, owner: str, name: str) -> Scope:
    """Return a request for what a name of this owner's stands for."""
    try:
        asked = parse_qsl(
            scope.get("query_string", b"").decode("ascii"), max_num_fields=4
        )
    except ValueError:
        raise RefusedError(400, MALFORMED) from None
    values = [value for key, value in asked if key == name]
    if len(values) != 1:
        raise RefusedError(400, MALFORMED)
    query = urlencode({name: bound(owner, check_name(values[0]))})
    return {**scope, "query_string": query.encode()}


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}
