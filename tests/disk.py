"""A disk that is soon full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a megabyte and a half, where this machine lets us have one."""
    folder.mkdir()
    if os.system(f"mount -t tmpfs -o size=1500k tmpfs {folder} 2>/dev/null"):
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        os.system(f"umount {folder}")
