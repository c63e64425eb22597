"""`python -m evals check`: sentences in a file, by the rules and by a second reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.text.sentences import split_sentences
from evals.__main__ import main
from tests.passages import shipped_documents
from tests.provider.server import ModelServer

pytest_plugins = ("tests.provider.fixtures",)

DIGEST = next(d for d in shipped_documents() if d.details.publisher == "Localis")
SECTION = next(s for s in DIGEST.sections if len(split_sentences(s.text)) > 1)
TITLE = f"{DIGEST.details.title} (Localis, {DIGEST.details.year})"


def write(file: Path, *lines: dict[str, object]) -> str:
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return str(file)


def line(sentence: str, passage: str, holds: bool, kind: str = "") -> dict[str, object]:
    return {"sentence": sentence, "passages": [passage], "holds": holds, "kind": kind}


LINES = (
    # A passage of the shelf: its publisher and year are known, and held to.
    line(f"{TITLE} is on the shelf.", SECTION.text, True, "told"),
    line("31ten (1999) is on the shelf.", SECTION.text, False, "other"),
    # A passage of anybody: who says it is taken as given.
    line("Weir Watch (Mill House, 2020) wants weirs.", "We want weirs.", True, "told"),
    line("Mill House (2020) wants 7 weirs.", "We want 5 weirs.", False, "number"),
    line("Weirs want it.", "It wants weirs.", False, "roles"),
)


def test_rules_alone_are_measured_by_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", write(tmp_path / "lines.jsonl", *LINES), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {"rules"}
    caught = figures["rules"]["false_caught"]
    assert (round(caught["mean"], 2), caught["n"]) == (0.67, 3)
    assert caught["low"] < caught["mean"] < caught["high"]
    assert figures["rules"]["true_withheld"]["mean"] == 0
    assert figures["rules"]["by_kind"]["roles"]["false_caught"]["mean"] == 0


def test_with_a_model_what_the_rules_show_is_read_again(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    server.read_as(
        f"1 | carried | {' '.join(SECTION.text.split()[:5])} | -\n"
        "2 | carried | We want weirs | -\n3 | not carried | It wants weirs | turned round"
    )
    file = write(tmp_path / "lines.jsonl", *LINES)
    words = ["check", file, "--model", "scripted", "--base-url", server.url, "--yes"]
    assert main([*words, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    read = figures["rules_and_second_reading"]
    assert read["false_caught"]["mean"] == 1
    assert (read["true_withheld"]["mean"], figures["unread"]) == (0, 0)
    assert len(server.read) == 1
    assert main(words) == 0
    assert "rules and second reading" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "lines.jsonl, line 1"),
        ('{"sentence": "x", "passages": ["y"]}', "line 1: it needs sentence"),
        ('{"sentence": "x", "passages": "y", "holds": true}', "line 1: it needs"),
        ("[1]", "line 1"),
        ("", "holds no sentence"),
    ],
)
def test_a_file_that_is_no_such_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(text, "utf-8")
    assert main(["check", str(file)]) == 2
    assert message in capsys.readouterr().err
