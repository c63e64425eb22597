"""The examples of docs/api.md run as they stand there, against the real page."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from assistant.composition import Assistant
from assistant.settings import load_settings
from tests.serving import served

pytest_plugins = ("tests.shelf",)

DOCS = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```", DOCS, re.DOTALL)
# What each of them prints, as far as it matters.
EXPECTED = (
    '"outcome": "answered"|"outcome":"answered"',
    r"\nLevel Measures|Level Measures ›",
    "sentence .+\nanswer ",
    "# .*\n(.*\n)*.*Prevention",
    '"changing-places-2013"',
    "Changing Places ›",
)


@pytest.fixture(scope="module")
def page(assistant: Assistant) -> Iterator[str]:
    settings = load_settings(data_dir=assistant.settings.data_dir, mcp=True)
    with served(Assistant(settings, assistant.parts)) as url:
        yield url


def test_every_example_has_its_expectation() -> None:
    assert len(EXAMPLES) == len(EXPECTED)


@pytest.mark.parametrize("place", range(len(EXPECTED)))
def test_the_examples_run(page: str, place: int) -> None:
    language, text = EXAMPLES[place]
    if language == "sh" and which("curl") is None:
        pytest.skip("curl is not installed")
    assert "http://127.0.0.1:7860" in text
    text = text.replace("http://127.0.0.1:7860", page)
    command = ["sh", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert re.search(EXPECTED[place], done.stdout), done.stdout[:2000]
