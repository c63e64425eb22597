"""An OpenAI-compatible server on a free port whose every answer a test scripts.

``server.replies`` are given out in order, one a request; the last one stays. ``log``
keeps what was asked: path, headers and body.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from assistant.composition import Assistant

    WithModel = Callable[..., Assistant]

KEY = "sk-test-0123456789abcdef"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass
class Reply:
    """One answer: its text and how it is sent.

    ``text`` may be a function of the request's body. ``pieces`` cuts it (by default at
    spaces); ``status`` makes it an error with ``code`` and ``message``; ``wait`` and
    ``gap`` are seconds before the first byte and between pieces; ``cut`` ends the stream
    without a finish reason after so many pieces, ``stall`` stops sending there,
    ``reset`` breaks the connection there; ``raw`` sends these events instead.
    """

    text: str | Callable[[dict[str, Any]], str] = "Nothing."
    pieces: list[str] | None = None
    finish: str | None = "stop"
    usage: bool = True
    wait: float = 0
    gap: float = 0
    cut: int | None = None
    stall: int | None = None
    reset: int | None = None
    raw: list[str] | None = None
    status: int = 200
    code: str | None = None
    message: str = "scripted"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

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
        self.left = 0
        self.closed = threading.Event()
        self.url = ""
        self.app = Starlette(
            routes=[Route("/v1/{path:path}", self._answer, methods=["POST"])]
        )

    def script(self, *replies: Reply | str) -> None:
        """Say what comes next, and forget what was asked before."""
        self.replies = [Reply(r) if isinstance(r, str) else r for r in replies]
        self.log.clear()
        self.left = 0
        self.closed.clear()

    async def _answer(self, request: Request) -> Response:
        body = await request.json()
        self.log.append(Asked(request.url.path, dict(request.headers), body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        await asyncio.sleep(reply.wait)
        if reply.status != 200:
            error = {"message": reply.message, "type": "scripted", "code": reply.code}
            return JSONResponse({"error": error}, reply.status, headers=reply.headers)
        if reply.body is not None:
            return Response(reply.body, media_type="text/html")
        return StreamingResponse(
            self._events(reply, body), media_type="text/event-stream"
        )

    async def _events(self, reply: Reply, body: dict[str, Any]) -> AsyncIterator[str]:
        done = False
        try:
            async for event in self._stream(reply, body):
                yield f"data: {event}\n\n"
            done = True
        finally:
            if not done:
                self.left += 1
                self.closed.set()

    async def _stream(self, reply: Reply, body: dict[str, Any]) -> AsyncIterator[str]:
        if reply.raw is not None:
            for event in reply.raw:
                yield event
            return
        text = reply.text if isinstance(reply.text, str) else reply.text(body)
        pieces = reply.pieces or [
            (" " if place else "") + word for place, word in enumerate(text.split(" "))
        ]
        for place, piece in enumerate(pieces):
            if place == reply.cut:
                return
            if place == reply.stall:
                await asyncio.sleep(3600)
            if place == reply.reset:
                raise RuntimeError("scripted reset")
            yield _chunk(body, {"role": "assistant", "content": piece})
            await asyncio.sleep(reply.gap)
        if reply.finish is not None:
            yield _chunk(body, {}, reply.finish)
        if reply.usage:
            yield json.dumps({**_frame(body), "choices": [], "usage": USAGE})
        yield "[DONE]"


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
    config = uvicorn.Config(
        scripted.app, port=0, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        scripted.url = f"http://127.0.0.1:{port}/v1"
        yield scripted
    finally:
        server.should_exit = True
        thread.join()
