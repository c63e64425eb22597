"""Refuses requests that are too large or too many, before anything reads them."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.forwarding import path_of
from assistant.serving.limits import asker_of, asking, uploads_an_hour
from assistant.serving.rates import Rates
from assistant.serving.refusing import pause_of, refuse, refuse_file
from assistant.settings import Settings

_UPLOAD = "/gradio_api/upload"
_MEGABYTE = 1_000_000
# What a form puts around a file.
_AROUND = 10_000
# The rest of the body is not read, so the connection cannot go on.
_CLOSE = {"Connection": "close"}


def is_upload(scope: Scope) -> bool:
    """Tell whether a request brings files."""
    return scope.get("method") == "POST" and path_of(scope).rstrip("/") == _UPLOAD


class Sizes:
    """Refuses a head or a body that is too large (plain ASGI)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap an application."""
        self._app = app
        self._head = settings.header_kb * 1000
        self._body = int(settings.request_mb * _MEGABYTE)
        self._upload = int(settings.upload_mb * _MEGABYTE) + _AROUND

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        address = scope.get("raw_path") or scope["path"].encode()
        if head + len(address) + len(scope.get("query_string", b"")) > self._head:
            too_long = refuse(431, "The head of this request is too large.", _CLOSE)
            await too_long(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length")
        if length is not None and "transfer-encoding" in headers:
            # A proxy may go by the one and we by the other: two requests or one?
            two = refuse(400, "The length of this request is told twice.", _CLOSE)
            await two(scope, receive, send)
            return
        large = is_upload(scope)
        most = self._upload if large else self._body
        say = refuse_file if large else refuse
        too_large = say(
            413,
            f"This is larger than the {most / _MEGABYTE:g} MB that are taken."
            if not large
            else f"Files may have {(most - _AROUND) / _MEGABYTE:g} MB at one time; "
            "these have more.",
            _CLOSE,
        )
        if length and length.isdecimal() and int(length) > most:
            await too_large(scope, receive, send)
            return
        await _Body(most, receive, send).run(self._app, scope, too_large)


class _Body:
    """One request whose body is counted as it comes."""

    def __init__(self, most: int, receive: Receive, send: Send) -> None:
        self._most, self._receive, self._send = most, receive, send
        self._had = 0
        self._started = False

    async def run(self, app: ASGIApp, scope: Scope, too_large: ASGIApp) -> None:
        try:
            await app(scope, self._counted, self._unless_too_large)
        except Exception:
            # Whoever reads the body may well complain of its sudden end.
            if not self._is_too_large:
                raise
        if self._is_too_large and not self._started:
            await too_large(scope, self._receive, self._send)

    @property
    def _is_too_large(self) -> bool:
        return self._had > self._most

    async def _counted(self) -> Message:
        if self._is_too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._had += len(message.get("body", b""))
            if self._is_too_large:
                return {"type": "http.disconnect"}
        return message

    async def _unless_too_large(self, message: Message) -> None:
        if self._is_too_large and not self._started:
            return
        self._started = True
        await self._send(message)


class Frequencies:
    """Refuses requests that do something where too many come (plain ASGI).

    Also says to what runs for a request who sent it.
    """

    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates) -> None:
        """Wrap an application."""
        self._app = app
        self._rates = rates
        self._steps = RateLimitItemPerMinute(
            settings.steps_per_minute, namespace="steps"
        )
        self._uploads = uploads_an_hour(settings.uploads_per_hour)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asker = asker_of(scope)
        pause = 0.0
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            pause = self._rates.take(self._steps, asker.address)
        if not pause and is_upload(scope):
            pause = self._rates.take(self._uploads, asker.key)
        if pause:
            said = "That was much at one time. Wait a little, then try again."
            say = refuse_file if is_upload(scope) else refuse
            await say(429, said, pause_of(pause))(scope, receive, send)
            return
        token = asking.set(asker)
        try:
            await self._app(scope, receive, send)
        finally:
            asking.reset(token)
