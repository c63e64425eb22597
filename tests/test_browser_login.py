"""Signing in and out in a real Chromium, behind a real proxy, and a page that stops."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.serving.access.accounts import Accounts
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant
from tests.browser.page import ask, begin, faults, faults_in_every_look
from tests.doors import PASSWORD, make_settings, with_accounts
from tests.reverse_proxy import reverse_proxy
from tests.serving import running

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser

SHELF = "/shelf"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_accounts(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def url(data_dir: Path) -> Iterator[str]:
    """The page's address behind a proxy that serves it under a path."""
    settings = make_settings(
        data_dir, root_path=SHELF, trusted_proxies="127.0.0.1", sign_in_tries=5
    )
    app = make_app(FakeAssistant(settings=settings))
    with running(app) as target, running(reverse_proxy(target, SHELF)) as proxy:
        yield proxy + SHELF


def sign_in(page: Page, name: str = "ada", password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")


def test_the_login_page_is_accessible(chromium: Browser, url: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{url}/briefing")
    expect(page).to_have_title("Sign in – Ask the shelf")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_label("Name")).to_be_focused()
    assert faults_in_every_look(page) == []
    sign_in(page, "eve", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_label("Password")).to_be_focused()
    assert faults_in_every_look(page) == []
    page.goto(f"{url}/login?out")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert faults_in_every_look(page) == []
    context.close()


def test_signing_in_leads_on_and_signing_out_ends_it(
    chromium: Browser, url: str, data_dir: Path
) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            foreign.append(asked.url)
            if not asked.url.startswith((url, "data:", "blob:"))
            else None
        ),
    )
    page.goto(url)
    sign_in(page)
    expect(page).to_have_url(f"{url}/")
    cookie = context.cookies()[0]
    assert (cookie["path"], cookie["httpOnly"]) == (SHELF, True)
    bar = page.get_by_role("navigation", name="Your account")
    expect(bar).to_contain_text("Signed in as ada")
    ask(page, "hubs?", 1)
    assert faults(page) == []

    # The account is gone: what is on the page stays, and the way on is told.
    Accounts(data_dir).add("cy", PASSWORD)
    other = chromium.new_context()
    left = other.new_page()
    left.goto(f"{url}/")
    sign_in(left, "cy")
    ask(left, "hubs?", 1)
    Accounts(data_dir).remove("cy")
    left.get_by_label("Your question").fill("and cost?")
    left.get_by_label("Your question").press("Enter")
    expect(left.get_by_role("alert").first).to_contain_text("Your session has ended.")
    # In view, that is: with nothing laid over it.
    left.locator("#answer-1 a.cite").first.click()
    assert faults(left) == []
    left.get_by_role("link", name="Sign in again").click()
    expect(left.get_by_role("heading", name="Sign in")).to_be_visible()
    other.close()

    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    # What is left tells only that this browser once signed in.
    assert [cookie["name"] for cookie in context.cookies()] == ["shelf_known"]
    page.goto(f"{url}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert not foreign
    assert not errors
    context.close()


def test_a_proxy_that_knows_people_needs_no_login(
    chromium: Browser, tmp_path: Path
) -> None:
    settings = make_settings(
        tmp_path,
        proxy_user_header="X-Remote-User",
        trusted_proxies="127.0.0.1",
        questions_per_minute=1,
    )
    app = make_app(FakeAssistant(settings=settings))
    with running(app) as target:
        proxy = reverse_proxy(target, "", X_Remote_User="ada@council.example")
        with running(proxy) as url:
            page = chromium.new_page()
            page.goto(url)
            bar = page.get_by_role("navigation", name="Your account")
            expect(bar).to_have_text("Signed in as ada@council.example")
            ask(page, "hubs?", 1)
            # It is this person's limit, by the name that the proxy gave.
            ask(page, "and cost?", 2)
            expect(page.locator("#answer-2")).to_contain_text("That was many questions")
            page.context.close()


# Stopping

SERVE = """
import sys, threading
from pathlib import Path
from assistant.settings import load_settings
from assistant.web.server import serve
from tests.browser.fakes import FakeAssistant

settings = load_settings(data_dir=Path(sys.argv[1]), stopping_seconds=float(sys.argv[2]))
assistant = FakeAssistant(settings=settings)
def release():
    sys.stdin.readline()
    assistant.chain.release.set()
threading.Thread(target=release, daemon=True).start()
serve(assistant, "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@contextmanager
def process(tmp_path: Path, seconds: float) -> Iterator[tuple[Any, str]]:
    started = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    try:
        yield started, started.stdout.readline().strip()
    finally:
        started.kill()
        started.communicate()


def ready(url: str) -> tuple[int, Any]:
    try:
        with urlopen(HttpRequest(f"{url}/readyz")) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        return error.code, json.load(error)


def begun(chromium: Browser, url: str) -> Page:
    """Open the page and ask what is not answered before its time."""
    page = chromium.new_page()
    page.goto(url)
    begin(page, "slow writes", 1)
    expect(page.locator("#answer-1.growing")).to_be_visible()
    return page


def test_a_running_answer_is_finished_before_the_page_stops(
    chromium: Browser, tmp_path: Path
) -> None:
    with process(tmp_path, 60) as (started, url):
        page = begun(chromium, url)
        late = chromium.new_page()
        late.goto(url)
        expect(late.get_by_label("Your question")).to_be_visible()
        started.send_signal(signal.SIGTERM)
        begin(late, "hubs?", 1)
        expect(late.locator("#answer-1")).to_contain_text("is being stopped")
        assert ready(url) == (503, {"status": "not ready", "missing": ["stopping"]})
        assert started.poll() is None
        started.stdin.write("\n")
        started.stdin.flush()
        expect(page.locator("#answer-1:not(.growing)")).to_contain_text("Funding")
        out, err = started.communicate(timeout=60)
        assert (out, started.returncode) == ("stopped\n", 0)
        assert "Traceback" not in err
        page.close()
        late.close()


def test_an_answer_that_takes_too_long_is_told_and_left(
    chromium: Browser, tmp_path: Path
) -> None:
    with process(tmp_path, 0.2) as (started, url):
        page = begun(chromium, url)
        started.send_signal(signal.SIGINT)
        expect(page.locator("#answer-1")).to_contain_text("is being stopped")
        out, err = started.communicate("\n", timeout=60)
        assert (out, started.returncode) == ("stopped\n", 0)
        assert "Traceback" not in err
        page.close()


def test_whoever_says_it_twice_waits_for_no_answer(tmp_path: Path) -> None:
    with process(tmp_path, 600) as (started, url), ThreadPoolExecutor() as pool:
        asked = HttpRequest(
            f"{url}/api/ask/stream",
            json.dumps({"question": "slow writes"}).encode(),
            {"Content-Type": "application/json"},
        )
        stream = urlopen(asked)
        assert stream.readline() == b"event: standalone_question\n"
        rest = pool.submit(stream.read)
        started.send_signal(signal.SIGTERM)
        while ready(url)[1].get("missing") != ["stopping"]:
            assert started.poll() is None
        started.send_signal(signal.SIGTERM)
        assert b"is being stopped" in rest.result(timeout=60)
        out, err = started.communicate("\n", timeout=60)
        assert (out, started.returncode) == ("stopped\n", 0)
        assert "Traceback" not in err
