"""Nobody else on the machine reads what is kept, and what is not ours stays as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.disk import keep_folder_private


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    paths = [folder, *sorted(folder.rglob("*"))]
    return {
        p.name: f"{p.stat().st_mode & 0o777:o}" for p in paths if not p.is_symlink()
    }


def test_what_is_kept_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "index" / "x").mkdir(parents=True)
    (data / "bin").mkdir()
    for name in ("index/x/a.bin", "accounts.json", "history.key", "bin/tool"):
        (data / name).write_text("x")
    (data / "bin" / "tool").chmod(0o755)
    (data / "reports").symlink_to(tmp_path / "elsewhere")
    keep_folder_private(data)
    assert modes(data) == {
        "data": "700",
        "index": "700",
        "x": "700",
        "a.bin": "600",
        "accounts.json": "600",
        "history.key": "600",
        # Not ours.
        "bin": "755",
        "tool": "755",
    }
    (data / "index" / "later").mkdir()
    (data / "index" / "later" / "file").touch()
    assert modes(data / "index" / "later") == {"later": "700", "file": "600"}


def test_a_home_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    keep_folder_private(tmp_path)
    assert modes(tmp_path) == {tmp_path.name: "755"}
