"""Feedback in a real PostgreSQL, at the address that the documents show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from assistant.cli import run
from assistant.errors import FeedbackError
from assistant.feedback.store import FeedbackStore, open_store
from assistant.feedback.tables import prepare
from assistant.settings import load_settings
from tests.deployed.programs import Postgres, postgres
from tests.test_feedback import RIGHT, WRONG
from tests.test_server_mode import free_port

pytestmark = pytest.mark.deployed


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres(free_port()) as found:
        yield found


@pytest.fixture
def store(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> FeedbackStore:
    """A store in a database that nobody used before."""
    execute(server, "DROP TABLE IF EXISTS feedback, feedback_schema")
    monkeypatch.setenv("ASSISTANT_FEEDBACK_DATABASE", server.url)
    found = open_store(load_settings())
    assert found is not None
    return found


def execute(server: Postgres, statement: str) -> None:
    with create_engine(server.url).begin() as connection:
        connection.execute(text(statement))


def test_what_is_kept_comes_back_whole_and_goes(store: FeedbackStore) -> None:
    assert store.all() == ()
    assert store.delete(["a1"]) == 0
    odd = replace(WRONG, id="c3", comment="\0a “b” \ud800 👍", question="x" * 90_000)
    for one in (WRONG, RIGHT, odd, replace(RIGHT, comment="again")):
        store.keep(one)
    kept = {one.id: one for one in store.all()}
    assert [*kept] == ["a1", "b2", "c3"]
    assert kept["a1"] == replace(RIGHT, comment="again")
    assert kept["c3"].comment == "a “b” ? 👍"
    assert store.delete(["b2", "nothing"], "Ann") == 2
    assert [one.id for one in store.all()] == ["c3"]


def test_two_that_make_the_tables_at_once_both_keep(
    store: FeedbackStore, server: Postgres
) -> None:
    engine = create_engine(server.url)
    with ThreadPoolExecutor() as pool:
        with engine.begin() as first:
            prepare(first, "the first")
            second = pool.submit(store.keep, RIGHT)
            # The second waits for what the first has begun, and then finds it there.
            with pytest.raises(TimeoutError):
                second.result(timeout=2)
        second.result(timeout=30)
    assert store.all() == (RIGHT,)


def test_a_newer_layout_is_left_alone(store: FeedbackStore, server: Postgres) -> None:
    store.keep(RIGHT)
    execute(server, "UPDATE feedback_schema SET version = 2")
    with pytest.raises(FeedbackError, match=r"version 2 .* Update the program"):
        store.keep(WRONG)
    execute(server, "UPDATE feedback_schema SET version = 1")
    assert store.all() == (RIGHT,)


def test_it_is_lost_and_comes_back(store: FeedbackStore, server: Postgres) -> None:
    store.keep(RIGHT)
    server.stop()
    try:
        began = time.monotonic()
        with pytest.raises(FeedbackError, match="cannot be written") as told:
            store.keep(WRONG)
        with pytest.raises(FeedbackError, match="cannot be read"):
            store.all()
        assert time.monotonic() - began < 20
        assert "secret" not in str(told.value)
        assert "Check its server, or set" in str(told.value)
    finally:
        server.start()
    store.keep(WRONG)
    assert store.all() == (RIGHT, WRONG)


def test_what_was_kept_in_a_file_moves_over(
    store: FeedbackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = f"sqlite:///{tmp_path / 'old.sqlite'}", tmp_path / "out.jsonl"
    before = FeedbackStore(make_url(file))
    for one in (RIGHT, WRONG):
        before.keep(one)
    with monkeypatch.context() as patch:
        patch.setenv("ASSISTANT_FEEDBACK_DATABASE", file)
        assert run(["feedback", "export", "--out", str(out)]) == 0
    # Twice does no harm.
    for _ in range(2):
        assert run(["feedback", "import", str(out)]) == 0
    assert store.all() == (RIGHT, WRONG)
    assert before.all() == (RIGHT, WRONG)
