"""The commands themselves, after each file of a data folder in use was damaged.

Takes minutes for each damage: the short form is in test_damage.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import make_url

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.pack import Item
from assistant.briefing.saved import SavedItems
from assistant.feedback.store import FILE, FeedbackStore
from assistant.serving.access.accounts import Accounts
from assistant.serving.access.sessions import Begun
from tests.damage import delete, empty, halve, overwrite
from tests.damage_runner import NOTE
from tests.fakes import write_corpus
from tests.test_damage import kinds
from tests.test_feedback import RIGHT
from tests.test_layering import ROOT

pytestmark = pytest.mark.slow

ADA = ("ada", "three warm lamps")
Ended = tuple[int, str, str]
QUESTION = "How often do weirs need care?"


class Runner:
    """Runs the commands, each in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands_runner"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(
        self,
        folder: Path,
        *arguments: str,
        then: Callable[[int, Path], str] | None = None,
    ) -> Ended:
        files = {name: str(folder / name) for name in ("out", "err")}
        data, corpus = str(folder / "data"), str(folder / "corpus")
        own = {"ASSISTANT_DATA_DIR": data, "ASSISTANT_CORPUS_DIR": corpus}
        asked = {"arguments": arguments, "environment": {**os.environ, **own}, **files}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        pid = self._read()
        said = then(pid, folder / "out") if then else None
        code = self._read()
        out, err = (Path(file).read_text("utf-8") for file in files.values())
        for file in files.values():
            Path(file).unlink()
        return code, out if said is None else said, err

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def ask_page(pid: int, out: Path) -> str:
    """Ask the page one question once it is there, and end it."""
    url = None
    while not url and Path(f"/proc/{pid}").exists() and not is_over(pid):
        sleep(0.05)
        url = re.search(r"http://\S+", out.read_text("utf-8") if out.exists() else "")
    if not url:
        return ""
    key = b64encode(":".join(ADA).encode()).decode()
    request = Request(
        f"{url[0]}/api/ask",
        json.dumps({"question": QUESTION}).encode(),
        {"Authorization": f"Basic {key}", "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=120) as response:
            told = str(json.load(response)["text"])
    except OSError as error:
        told = f"refused: {error}"
    os.kill(pid, signal.SIGTERM)
    return told


def is_over(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def add(runner: Runner, folder: Path, name: str) -> Ended:
    file = str(folder / f"{name}.md")
    return runner(folder, "reports", "add", file, "--publisher", "Q", "--yes")


def chat(runner: Runner, folder: Path) -> Ended:
    return runner(folder, "chat", "--port", "0", "--no-browser", then=ask_page)


COMMANDS: dict[str, Callable[[Runner, Path], Ended]] = {
    "ask": lambda run, folder: run(folder, "ask", QUESTION),
    "index": lambda run, folder: run(folder, "index"),
    "verify": lambda run, folder: run(folder, "index", "--verify"),
    "list": lambda run, folder: run(folder, "reports", "list"),
    "add": lambda run, folder: add(run, folder, "dams"),
    "feedback": lambda run, folder: run(folder, "feedback", "list"),
    "chat": chat,
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def used(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("used")
    write_corpus(folder / "corpus")
    for name in ("glossary", "matters"):
        (folder / "corpus" / f"{name}.yaml").write_text("[]\n", encoding="utf-8")
    (folder / "weirs.md").write_text(NOTE, encoding="utf-8")
    dams = NOTE.replace("weirs", "dams").replace("Weirs", "Dams")
    (folder / "dams.md").write_text(dams, encoding="utf-8")
    data = folder / "data"
    Accounts(data).add(*ADA, "editor")
    Begun(data).add("ada", 10_000)
    FeedbackStore(make_url(f"sqlite:///{data / FILE}")).keep(RIGHT)
    added = add(runner, folder, "weirs")
    assert added[0] == 0, added
    assert chat(runner, folder)[0] == 0
    # What is left of a pack that was stopped.
    saved = SavedItems(data, "run")
    saved.keep(AgendaItem("1", "Weirs"), Item("1", "Weirs", "done"))
    return folder


def fault(right: Ended, ended: Ended, name: Path) -> str | None:
    code, said, errors = ended
    if "Traceback" in errors or code not in (0, 1):
        return f"ended with {code}: {errors[-300:]}"
    told = said + errors
    if code == 0 and (said == right[1] or "chunks" in said):
        return None
    named = (name.name, str(name.parent), "weirs")
    if any(n in told for n in named) and re.search("assistant |refused: ", told):
        return None
    return f"{code}: {told[-300:]}"


@pytest.mark.parametrize("damage", [delete, empty, halve, overwrite])
def test_the_commands_after_each_damage(
    runner: Runner, used: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    right = {}
    for what, command in COMMANDS.items():
        copy = shutil.copytree(used, tmp_path / f"right-{what}")
        right[what] = command(runner, copy)
        assert right[what][0] == 0, right[what]
    assert "every spring" in right["ask"][1]
    assert "every spring" in right["chat"][1]
    assert "hubs?" in right["feedback"][1]
    ends: Counter[int] = Counter()
    faults = []
    for name in kinds(used / "data"):
        for what, command in COMMANDS.items():
            copy = shutil.copytree(used, tmp_path / "work")
            damage(copy / "data" / name)
            ended = command(runner, copy)
            found = fault(right[what], ended, name)
            if not found and ended[0] == 0 and what in ("index", "add"):
                # What was changed must answer as before.
                found = fault(right["ask"], COMMANDS["ask"](runner, copy), name)
            shutil.rmtree(copy)
            ends[ended[0]] += 1
            print(f"{damage.__name__} {name} {what}: {ended[0]} {found or ''}")  # noqa: T201
            if found:
                faults.append(f"{name} {what}: {found}")
    assert not faults, "\n".join(faults)
    assert set(ends) == {0, 1}, ends
