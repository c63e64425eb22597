"""The stream of a page's news, broken off: the page is told, and goes on to ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.serving import running
from tests.test_layering import ROOT

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser

SCRIPT = ROOT / "assistant/web/static/stream.js"
NEWS = "/gradio_api/queue/data?session_hash="
FIRST = 'data: {"msg": "heartbeat"}\n\n'


def streams() -> Starlette:
    """Streams that break off, as where a server is killed, but for one that stays."""

    async def page(request: Request) -> Response:
        return HTMLResponse(f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>")

    async def news(request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            yield FIRST
            if request.query_params.get("session_hash") == "stays":
                await asyncio.Event().wait()

        # It says that more would come.
        length = {"content-length": str(len(FIRST) + 100)}
        return StreamingResponse(pieces(), headers=length)

    return Starlette(routes=[Route("/", page), Route("/{rest:path}", news)])


READ = """async (address) => {
    const response = await fetch(address);
    return [response.status, await response.text().catch(String)];
}"""


def test_the_end_of_a_broken_stream_is_told(chromium: Browser) -> None:
    with running(streams()) as url:
        page = chromium.new_page()
        page.goto(url)
        status, told = page.evaluate(READ, f"{NEWS}breaks")
        assert status == 200
        assert told.index('"broken_connection"') < told.index('"close_stream"')
        # Whatever else breaks off is left as it is.
        assert page.evaluate(READ, "/other")[1].startswith("TypeError")
        page.close()


def test_a_stream_that_the_page_ends_tells_nothing(chromium: Browser) -> None:
    with running(streams()) as url:
        page = chromium.new_page()
        page.goto(url)
        told = page.evaluate(
            """async (address) => {
                const ending = new AbortController();
                const response = await fetch(address, { signal: ending.signal });
                const reader = response.body.getReader();
                const first = new TextDecoder().decode((await reader.read()).value);
                ending.abort();
                return [first, await reader.read().catch(String)];
            }""",
            f"{NEWS}stays",
        )
        assert told[0] == FIRST
        assert told[1].startswith("AbortError")
        page.close()
