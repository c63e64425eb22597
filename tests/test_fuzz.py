"""Anything at all, sent to what programs and pages send to: refused, or answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.request import parse_line
from assistant.errors import AssistantError
from assistant.schema import Answer
from assistant.web.access.known import Known
from assistant.web.access.sessions import COOKIE, value_of
from assistant.web.refusing import RefusedError
from assistant.web.server import make_app
from assistant.web.wall.bodies import read_object, write
from assistant.web.wall.held import Held
from assistant.web.wall.owners import OWNER
from assistant.web.wall.steps import Input, Steps, has_file
from tests.browser.fakes import ANSWERED, FakeAssistant
from tests.doors import make_settings

WORDS = (
    "question history reports role content agenda length format path meta _type url "
    "gradio.FileData data fn_index session_hash event_data trigger_id event_id batched"
).split()
TEXTS = st.text(max_size=30) | st.sampled_from([*WORDS, "/etc/passwd", "30s", "hubs?"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | TEXTS, inner, max_size=5)
    ),
    max_leaves=15,
)
KINDS: tuple[Input, ...] = ("state", "file", "value")
EVENTS: dict[int, tuple[Input, ...]] = {0: KINDS, 1: ("value",), 2: ()}
JOINS = st.fixed_dictionaries(
    {"data": st.lists(JSON, max_size=4) | JSON, "fn_index": st.integers(-1, 3) | JSON},
    optional={
        "session_hash": st.just("abc") | JSON,
        "event_data": JSON,
        "trigger_id": st.integers() | JSON,
        "batched": JSON,
    },
)


class Answering(FakeAssistant):
    def answer(self, *arguments: Any, **options: Any) -> Answer:
        return ANSWERED


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = make_settings(
        tmp_path_factory.mktemp("data"),
        steps_per_minute=10**9,
        questions_per_minute=10**9,
        address_questions_per_minute=10**9,
    )
    app = make_app(Answering(settings=settings))
    with TestClient(
        app, base_url="http://127.0.0.1", raise_server_exceptions=False
    ) as client:
        yield client


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "path", ["/api/ask", "/api/brief", "/gradio_api/queue/join", "/gradio_api/cancel"]
)
@given(body=JSON.map(dumped) | JOINS.map(dumped) | st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_answered_or_refused(
    page: TestClient, path: str, body: bytes
) -> None:
    sent = {"content-type": "application/json"}
    answer = page.post(path, content=body, headers=sent)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert list(answer.json()) == ["error"]
        assert "Traceback" not in answer.text
        assert str(Path.cwd()) not in answer.text


@given(JOINS)
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


@given(st.binary(max_size=80) | JSON.map(dumped))
def test_a_body_is_one_object_or_refused(raw: bytes) -> None:
    try:
        found = read_object(raw)
    except RefusedError:
        return
    assert read_object(write(found)) == found


@given(st.text(max_size=120))
def test_any_path_is_nobodys(path: str) -> None:
    held = Held(Path("/nowhere"), 1, 1)
    assert held.find({"type": "http", OWNER: "ann"}, path, "sent", "made") is None


@given(JSON.map(json.dumps) | st.text(max_size=60))
def test_any_line_of_a_batch_is_a_request_or_an_error_of_ours(line: str) -> None:
    with suppress(AssistantError):
        parse_line(line)


@given(st.text(max_size=80))
def test_any_cookies_are_looked_through(cookies: str) -> None:
    value_of(COOKIE, cookies)
    assert Known("k" * 64).mark_of("ann", cookies) is None
