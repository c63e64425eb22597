"""Anything at all, sent to what programs and pages send to: refused, or answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.request import parse_line
from assistant.briefing.pack import Pack
from assistant.errors import AssistantError
from assistant.schema import Answer
from assistant.serving.access.known import Known
from assistant.serving.access.sessions import COOKIE, value_of
from assistant.serving.refusing import RefusedError
from assistant.web.server import make_app
from assistant.web.wall.bodies import read_object, write
from assistant.web.wall.held import Held
from assistant.web.wall.owners import OWNER
from assistant.web.wall.steps import Input, Steps, has_file
from tests import odd
from tests.browser.fakes import ANSWERED, FakeAssistant
from tests.doors import make_settings
from tests.packs import make_pack

Made = Callable[[Random], object]
Post = Callable[[str, bytes], httpx.Response]

WORDS = (
    "question history reports role content agenda length format path meta _type url "
    "gradio.FileData data fn_index session_hash event_data trigger_id event_id batched "
    "/etc/passwd 30s hubs? user assistant docx"
).split()
KINDS: tuple[Input, ...] = ("state", "file", "value")
EVENTS: dict[int, tuple[Input, ...]] = {0: KINDS, 1: ("value",), 2: ()}


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def any_value(chance: Random) -> object:
    return odd.value(chance, WORDS)


def any_text(chance: Random) -> str:
    return odd.text(chance, WORDS)


def some_values(chance: Random) -> object:
    return [odd.value(chance, WORDS, 2) for _ in range(chance.randrange(4))]


def turns(chance: Random) -> object:
    turn: dict[str, Made] = {
        "role": lambda c: c.choice(("user", "assistant")),
        "content": any_text,
    }
    return [odd.nearly(chance, turn, WORDS) for _ in range(chance.randrange(4))]


# What each address takes.
TAKEN: dict[str, dict[str, Made]] = {
    "/api/ask": {"question": any_text, "history": turns, "reports": some_values},
    "/api/brief": {
        "agenda": any_text,
        "length": lambda c: c.choice(("30s", "3min", "full")),
        "reports": lambda c: ["new-2026"] * c.randrange(2),
        "format": lambda c: c.choice((None, "json", "md", "x")),
    },
    "/gradio_api/queue/join": {
        "data": some_values,
        "fn_index": lambda c: c.randrange(-1, 4),
        "session_hash": lambda c: "abc",
        "event_data": lambda c: None,
        "trigger_id": lambda c: c.choice((None, 3)),
    },
    "/gradio_api/cancel": {
        "session_hash": lambda c: "abc",
        "fn_index": lambda c: c.randrange(-1, 4),
        "event_id": any_text,
    },
}


def join(chance: Random) -> dict[str, object]:
    return odd.nearly(chance, TAKEN["/gradio_api/queue/join"], WORDS)


def body(chance: Random, path: str) -> bytes:
    """Return what is sent to an address: nearly what it takes, or anything."""
    kind = chance.randrange(10)
    if kind == 0:
        return chance.randbytes(chance.randrange(60))
    if kind == 1:
        return dumped(any_value(chance))
    return dumped(odd.nearly(chance, TAKEN[path], WORDS))


class Answering(FakeAssistant):
    def answer(self, *arguments: Any, **options: Any) -> Answer:
        return ANSWERED

    def brief(self, *arguments: Any, **options: Any) -> Pack:
        return make_pack("30s")


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    settings = make_settings(
        tmp_path_factory.mktemp("data"),
        steps_per_minute=10**9,
        questions_per_minute=10**9,
        address_questions_per_minute=10**9,
    )
    app = make_app(Answering(settings=settings))
    # Its client takes three times as long for a request as the transport alone.
    through = httpx.ASGITransport(app, raise_app_exceptions=False)
    with TestClient(app) as client:
        http = httpx.AsyncClient(transport=through, base_url="http://127.0.0.1")

        def post(path: str, content: bytes) -> httpx.Response:
            async def work() -> httpx.Response:
                kind = {"content-type": "application/json"}
                return await http.post(path, content=content, headers=kind)

            assert client.portal
            return client.portal.call(work)

        yield post


@pytest.mark.parametrize("path", TAKEN)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_answered_or_refused(
    post: Post, path: str, data: st.DataObject
) -> None:
    answer = post(path, data.draw(odd.odd(lambda chance: body(chance, path))))
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert list(answer.json()) == ["error"]
        assert "Traceback" not in answer.text
        assert str(Path.cwd()) not in answer.text


@given(odd.odd(join))
def test_no_file_passes_the_wall_that_was_not_sent(body: dict[str, Any]) -> None:
    held = Held(Path("/nowhere"), 1, 1)
    scope = {"type": "http", OWNER: "ann"}
    refused: RefusedError | None = None
    try:
        passed = Steps(EVENTS).join(
            read_object(dumped(body)), lambda path: held.find(scope, path, "sent")
        )
    except RefusedError as error:
        refused = error
    if refused:
        assert 400 <= refused.status < 500
        assert all(word not in str(refused) for word in ("/", "gradio", "_type"))
        return
    assert not has_file(passed)
    # What is passed on reads the same for every reader of JSON.
    assert json.loads(write(passed)) == passed


@given(st.binary(max_size=80) | odd.odd(any_value).map(dumped))
def test_a_body_is_one_object_or_refused(raw: bytes) -> None:
    try:
        found = read_object(raw)
    except RefusedError:
        return
    assert read_object(write(found)) == found


@given(odd.odd(lambda chance: odd.text(chance, most=120)))
def test_any_path_is_nobodys(path: str) -> None:
    held = Held(Path("/nowhere"), 1, 1)
    assert held.find({"type": "http", OWNER: "ann"}, path, "sent", "made") is None


@given(odd.odd(any_value).map(json.dumps) | st.text(max_size=60))
def test_any_line_of_a_batch_is_a_request_or_an_error_of_ours(line: str) -> None:
    with suppress(AssistantError):
        parse_line(line)


@given(st.text(max_size=80))
def test_any_cookies_are_looked_through(cookies: str) -> None:
    value_of(COOKIE, cookies)
    assert Known("k" * 64).mark_of("ann", cookies) is None
