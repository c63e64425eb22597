"""An OpenAI-compatible server on a free port whose every answer a test scripts.

``server.replies`` are given out in order, one a request; the last one stays. ``log``
keeps what was asked: path, headers and body. Second readings are answered apart: each
sentence is carried, unless ``readings`` say otherwise; ``read`` keeps what they asked.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.serving import running

if TYPE_CHECKING:
    from assistant.composition import Assistant

    WithModel = Callable[..., Assistant]

KEY = "sk-test-0123456789abcdef"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass
class Reply:
    """One answer: its text and how it is sent.

    ``text`` may be a function of the request's body. ``pieces`` cuts it (by default at
    spaces); ``thinks`` are deltas that come before; ``status`` makes it an error with
    ``code`` and ``message``; ``wait`` and ``gap`` are seconds before the first byte and
    between pieces; ``cut`` ends the stream without a finish reason after so many pieces,
    ``stall`` stops sending there, ``drop`` closes the connection there and ``reset``
    resets it; ``raw`` sends these events instead, or after the pieces up to ``cut``;
    ``body`` is sent instead of any stream, and with ``media_type`` None as the bytes of
    a stream. ``refuses`` answers 400 as long as the request holds one of these
    parameters, or a message in one of these roles.
    """

    text: str | Callable[[dict[str, Any]], str] = "Nothing."
    pieces: list[str] | None = None
    thinks: list[dict[str, Any]] = field(default_factory=list)
    finish: str | None = "stop"
    usage: bool = True
    wait: float = 0
    gap: float = 0
    cut: int | None = None
    stall: int | None = None
    drop: int | None = None
    reset: int | None = None
    raw: list[str] | None = None
    status: int = 200
    code: str | None = None
    message: str = "scripted"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    media_type: str | None = "text/html"
    refuses: tuple[str, ...] = ()


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    query: str = ""

    @property
    def messages(self) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    @property
    def prompt(self) -> str:
        """The last message."""
        return self.messages[-1]["content"]


class ModelServer:
    """Answers as scripted; ``left`` counts streams that their reader left early."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.log: list[Asked] = []
        self.readings: list[Reply] = []
        self.read: list[Asked] = []
        self.left = 0
        self.closed = threading.Event()
        self.url = ""
        self.connections: dict[tuple[str, int], asyncio.Transport] = {}
        self.app = Starlette(
            routes=[Route("/v1/{path:path}", self._answer, methods=["POST"])]
        )

    def script(self, *replies: Reply | str) -> None:
        """Say what comes next, and forget what was asked before."""
        self.replies = [Reply(r) if isinstance(r, str) else r for r in replies]
        self.log.clear()
        self.readings = []
        self.read.clear()
        self.left = 0
        self.closed.clear()

    def read_as(self, *readings: Reply | str) -> None:
        """Say what second readings find, one a call; the last one stays."""
        self.readings = [Reply(r) if isinstance(r, str) else r for r in readings]

    def _reply(self, asked: Asked) -> tuple[Reply, list[Reply]]:
        """Return what is answered, and the replies that wait, it among them."""
        is_reading = asked.prompt.startswith("You check whether sentences")
        (self.read if is_reading else self.log).append(asked)
        replies = self.readings if is_reading else self.replies
        if not replies:
            return Reply(_all_carried(asked.prompt)), []
        return replies[0], replies

    async def _answer(self, request: Request) -> Response:
        body = await request.json()
        at = request.url
        asked = Asked(at.path, dict(request.headers), body, at.query)
        reply, waiting = self._reply(asked)
        if told := _refused(reply, body):
            return JSONResponse({"error": {"message": told}}, 400)
        if len(waiting) > 1:
            waiting.pop(0)
        if not await self._stays(request, reply.wait):
            return Response(status_code=499)
        if reply.body is not None:
            return Response(
                reply.body,
                reply.status,
                headers=reply.headers,
                media_type=reply.media_type or "text/event-stream",
            )
        if reply.status != 200:
            error = {"message": reply.message, "type": "scripted", "code": reply.code}
            return JSONResponse({"error": error}, reply.status, headers=reply.headers)
        assert request.client is not None
        # A server beside this one knows no connections, and breaks none.
        connection = self.connections.get(request.client)
        events = self._events(reply, body, connection)
        return StreamingResponse(events, media_type="text/event-stream")

    async def _stays(self, request: Request, seconds: float) -> bool:
        """Wait; tell whether whoever asked is still there at the end."""
        ends = monotonic() + seconds
        while (left := ends - monotonic()) > 0:
            if await request.is_disconnected():
                self.left += 1
                self.closed.set()
                return False
            await asyncio.sleep(min(left, 0.05))
        return True

    async def _events(
        self, reply: Reply, body: dict[str, Any], connection: asyncio.Transport | None
    ) -> AsyncIterator[str]:
        done = False
        try:
            for delta in reply.thinks:
                yield f"data: {_chunk(body, delta)}\n\n"
                await asyncio.sleep(reply.gap)
            async for event in self._stream(reply, body, connection):
                yield f"data: {event}\n\n"
            done = True
        finally:
            if not done:
                self.left += 1
                self.closed.set()

    async def _stream(
        self, reply: Reply, body: dict[str, Any], connection: asyncio.Transport | None
    ) -> AsyncIterator[str]:
        if reply.raw is not None and reply.cut is None:
            for event in reply.raw:
                yield event
            return
        text = reply.text if isinstance(reply.text, str) else reply.text(body)
        pieces = reply.pieces or [
            (" " if place else "") + word for place, word in enumerate(text.split(" "))
        ]
        for place, piece in enumerate(pieces):
            if place == reply.cut:
                for event in reply.raw or ():
                    yield event
                return
            if place == reply.stall:
                await asyncio.sleep(3600)
            if place in (reply.drop, reply.reset):
                _break(connection, with_reset=place == reply.reset)
                return
            yield _chunk(body, {"role": "assistant", "content": piece})
            await asyncio.sleep(reply.gap)
        if reply.finish is not None:
            yield _chunk(body, {}, reply.finish)
        if reply.usage:
            yield json.dumps({**_frame(body), "choices": [], "usage": USAGE})
        yield "[DONE]"


def _refused(reply: Reply, body: dict[str, Any]) -> str:
    """Return what a server says that refuses a part of this request, or nothing."""
    roles = [message["role"] for message in body["messages"]]
    for name in reply.refuses:
        if name in body:
            return f"Unsupported parameter: '{name}' is not supported with this model."
        if name in roles:
            return f"The {name} role is not supported by the template of this model."
    return ""


def _all_carried(prompt: str) -> str:
    """Find every sentence carried, by the first words of each of its passages."""
    items = re.split(r"(?m)^Sentence \d+:$", prompt)[1:]
    lines = []
    for place, item in enumerate(items, start=1):
        passages = re.findall(r"<passage[^>]*>\n(.*?)\n</passage>", item, re.DOTALL)
        words = " // ".join(" ".join(text.split()[:8]) for text in passages)
        lines.append(f"{place} | carried | {words} | -")
    return "\n".join(lines)


def _break(connection: asyncio.Transport | None, *, with_reset: bool) -> None:
    """Close a connection in the middle of what it carries, or reset it."""
    assert connection is not None
    if with_reset:
        connection.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
    connection.abort()


def _frame(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": body.get("model", ""),
    }


def _chunk(
    body: dict[str, Any], delta: dict[str, Any], finish: str | None = None
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return json.dumps({**_frame(body), "choices": [choice]})


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Run a server; its ``url`` goes into OPENAI_BASE_URL."""
    scripted = ModelServer()

    class Known(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            assert self.client is not None
            scripted.connections[self.client] = transport

    with running(scripted.app, http=Known) as address:
        scripted.url = f"{address}/v1"
        yield scripted
