"""Who comes to the pages behind nginx: a browser at a desk, and chats that go on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

from playwright.sync_api import Browser, Page

from evals.timing.load_clients import Browser as OpenPage
from evals.timing.load_clients import Chat
from evals.timing.load_clients import Page as LoadPage
from tests.browser.fixtures import PATIENCE
from tests.deployed.pages import SHELF, Deployed
from tests.deployed.pages import Page as Process
from tests.deployed.proxy import HOST

QUESTION = "What does Localis recommend about Oflog?"

T = TypeVar("T")


@contextmanager
def desk(
    site: Deployed, chromium: Browser, name: str, process: Process | None = None
) -> Iterator[Page]:
    """Open a tab; of whoever has signed in where a process is given, which it leads to."""
    context = chromium.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE)
    if process:
        key, value = site.sign_in(name, process).split("=")
        at = f"https://{HOST}{SHELF}/"
        context.add_cookies([{"name": key, "value": value, "url": at}])
    page = context.new_page()
    page.goto(f"{site.address}/")
    yield page
    context.close()


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread: playwright has a loop of its own in this one."""
    with ThreadPoolExecutor() as pool:
        return pool.submit(asyncio.run, work).result()


def page_of(site: Deployed, cookie: str) -> LoadPage:
    """Return what the page says of itself to whoever signed in."""
    with site.visitor() as client:
        return LoadPage(client.get("/config", headers={"cookie": cookie}).json())


async def chat(site: Deployed, page: LoadPage, cookie: str) -> Chat:
    """Ask on a page of one's own."""
    tab = OpenPage(site.behind, page, uuid4().hex, HOST, cookie)
    heartbeat = await tab.open()
    try:
        return await tab.ask(QUESTION)
    finally:
        heartbeat.close()


async def chats(site: Deployed) -> list[Chat]:
    """Chat on each of the pages, several at once."""
    cookies = [site.sign_in("bob", page) for page in site.pages for _ in range(2)]
    page = page_of(site, cookies[0])
    return await asyncio.gather(*(chat(site, page, one) for one in cookies))
