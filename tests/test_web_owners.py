"""Whose a request is, and that nobody else hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.serving.rates import Rates
from assistant.web.doors import add_doors
from assistant.web.wall.owners import COOKIE, bound, owner_of
from tests.doors import URL, make_settings

PAGE = {"accept": "text/html"}


def app_of(data_dir: Path, **values: Any) -> FastAPI:
    app = FastAPI()
    settings = make_settings(data_dir, **values)
    way: Any = "proxy" if settings.proxy_user_header else "everyone"
    add_doors(app, way=way, settings=settings, host="0.0.0.0", rates=Rates())

    @app.get("/{path:path}")
    async def told(path: str, request: Request) -> dict[str, str]:
        return {"owner": owner_of(request.scope)}

    return app


def owner(browser: TestClient, path: str = "/", **headers: str) -> str:
    return str(browser.get(path, headers=PAGE | headers).json()["owner"])


def test_a_browser_is_known_by_a_cookie_that_no_script_reads(tmp_path: Path) -> None:
    app = app_of(tmp_path, root_path="/shelf", https_only=True)
    first, second = (TestClient(app, base_url="https://s.example") for _ in range(2))
    cookie = first.get("/shelf/", headers=PAGE).headers["set-cookie"]
    for part in ("Path=/shelf;", "HttpOnly", "SameSite=Lax", "Secure"):
        assert part in cookie
    assert owner(first, "/shelf/") == owner(first, "/shelf/briefing")
    assert owner(first, "/shelf/") != owner(second, "/shelf/")
    assert "set-cookie" not in first.get("/shelf/", headers=PAGE).headers


@pytest.mark.parametrize("value", ["", "x", "a" * 47, "A" * 48, "a" * 49])
def test_a_cookie_that_we_did_not_make_counts_for_nothing(
    tmp_path: Path, value: str
) -> None:
    browser = TestClient(app_of(tmp_path), base_url=URL)
    sent = {**PAGE, "cookie": f"{COOKIE}={value}"}
    owners = {browser.get("/", headers=sent).json()["owner"] for _ in range(2)}
    assert len(owners) == 2


def test_what_all_may_keep_carries_no_cookie(tmp_path: Path) -> None:
    browser = TestClient(app_of(tmp_path), base_url=URL)
    for path in ("/assets/x.js", "/static/x.png", "/documents/x", "/api/ask"):
        assert "set-cookie" not in browser.get(path, headers=PAGE).headers


def test_a_name_counts_in_whichever_browser(tmp_path: Path) -> None:
    named = {"proxy_user_header": "X-User", "trusted_proxies": "198.51.100.7"}
    app = app_of(tmp_path, **named)
    first, second = (
        TestClient(app, base_url=URL, client=("198.51.100.7", 1)) for _ in range(2)
    )
    ann = owner(first, **{"x-user": "ann"})
    assert ann == owner(second, **{"x-user": "ann"})
    assert ann != owner(first, **{"x-user": "bob"})
    assert not first.cookies


def test_another_owners_name_for_a_thing_is_another_thing() -> None:
    assert bound("ann", "x") == bound("ann", "x")
    assert len({bound("ann", "x"), bound("bob", "x"), bound("ann", "y")}) == 3
    # A request that passed no door is nobody's.
    assert owner_of({}) != owner_of({})
