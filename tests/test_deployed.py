"""Two pages and an indexer on one Chroma server, behind nginx, as docs/deploy.md says.

The pages are the command itself, with accounts, a path, TLS, one count of limits and
feedback in PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from evals.timing.load_clients import Browser as OpenPage
from evals.timing.load_clients import Chat
from evals.timing.load_clients import Page as LoadPage
from tests.deployed.pages import NAMES, Deployed, deployed
from tests.deployed.programs import until
from tests.deployed.proxy import HOST

pytestmark = pytest.mark.deployed

QUESTION = "What does Localis recommend about Oflog?"


T = TypeVar("T")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with deployed(tmp_path_factory.mktemp("deployed")) as found:
        yield found


def answer(client: httpx.Client, question: str) -> Any:
    told = client.post("/api/ask", json={"question": question})
    assert told.status_code == 200, told.text
    return told.json()


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread: playwright has a loop of its own in this one."""
    with ThreadPoolExecutor() as pool:
        return pool.submit(asyncio.run, work).result()


def page_of(site: Deployed, cookie: str) -> LoadPage:
    """Return what the page says of itself to whoever signed in."""
    with site.visitor() as client:
        return LoadPage(client.get("/config", headers={"cookie": cookie}).json())


async def chat(
    site: Deployed, page: LoadPage, cookie: str, *questions: str
) -> list[Chat]:
    """Ask one question after another on a page of one's own."""
    tab = OpenPage(site.behind, page, uuid4().hex, HOST, cookie)
    heartbeat = await tab.open()
    try:
        return [await tab.ask(question) for question in questions]
    finally:
        heartbeat.close()


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
    async def both() -> list[list[Chat]]:
        cookies = [site.sign_in("bob", page) for page in site.pages]
        page = page_of(site, cookies[0])
        chats = [chat(site, page, cookie, QUESTION) for cookie in cookies]
        return await asyncio.gather(*chats)

    for [one] in run_apart(both()):
        assert one.fault is None
        assert "cite" in one.last
        # It comes as it is written, and not all at its end.
        assert len(one.news) > 10
        assert one.news[-1] - one.news[0] > 1


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
