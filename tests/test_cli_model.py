"""The command line with a model: the contract, failures, and the log line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import run
from tests.provider.server import KEY, ModelServer, Reply
from tests.test_model_answer import ASKED, FALSE, SHOWN, TRUE

pytest_plugins = ("tests.provider.fixtures",)


@pytest.fixture(autouse=True)
def _with_model(
    shelf_data: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "scripted")
    monkeypatch.setenv("ASSISTANT_RETRIES", "0")
    yield
    logging.getLogger("assistant").setLevel(logging.NOTSET)


def test_ask_as_json_gives_model_and_tokens(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(TRUE)
    assert run(["ask", ASKED, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["model"], answer["tokens"]) == ("scripted", 18)
    assert answer["sentences"][0]["text"] == SHOWN
    assert "quoting" not in answer


def test_ask_shows_what_was_withheld_with_the_reason(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(f"{TRUE} {FALSE}", "1. DROP")
    assert run(["ask", ASKED]) == 0
    shown = capsys.readouterr().out
    assert "Withheld, with the reason:\n  Localis (2023) recommends 99" in shown


def test_ask_shows_a_failure_and_the_quotations(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script(Reply(status=401, message=f"Incorrect API key: {KEY}"))
    assert run(["ask", ASKED]) == 1
    shown = capsys.readouterr()
    failure, _, quotations = shown.out.partition("From quotations, without the model:")
    assert "Check OPENAI_API_KEY" in " ".join(failure.split())
    assert "[1] Level Measures (Localis, 5 July 2023)" in quotations
    assert KEY not in shown.out + shown.err


def test_a_batch_goes_on_after_a_failure(
    server: ModelServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    server.script(Reply(status=500), Reply(TRUE))
    lines = [json.dumps({"id": n, "question": ASKED}) for n in (1, 2)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    assert run(["ask", "--batch", str(tmp_path / "in.jsonl")]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["outcome"] for answer in found] == ["error", "answered"]
    assert found[0]["quoting"]["outcome"] == "answered"


def test_the_writer_may_be_set_to_quoting(
    server: ModelServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_WRITER", "quoting")
    assert run(["ask", ASKED, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "quoting"
    assert server.log == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("OPENAI_BASE_URL", "localhost:8080"), ("OPENAI_API_KEY", f"{KEY} and more")],
)
def test_a_bad_setting_is_told_without_its_value(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert run(["ask", ASKED]) != 0
    told = capsys.readouterr().err
    assert name in told
    assert value not in told
