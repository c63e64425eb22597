"""Reads what a server streams, and takes from each event what matters here.

openai's own decoder cuts the bytes into events. What carries nothing (an empty event, a
ping, a choice without a delta) is passed over, and one whole answer in place of a stream
is read as one event.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import NamedTuple, cast

import openai

from assistant.provider.model import Usage

# A body that is read to its end leaves its connection fit for the next question.
_DRAIN_SECONDS = 0.1
# Where servers put what a model thinks before it answers.
_THOUGHTS = ("reasoning_content", "reasoning", "reasoning_details", "thinking")
# An error that comes as an event, or as the whole answer, has one of these and no choice.
_FAILED = ("error", "detail")


class Event(NamedTuple):
    """What one event adds to an answer; ``thought`` is never shown."""

    text: str = ""
    thought: str = ""
    finish: str | None = None
    usage: Usage | None = None


class Events(openai.AsyncStream[object]):
    """The JSON values of a stream, one an event.

    Iterating raises ``json.JSONDecodeError`` or ``UnicodeDecodeError`` where an event
    is none.
    """

    async def __stream__(self) -> AsyncGenerator[object]:
        """Yield each value as it comes."""
        async with aclosing(self.response), aclosing(self._bytes()) as body:
            head = await _beginning(body)
            if head.lstrip().startswith(b"{"):
                yield json.loads(head + b"".join([part async for part in body]))
                return
            events = self._decoder.aiter_bytes(_chained(head, body))
            async for event in events:
                if event.data.startswith("[DONE]"):
                    await _drain(body)
                    return
                if event.data.strip():
                    value = json.loads(event.data)
                    yield {"error": value} if event.event == "error" else value

    async def _bytes(self) -> AsyncGenerator[bytes]:
        async for part in self.response.aiter_bytes():
            yield part

    async def close(self) -> None:
        """Let go of the connection at once."""
        await cast(AsyncGenerator[object], self._iterator).aclose()
        await self.response.aclose()


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Read on to the end, which follows at once or never."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in body:
                pass


async def _beginning(body: AsyncIterator[bytes]) -> bytes:
    """Return the bytes up to the first that is no white space, and what came with it."""
    head = b""
    async for part in body:
        head += part
        if head.strip():
            break
    return head


async def _chained(head: bytes, body: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    yield head
    async for part in body:
        yield part


def read_event(value: object) -> Event:
    """Return what an event adds to the answer; one of an unknown shape adds nothing.

    Raises:
        openai.APIError: the server tells of a failure.
    """
    if not isinstance(value, dict):
        return Event()
    choices = value.get("choices")
    if not choices and (failure := _failure(value)):
        raise openai.APIError("", request=None, body=failure)  # type: ignore[arg-type]
    choice = choices[0] if isinstance(choices, list) and choices else None
    choice = choice if isinstance(choice, dict) else {}
    # "message" is that of a server which does not stream: it is whole.
    whole = isinstance(choice.get("message"), dict)
    delta = choice["message"] if whole else choice.get("delta")
    delta = delta if isinstance(delta, dict) else {}
    text, thought = _parts(delta.get("content"))
    for name in _THOUGHTS:
        thought = thought or _text(delta.get(name))
    finish = _reason(choice.get("finish_reason")) or ("stop" if whole else None)
    return Event(text, thought, finish, _usage(value.get("usage")))


def _failure(value: Mapping[str, object]) -> object:
    if value.get("object") == "error":
        return value
    return next((value[name] for name in _FAILED if value.get(name)), None)


def _parts(content: object) -> tuple[str, str]:
    """Return text and thought of a content that is a text or a list of parts."""
    if not isinstance(content, list):
        return (content, "") if isinstance(content, str) else ("", "")
    text = thought = ""
    for part in content:
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict) and part.get("type") in ("text", "output_text"):
            text += _text(part.get("text"))
        else:
            thought += _text(part)
    return text, thought


def _text(value: object) -> str:
    """Return the texts within a value of any shape, put together."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = [item for name, item in value.items() if name != "type"]
    return "".join(map(_text, value)) if isinstance(value, list) else ""


def _reason(value: object) -> str | None:
    value = value.get("type") if isinstance(value, dict) else value
    return value.casefold() if isinstance(value, str) and value else None


def _usage(value: object) -> Usage | None:
    if not isinstance(value, dict):
        return None
    sent, written = value.get("prompt_tokens"), value.get("completion_tokens")
    if isinstance(sent, int) and isinstance(written, int):
        return Usage(sent, written)
    return None
