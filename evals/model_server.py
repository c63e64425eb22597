"""A model's server for measuring: speaks like OpenAI's, and replies as a function does.

It is plain asyncio, so that it takes little of the machine that is measured.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

_TOKEN = re.compile(r"\s*\S{1,6}")
_HEAD = (
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    "transfer-encoding: chunked\r\n\r\n"
)
# The longest request that is read.
_MOST_BYTES = 2**20

Messages = Sequence[dict[str, str]]
Replying = Callable[[Messages], str]


def tokens_of(text: str) -> list[str]:
    """Return a text in pieces about as long as a model's tokens."""
    return _TOKEN.findall(text)


class ModelServer:
    """Answers every chat request at an even pace, whatever the machine is doing."""

    def __init__(
        self, reply: Replying, *, gap: float = 0, first: float = 0, usage: bool = False
    ) -> None:
        """Take what replies, the seconds between tokens and before the first.

        Args:
            reply: returns the reply to the messages of a request.
            gap: seconds between two tokens.
            first: seconds before the first.
            usage: whether a count of tokens is sent, which is made up.
        """
        self._reply, self._gap, self._first, self._usage = reply, gap, first, usage

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer what comes over one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                body = json.loads(
                    await reader.readexactly(int(length[1]) if length else 0)
                )
                await self._answer(body, writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            # Whoever asked has left, or the server ends.
            pass
        finally:
            writer.close()

    async def listen(self) -> tuple[asyncio.Server, str]:
        """Open a free port of this machine; return the server and its address."""
        server = await asyncio.start_server(
            self.serve, "127.0.0.1", 0, limit=_MOST_BYTES
        )
        port = server.sockets[0].getsockname()[1]
        return server, f"http://127.0.0.1:{port}/v1"

    async def _answer(
        self, body: dict[str, object], writer: asyncio.StreamWriter
    ) -> None:
        messages = body["messages"]
        assert isinstance(messages, list)
        pieces = tokens_of(self._reply(messages))
        frame = {
            "id": "measured",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body.get("model", ""),
        }
        writer.write(_HEAD.encode())
        loop = asyncio.get_running_loop()
        due = loop.time() + self._first
        for piece in pieces:
            await asyncio.sleep(due - loop.time())
            due += self._gap
            _send(writer, frame, {"role": "assistant", "content": piece}, None)
            await writer.drain()
        _send(writer, frame, {}, "stop")
        if self._usage:
            usage = {"prompt_tokens": 1000, "completion_tokens": len(pieces)}
            usage["total_tokens"] = sum(usage.values())
            _event(writer, json.dumps({**frame, "choices": [], "usage": usage}))
        _event(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def _send(
    writer: asyncio.StreamWriter,
    frame: dict[str, object],
    delta: dict[str, str],
    reason: str | None,
) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    _event(writer, json.dumps({**frame, "choices": [choice]}))


def _event(writer: asyncio.StreamWriter, data: str) -> None:
    event = f"data: {data}\n\n".encode()
    writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")


@contextmanager
def serving(server: ModelServer) -> Iterator[str]:
    """Serve from a thread of its own; yield the address."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener, address = asyncio.run_coroutine_threadsafe(server.listen(), loop).result()
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(listener.close)
        asyncio.run_coroutine_threadsafe(_end(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end() -> None:
    """End what is still open, so that the loop closes with nothing under way."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
