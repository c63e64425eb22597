"""Killed at any moment, or changed by two at once: nothing is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import write_corpus
from tests.test_layering import ROOT

# Longest wait before a kill: about what three changes take.
WAIT = 1.5


def changer(
    corpus: Path, data: Path, *how: str, **options: Any
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.shelf_changer", str(corpus), str(data), *how],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def found_by(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        assert process.stderr is not None
        pytest.fail(process.stderr.read())
    found: dict[str, Any] = json.loads(line)
    return found


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def assert_whole(found: dict[str, Any]) -> None:
    """Old or new, and nothing in between: list, chunks and both indexes agree."""
    assert found["problems"] == []
    assert found["agree"]
    assert (found["left_over"], found["dead"]) == (0, 0)


def kill_again_and_again(folder: Path, times: int, seed: int, *how: str) -> int:
    corpus, data = write_corpus(folder / "corpus"), folder / "data"
    moments = random.Random(seed)
    changes = 0
    for _ in range(times):
        process = changer(corpus, data, *how)
        try:
            found = found_by(process)
            assert_whole(found)
            assert found["changes"] >= changes, "a change that was made is gone"
            changes = found["changes"]
            time.sleep(moments.uniform(0, WAIT))
        finally:
            kill(process)
    last = changer(corpus, data)
    try:
        assert_whole(found_by(last))
    finally:
        kill(last)
    return changes


def test_killed_while_it_has_the_shelf_open_the_shelf_is_whole(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, 4, 3, "open") > 0


@pytest.mark.slow
@pytest.mark.parametrize("how", [(), ("open",)])
def test_killed_at_fifty_moments_the_shelf_is_whole(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    assert kill_again_and_again(tmp_path, 50, 2, *how) > 50


def first_to_end(*running: subprocess.Popen[str]) -> subprocess.Popen[str]:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        for process in running:
            if process.poll() is not None:
                return process
        time.sleep(0.05)
    pytest.fail("two processes change one shelf, and neither is stopped")


@pytest.mark.slow
def test_two_processes_do_not_change_it_at_once(tmp_path: Path) -> None:
    corpus, data = write_corpus(tmp_path / "corpus"), tmp_path / "data"
    first = changer(corpus, data)
    second = None
    try:
        found_by(first)
        second = changer(corpus, data)
        # Between two changes of one the other may get in: either may be the one to stop.
        ended = first_to_end(first, second)
        _, errors = ended.communicate()
        assert ended.returncode != 0
        assert "Another assistant process is using the index" in errors
    finally:
        kill(first)
        if second is not None:
            kill(second)
    last = changer(corpus, data)
    try:
        assert_whole(found_by(last))
    finally:
        kill(last)
