"""The command line: what it prints, and the code it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant import __version__
from assistant.cli import run
from tests.test_layering import ROOT

pytest_plugins = ("tests.shelf",)

KEYS = [
    "id",
    "question",
    "standalone_question",
    "outcome",
    "text",
    "sentences",
    "withheld",
    "citations",
    "passages",
    "nearest",
    "model",
    "seconds",
    "tokens",
]
WHO = "Who wrote Changing Places?"
REPORT = """---
report: plain-2020
document: paper
title: Plain Speech
publisher: Quill House
published: "2020-05"
published_precision: month
document_type: report
url: https://example.org/plain
rights: None.
---
# Plain Speech
## Weirs
Quill House says that weirs need care.
"""


@pytest.fixture
def small_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "corpus"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "plain.md").write_text(REPORT, encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(folder))
    return folder


def batch(folder: Path, *lines: str) -> str:
    file = folder / "in.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def process(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.usefixtures("shelf_data")
def test_ask_prints_the_answer_and_its_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["ask", WHO]) == 0
    shown = capsys.readouterr().out
    assert "Steven Howell" in shown
    assert "[1] Changing Places (Localis, 15 October 2013) › About this report" in shown
    assert "https://localis.org.uk/research/changing-places" in shown
    assert "page" not in shown.partition("[1] Changing Places")[2]
    assert max(map(len, shown.partition("\n\n")[0].splitlines())) <= 88


@pytest.mark.usefixtures("shelf_data")
def test_ask_json_prints_one_object_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["ask", WHO, "--json"]) == 0
    (answer,) = printed(capsys)
    assert list(answer) == KEYS
    assert set(answer["sentences"][0]) == {"text", "citations", "support"}
    assert set(answer["passages"][0]) == {"report", "section", "page", "score", "text"}
    wanted = "number report title publisher published section page quote url".split()
    assert set(wanted) <= set(answer["citations"][0])
    assert answer["citations"][0]["page"] is None


@pytest.mark.usefixtures("shelf_data")
@pytest.mark.parametrize(
    ("question", "code", "shown"),
    [
        ("How much will the cash injection cost?", 3, "Nearest sections:"),
        ("What is the best recipe for lasagne?", 3, "I answer questions about"),
    ],
)
def test_ask_ends_with_3_where_there_is_no_answer(
    capsys: pytest.CaptureFixture[str], question: str, code: int, shown: str
) -> None:
    assert run(["ask", question]) == code
    assert shown in capsys.readouterr().out


@pytest.mark.usefixtures("shelf_data")
def test_ask_keeps_to_the_reports_given(capsys: pytest.CaptureFixture[str]) -> None:
    narrowed = ["--report", "whats-next-2024", "--report", "level-measures-2023"]
    assert run(["ask", "What is prevention?", "--json", *narrowed]) == 0
    (answer,) = printed(capsys)
    assert {p["report"] for p in answer["passages"]} <= set(narrowed)


@pytest.mark.usefixtures("shelf_data")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask", "  "], "The question is empty"),
        (["ask", "x" * 2001], "at most 2000"),
        (["ask", WHO, "--report", "nope"], "no report nope on the shelf"),
        (["ask", "--batch", "/nowhere/in.jsonl"], "cannot be opened"),
        (["ask", "--batch", "/"], "cannot be opened"),
        (["ask", "--batch", os.devnull, "--out", "/nowhere/o"], "cannot be opened"),
    ],
)
def test_an_error_is_one_line_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str], complaint: str
) -> None:
    assert run(arguments) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert complaint in shown.err
    assert shown.err.startswith("assistant: ")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("ASSISTANT_TOP_K", "none", "ASSISTANT_TOP_K"),
        ("ASSISTANT_TOPK", "3", "Did you mean ASSISTANT_TOP_K?"),
        ("ASSISTANT_CORPUS_DIR", "/nowhere", "No reports folder"),
        ("ASSISTANT_DATA_DIR", "/dev/null/x", "cannot be used"),
    ],
)
def test_a_wrong_setting_is_a_clear_error(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    complaint: str,
) -> None:
    monkeypatch.setenv(name, value)
    assert run(["ask", WHO]) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["ask", "--nope"],
        ["ask", WHO, "more"],
        ["reports"],
        ["reports", "burn"],
        ["chat", "--port", "many"],
    ],
)
def test_wrong_usage_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    assert "usage: assistant" in capsys.readouterr().err


@pytest.mark.usefixtures("shelf_data")
@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["ask", WHO, "--batch", os.devnull], ["ask", WHO, "--out", os.devnull]],
)
def test_wrong_usage_of_ask_ends_with_2(arguments: Sequence[str]) -> None:
    try:
        code: object = run(arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == 2


@pytest.mark.usefixtures("shelf_data")
def test_batch_goes_on_after_bad_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        json.dumps({"id": "a", "question": WHO}),
        "{not json",
        "",
        '{"id": 7}',
        '{"id": "h", "question": "Why?", "history": [{"role": "system"}]}',
        '{"id": "r", "question": "Why?", "reports": ["nope"]}',
        '{"id": "e", "question": ""}',
        json.dumps({"id": "z", "question": "What is the best recipe for lasagne?"}),
    ]
    assert run(["ask", "--batch", batch(tmp_path, *lines)]) == 1
    shown = capsys.readouterr()
    answers = [json.loads(line) for line in shown.out.splitlines()]
    assert [a["id"] for a in answers] == ["a", None, "7", "h", "r", "e", "z"]
    assert [a["outcome"] for a in answers] == ["answered", *["error"] * 5, "declined"]
    assert all(list(answer) == KEYS and answer["text"] for answer in answers)
    assert "5 lines could not be answered" in shown.err


@pytest.mark.usefixtures("shelf_data")
def test_batch_takes_history_and_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    turn = {"role": "user", "content": "What does Level Measures say about audit?"}
    lines = [
        json.dumps({"question": "who wrote it?", "history": [turn]}),
        json.dumps({"question": "What is prevention?", "reports": ["whats-next-2024"]}),
    ]
    assert run(["ask", "--batch", batch(tmp_path, *lines)]) == 0
    first, second = printed(capsys)
    assert first["standalone_question"] == "who wrote it? (Level Measures)"
    assert {p["report"] for p in second["passages"]} == {"whats-next-2024"}


@pytest.mark.usefixtures("shelf_data")
def test_batch_writes_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    questions = batch(tmp_path, json.dumps({"id": 1, "question": WHO}))
    assert run(["ask", "--batch", questions, "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["id"] == "1"


@pytest.mark.usefixtures("shelf_data")
def test_batch_does_not_overwrite_its_own_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = batch(tmp_path, json.dumps({"id": 1, "question": WHO}))
    assert run(["ask", "--batch", questions, "--out", questions]) == 2
    assert WHO in Path(questions).read_text(encoding="utf-8")


@pytest.mark.usefixtures("shelf_data")
@pytest.mark.parametrize("line", [r'{"id": "\ud800"}', r'{"question": "\ud800"}'])
def test_batch_goes_on_after_half_a_surrogate_pair(tmp_path: Path, line: str) -> None:
    out = tmp_path / "out.jsonl"
    questions = batch(tmp_path, line, json.dumps({"question": WHO}))
    run(["ask", "--batch", questions, "--out", str(out)])
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_reports_list_shows_every_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["reports", "list"]) == 0
    shown = capsys.readouterr().out
    assert "heart-of-the-matter-2024  (news-item)" in shown
    assert "  Level Measures, Localis, 5 July 2023; press release" in shown
    assert "What's Next For Local Government, 31ten, 2024;" in shown


def test_reports_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["reports", "list", "--json"]) == 0
    reports = json.loads(capsys.readouterr().out)
    assert {r["report"] for r in reports} == {
        "changing-places-2013",
        "heart-of-the-matter-2024",
        "level-measures-2023",
        "whats-next-2024",
    }
    assert len({r["document"] for r in reports}) == len(reports) == 5


@pytest.mark.usefixtures("small_corpus")
def test_index_builds_and_then_finds_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = f"in {tmp_path / 'data' / 'index'}\n"
    assert run(["index"]) == 0
    assert capsys.readouterr().out == f"1 chunks added, 0 removed, 0 unchanged {where}"
    assert run(["index"]) == 0
    assert capsys.readouterr().out == f"0 chunks added, 0 removed, 1 unchanged {where}"


@pytest.mark.usefixtures("small_corpus")
def test_index_rebuild_makes_it_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # In a process of its own: Chroma keeps a folder's database open in this one.
    first = process("index", folder=tmp_path)
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert run(["index", "--rebuild"]) == 0
    assert "1 chunks added, 0 removed, 0 unchanged" in capsys.readouterr().out


def test_ask_takes_up_a_file_that_changed(
    small_corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index"]) == 0
    file = small_corpus / "reports" / "plain.md"
    file.write_text(REPORT.replace("weirs need", "dams need"), encoding="utf-8")
    run(["ask", "What does Plain Speech say on dams?"])
    assert "dams need care" in capsys.readouterr().out


def test_a_report_that_cannot_be_read_is_a_clear_error(
    small_corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_corpus / "reports" / "bad.md").write_text("no details", encoding="utf-8")
    for arguments in (["reports", "list"], ["index"], ["ask", WHO]):
        assert run(arguments) == 1
        assert "bad.md has no details in front" in capsys.readouterr().err


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.usefixtures("small_corpus")
def test_a_process_builds_the_index_and_answers(tmp_path: Path) -> None:
    ask = process("ask", "What does Plain Speech say on weirs?", folder=tmp_path)
    shown, errors = ask.communicate(timeout=60)
    assert ask.returncode == 0, errors
    assert "weirs need care" in shown
    assert "[1] Plain Speech (Quill House, May 2020) › Weirs." in shown
    assert "Traceback" not in errors
    assert (tmp_path / "data" / "index").is_dir()


@pytest.mark.parametrize(
    "arguments", [["reports", "list"], ["reports", "list", "--json"]]
)
def test_a_process_whose_reader_went_away_is_silent(
    tmp_path: Path, arguments: Sequence[str]
) -> None:
    listing = process(*arguments, folder=tmp_path)
    assert listing.stdout is not None
    assert listing.stderr is not None
    listing.stdout.close()
    errors = listing.stderr.read()
    listing.stderr.close()
    assert listing.wait(timeout=60) == 0
    assert errors == ""
