"""The real shelf for tests: the shipped corpus with the real model, opened once.

A module that wants it says ``pytest_plugins = ("tests.shelf",)``: an import of the
fixture would open the shelf once for every module.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.composition import Assistant, open_assistant
from assistant.settings import Settings
from tests.conftest import OURS


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        # The user's settings are still there: this runs before the conftest's own.
        for name in [n for n in os.environ if n.upper().startswith(OURS)]:
            patch.delenv(name)
        folder = tmp_path_factory.mktemp("shelf") / "data"
        settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    opened = open_assistant(settings)
    yield opened
    opened.close()


@pytest.fixture
def shelf_data(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command line use the index that is already there."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(assistant.settings.data_dir))
    return assistant.settings.data_dir
