"""Feedback is kept by several processes at once, and is never lost or told to others."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from assistant.cli import run
from assistant.errors import ConfigError, FeedbackError
from assistant.feedback.entry import Feedback
from assistant.feedback.store import FeedbackStore, open_store
from assistant.schema import Turn
from assistant.settings import load_settings
from tests.browser.fakes import ANSWERED

RIGHT = Feedback(
    id="a1",
    kept_at="2026-11-22T10:00:00+00:00",
    verdict="right",
    question="hubs?",
    standalone_question="What of hubs?",
    answer=json.loads(json.dumps(ANSWERED.as_json())),
    history=(Turn("user", "Who?"), Turn("assistant", "Localis. [1]")),
    reports=("old-2013",),
    model="quoting",
    corpus_version="abc",
    program_version="0.1",
    person="Ann",
)
WRONG = replace(
    RIGHT,
    id="b2",
    kept_at="2026-11-22T11:00:00+00:00",
    verdict="wrong",
    reason="wrong_report",
    sentence="Localis (2013) recommends local hubs.",
    correction="It is in New Measures.",
    comment="“Really”",
    person=None,
)
# What one process among several does.
KEEPER = """
import sys
from dataclasses import replace
from sqlalchemy import make_url
from assistant.feedback.store import FeedbackStore
from tests.test_feedback import RIGHT
store = FeedbackStore(make_url(sys.argv[1]))
for number in range(20):
    store.keep(replace(RIGHT, id=f"{sys.argv[2]}-{number}"))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "feedback.sqlite"


@pytest.fixture
def store(file: Path) -> FeedbackStore:
    found = open_store(load_settings())
    assert found is not None
    return found


def test_what_is_kept_comes_back_whole_and_in_order(store: FeedbackStore) -> None:
    store.keep(WRONG)
    store.keep(RIGHT)
    assert store.all() == (RIGHT, WRONG)


def test_kept_again_it_replaces_the_first(store: FeedbackStore) -> None:
    store.keep(RIGHT)
    store.keep(replace(WRONG, id=RIGHT.id))
    assert [one.verdict for one in store.all()] == ["wrong"]


def test_reading_makes_no_file(store: FeedbackStore, file: Path) -> None:
    assert store.all() == ()
    assert store.delete(["a1"]) == 0
    assert not file.exists()


def test_nobody_else_on_the_machine_may_read_it(
    store: FeedbackStore, file: Path
) -> None:
    store.keep(RIGHT)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_delete_takes_ids_and_a_person(store: FeedbackStore) -> None:
    for feedback in (RIGHT, WRONG, replace(WRONG, id="c3")):
        store.keep(feedback)
    assert store.delete(["b2", "nothing"], "Ann") == 2
    assert store.delete() == 0
    assert [one.id for one in store.all()] == ["c3"]


def test_several_processes_keep_at_once(store: FeedbackStore, file: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", KEEPER, f"sqlite:///{file}", name])
        for name in ("x", "y", "z")
    ]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert len({one.id for one in store.all()}) == 60


def test_a_newer_layout_is_left_alone(store: FeedbackStore, file: Path) -> None:
    store.keep(RIGHT)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE feedback_schema SET version = 2")
    before = file.read_bytes()
    with pytest.raises(FeedbackError, match=r"version 2 .* Update the program"):
        store.keep(WRONG)
    with pytest.raises(FeedbackError, match="Nothing in it was changed"):
        store.all()
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all" * 60, b"SQLite format 3\0??"]
)
def test_a_damaged_file_is_left_alone(
    store: FeedbackStore, file: Path, content: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(FeedbackError, match=r"feedback\.sqlite cannot be written"):
        store.keep(RIGHT)
    with pytest.raises(FeedbackError, match=r"feedback\.sqlite cannot be read"):
        store.all()
    assert file.read_bytes() == content


def test_what_is_lost_is_not_taken_for_new(store: FeedbackStore, file: Path) -> None:
    store.keep(RIGHT)
    for lose in (file.unlink, lambda: file.write_bytes(b"")):
        lose()
        for use in (store.all, lambda: store.keep(WRONG), lambda: store.delete(["a1"])):
            with pytest.raises(
                FeedbackError, match=r"sqlite is .* feedback delete --all"
            ):
                use()
        assert not file.exists() or not file.stat().st_size
        file.touch()
    file.write_bytes(b"damaged" * 99)
    with pytest.raises(FeedbackError, match="feedback delete --all"):
        store.all()
    assert run(["feedback", "delete", "--all"]) == 0
    assert [one.name for one in file.parent.iterdir()] == []
    store.keep(WRONG)
    assert store.all() == (WRONG,)
    assert run(["feedback", "delete", "--all"]) == 0
    assert store.all() == ()


def test_there_is_an_end_to_what_is_kept(file: Path) -> None:
    store = FeedbackStore(make_url(f"sqlite:///{file}"), most_mb=0.1)
    long = replace(WRONG, comment="x" * 120_000)
    store.keep(long)
    with pytest.raises(FeedbackError, match=r"0\.1 MB .* ASSISTANT_FEEDBACK_MB"):
        store.keep(RIGHT)
    assert store.all() == (long,)


def test_another_programs_table_is_left_alone(store: FeedbackStore, file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE feedback (stars INTEGER)")
        connection.execute("INSERT INTO feedback VALUES (5)")
    with pytest.raises(FeedbackError, match="another program"):
        store.keep(RIGHT)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT * FROM feedback").fetchall() == [(5,)]


def test_a_file_that_may_not_be_written_can_still_be_read(
    store: FeedbackStore, file: Path
) -> None:
    store.keep(RIGHT)
    reader = FeedbackStore(make_url(f"sqlite:///file:{file}?mode=ro&uri=true"))
    assert reader.all() == (RIGHT,)
    with pytest.raises(FeedbackError, match="readonly"):
        reader.keep(WRONG)


def test_a_folder_that_is_no_folder_is_told(store: FeedbackStore, file: Path) -> None:
    file.parent.write_text("in the way")
    with pytest.raises(FeedbackError, match="cannot be written"):
        store.keep(RIGHT)


@hypothesis_settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_no_text_breaks_it(tmp_path: Path, text: str) -> None:
    store = FeedbackStore(make_url(f"sqlite:///{tmp_path / 'texts.sqlite'}"))
    answer = {"text": text}
    store.keep(replace(WRONG, question=text, comment=text, answer=answer))
    [kept] = store.all()
    assert kept.answer == answer
    clean = text.replace("\0", "")
    if not any("\ud800" <= sign <= "\udfff" for sign in clean):
        assert kept.comment == clean


def test_a_setting_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_FEEDBACK_DATABASE", "off")
    assert open_store(load_settings()) is None


@pytest.mark.parametrize("address", ["no address", "nonsense://a:secret@b/c"])
def test_an_address_that_cannot_be_used_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ASSISTANT_FEEDBACK_DATABASE", address)
    with pytest.raises(ConfigError, match="ASSISTANT_FEEDBACK_DATABASE") as told:
        open_store(load_settings())
    assert "secret" not in str(told.value)
    assert "secret" not in load_settings().model_dump_json()


def test_the_command_line_lists_exports_and_deletes(
    store: FeedbackStore, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store.keep(RIGHT)
    store.keep(WRONG)
    assert run(["feedback", "list"]) == 0
    told = capsys.readouterr().out
    assert "b2  2026-11-22 11:00  wrong: It cites the wrong report\n  hubs?" in told
    out = tmp_path / "out.jsonl"
    assert run(["feedback", "export", "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a1", "b2"]
    assert rows[1]["correction"] == "It is in New Measures."
    assert run(["feedback", "export", "--out", str(out)]) == 1
    assert "already" in capsys.readouterr().err
    assert run(["feedback", "delete", "a1"]) == 0
    assert [one.id for one in store.all()] == ["b2"]
    assert run(["feedback", "delete"]) == 2


@pytest.mark.parametrize("content", [None, "no feedback", '{"id": "a1"}', "\0"])
def test_what_is_no_export_is_not_taken_in(
    store: FeedbackStore,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
) -> None:
    file = tmp_path / "in.jsonl"
    if content is not None:
        file.write_text(content)
    assert run(["feedback", "import", str(file)]) == 1
    assert "in.jsonl cannot be taken in (" in capsys.readouterr().err
    assert store.all() == ()
