"""An answer as server-sent events, and the end of the work for whoever has left."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from assistant.answering.writers.state import Told
from assistant.schema import Sentence
from assistant.serving.faults import sentence_of
from assistant.serving.ticking import ticking

# So often it is looked whether anybody still reads.
_LOOK_SECONDS = 0.5

T = TypeVar("T")


def event(name: str, data: object) -> str:
    """Return one server-sent event."""
    # Half a sign, which JSON may hold, has no bytes.
    text = json.dumps(data, ensure_ascii=False).encode(errors="replace").decode()
    return f"event: {name}\ndata: {text}\n\n"


async def unless_left(work: Coroutine[object, object, T], request: Request) -> T:
    """Return what comes of some work, which is cancelled if the client leaves.

    Raises:
        ClientDisconnect: it has left.
    """
    task = asyncio.ensure_future(work)
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=_LOOK_SECONDS)
            if done:
                return task.result()
            if await request.is_disconnected():
                raise ClientDisconnect
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def begin_events(
    steps: AsyncIterator[Told], request: Request
) -> AsyncIterator[str]:
    """Wait for the first step of an answer; return its events, that one's among them.

    They end when the client leaves; docs/api.md says what they hold.

    Raises:
        AssistantError: the question is refused.
    """
    ticks = ticking(steps, _LOOK_SECONDS)
    first: Told = {}
    async for step in ticks:
        if step is not None:
            first = step
            break
    return _all(first, ticks, request)


async def _all(
    first: Told,
    steps: AsyncGenerator[Told | None, None],
    request: Request,
) -> AsyncIterator[str]:
    streamed = False
    try:
        for told in _events(first, streamed=False):
            yield told
        async for step in steps:
            if step is None:
                # A comment, which keeps proxies from closing what is still used.
                yield ": still there\n\n"
                if await request.is_disconnected():
                    return
                continue
            streamed = streamed or "progress" in step
            for told in _events(step, streamed=streamed):
                yield told
    except Exception as error:  # noqa: BLE001 - told, and logged if unforeseen
        yield event("error", {"error": sentence_of(error)})
    finally:
        await steps.aclose()


def _events(step: Told, *, streamed: bool) -> Iterator[str]:
    if "standalone_question" in step:
        told = {"standalone_question": step["standalone_question"]}
        yield event("standalone_question", told)
    if "passages" in step:
        passages = [passage.as_json() for passage in step["passages"]]
        yield event("passages", {"passages": passages})
    for progress in step.get("progress") or ():
        is_shown = isinstance(progress.sentence, Sentence)
        yield event("sentence" if is_shown else "withheld", asdict(progress.sentence))
    if answer := step.get("answer"):
        # Quotations come all at once; whoever reads sentences gets them alike.
        for sentence in () if streamed else answer.sentences:
            yield event("sentence", asdict(sentence))
        yield event("answer", answer.as_json())
