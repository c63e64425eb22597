"""Chromium, and pages that it opens.

A module that wants them says ``pytest_plugins = ("tests.browser.fixtures",)`` and has an
``assistant`` of its own, or an ``url`` where a page is served.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.fakes import FakeAssistant
from tests.browser.page import OpenPage, Scheme
from tests.requirements import browser as browser_path
from tests.serving import served

# A browser that does nothing but what the page makes it do.
ARGUMENTS = """
    --no-sandbox --disable-gpu --disable-background-networking
    --disable-component-update --disable-sync --no-first-run
""".split()
# Milliseconds; playwright's own 5 and 30 s are short where other jobs share the
# processors, and patience costs nothing where all is well.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = browser_path()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, timeout=2 * PATIENCE
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(assistant: FakeAssistant) -> Iterator[str]:
    """Where the page of the module's assistant is served."""
    with served(assistant) as url:
        yield url
        assistant.chain.release.set()


@pytest.fixture
def open_page(chromium: Browser, url: str) -> Iterator[OpenPage]:
    """Opens pages, and fails where one asked for anything from elsewhere."""
    contexts = []
    foreign: list[str] = []

    def opened(width: int = 1280, scheme: Scheme = "light", address: str = url) -> Page:
        own = (f"{address}/", "data:", "blob:")

        def note(request: Request) -> None:
            if not request.url.startswith(own):
                foreign.append(request.url)

        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note)
        page.goto(address)
        expect(page.get_by_label("Your question")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not foreign
