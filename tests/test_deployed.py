"""Two pages and an indexer on one Chroma server, behind nginx, as docs/deploy.md says.

The pages are the command itself, with accounts, a path, TLS, one count of limits and
feedback in PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as Tab

from tests.browser.fixtures import ARGUMENTS, PATIENCE
from tests.browser.page import ask, begin
from tests.deployed.pages import NAMES, Deployed, Page, deployed
from tests.deployed.programs import until
from tests.deployed.proxy import HOST
from tests.documents import Text, paragraph, write_pdf
from tests.requirements import browser as browser_path

pytestmark = pytest.mark.deployed

NOTE = """# Weirs in Winter

Published by Quill House, March 2024

## Care

Quill House found that greasing each weir costs £612 a year.
"""
WEIRS = "What does greasing a weir cost?"
QUESTION = "What does Localis recommend about Oflog?"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("deployed")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(site: Deployed) -> Iterator[Browser]:
    """A browser that finds our host, and its https, at nginx."""
    mapped = f"MAP {HOST}:443 127.0.0.1:{site.nginx.port}"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(),
            args=[*ARGUMENTS, f"--host-resolver-rules={mapped}"],
            timeout=2 * PATIENCE,
        )
        yield browser
        browser.close()


@contextmanager
def signed_in(site: Deployed, chromium: Browser, name: str) -> Iterator[Tab]:
    context = chromium.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE)
    with closing(context):
        tab = context.new_page()
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(f"{site.address}/")
        tab.get_by_label("Name").fill(name)
        tab.get_by_label("Password").fill(NAMES[name])
        tab.get_by_label("Password").press("Enter")
        expect(tab).to_have_url(f"{site.address}/")
        expect(tab.get_by_label("Your question")).to_be_visible()
        yield tab
        assert not errors


@contextmanager
def tab_at(site: Deployed, chromium: Browser, name: str, page: Page) -> Iterator[Tab]:
    """Sign in until the browser's requests come to this page."""
    for _ in range(20):
        with signed_in(site, chromium, name) as tab:
            if at(site, tab) == page.port:
                yield tab
                return
    raise AssertionError("no session leads to this page")


def at(site: Deployed, tab: Tab) -> int:
    """Return the port of the page that answers this browser."""
    mark = f"/healthz?{id(tab)}-{at.count}"  # type: ignore[attr-defined]
    at.count += 1  # type: ignore[attr-defined]
    assert tab.request.get(f"https://127.0.0.1:{site.nginx.port}/shelf{mark}").ok
    [port] = site.nginx.answered(mark)
    return port


at.count = 0  # type: ignore[attr-defined]


def answer(client: httpx.Client, question: str) -> Any:
    told = client.post("/api/ask", json={"question": question})
    assert told.status_code == 200, told.text
    return told.json()


def test_people_sign_in_once_for_both_pages(site: Deployed, chromium: Browser) -> None:
    with signed_in(site, chromium, "ada") as tab:
        bar = tab.get_by_role("navigation", name="Your account")
        expect(bar).to_contain_text("Signed in as ada")
        [cookie] = tab.context.cookies()
        assert (cookie["path"], cookie["secure"], cookie["httpOnly"]) == (
            "/shelf",
            True,
            True,
        )
        sent = {"cookie": f"{cookie['name']}={cookie['value']}"}
        for page in site.pages:
            # Past nginx, to each of them: neither began this session alone.
            asked = f"http://127.0.0.1:{page.port}/account"
            headers = sent | {"host": HOST}
            assert httpx.get(asked, headers=headers).json()["name"] == "ada"
        tab.get_by_role("button", name="Sign out").click()
        expect(tab.get_by_role("status")).to_have_text("You are signed out.")
        for page in site.pages:
            asked = f"http://127.0.0.1:{page.port}/account"
            assert httpx.get(asked, headers=headers).status_code == 401


def test_a_chat_streams_through_nginx(site: Deployed, chromium: Browser) -> None:
    with signed_in(site, chromium, "bob") as tab:
        begin(tab, QUESTION, 1)
        seen: set[str] = set()
        growing = tab.locator("#answer-1")
        whole = tab.locator("#answer-1:not(.pending, .growing)")
        while not whole.count():
            if growing.count():
                seen.add(growing.inner_text())
            tab.wait_for_timeout(50)
        expect(whole.locator("a.cite").first).to_be_visible()
        # Sentence by sentence, and not all at its end.
        assert len(seen) > 3, seen


def test_a_change_of_the_library_is_seen_by_both(
    site: Deployed, chromium: Browser, tmp_path: Path
) -> None:
    note = tmp_path / "weirs.md"
    note.write_text(NOTE, encoding="utf-8")
    first, second = site.pages
    with (
        site.client("bob", first) as one,
        site.client("bob", second) as other,
        tab_at(site, chromium, "ada", first) as tab,
        tab_at(site, chromium, "bob", second) as reader,
    ):
        assert "£612" not in answer(one, WEIRS)["text"]
        # The indexer adds; the next question of either is answered from it.
        site.run("reports", "add", str(note), "--yes")
        assert all("£612" in answer(each, WEIRS)["text"] for each in (one, other))
        for open_tab in (tab, reader):
            open_tab.goto(f"{site.address}/library")
            listed = open_tab.locator("#library-list article h3")
            expect(listed.last).to_have_text("Weirs in Winter")
        # An editor adds on one page; the other answers from it.
        pages = [
            [Text("On Locks", y=780, size=24),
             *paragraph("Published by Quill House, March 2024")],
            [Text("Care", y=780, size=16),
             *paragraph("Quill House found that painting each lock costs £731.")],
        ]  # fmt: skip
        report = write_pdf(tmp_path / "locks.pdf", pages, title="On Locks")
        tab.get_by_role("button", name="Add a report").click()
        tab.locator("#library-file input[type=file]").set_input_files(str(report))
        expect(tab.locator("#library-file")).to_contain_text("locks")
        tab.locator("#read-file").click()
        status = tab.locator("#library-status")
        expect(status).to_contain_text("locks.pdf was read")
        tab.locator("#add").click()
        expect(status).to_contain_text("Added: On Locks.")
        assert "£731" in answer(other, "What does painting a lock cost?")["text"]
        reader.reload()
        expect(listed.last).to_have_text("Weirs in Winter")
        assert "On Locks" in reader.locator("#library-list").inner_text()
        listing = site.run("reports", "list").stdout
        found = re.findall(r"^\S*(?:weirs|locks)\S*", listing, re.MULTILINE)
        for report_id in found:
            site.run("reports", "remove", report_id, "--yes")
        assert "£612" not in answer(other, WEIRS)["text"]


def test_the_chroma_server_may_stop(site: Deployed) -> None:
    with site.client("bob", site.pages[0]) as client:
        before = answer(client, QUESTION)
        site.kill_chroma()
        try:
            for page in site.pages:
                until(page.is_not_ready, "it says that it is ready")
                assert page.ready()[1]["missing"] == ["store"]
            told = client.post("/api/ask", json={"question": QUESTION})
            assert told.status_code == 503
            assert "Chroma" in told.json()["error"]
        finally:
            site.start_chroma()
        after = answer(client, QUESTION)
        assert {**after, "seconds": 0, "id": 0} == {**before, "seconds": 0, "id": 0}
        for page in site.pages:
            until(page.is_ready, "it is not ready again")


def test_the_pages_are_renewed_and_no_answer_is_lost(
    site: Deployed, chromium: Browser
) -> None:
    over, told = Event(), []

    def asking(page: Page) -> None:
        with site.client("bob", page) as client:
            while not over.is_set():
                told.append(client.post("/api/ask", json={"question": QUESTION}))

    first, second = site.pages
    with (
        ThreadPoolExecutor() as pool,
        tab_at(site, chromium, "ada", first) as tab,
    ):
        running = [pool.submit(asking, page) for page in site.pages for _ in range(2)]
        try:
            ask(tab, QUESTION, 1)
            # In the making while its page is taken out.
            begin(tab, "What does it say about data?", 2)
            for page in (first, second):
                site.nginx.take(down=[page.port])
                assert page.stop() == 0
                page.start()
                site.nginx.take()
        finally:
            over.set()
        for one in running:
            one.result()
        expect(tab.locator("#answer-2:not(.pending, .growing)")).to_be_visible()
        # The conversation goes on where the browser's requests come now.
        ask(tab, "Who wrote it?", 3)
        expect(tab.locator("#chat .question")).to_have_count(3)
        assert tab.locator("#chat [role=alert]").count() == 0
    lost = [one.text for one in told if one.status_code != 200]
    assert not lost
    assert len(told) > 8
    assert {one.json()["outcome"] for one in told} == {"answered"}


def test_a_page_that_dies_is_passed_over(site: Deployed) -> None:
    first, _ = site.pages
    with site.client("bob", first) as client:
        first.kill()
        try:
            assert answer(client, QUESTION)["outcome"] == "answered"
        finally:
            first.start()


def test_wrong_passwords_are_counted_for_both(site: Deployed) -> None:
    first, second = site.pages
    with site.client("bob", first) as one, site.client("bob", second) as other:
        wrong = ("bob", "not the password")
        for client in (one, other) * 5:
            refused = client.post("/api/ask", json={"question": "x"}, auth=wrong)
            assert refused.status_code == 401
        for client in (one, other):
            refused = client.post("/api/ask", json={"question": "x"}, auth=wrong)
            assert refused.status_code == 429


def test_feedback_of_both_pages_comes_to_one_database(
    site: Deployed, chromium: Browser
) -> None:
    for page in site.pages:
        with tab_at(site, chromium, "ada", page) as tab:
            ask(tab, QUESTION, 1)
            tab.get_by_role("button", name="Right", exact=True).click()
            told = tab.locator("#feedback-told [role=status]")
            expect(told).to_contain_text("Thank you")
    assert site.run("feedback", "list").stdout.count(QUESTION) == 2
    with tab_at(site, chromium, "ada", site.pages[0]) as tab:
        ask(tab, QUESTION, 1)
        site.database.stop()
        try:
            tab.get_by_role("button", name="Right", exact=True).click()
            lost = tab.locator("#feedback-told [role=alert]")
            expect(lost).to_contain_text("could not be kept")
        finally:
            site.database.start()
        # It is back, and the page needs no restart.
        tab.get_by_role("button", name="Right", exact=True).click()
        expect(told.or_(tab.locator("#feedback-told [role=status]"))).to_be_visible()
    assert site.run("feedback", "list").stdout.count(QUESTION) == 3
