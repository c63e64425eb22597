"""The page in a frame of an intranet, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.errors import ConfigError
from assistant.settings import load_settings
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant
from tests.doors import PASSWORD, make_settings, with_accounts
from tests.serving import running

pytest_plugins = ("tests.browser.fixtures",)


@contextmanager
def intranet(address: list[str]) -> Iterator[str]:
    """Serve a page that holds the one at an address, told later, in a frame."""

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(
            f'<h1>Intranet</h1><iframe src="{address[0]}" width=900 height=800></iframe>'
        )

    with running(Starlette(routes=[Route("/", page)])) as url:
        yield url


def framed(page: Page, url: str) -> FrameLocator:
    page.goto(url)
    expect(page.get_by_role("heading")).to_have_text("Intranet")
    return page.frame_locator("iframe")


@pytest.mark.browser
def test_a_named_site_holds_the_page_with_its_sign_in_and_no_other_does(
    chromium: Browser, tmp_path: Path
) -> None:
    address = [""]
    with intranet(address) as named, intranet(address) as other:
        settings = make_settings(with_accounts(tmp_path), frame_ancestors=named)
        with running(make_app(FakeAssistant(settings=settings))) as address[0]:
            page = chromium.new_context().new_page()
            frame = framed(page, named)
            frame.get_by_label("Name").fill("ada")
            frame.get_by_label("Password").fill(PASSWORD)
            frame.get_by_label("Password").press("Enter")
            box = frame.get_by_label("Your question")
            expect(box).to_be_editable()
            box.fill("hubs?")
            frame.get_by_role("button", name="Send").click()
            answer = frame.locator("#answer-1:not(.pending, .growing)")
            expect(answer).to_be_visible()

            with page.expect_event("console", lambda told: "ancestor" in told.text):
                framed(page, other)
            page.context.close()


@pytest.mark.parametrize(
    "site", ["intranet.example", "https://x.example/path", "'none'", "https://a;b"]
)
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(ConfigError, match="ASSISTANT_FRAME_ANCESTORS"):
        load_settings(frame_ancestors=site)
