"""The wall: what comes to Gradio is what our pages send, and nothing else.

It does not go by what Gradio checks. An address that is not listed here is closed, a
body is read and written anew, and files are handed out by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.faults import sentence_of
from assistant.serving.forwarding import path_of
from assistant.serving.refusing import RefusedError, refuse
from assistant.web.wall.bodies import MALFORMED, read_object, write
from assistant.web.wall.held import Held
from assistant.web.wall.owners import bound, owner_of
from assistant.web.wall.queue import Queue
from assistant.web.wall.steps import Input, Steps, check_name

PREFIX = "/gradio_api/"
NOTHING = "There is nothing at this address."
_NO_FILE = "There is no such file for you here. Make it again."
# What our pages ask for besides themselves.
_PAGE = ("/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt")
_PARTS = ("/assets/", "/static/", "/svelte/")
_ASKED = (f"{PREFIX}app_id", f"{PREFIX}info", f"{PREFIX}queue/status")
_FILE, _HEARTBEAT = f"{PREFIX}file=", f"{PREFIX}heartbeat/"
# What Gradio says where a session is over; its page then begins another.
_NO_SESSION = (
    'data: {"msg":"unexpected_error","event_id":null,"message":"404: Not Found",'
    '"session_not_found":true,"success":false}\n\n'
)
_OF_BODY = (
    b"content-type",
    b"content-length",
    b"content-encoding",
    b"transfer-encoding",
)

Passed = tuple[Scope, Receive]


class Wall:
    """Stands before Gradio (plain ASGI)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: Iterable[str],
        inputs: Mapping[int, tuple[Input, ...]],
        held: Held,
        queue: Queue,
    ) -> None:
        """Wrap Gradio: take the addresses of its pages, and what each event takes."""
        self._app = app
        self._pages = {"/", *(f"/{page}" for page in pages), *_PAGE}
        self._steps = Steps(inputs)
        self._held = held
        self._queue = queue

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
            answer = refuse(refused.status, str(refused))
        except ClientDisconnect:
            return
        if isinstance(answer, Response):
            await answer(scope, receive, send)
        else:
            await self._hand_on(*answer, send)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio answer; what it raises is told once."""
        started = is_stream = False

        async def send_on(message: Message) -> None:
            nonlocal started, is_stream
            if not started:
                is_stream = _is_stream(message)
            elif is_stream:
                told = self._held.without_folders(message.get("body", b""))
                message = {**message, "body": told}
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:  # noqa: BLE001 - told, and logged
            answer = refuse(500, sentence_of(error))
            if not started:
                await answer(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive) -> Passed | Response:
        """Return what Gradio gets, or what is answered instead."""
        path = path_of(scope)
        match scope["method"]:
            case "GET" | "HEAD" if path in self._pages or path.startswith(_PARTS):
                return scope, receive
            case "GET" | "HEAD" if path.startswith(_FILE):
                return self._file(scope, path.removeprefix(_FILE))
            case "GET" if path in _ASKED:
                return scope, receive
            case "GET":
                return self._stream(scope, path, receive)
            case "POST":
                return await self._step(scope, path, receive)
        raise RefusedError(404, NOTHING)

    def _stream(self, scope: Scope, path: str, receive: Receive) -> Passed | Response:
        """Let an owner hear of what is theirs."""
        owner = owner_of(scope)
        if path == f"{PREFIX}queue/data":
            session = _asked(scope, owner, "session_hash")
            if not self._queue.has(session):
                return Response(_NO_SESSION, media_type="text/event-stream")
            return _asking(scope, "session_hash", session), receive
        if path == f"{PREFIX}upload_progress":
            upload = _asked(scope, owner, "upload_id")
            return _asking(scope, "upload_id", upload), receive
        if path.startswith(_HEARTBEAT):
            session = bound(owner, check_name(path.removeprefix(_HEARTBEAT)))
            root = scope.get("root_path", "")
            return _at(scope, f"{root}{_HEARTBEAT}{session}"), receive
        raise RefusedError(404, NOTHING)

    async def _step(
        self, scope: Scope, path: str, receive: Receive
    ) -> Passed | Response:
        owner = owner_of(scope)
        match path.removeprefix(PREFIX) if path.startswith(PREFIX) else "":
            case "queue/join":
                return await self._join(scope, receive, owner)
            case "cancel":
                return await self._cancel(scope, receive, owner)
            case "reset":
                # Gradio itself does nothing here.
                return JSONResponse({"success": True})
        raise RefusedError(404, NOTHING)

    def _file(self, scope: Scope, name: str) -> Response:
        file = self._held.find(scope, name, "sent", "made")
        if file is None:
            raise RefusedError(403, _NO_FILE)
        return FileResponse(file, filename=file.name)

    async def _join(self, scope: Scope, receive: Receive, owner: str) -> Passed:
        body = self._steps.join(
            await _read(scope, receive),
            lambda name: self._held.find(scope, name, "sent"),
        )
        body["session_hash"] = bound(owner, body["session_hash"])
        return _with_body(scope, receive, body)

    async def _cancel(
        self, scope: Scope, receive: Receive, owner: str
    ) -> Passed | Response:
        body = self._steps.cancel(await _read(scope, receive))
        body["session_hash"] = bound(owner, body["session_hash"])
        if not self._queue.is_of(body["event_id"], body["session_hash"]):
            # It is over, or somebody else's: there is nothing to end.
            return JSONResponse({"success": True})
        return _with_body(scope, receive, body)


def _is_stream(start: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in start.get("headers", ())
    )


async def _read(scope: Scope, receive: Receive) -> dict[str, object]:
    request = Request(scope, receive)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(415, MALFORMED)
    return read_object(await request.body())


def _with_body(scope: Scope, receive: Receive, body: dict[str, object]) -> Passed:
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


def _asked(scope: Scope, owner: str, name: str) -> str:
    """Return what the owner's name in an address stands for."""
    try:
        asked = parse_qsl(
            scope.get("query_string", b"").decode("ascii"), max_num_fields=4
        )
    except ValueError:
        raise RefusedError(400, MALFORMED) from None
    values = [value for key, value in asked if key == name]
    if len(values) != 1:
        raise RefusedError(400, MALFORMED)
    return bound(owner, check_name(values[0]))


def _asking(scope: Scope, name: str, value: str) -> Scope:
    return {**scope, "query_string": urlencode({name: value}).encode()}


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}
