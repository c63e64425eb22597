"""Two pages and an indexer on one Chroma server, behind nginx, as docs/deploy.md says.

The pages are the command itself, with accounts, a path, TLS, one count of limits and
feedback in PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.fixtures import ARGUMENTS, PATIENCE
from tests.browser.page import ask, begin
from tests.deployed.pages import NAMES, Deployed, deployed
from tests.deployed.people import QUESTION, chats, desk, run_apart
from tests.deployed.programs import until
from tests.deployed.proxy import HOST
from tests.requirements import browser as browser_path

pytestmark = pytest.mark.deployed

WEIRS = (
    "# On Weirs\n\n## Care\n\nQuill House says that each weir wants a coat of tar.\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("deployed")) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(site: Deployed) -> Iterator[Browser]:
    """A browser that finds the proxy by the name of its certificate."""
    path, port = browser_path(), site.nginx.port
    there = f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, there])


def answer(client: httpx.Client, question: str) -> Any:
    told = client.post("/api/ask", json={"question": question})
    assert told.status_code == 200, told.text
    return told.json()


def test_people_sign_in_once_for_both_pages(site: Deployed) -> None:
    with site.visitor() as client:
        asked = client.get("/briefing", headers={"accept": "text/html"})
        assert asked.headers["location"] == "/shelf/login?next=%2Fshelf%2Fbriefing"
        typed = {"name": "ada", "password": NAMES["ada"]}
        given = client.post("/login", data=typed).headers
        assert given["location"] == "/shelf/"
        cookie, *told = given["set-cookie"].split("; ")
        assert {"Path=/shelf", "HttpOnly", "Secure"} < {*told}
        assert "max-age" in given["strict-transport-security"]
        # Past nginx, to each of them: neither began this session alone.
        sent = {"cookie": cookie, "host": HOST}
        accounts = [f"http://127.0.0.1:{page.port}/account" for page in site.pages]
        for account in accounts:
            assert httpx.get(account, headers=sent).json()["name"] == "ada"
        client.post("/logout", headers=sent)
        for account in accounts:
            assert httpx.get(account, headers=sent).status_code == 401


def test_chats_stream_through_nginx(site: Deployed) -> None:
    for one in run_apart(chats(site)):
        assert one.fault is None
        assert "&quot;pending&quot;: false" in one.last
        # It comes as it is written, and not all at its end.
        assert len(one.news) > 10
        assert one.news[-1] - one.news[0] > 1


def test_a_browser_asks_and_the_database_goes_and_comes(
    site: Deployed, chromium: Browser, tmp_path: Path
) -> None:
    with desk(site, chromium, "bob") as page:
        lost: list[str] = []
        page.on("response", lambda told: lost.extend([told.url] * (told.status >= 400)))
        page.get_by_label("Name").fill("bob")
        page.get_by_label("Password").fill(NAMES["bob"])
        page.get_by_label("Password").press("Enter")
        expect(page).to_have_url(f"{site.address}/")
        begin(page, QUESTION, 1)
        expect(page.locator("#answer-1.growing")).to_contain_text("Oflog")
        expect(page.locator("#answer-1:not(.pending, .growing)")).to_be_visible()
        right = page.get_by_role("button", name="Right", exact=True)
        site.database.stop()
        try:
            right.click()
            expect(page.get_by_role("alert").first).to_contain_text("could not be")
        finally:
            site.database.start()
        right.click()
        expect(page.locator("#feedback-told")).to_contain_text("Thank you")
        assert lost == []
    out = tmp_path / "kept.jsonl"
    site.run("feedback", "export", "--out", str(out))
    assert QUESTION in out.read_text("utf-8")


def test_what_one_adds_and_another_removes_both_pages_show(
    site: Deployed, chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "weirs.md"
    file.write_text(WEIRS, "utf-8")
    first, second = site.pages
    asked = "How often does a weir want a coat of tar?"
    with (
        desk(site, chromium, "ada", first) as one,
        desk(site, chromium, "bob", second) as other,
    ):
        both = one, other
        for page in both:
            page.goto(f"{site.address}/library")
            expect(page.locator("#library-list article").first).to_be_visible()
        one.get_by_role("button", name="Add reports").click()
        one.locator("#library-file input[type=file]").set_input_files(file)
        draft = one.locator("#library-drafts tbody tr")
        draft.get_by_label("Publisher").fill("Quill House")
        one.get_by_role("button", name="Put it on the shelf").click()
        expect(one.locator("#library-status")).to_contain_text("Added: On Weirs")
        for page, shown in zip(both * 2, (1, 1, 0, 0), strict=True):
            if page is one and not shown:
                site.run("reports", "remove", "on-weirs")
            page.reload()
            expect(page.locator("#library-list article").first).to_be_visible()
            weirs = page.locator("#library-list article", has_text="On Weirs")
            expect(weirs).to_have_count(shown)
            process = first if page is one else second
            with site.client("bob", process) as client:
                cited = answer(client, asked)["citations"]
                assert any(c["title"] == "On Weirs" for c in cited) == bool(shown)


def test_the_pages_are_restarted_in_turn_and_no_answer_is_lost(
    site: Deployed, chromium: Browser
) -> None:
    with desk(site, chromium, "bob", site.pages[0]) as page:
        for number, process in enumerate(site.pages):
            begin(page, QUESTION, 2 * number + 1)
            asked = {"question": QUESTION}
            with (
                site.client("bob", process) as client,
                client.stream("POST", "/api/ask/stream", json=asked) as told,
            ):
                news = told.iter_lines()
                assert "event: sentence" in news
                site.nginx.take(down=[process.port])
                assert process.stop() == 0
                assert "event: answer" in news
                assert json.loads(next(news)[6:])["outcome"] == "answered"
            answered = f"#answer-{2 * number + 1}:not(.pending, .growing)"
            expect(page.locator(answered)).to_contain_text("Localis")
            # The same conversation goes on at the other page.
            ask(page, "And what does 31ten say?", 2 * number + 2)
            process.start()
            process.wait()
            site.nginx.take()


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


def test_a_page_that_dies_is_passed_over(site: Deployed) -> None:
    first, _ = site.pages
    with site.client("bob", first) as client:
        first.kill()
        try:
            assert answer(client, QUESTION)["outcome"] == "answered"
        finally:
            first.start()
            first.wait()


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
