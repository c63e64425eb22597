"""Who is let in, by each of the four ways, and what is refused."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Mount
from starlette.websockets import WebSocketDisconnect

from assistant.errors import ConfigError
from assistant.serving.access.accounts import FILE, Accounts
from assistant.serving.access.guard import decide_access
from assistant.serving.access.login import safe_next
from assistant.serving.access.sessions import (
    COOKIE,
    KEY_FILE,
    SESSIONS_FILE,
    Begun,
    Sessions,
    load_key,
)
from assistant.web.server import make_app
from tests.browser.fakes import FakeAssistant
from tests.doors import (
    PASSWORD,
    STRANGER,
    URL,
    client,
    make_settings,
    sign_in,
    with_accounts,
)

PAGE = {"accept": "text/html,*/*"}
PROXY = ("10.0.0.5", 40000)


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    return client(make_settings(with_accounts(tmp_path)))


def test_outside_loopback_somebody_must_say_who_may(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    for host in ("0.0.0.0", "::", "192.168.1.5", "shelf.example"):
        with pytest.raises(ConfigError) as refused:
            decide_access(settings, host)
        for way in (
            "assistant accounts add",
            "ASSISTANT_PROXY_USER_HEADER",
            "--open-to-everyone",
        ):
            assert way in str(refused.value)
    for host in ("127.0.0.1", "127.0.0.9", "::1", "localhost"):
        assert decide_access(settings, host) == "loopback"


def test_the_settings_say_the_way(tmp_path: Path) -> None:
    opened = make_settings(tmp_path, open_to_everyone=True)
    assert decide_access(opened, "0.0.0.0") == "everyone"
    with pytest.raises(ConfigError, match="ASSISTANT_TRUSTED_PROXIES"):
        decide_access(make_settings(tmp_path, proxy_user_header="X-User"), "127.0.0.1")
    with_accounts(tmp_path)
    assert decide_access(make_settings(tmp_path), "127.0.0.1") == "accounts"
    with pytest.raises(ConfigError, match="remove the accounts"):
        decide_access(opened, "0.0.0.0")
    named = make_settings(
        tmp_path, proxy_user_header="X-User", trusted_proxies="10.0.0.5"
    )
    assert decide_access(named, "0.0.0.0") == "proxy"


# Accounts


def test_a_stranger_gets_the_login_page_and_no_more(browser: TestClient) -> None:
    page = browser.get("/briefing?x=1", headers=PAGE)
    assert page.status_code == 303
    assert page.headers["location"] == "/login?next=%2Fbriefing%3Fx%3D1"
    for method, path in (
        ("GET", "/config"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/documents/x"),
        ("GET", "/healthz/../config"),
        ("GET", "/login/x"),
    ):
        refused = browser.request(method, path)
        assert refused.status_code == 401, path
        assert "Sign in" in refused.json()["error"]
    api = browser.post("/api/ask", json={})
    assert api.status_code == 401
    assert api.headers["www-authenticate"].startswith("Basic")
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/stream"):
        pass
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 200


def test_whoever_signs_in_is_known_until_signing_out(browser: TestClient) -> None:
    entered = browser.post(
        "/login",
        data={"name": " Ada", "password": PASSWORD, "next": "/briefing"},
        headers={"origin": URL},
    )
    assert (entered.status_code, entered.headers["location"]) == (303, "/briefing")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    told = browser.get("/anything").json()
    assert (told["name"], told["may_add"]) == ("ada", True)
    assert browser.get("/account").json() == {
        "name": "ada",
        "may_add": True,
        "signs_out": True,
    }
    # The client takes streams to be at another host.
    own = {"cookie": cookie.partition(";")[0]}
    with browser.websocket_connect("/stream", headers=own) as stream:
        assert stream.receive_text() == "in"
    assert browser.get("/login").headers["location"] == "/"
    left = browser.post("/logout", headers={"origin": URL})
    assert left.headers["location"] == "/login?out"
    assert "You are signed out." in browser.get("/login?out").text
    assert browser.get("/anything").status_code == 401


def test_over_https_the_cookie_stays_on_https(tmp_path: Path) -> None:
    settings = make_settings(with_accounts(tmp_path))
    with client(settings, url="https://shelf.example") as browser:
        assert "; Secure" in sign_in(browser).headers["set-cookie"]
    only = make_settings(tmp_path, https_only=True)
    with client(only) as browser:
        entered = sign_in(browser)
    assert "; Secure" in entered.headers["set-cookie"]
    assert entered.headers["strict-transport-security"] == "max-age=31536000"


def test_a_reader_sends_files_of_their_own_and_no_other_large_body(
    tmp_path: Path,
) -> None:
    settings = make_settings(with_accounts(tmp_path), request_mb=0.01)
    browser = client(settings)
    sign_in(browser, "bob", PASSWORD + " too")
    told = browser.get("/anything").json()
    assert (told["name"], told["may_add"]) == ("bob", False)
    large = b"x" * 20_000
    assert browser.post("/gradio_api/upload", content=large).status_code == 200
    assert browser.post("/gradio_api/queue/join", content=large).status_code == 413


@pytest.mark.parametrize("change", ["remove", "password", "role"])
def test_a_session_ends_with_its_account_or_password(
    browser: TestClient, tmp_path: Path, change: str
) -> None:
    sign_in(browser)
    accounts = Accounts(tmp_path)
    if change == "remove":
        accounts.remove("ada")
    elif change == "password":
        accounts.set_password("ada", "another three lamps")
    else:
        accounts.set_role("ada", "reader")
    told = browser.get("/anything")
    if change == "role":
        assert told.json()["may_add"] is False
    else:
        assert told.status_code == 401


def test_a_session_ends_after_its_hours(tmp_path: Path) -> None:
    accounts = Accounts(with_accounts(tmp_path))
    sessions = Sessions(accounts, Begun(tmp_path), load_key(tmp_path), hours=1)
    cookie = sessions.cookie(accounts.all()["ada"], https=False).partition(";")[0]
    assert sessions.account_of(f"other=1; {cookie}") is not None
    over = Sessions(accounts, Begun(tmp_path), load_key(tmp_path), hours=-1)
    assert over.account_of(cookie) is None


def test_a_session_cannot_be_made_up(browser: TestClient, tmp_path: Path) -> None:
    sign_in(browser)
    true = browser.cookies[COOKIE]
    foreign = Sessions(
        Accounts(tmp_path), Begun(tmp_path), "another key of some length", hours=1
    )
    made_up = foreign.cookie(Accounts(tmp_path).all()["ada"], https=False)
    for value in (
        "",
        "x",
        true[:-1],
        true.replace(".", "", 1),
        made_up.partition(";")[0].partition("=")[2],
    ):
        browser.cookies.clear()
        told = browser.get("/anything", headers={"cookie": f"{COOKIE}={value}"})
        assert told.status_code == 401, value


@pytest.mark.parametrize("damaged", [b"", b"\xa5" * 64, b"\0" * 64, b"short"])
def test_a_damaged_key_is_told_and_signs_nothing(
    tmp_path: Path, damaged: bytes
) -> None:
    (tmp_path / KEY_FILE).write_bytes(damaged)
    with pytest.raises(ConfigError, match=r"session\.key is damaged\. Remove it"):
        load_key(tmp_path)


def test_a_copy_of_a_session_ends_with_it_in_every_process(
    browser: TestClient, tmp_path: Path
) -> None:
    first = sign_in(browser).headers["set-cookie"].partition(";")[0]
    second = sign_in(browser).headers["set-cookie"].partition(";")[0]
    other_process = client(make_settings(tmp_path))
    browser.cookies.clear()
    left = browser.post("/logout", headers={"cookie": first})
    assert left.headers["location"] == "/login?out"
    # A signature may be written in more than one way; that is no other session.
    twin = first[:-1] + chr(ord(first[-1]) ^ 1)
    for at in (browser, other_process):
        for copy in (first, twin):
            assert at.get("/anything", headers={"cookie": copy}).status_code == 401
        assert at.get("/anything", headers={"cookie": second}).status_code == 200
    assert stat.S_IMODE((tmp_path / SESSIONS_FILE).stat().st_mode) == 0o600


def test_sessions_that_ran_out_are_no_longer_kept(tmp_path: Path) -> None:
    begun = Begun(tmp_path)
    old, new = begun.add("ann", -1), begun.add("ann", 60)
    assert [old in begun, new in begun] == [False, True]
    for _ in range(60):
        latest = begun.add("bob", 60)
    kept = json.loads((tmp_path / SESSIONS_FILE).read_text())
    assert len(kept) == 51
    assert {new, latest} < set(kept)


@pytest.mark.parametrize("ended", ["signed out", "ran out"])
def test_no_clock_revives_a_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    accounts = Accounts(with_accounts(tmp_path))
    sessions = Sessions(accounts, Begun(tmp_path), load_key(tmp_path), hours=1)
    now = time()
    cookie = sessions.cookie(accounts.all()["ada"], https=False).partition(";")[0]
    assert sessions.account_of(cookie)
    if ended == "signed out":
        sessions.end(cookie, https=False)
    # Two hours on, somebody else signs in, and the clock is put back.
    monkeypatch.setattr("time.time", lambda: now + 7200)
    monkeypatch.setattr("assistant.serving.access.sessions.time", lambda: now + 7200)
    assert sessions.account_of(cookie) is None
    sessions.cookie(accounts.all()["bob"], https=False)
    monkeypatch.undo()
    assert sessions.account_of(cookie) is None


def test_a_clock_that_is_a_little_slow_ends_no_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = Accounts(with_accounts(tmp_path))
    sessions = Sessions(accounts, Begun(tmp_path), load_key(tmp_path), hours=1)
    cookie = sessions.cookie(accounts.all()["ada"], https=False).partition(";")[0]
    with monkeypatch.context() as slow:
        slow.setattr("time.time", lambda: time() - 5)
        sessions.account_of(cookie)
    assert sessions.account_of(cookie)


def test_who_signed_out_is_not_forgotten_silently(
    browser: TestClient, tmp_path: Path
) -> None:
    cookie = sign_in(browser).headers["set-cookie"].partition(";")[0]
    lock = (tmp_path / SESSIONS_FILE).with_suffix(".lock")
    lock.unlink()
    lock.mkdir()
    left = browser.post("/logout", headers={"origin": URL})
    assert left.headers["location"] == "/login?out=here"
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert "in this browser" in browser.get("/login?out=here").text
    assert "Nobody can sign in" in sign_in(browser).text
    (tmp_path / SESSIONS_FILE).write_text("[]")
    assert browser.get("/anything", headers={"cookie": cookie}).status_code == 503


def test_a_lost_list_of_sessions_ends_all_of_them_and_keeps_nobody_out(
    browser: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cookie = sign_in(browser).headers["set-cookie"].partition(";")[0]
    assert browser.get("/anything", headers={"cookie": cookie}).status_code == 200
    (tmp_path / SESSIONS_FILE).unlink()
    for _ in range(2):
        assert browser.get("/anything", headers={"cookie": cookie}).status_code == 401
    assert caplog.text.count("sessions.json is missing, and begun anew") == 1
    assert sign_in(browser).status_code == 303
    assert browser.get("/anything").status_code == 200


def test_the_key_is_private_and_kept(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    assert load_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    (tmp_path / KEY_FILE).write_text("short")
    with pytest.raises(ConfigError, match="damaged"):
        load_key(tmp_path)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    browser: TestClient,
) -> None:
    wrong = sign_in(browser, "ada", "not the password")
    unknown = sign_in(browser, "eve", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace('"ada"', '"eve"') == unknown.text
    assert "do not go together" in wrong.text
    assert "set-cookie" not in wrong.headers
    hostile = sign_in(browser, '"><script>alert(1)</script>', "x")
    assert "<script>" not in hostile.text
    assert browser.post("/login", content=b"x" * 20_000).status_code == 422


def test_whoever_guesses_must_wait(tmp_path: Path) -> None:
    settings = make_settings(with_accounts(tmp_path), sign_in_tries=3)
    browser = client(settings)
    for name in ("ada", "eve"):
        for _ in range(3):
            assert sign_in(browser, name, "a wrong guess").status_code == 422
        # Not even the right one is looked at, and a name nobody has is no exception.
        waits = sign_in(browser, name)
        assert waits.status_code == 429
        assert int(waits.headers["retry-after"]) > 60
        assert "Wait 15 minutes" in waits.text
    basic = browser.get("/api/reports", auth=("ada", PASSWORD))
    assert basic.status_code == 429
    # Others of the same office still get in.
    assert sign_in(browser, "bob", PASSWORD + " too").status_code == 303


def test_an_address_that_guesses_many_names_must_wait(tmp_path: Path) -> None:
    settings = make_settings(with_accounts(tmp_path), sign_in_tries=3)
    browser = client(settings)
    for number in range(15):
        assert sign_in(browser, f"guess{number}", "a wrong guess").status_code == 422
    assert sign_in(browser, "bob", PASSWORD + " too").status_code == 429


def test_programs_may_send_name_and_password(browser: TestClient) -> None:
    for _ in range(2):
        told = browser.get("/api/reports", auth=("ada", PASSWORD))
        assert (told.status_code, told.json()["name"]) == (200, "ada")
    assert browser.get("/mcp", auth=("ada", PASSWORD)).status_code == 200
    assert browser.get("/api/reports", auth=("ada", "wrong")).status_code == 401
    # A browser would send them along to whoever frames a page.
    assert browser.get("/config", auth=("ada", PASSWORD)).status_code == 401
    for sent in ("Basic", "Basic !", "Basic /w==", "Bearer x"):
        refused = browser.get("/api/x", headers={"authorization": sent})
        assert refused.status_code == 401


def test_a_changed_password_counts_at_once_for_programs(
    browser: TestClient, tmp_path: Path
) -> None:
    assert browser.get("/api/x", auth=("ada", PASSWORD)).status_code == 200
    Accounts(tmp_path).set_password("ada", "another three lamps")
    assert browser.get("/api/x", auth=("ada", PASSWORD)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"{URL}.evil.example"},
        {"origin": URL, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sends_is_refused(
    browser: TestClient, tmp_path: Path, headers: dict[str, str]
) -> None:
    form = {"name": "ada", "password": PASSWORD}
    assert browser.post("/login", data=form, headers=headers).status_code == 403
    sign_in(browser)
    for path in ("/logout", "/gradio_api/queue/join"):
        assert browser.post(path, headers=headers).status_code == 403
    assert browser.get("/anything").status_code == 200
    alone = client(
        make_settings(tmp_path / "empty"), host="127.0.0.1", url="http://localhost"
    )
    assert alone.post("/gradio_api/queue/join", headers=headers).status_code == 403


def test_a_damaged_file_lets_nobody_in(browser: TestClient, tmp_path: Path) -> None:
    sign_in(browser)
    (tmp_path / FILE).write_text("{")
    told = browser.get("/anything")
    assert told.status_code == 503
    assert str(tmp_path) not in told.text


@given(st.text() | st.from_regex(r"/[/\\.\t]{0,3}[a-z.]*/?[a-z?#&=]*"))
def test_one_goes_on_to_our_own_pages_only(next_: str) -> None:
    for root in ("", "/shelf"):
        address = safe_next(next_, root)
        # As a browser reads it, which passes over some signs and turns others round.
        read = "".join(s for s in address if s not in "\t\r\n").replace("\\", "/")
        gone_to = urlsplit(urljoin("https://shelf.example/shelf/login", read))
        assert gone_to.hostname == "shelf.example"
        assert gone_to.path.startswith(f"{root}/")


@pytest.mark.parametrize(
    ("next_", "root", "kept"),
    [
        ("/briefing?x=1", "", "/briefing?x=1"),
        ("/shelf/documents/a", "/shelf", "/shelf/documents/a"),
        ("/other", "/shelf", "/shelf/"),
        ("//evil.example", "", "/"),
        ("https://evil.example", "", "/"),
        ("/shelf/../other", "/shelf", "/shelf/"),
        ("/logout", "", "/"),
        ("", "", "/"),
    ],
)
def test_where_one_goes_on_to(next_: str, root: str, kept: str) -> None:
    assert safe_next(next_, root) == kept


# A proxy that knows people


@pytest.fixture
def proxied(tmp_path: Path) -> dict[str, object]:
    return {
        "data_dir": tmp_path,
        "proxy_user_header": "X-Forwarded-User",
        "trusted_proxies": "10.0.0.0/24, ::1",
        "proxy_editors": "Ada@council.example",
    }


def named(settings: dict[str, object], peer: tuple[str, int]) -> TestClient:
    return client(make_settings(**settings), peer=peer)  # type: ignore[arg-type]


def test_a_trusted_proxy_says_who_it_is(proxied: dict[str, object]) -> None:
    headers = {
        "X-Forwarded-User": "ada@council.example",
        "X-Forwarded-For": "203.0.113.9, 10.0.0.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "public.example",
    }
    for peer in (PROXY, ("::ffff:10.0.0.5", 1)):
        told = named(proxied, peer).get("/x", headers=headers).json()
        assert (told["name"], told["may_add"]) == ("ada@council.example", True)
        assert told["address"] == "203.0.113.9"
        assert told["url"] == "https://public.example/x"
        assert "x-forwarded-host" not in told["headers"]
    reader = named(proxied, PROXY).get("/x", headers={"X-Forwarded-User": "bob"})
    assert reader.json()["may_add"] is False


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        (STRANGER, {"X-Forwarded-User": "ada@council.example"}),
        (("10.0.1.5", 1), {"X-Forwarded-User": "ada@council.example"}),
        (PROXY, {}),
        (PROXY, {"X-Forwarded-User": " "}),
        (PROXY, {"X-Forwarded-User": "x" * 300}),
    ],
)
def test_without_a_proxys_word_nobody_is_let_in(
    proxied: dict[str, object], peer: tuple[str, int], headers: dict[str, str]
) -> None:
    refused = named(proxied, peer).get("/x", headers=headers)
    assert refused.status_code == 403
    assert "sign-in page" in refused.json()["error"]
    assert named(proxied, peer).get("/healthz").status_code == 200


def test_two_names_are_none(proxied: dict[str, object]) -> None:
    both = [(b"x-forwarded-user", b"ada@council.example"), (b"x-forwarded-user", b"b")]
    assert named(proxied, PROXY).get("/x", headers=both).status_code == 403


def test_claims_of_others_are_dropped(tmp_path: Path) -> None:
    settings = make_settings(
        tmp_path, open_to_everyone=True, proxy_user_header=None, trusted_proxies=()
    )
    claims = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Gradio-Server": "http://evil.example",
        "Forwarded": "for=127.0.0.1",
        "X-Real-IP": "127.0.0.1",
    }
    told = client(settings).get("/x", headers=claims).json()
    assert told["url"] == f"{URL}/x"
    assert told["address"] == STRANGER[0]
    assert not {name.lower() for name in claims} & set(told["headers"])


# Loopback, and everyone


def test_whoever_sits_at_the_machine_may_add(tmp_path: Path) -> None:
    here = client(
        make_settings(tmp_path),
        host="127.0.0.1",
        url="http://localhost:7860",
        peer=("127.0.0.1", 1),
    )
    told = here.get("/x").json()
    assert (told["name"], told["may_add"]) == (None, True)
    assert here.get("/account").json()["signs_out"] is False
    sent_on = here.get("/x", headers={"x-forwarded-for": "203.0.113.9"}).json()
    assert sent_on["may_add"] is False
    assert here.get("/x", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("may_add", [False, True])
def test_everyone_reads_and_adds_only_where_a_setting_says_so(
    tmp_path: Path, may_add: bool
) -> None:
    settings = make_settings(tmp_path, open_to_everyone=True, everyone_may_add=may_add)
    told = client(settings).get("/x").json()
    assert (told["name"], told["may_add"]) == (None, may_add)


def test_hosts_that_are_not_named_are_refused(tmp_path: Path) -> None:
    settings = make_settings(
        tmp_path, open_to_everyone=True, allowed_hosts="shelf.example, other.example"
    )
    browser = client(settings)
    assert browser.get("/x").status_code == 200
    assert browser.get("/x", headers={"host": "127.0.0.1:7860"}).status_code == 200
    assert browser.get("/x", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("sent", ["/shelf/x", "/x"])
def test_a_path_that_a_proxy_serves_under_may_be_left_or_taken_off(
    tmp_path: Path, sent: str
) -> None:
    settings = make_settings(with_accounts(tmp_path), root_path="shelf/")
    browser = client(settings)
    page = browser.get(sent, headers=PAGE)
    assert page.headers["location"] == "/shelf/login?next=%2Fshelf%2Fx"
    entered = sign_in(browser)
    assert entered.headers["location"] == "/shelf/"
    assert "; Path=/shelf;" in entered.headers["set-cookie"]
    cookie = entered.headers["set-cookie"].partition(";")[0]
    told = browser.get(sent, headers={"cookie": cookie}).json()
    assert told["url"] == f"{URL}/shelf/x"
    assert browser.get("/shelf").headers["location"] == "/shelf/"


# The whole application


def addresses_of(routes: Any) -> Iterator[tuple[str, str]]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from addresses_of(included.routes)
        elif isinstance(route, Mount):
            yield from addresses_of(route.routes)
        else:
            for method in route.methods:
                yield method, route.path.replace("{path:path}", "x")


def test_every_address_of_the_real_page_is_guarded(tmp_path: Path) -> None:
    settings = make_settings(with_accounts(tmp_path))
    app = make_app(FakeAssistant(settings=settings), "0.0.0.0")
    opened = {"/healthz", "/readyz", "/login", "/logout", "/favicon.ico"}
    addresses = set(addresses_of(app.routes))
    assert ("POST", "/gradio_api/queue/join") in addresses
    assert len(addresses) > 60
    browser = TestClient(app, base_url=URL, follow_redirects=False)
    for method, path in sorted(addresses):
        if path not in opened:
            refused = browser.request(method, path)
            assert refused.status_code == 401, (method, path)
    assert browser.get("/favicon.ico").status_code == 200
