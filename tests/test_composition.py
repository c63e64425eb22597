"""What is put together from the settings, and what is let go of where that fails."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from assistant.composition import open_assistant
from assistant.errors import AssistantError
from assistant.index.lock import IndexLock
from assistant.settings import load_settings

pytest_plugins = ("tests.shelf",)


def test_open_assistant_lets_go_of_the_index_where_the_writer_fails(
    built_shelf: Path, tmp_path: Path
) -> None:
    settings = load_settings(
        data_dir=copytree(built_shelf, tmp_path / "data"),
        writer="model",
        openai_base_url="http://127.0.0.1:9/v1",
        prompts_dir=tmp_path / "no-prompts",
    )
    with pytest.raises(AssistantError, match="no-prompts"):
        open_assistant(settings)
    lock = IndexLock(settings.index_dir)
    lock.hold("write")
    lock.release()
