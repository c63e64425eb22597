"""The commands themselves, after each file of a data folder in use was damaged.

Takes ten minutes and more for each damage: the short form is in test_damage.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from assistant.web.access.accounts import Accounts
from tests.damage_runner import NOTE
from tests.fakes import write_corpus
from tests.test_damage import delete, halve, kinds, overwrite
from tests.test_layering import ROOT

pytestmark = pytest.mark.slow

ADA = ("ada", "three warm lamps")
QUESTION = "How often do weirs need care?"
AGENDA = "# Council\n\n1. Care of weirs\n   - How often do weirs need care?\n"


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ASSISTANT_DATA_DIR": str(folder / "data"),
        "ASSISTANT_CORPUS_DIR": str(folder / "corpus"),
    }


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return ended.returncode, ended.stdout, ended.stderr


def chat(folder: Path) -> tuple[int, str, str]:
    """Open the page, ask one question, end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", "--port", "0", "--no-browser"],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as page:
        assert page.stdout is not None
        found = re.search(r"http://\S+", page.stdout.readline())
        told = ""
        if found:
            key = b64encode(":".join(ADA).encode()).decode()
            request = Request(
                f"{found[0]}/api/ask",
                json.dumps({"question": QUESTION}).encode(),
                {"Authorization": f"Basic {key}", "Content-Type": "application/json"},
            )
            try:
                with urlopen(request, timeout=120) as response:
                    told = json.load(response)["text"]
            except OSError as error:
                told = f"refused: {error}"
            page.send_signal(signal.SIGTERM)
        _, errors = page.communicate(timeout=120)
    return page.returncode, told, errors


COMMANDS: dict[str, Callable[[Path], tuple[int, str, str]]] = {
    "ask": lambda folder: run(folder, "ask", QUESTION),
    "index": lambda folder: run(folder, "index"),
    "verify": lambda folder: run(folder, "index", "--verify"),
    "list": lambda folder: run(folder, "reports", "list"),
    "add": lambda folder: run(
        folder, "reports", "add", str(folder / "dams.md"), "--publisher", "Q", "--yes"
    ),
    "feedback": lambda folder: run(folder, "feedback", "list"),
    "chat": chat,
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("used")
    write_corpus(folder / "corpus")
    for name in ("glossary", "matters"):
        (folder / "corpus" / f"{name}.yaml").write_text("[]\n", encoding="utf-8")
    (folder / "weirs.md").write_text(NOTE, encoding="utf-8")
    dams = NOTE.replace("weirs", "dams").replace("Weirs", "Dams")
    (folder / "dams.md").write_text(dams, encoding="utf-8")
    Accounts(folder / "data").add(*ADA, "editor")
    weirs = str(folder / "weirs.md")
    added = run(folder, "reports", "add", weirs, "--publisher", "Q", "--yes")
    assert added[0] == 0, added
    assert chat(folder)[0] == 0
    return folder


def fault(
    right: tuple[int, str, str], ended: tuple[int, str, str], name: Path
) -> str | None:
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


@pytest.mark.parametrize("damage", [delete, halve, overwrite])
def test_the_commands_after_each_damage(
    used: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    right = {}
    for what, command in COMMANDS.items():
        copy = shutil.copytree(used, tmp_path / f"right-{what}")
        right[what] = command(copy)
        assert right[what][0] == 0, right[what]
    assert "every spring" in right["ask"][1]
    assert "every spring" in right["chat"][1]
    ends: Counter[str] = Counter()

    def one(case: tuple[int, Path, str]) -> str | None:
        number, name, what = case
        copy = shutil.copytree(used, tmp_path / str(number))
        damage(copy / "data" / name)
        ended = COMMANDS[what](copy)
        found = fault(right[what], ended, name)
        if not found and ended[0] == 0 and what in ("index", "add"):
            # What was changed must answer as before.
            found = fault(right["ask"], COMMANDS["ask"](copy), name)
        shutil.rmtree(copy)
        ends[str(ended[0])] += 1
        return f"{name} {what}: {found}" if found else None

    cases = [(name, what) for name in kinds(used / "data") for what in COMMANDS]
    numbered = [(number, *case) for number, case in enumerate(cases)]
    with ThreadPoolExecutor(2) as pool:
        faults = [told for told in pool.map(one, numbered) if told]
    assert not faults, "\n".join(faults)
    assert set(ends) == {"0", "1"}, ends
