"""``assistant brief``: files in and out, and what it says when it cannot."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import docx
import pytest

from assistant.cli import run
from evals.agenda_pack import make_pack
from tests.test_layering import ROOT

pytest_plugins = ("tests.shelf",)

TEXT = "Growth Board\n\n1. Apologies\n2. Oflog and performance data\n"


@pytest.fixture
def agenda(tmp_path: Path) -> str:
    file = tmp_path / "agenda.md"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("suffix", ["docx", "html", "md", "pdf", "json"])
def test_brief_writes_each_format_by_its_suffix(
    suffix: str,
    agenda: str,
    tmp_path: Path,
    shelf_data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pack = tmp_path / f"pack.{suffix}"
    assert run(["brief", agenda, "-o", str(pack)]) == 0
    assert "1 items" in capsys.readouterr().out
    data = pack.read_bytes()
    begins = {"docx": b"PK", "pdf": b"%PDF", "html": b"<!DOCTYPE html>"}
    assert data.startswith(begins.get(suffix, b""))
    assert suffix in begins or "Briefing: Growth Board" in data.decode()
    assert list(tmp_path.glob(".*")) == []


def test_brief_reads_standard_input_and_keeps_to_reports(
    tmp_path: Path, shelf_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.TextIOWrapper(io.BytesIO("1. Prévention\n2. Oflog".encode()))
    monkeypatch.setattr(sys, "stdin", typed)
    pack = tmp_path / "pack.json"
    options = ["--length", "full", "--report", "level-measures-2023"]
    assert run(["brief", "-", "-o", str(pack), *options]) == 0
    told = json.loads(pack.read_text("utf-8"))
    assert told["length"] == "full"
    assert {p["report"] for i in told["items"] for p in i["positions"]} == {
        "level-measures-2023"
    }


def test_questions_are_shown_and_an_edited_agenda_is_briefed(
    agenda: str, tmp_path: Path, shelf_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["brief", agenda, "--questions"]) == 0
    shown = capsys.readouterr().out
    assert "   - What do the reports say about Oflog and performance data?" in shown
    edited = tmp_path / "edited.md"
    assert run(["brief", agenda, "--edit", str(edited)]) == 0
    assert edited.read_text("utf-8") == shown
    asked = "Who wrote Changing Places?"
    text = shown.replace(
        "What do the reports say about Oflog and performance data?", asked
    )
    edited.write_text(text, encoding="utf-8")
    pack = tmp_path / "pack.docx"
    assert run(["brief", str(edited), "-o", str(pack)]) == 0
    told = "\n".join(p.text for p in docx.Document(str(pack)).paragraphs)
    assert "Steven Howell" in told


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ([], 2, "-o PACK.docx"),
        (["-o", "pack.odt"], 1, ".docx"),
        (["-o", "/nowhere/at/all/pack.docx"], 2, "no place for a file"),
        (["-o", "pack.md", "--report", "nowhere"], 1, "no report nowhere"),
    ],
)
def test_what_cannot_be_done_is_said(
    options: list[str],
    code: int,
    told: str,
    agenda: str,
    shelf_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["brief", agenda, *options]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"), [("", "empty"), ("....", "empty"), (None, "cannot be read")]
)
def test_no_agenda_is_said_before_the_shelf_opens(
    content: str | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "agenda.txt"
    if content is not None:
        file.write_text(content)
    assert run(["brief", str(file), "-o", str(tmp_path / "p.md")]) == 1
    assert told in capsys.readouterr().err


def test_an_old_pack_stays_when_the_new_one_fails(
    agenda: str, tmp_path: Path, shelf_data: Path
) -> None:
    pack = tmp_path / "pack.md"
    pack.write_text("old")
    assert run(["brief", agenda, "-o", str(pack), "--report", "nowhere"]) == 1
    assert pack.read_text() == "old"


PIPES = {
    "-": "cat {file} | {brief} -",
    "a device": "cat {file} | {brief} /dev/stdin",
    "a pipe of its own": "{brief} <(cat {file})",
    "a file as standard input": "{brief} - < {file}",
}


@pytest.mark.parametrize(
    ("way", "kind"), [*((way, "md") for way in PIPES), ("-", "pdf")]
)
def test_an_agenda_comes_through_a_pipe(
    tmp_path: Path, shelf_data: Path, way: str, kind: str
) -> None:
    file = tmp_path / f"agenda.{kind}"
    file.write_bytes(make_pack() if kind == "pdf" else TEXT.encode())
    brief = f"{sys.executable} -m assistant brief --questions"
    done = subprocess.run(
        ["bash", "-c", PIPES[way].format(file=file, brief=brief)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    words = "Oflog and performance data" if kind == "md" else "Prevention"
    assert words in done.stdout


def test_an_empty_pipe_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    assert run(["brief", "-", "--questions"]) == 1
    assert "Standard input is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_told_to_stop_it_writes_what_is_done_and_the_next_run_goes_on(
    tmp_path: Path, shelf_data: Path, number: signal.Signals, code: int
) -> None:
    matters = "devolution prevention audit trust housing skills growth finance".split()
    items = [f"{n}. Councils and {m}" for n, m in enumerate(5 * matters, start=1)]
    # Each signal has a meeting of its own: what the other left would be gone on from.
    lines = [f"Growth Board of Ward {code}", "", *items]
    file = tmp_path / "agenda.txt"
    file.write_text("\n".join(lines))
    pack = tmp_path / "pack.json"
    # Other tests' packs lie in the same folder: Ctrl-C must wait for this one's.
    folder = shelf_data / "briefings"
    others = set(folder.glob("*.json"))
    command = [sys.executable, "-m", "assistant", "brief", str(file), "-o", str(pack)]
    process = subprocess.Popen(
        [*command, "--length", "full"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    limit = monotonic() + 60
    while not set(folder.glob("*.json")) - others and monotonic() < limit:
        sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "run again to go on" in out
    assert "Traceback" not in err
    told = json.loads(pack.read_text("utf-8"))
    states = {item["state"] for item in told["items"]}
    assert states == {"done", "not reached"}
    assert not told["complete"]


def test_the_reports_of_an_agenda_pack_are_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "pack.pdf"
    pack.write_bytes(make_pack())
    assert run(["brief", str(pack), "--papers", str(tmp_path / "papers")]) == 0
    files = sorted(file.name for file in (tmp_path / "papers").iterdir())
    assert len(files) == 5
    assert files[1] == "item-04-prevention-and-early-help-strategy-2025-2030.pdf"
    told = capsys.readouterr().out
    assert told.count("assistant reports add ") == 5
    assert "--title 'Prevention and Early Help Strategy 2025 - 2030'" in told
