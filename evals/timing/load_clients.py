"""Browsers as far as the page's server sees them: many chats at once, each timed.

A chat joins Gradio's queue and reads its stream of events, as the page's own script does.
What is read is only timed while it runs; it is looked at when all is over, so that the
clients take little of the machine that they share with the page.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter, time
from typing import Any
from urllib.parse import urlsplit

_MOST_LINE = 2**24
_WAIT_SECONDS = 120
# What Gradio says of an event that brings something new to the page.
_NEWS = (b'"msg":"process_generating"', b'"msg":"process_completed"')
_STATUS = re.compile(rb"^HTTP/1\.\d (\d{3})")
_COOKIE = re.compile(rb"^set-cookie: ([^;\r]*)", re.IGNORECASE | re.MULTILINE)


@dataclass
class Chat:
    """What one question met with: moments in seconds from when it was sent.

    ``fault`` says what went wrong, None where the answer came to its end; ``size`` is
    the number of bytes that came.
    """

    news: list[float] = field(default_factory=list)
    size: int = 0
    fault: str | None = None
    last: str = ""

    @property
    def gaps(self) -> list[float]:
        """The seconds between one piece of news and the next, the first one left out."""
        return [
            late - early for early, late in zip(self.news, self.news[1:], strict=False)
        ]


class Page:
    """What Gradio says of the page: its parts, and which function does what."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Take the page's own description of itself."""
        self._parts = {part["id"]: part["props"] for part in config["components"]}
        self._made = config["dependencies"]
        self._ids = {
            props.get("elem_id"): number for number, props in self._parts.items()
        }

    @property
    def values(self) -> dict[int, Any]:
        """The values of the parts of a new page, by their ids."""
        return {number: props.get("value") for number, props in self._parts.items()}

    def part(self, elem_id: str) -> int:
        """Return the part of that name.

        Raises:
            LookupError: there is none.
        """
        if elem_id not in self._ids:
            raise LookupError(f"The page has no part that is called {elem_id}.")
        return int(self._ids[elem_id])

    def on(self, what: str, part: int | None = None) -> list[dict[str, Any]]:
        """Return the functions of an event: ``load``, or ``click`` on a part."""
        return [
            made
            for made in self._made
            if made["backend_fn"]
            and any(w == what and part in (None, p) for p, w in made["targets"])
        ]

    def after(self, made: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the functions that the browser calls when some have come to an end."""
        ids = {one["id"] for one in made}
        return [one for one in self._made if one["trigger_after"] in ids]

    def for_asking(self) -> list[dict[str, Any]]:
        """Return what is called when the page with the question box opens."""
        reports = self.part("reports")
        return [made for made in self.on("load") if reports in made["outputs"]]


class Browser:
    """One open page: a session, its heartbeat, the values on it, what it sends."""

    def __init__(
        self, url: str, page: Page, session: str, host: str = "", cookie: str = ""
    ) -> None:
        """Take the page's address, what it says of itself, and the session's name.

        Args:
            url: where the page is.
            page: what it says of itself.
            session: what the page calls this session.
            host: the name it is asked by, where a proxy has one for it.
            cookie: of whoever has signed in.
        """
        parts = urlsplit(url)
        self._at = parts.hostname or "127.0.0.1", parts.port or 80
        self._root, self._name = parts.path, host or parts.netloc
        self._origin = f"{parts.scheme}://{self._name}"
        # A proxy on this machine has a certificate that nobody vouches for.
        self._tls = (
            ssl._create_unverified_context() if parts.scheme == "https" else None
        )
        self._page = page
        self._session = session
        self._values = page.values
        self._cookie = cookie.encode()

    async def open(self) -> asyncio.StreamWriter:
        """Do what a browser does with a new page; close what is returned to go."""
        path = f"/gradio_api/heartbeat/{self._session}"
        reader, writer = await self._request("GET", path)
        await reader.readline()
        await self._all(self._page.for_asking(), Chat(), perf_counter())
        return writer

    async def ask(self, question: str) -> Chat:
        """Send one question and read until the page has its answer; then the rest."""
        chat, began = Chat(), perf_counter()
        send = self._page.part("send")
        self._values[self._page.part("question")] = question
        asking = self._page.on("click", send)
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._read(asking, chat, began, send)
                # What comes after the answer counts as work, and not as its updates.
                await self._all(self._page.after(asking), Chat(), began)
        except TimeoutError:
            chat.fault = f"no end after {_WAIT_SECONDS} seconds"
        except (OSError, EOFError, _RefusedError) as error:
            chat.fault = str(error) or type(error).__name__
        return chat

    async def _all(
        self, functions: list[dict[str, Any]], chat: Chat, began: float
    ) -> None:
        while functions:
            await self._read(functions, chat, began)
            if chat.fault:
                raise _RefusedError(chat.fault)
            functions = self._page.after(functions)

    async def _join(self, made: dict[str, Any], trigger: int | None) -> str:
        """Put a call into the queue; return what the queue calls it."""
        body = {
            "data": [self._values[part] for part in made["inputs"]],
            "event_data": None,
            "fn_index": made["id"],
            "trigger_id": trigger,
            "session_hash": self._session,
        }
        reader, writer = await self._request("POST", "/gradio_api/queue/join", body)
        told = await reader.read()
        writer.close()
        return str(
            json.loads(told[told.index(b"{") : told.rindex(b"}") + 1])["event_id"]
        )

    async def _read(
        self,
        functions: list[dict[str, Any]],
        chat: Chat,
        began: float,
        trigger: int | None = None,
    ) -> None:
        """Call functions of the page and read what comes of them to the end."""
        called = {await self._join(made, trigger): made for made in functions}
        path = f"/gradio_api/queue/data?session_hash={self._session}"
        reader, writer = await self._request("GET", path)
        ended: list[bytes] = []
        try:
            while line := await reader.readline():
                chat.size += len(line)
                if any(news in line for news in _NEWS):
                    chat.news.append(perf_counter() - began)
                    if _NEWS[1] in line:
                        ended.append(line)
                elif b'"msg":"close_stream"' in line:
                    break
            else:
                chat.fault = "the stream ended early"
        finally:
            writer.close()
        for line in ended:
            told = json.loads(line.removeprefix(b"data:"))
            self._take(told, called[told["event_id"]]["outputs"], chat)

    def _take(self, told: dict[str, Any], outputs: Sequence[int], chat: Chat) -> None:
        """Put what a function returned into the parts of the page."""
        if not told["success"]:
            chat.fault = str(told["output"])[:300]
            return
        data = told["output"]["data"]
        chat.last = json.dumps(data)
        for part, value in zip(outputs, data, strict=False):
            if isinstance(value, dict) and value.get("__type__") == "update":
                self._values[part] = value.get("value", self._values[part])
            else:
                self._values[part] = value

    async def _request(
        self, method: str, path: str, body: object = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(
            *self._at, limit=_MOST_LINE, ssl=self._tls
        )
        content = b"" if body is None else json.dumps(body).encode()
        writer.write(
            # By the older protocol a proxy does not cut a stream into pieces of its own.
            f"{method} {self._root}{path} HTTP/1.{0 if self._tls else 1}\r\nhost: {self._name}\r\n"
            f"origin: {self._origin}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(content)}\r\n"
            "connection: close\r\n".encode()
            + (b"cookie: " + self._cookie + b"\r\n" if self._cookie else b"")
            + b"\r\n"
            + content
        )
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        if given := _COOKIE.search(head):
            self._cookie = given[1]
        status = _STATUS.match(head)
        if status is None or status[1] != b"200":
            told = await reader.read(500)
            writer.close()
            raise _RefusedError(f"{path.split('?')[0]}: {head[:40]!r} {told!r}")
        return reader, writer


class _RefusedError(Exception):
    """The server did not take a request."""


async def _chat(
    browser: Browser,
    questions: Sequence[str],
    until: Callable[[], float],
    ready: asyncio.Barrier,
    done: Callable[[Chat], object],
) -> None:
    """Ask one question after another until the time is over, at least one."""
    open_page = None
    try:
        open_page = await browser.open()
    except (OSError, EOFError, _RefusedError) as error:
        done(Chat(fault=f"the page did not open: {error}"))
    # Nobody asks before all pages are open.
    await ready.wait()
    if open_page is None:
        return
    try:
        for question in questions:
            done(await browser.ask(question))
            if perf_counter() >= until():
                return
    finally:
        open_page.close()


def chat_at_once(
    url: str,
    config: dict[str, Any],
    questions: Sequence[Sequence[str]],
    seconds: float = float("inf"),
    start_at: float = 0.0,
) -> list[Chat]:
    """Open a page for each row of questions, all at once, and ask until time is over.

    Args:
        url: of the page.
        config: what Gradio says of it.
        questions: a row for each chat.
        seconds: after which no chat asks a further question.
        start_at: when the first is asked, by the clock; as soon as all are open if past.
    """
    names, page = Random(), Page(config)
    chats: list[Chat] = []
    began = float("inf")

    async def run() -> None:
        nonlocal began
        ready = asyncio.Barrier(len(questions) + 1)
        running = [
            asyncio.create_task(
                _chat(
                    Browser(url, page, f"{names.getrandbits(64):016x}"),
                    row,
                    lambda: began + seconds,
                    ready,
                    chats.append,
                )
            )
            for row in questions
        ]
        await asyncio.sleep(max(0.0, start_at - time()))
        await ready.wait()
        began = perf_counter()
        await asyncio.gather(*running)

    asyncio.run(run())
    return chats
