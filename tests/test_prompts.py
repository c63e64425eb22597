"""Prompts: exactly what is sent, and refused where a place is missing or unknown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.errors import ConfigError
from assistant.prompts import PLACEHOLDERS, load_prompts
from assistant.settings import shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("prompts"), tmp_path / "prompts"))


def test_the_shipped_prompts_have_every_place() -> None:
    prompts = load_prompts(shipped("prompts"))
    for name, places in PLACEHOLDERS.items():
        filled = getattr(prompts, name).fill(**dict.fromkeys(places, "<here>"))
        assert "{" not in filled
        assert filled.count("<here>") >= len(places)


def test_braces_in_what_is_filled_in_stay(folder: Path) -> None:
    filled = load_prompts(folder).answer.fill(passages="{question} {x}", question="{}")
    assert "{question} {x}" in filled
    assert filled.endswith("Question: {}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{passages} {question} {typo}", r"answer\.md has an unknown place \{typo\}"),
        ("{passages}", r"answer\.md lacks the place \{question\}"),
        ("", "answer.md lacks"),
        (None, r"answer\.md cannot be read.*ASSISTANT_PROMPTS_DIR"),
    ],
)
def test_a_prompt_that_does_not_fit_is_refused(
    folder: Path, text: str | None, message: str
) -> None:
    file = folder / "answer.md"
    if text is None:
        file.unlink()
    else:
        file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        load_prompts(folder)
