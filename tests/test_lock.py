"""The lock between processes: many readers or one writer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from assistant.errors import IndexLockedError, IndexStateError
from assistant.index.lock import IndexLock

Kind = Literal["read", "write"]
HOLDER = """
import sys
from pathlib import Path
from assistant.index.lock import IndexLock
lock = IndexLock(Path(sys.argv[1]))
lock.hold(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(folder: Path, kind: Kind) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), kind],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(folder: Path, kind: Kind) -> None:
    lock = IndexLock(folder)
    try:
        lock.hold(kind)
    finally:
        lock.release()


def test_two_readers_read_together(tmp_path: Path) -> None:
    with another_process(tmp_path, "read"), another_process(tmp_path, "read"):
        take(tmp_path, "read")


@pytest.mark.parametrize(
    ("held", "wanted", "why"),
    [
        ("read", "write", "and it must change"),
        ("write", "read", "it is being built"),
        ("write", "write", "and it must change"),
    ],
)
def test_a_writer_is_alone(tmp_path: Path, held: Kind, wanted: Kind, why: str) -> None:
    with another_process(tmp_path, held):
        with pytest.raises(IndexLockedError) as caught:
            take(tmp_path, wanted)
        assert f"is using the index in {tmp_path}" in str(caught.value)
        assert why in str(caught.value)
        assert "Wait for it or close it, then try again." in str(caught.value)
    take(tmp_path, wanted)


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_killed_holder_leaves_no_lock(tmp_path: Path, kind: Kind) -> None:
    with another_process(tmp_path, kind) as process:
        process.kill()
        process.wait()
        take(tmp_path, "write")


def test_a_reader_becomes_a_writer_and_a_reader_again(tmp_path: Path) -> None:
    lock, other = IndexLock(tmp_path), IndexLock(tmp_path)
    lock.hold("read")
    lock.hold("write")
    with pytest.raises(IndexLockedError):
        other.hold("read")
    lock.hold("read")
    other.hold("read")
    with pytest.raises(IndexLockedError):
        lock.hold("write")
    lock.release()
    other.release()


def test_a_reader_that_may_not_write_still_reads(tmp_path: Path) -> None:
    lock = IndexLock(tmp_path)
    lock.hold("read")
    with another_process(tmp_path, "read"), pytest.raises(IndexLockedError):
        lock.hold("write")
    # The other has gone; this one still keeps writers out, and may write by now.
    with pytest.raises(IndexLockedError):
        take(tmp_path, "write")
    lock.hold("write")
    lock.release()


def test_release_twice_is_harmless(tmp_path: Path) -> None:
    lock = IndexLock(tmp_path / "new" / "folder")
    lock.release()
    lock.release()
    take(tmp_path / "new" / "folder", "write")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "index"):
        with pytest.raises(IndexStateError, match="Set ASSISTANT_DATA_DIR") as caught:
            IndexLock(folder)
        assert str(folder) in str(caught.value)
