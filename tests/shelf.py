"""The real shelf for tests: the shipped corpus with the real model, indexed once.

A module that wants it says ``pytest_plugins = ("tests.shelf",)``: an import of the
fixture would open the shelf once for every module.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.composition import Assistant, open_assistant
from assistant.settings import Settings
from tests.conftest import OURS


def _open(data_dir: Path) -> Assistant:
    with pytest.MonkeyPatch.context() as patch:
        # The user's settings are still there: this runs before the conftest's own.
        for name in [n for n in os.environ if n.upper().startswith(OURS)]:
            patch.delenv(name)
        settings = Settings(_env_file=None, data_dir=data_dir)  # type: ignore[call-arg]
    return open_assistant(settings)


@pytest.fixture(scope="session")
def built_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the shipped corpus, to be copied and not opened.

    Where tests run in several processes, the first that needs it builds it for all.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    data_dir = folder / "built-shelf"
    with (folder / "built-shelf.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data_dir.exists():
            with closing(_open(folder / "building-shelf")):
                pass
            (folder / "building-shelf").rename(data_dir)
    return data_dir


def _a_shelf(
    built_shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """A copy of the built shelf, open."""
    folder = tmp_path_factory.mktemp("shelf") / "data"
    with closing(_open(shutil.copytree(built_shelf, folder))) as opened:
        yield opened


assistant = pytest.fixture(scope="session", name="assistant")(_a_shelf)
# A shelf of the module's own, which it may change.
own_assistant = pytest.fixture(scope="module", name="own_assistant")(_a_shelf)


@pytest.fixture
def shelf_data(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the command line use the index that is already there."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(assistant.settings.data_dir))
    return assistant.settings.data_dir
