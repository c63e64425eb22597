"""What is put together from the settings, and what is let go of where that fails."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.composition import Assistant, open_assistant
from assistant.errors import AssistantError, StoreUnreachableError
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


def test_the_catalogue_is_that_of_now_or_what_was_known_last() -> None:
    class Shelf:
        details: Any = ("old",)
        fault: Exception | None = None

        def refresh(self) -> None:
            if self.fault:
                raise self.fault
            self.details = ("old", "new")

    shelf = Shelf()
    parts = cast(Any, SimpleNamespace(shelf=shelf))
    assistant: Any = Assistant(load_settings(), parts)
    assert assistant.catalogue == ("old", "new")
    shelf.fault = StoreUnreachableError("away")
    assert assistant.catalogue == ("old", "new")
