"""A full disk is told as such, a read-only folder is answered from, files are private."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.pack import Item
from assistant.briefing.saved import SavedItems
from assistant.cli import run as cli_run
from assistant.disk import is_full
from assistant.errors import IndexStateError
from assistant.library.changes import Workplace, change_shelf
from tests.fakes import write_corpus
from tests.test_layering import ROOT
from tests.test_library import added, found_by, place

__all__ = ["place"]

FULL = OSError(errno.ENOSPC, "No space left on device")
# Root may write where nobody else may, unless this right is taken from it.
BOUND = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []


def run(
    folder: Path, *arguments: str, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BOUND, sys.executable, "-m", "assistant", *arguments],
        cwd=ROOT,
        env={**os.environ, "ASSISTANT_DATA_DIR": str(folder / "data"),
             "ASSISTANT_CORPUS_DIR": str(folder / "corpus"),
             # A full disk would leave half of a compiled module behind.
             "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **options,
    )  # fmt: skip


def add(folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    file = folder / "weirs.md"
    file.write_text(
        "# On Weirs\n\n"
        + "".join(f"## Part {n}\n\nWeirs number {n} need care.\n\n" for n in range(20)),
        encoding="utf-8",
    )
    return run(
        folder, "reports", "add", str(file), "--publisher", "Q", "--yes", **options
    )


@pytest.fixture(scope="module")
def once_indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexed")
    write_corpus(folder / "corpus")
    (folder / "corpus" / "glossary.yaml").write_text("[]\n", encoding="utf-8")
    made = run(folder, "index")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def indexed(once_indexed: Path, tmp_path: Path) -> Path:
    """A folder with a corpus, and a data folder with its index."""
    return shutil.copytree(once_indexed, tmp_path, dirs_exist_ok=True)


def read_only(folder: Path, *, on: bool) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o500 if on else 0o700)
        else:
            path.chmod(0o400 if on else 0o600)


@pytest.fixture
def locked(indexed: Path) -> Iterator[Path]:
    """A data folder that may not be written, with an added report."""
    assert add(indexed).returncode == 0
    read_only(indexed / "data", on=True)
    yield indexed
    read_only(indexed / "data", on=False)


def test_a_read_only_folder_is_answered_from(locked: Path) -> None:
    before = sorted((p, p.stat().st_mtime) for p in (locked / "data").rglob("*"))
    asked = run(locked, "ask", "What does weirs number 3 need?")
    assert (asked.returncode, "need care" in asked.stdout) == (0, True), asked
    listed = run(locked, "reports", "list")
    assert "21 chunks" in listed.stdout
    assert "not indexed yet" not in listed.stdout
    assert run(locked, "index", "--verify").returncode == 0
    another = locked / "another.md"
    another.write_text("# On Dams\n\nDams need care.\n", encoding="utf-8")
    for command in (
        ["index", "--rebuild"],
        ["reports", "remove", "on-weirs"],
        ["reports", "add", str(another), "--publisher", "Q", "--yes"],
    ):
        told = run(locked, *command)
        assert told.returncode == 1
        assert "Set ASSISTANT_DATA_DIR to a folder that you may write" in told.stderr
    after = sorted((p, p.stat().st_mtime) for p in (locked / "data").rglob("*"))
    assert after == before


def test_files_are_their_users_alone(indexed: Path) -> None:
    data = indexed / "data"
    # As an earlier version left them.
    for path in [*data.rglob("*"), data]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    ended = add(indexed, preexec_fn=lambda: os.umask(0o022))
    assert ended.returncode == 0
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*") if path.is_file()
    }
    assert modes == {0o600}
    folders = {
        stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*") if path.is_dir()
    }
    assert folders == {0o700}
    asked = indexed / "asked.jsonl"
    asked.write_text('{"question": "Who?"}\n', encoding="utf-8")
    out = indexed / "out.jsonl"
    run(
        indexed, "ask", "--batch", str(asked), "--out", str(out),
        preexec_fn=lambda: os.umask(0o022),
    )  # fmt: skip
    # What the user names is made as the user's files are.
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "room",
    [
        60_000,
        pytest.param(2_000, marks=pytest.mark.slow),
        pytest.param(300_000, marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_called_that_and_loses_nothing(indexed: Path, room: int) -> None:
    """No file may grow beyond a size, which is what a full disk is to a program."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    told = add(indexed, preexec_fn=limit)
    assert told.returncode == 1
    assert "There is no room left in" in told.stderr, told.stderr
    assert str(indexed / "data") in told.stderr
    assert told.stderr.count("assistant: ") == 1
    assert "Traceback" not in told.stderr
    mended = run(indexed, "index")
    assert mended.returncode == 0, mended.stderr
    assert run(indexed, "index", "--verify").returncode == 0
    assert "on-weirs" not in run(indexed, "reports", "list").stdout
    assert add(indexed).returncode == 0
    assert run(indexed, "index", "--verify").returncode == 0


def test_the_list_is_read_where_there_is_no_room_at_all(indexed: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    told = run(indexed, "reports", "list", preexec_fn=limit)
    assert (told.returncode, told.stderr) == (0, "")
    assert "chunk" in told.stdout


def test_what_may_not_be_written_is_named_with_what_to_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    class Refused:
        def __getattr__(self, name: str) -> object:
            raise OSError(errno.EROFS, "Read-only file system", str(tmp_path / "x"))

    with mock.patch("assistant.cli.make_parser", return_value=mock.Mock()) as parser:
        parser().parse_args.return_value = Refused()
        assert cli_run([]) == 1
    said = capfd.readouterr().err
    assert f"{tmp_path / 'x'} may not be written or read (Read-only" in said
    assert "ASSISTANT_DATA_DIR" in said


def test_a_change_without_room_says_so_and_is_taken_back(
    place: Workplace, tmp_path: Path
) -> None:
    added(place, tmp_path)
    with (
        mock.patch("assistant.index.sync.write_manifest", side_effect=FULL),
        pytest.raises(IndexStateError, match="There is no room left in"),
    ):
        change_shelf(place, lambda library: library.remove("on-weirs-2023/report"))
    assert found_by(place, "weir") == {"on-weirs-2023"}


def test_a_resume_file_that_cannot_be_written_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "briefings").touch()
    saved = SavedItems(tmp_path, "run")
    item = AgendaItem("1", "Care of weirs")
    saved.keep(item, Item("1", "Care of weirs", "done", ()))
    assert "cannot be written" in caplog.text
    assert saved.get(item) is not None
    saved.clear()


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (FULL, True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("database is locked"), False),
        (OSError(errno.EACCES, "Permission denied"), False),
        (ValueError("disk is full"), False),
    ],
)
def test_is_full_knows_the_signs(error: Exception, full: bool) -> None:
    assert is_full(error) is full
