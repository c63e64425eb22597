"""Each file under the data folder is deleted, cut and overwritten in turn.

Three ends are allowed: a right answer; one that was mended, which is said; or an error
that names the file or its folder and the command. Never a wrong answer, nor a signal.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.damage import delete, empty, halve, overwrite
from tests.fakes import write_corpus
from tests.test_layering import ROOT


class Runner:
    """Does things with a data folder, each in a process of its own."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.damage_runner"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, what: str, data: Path) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            f"{json.dumps([what, str(self._corpus), str(data)])}\n"
        )
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    runner = Runner(write_corpus(tmp_path_factory.mktemp("corpus") / "corpus"))
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def sound(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an added report, a digest left out, and its index."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    assert runner("stock", folder)["code"] == 0
    return folder


def overwrite_middle(file: Path) -> None:
    """As a disk does that loses a block."""
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    end = min(len(data), middle + 4096)
    data[middle:end] = b"\xff" * (end - middle)
    file.write_bytes(data)


DAMAGES = [delete, empty, halve, overwrite, overwrite_middle]
# Seven things in turn: all damages meet most of them.
WHAT = ["ask", "verify", "ask", "index", "list", "ask", "add"]


def kinds(data: Path) -> list[Path]:
    """All files of a folder, relative to it."""
    return sorted(f.relative_to(data) for f in data.rglob("*") if f.is_file())


def fault(right: str, ended: dict[str, Any], data: Path, name: Path) -> str | None:
    """Return what is wrong with how something ended that was done after a damage."""
    if ended["code"] == 0:
        return None if ended["said"] == right else "a wrong answer"
    if ended["code"] != 1:
        return "not an error of ours"
    # The file itself, the folder that must be whole, or the report whose file it is.
    folders = (data / name).parent, data / "index" / "chroma"
    if not any(n in ended["said"] for n in (name.name, *map(str, folders), "weirs")):
        return "no file is named"
    return None if "assistant " in ended["said"] else "no command is named"


def mend(runner: Runner, data: Path, said: str) -> dict[str, Any]:
    """Run the command that an error names."""
    for command, what in (
        ("assistant reports recover", "recover"),
        ("assistant index --rebuild", "rebuild"),
        ("assistant reports update", "update"),
        ("assistant index", "index"),
    ):
        if command in said:
            return runner(what, data)
    raise AssertionError(said)


def damaged(
    runner: Runner,
    sound: Path,
    folder: Path,
    things: Callable[[int], Sequence[str]],
    every: int = 1,
) -> Counter[str]:
    """Damage each file and do things, given the number of the case.

    In each way, or in each so many-th: one that shares no divisor with the number of ways
    takes them in turn.
    """
    right = {what: runner(what, sound)["said"] for what in ("ask", "list")}
    ends: Counter[str] = Counter()
    faults = []
    cases = [(name, damage) for name in kinds(sound) for damage in DAMAGES]
    for number, (name, damage) in enumerate(cases[::every]):
        for what in things(number):
            data = shutil.copytree(sound, folder / "work" / "data")
            damage(data / name)
            ended = runner(what, data)
            found = fault(right.get(what, right["ask"]), ended, data, name)
            if ended["code"] == 1 and not found:
                mended = mend(runner, data, ended["said"])
                if (mended["code"], mended["said"]) != (0, right["ask"]):
                    found = f"not mended: {mended['said'][:200]}"
            if found:
                told = ended["said"][:200] if ended["code"] else ended["warned"]
                faults.append((str(name), damage.__name__, what, found, told))
            ends[
                "told" if ended["code"] else "mended" if ended["warned"] else "right"
            ] += 1
            shutil.rmtree(folder / "work")
    assert not faults, "\n".join(map(str, faults))
    return ends


def test_no_damage_makes_a_wrong_answer(
    runner: Runner, sound: Path, tmp_path: Path
) -> None:
    ends = damaged(runner, sound, tmp_path, lambda n: [WHAT[n % len(WHAT)]], every=4)
    assert ends["right"]
    assert ends["mended"]
    assert ends["told"]


@pytest.mark.slow
def test_nothing_done_after_any_damage_gives_a_wrong_answer(
    runner: Runner, sound: Path, tmp_path: Path
) -> None:
    assert damaged(runner, sound, tmp_path, lambda number: WHAT).total() > 300
