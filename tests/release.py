"""Builds wheel and sdist into dist/ and tries each as a stranger would: `make release`.

Each goes into an environment of its own, with the versions of the lock and nothing that
only developers need, and answers a question in an empty folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from assistant import __version__

ROOT = Path(__file__).parents[1]
QUESTION = "What does Localis (2023) say about Oflog?"


def build(folder: Path) -> list[Path]:
    """Return a new wheel and a new sdist."""
    shutil.rmtree(folder, ignore_errors=True)
    hatchling = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(hatchling, cwd=ROOT, check=True, capture_output=True)
    return sorted(folder.iterdir())


def try_out(package: Path) -> str:
    """Install a package and ask it; return its answer.

    Raises:
        subprocess.CalledProcessError: a step failed; its output says why.
        ValueError: it is another version, or does not answer.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        uv = [str(Path(sys.executable).with_name("uv")), "--quiet"]
        locked = ["--constraint", str(ROOT / "requirements.lock")]
        python = ["--python", str(place / "env")]
        subprocess.run([*uv, "venv", str(place / "env")], check=True)
        subprocess.run(
            [*uv, "pip", "install", *python, *locked, str(package)], check=True
        )
        version = _run(place, "--version").strip()
        if version != __version__:
            raise ValueError(f"{package.name} calls itself {version}.")
        answer = json.loads(_run(place, "ask", QUESTION, "--json"))
        if answer["outcome"] != "answered" or not answer["citations"]:
            raise ValueError(f"{package.name} does not answer: {answer['text']}")
        return str(answer["text"])


def _run(place: Path, *arguments: str) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": str(place)}
    ran = subprocess.run(
        [str(place / "env" / "bin" / "assistant"), *arguments],
        cwd=place,
        env={**clean, "ASSISTANT_DATA_DIR": str(place / "data")},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return ran.stdout


if __name__ == "__main__":
    for built in build(ROOT / "dist"):
        sys.stdout.write(f"{built.name}: {try_out(built)}\n")
