"""The data folder, which nobody else on the machine reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What we keep there: the folder may be one that holds other things as well.
_OURS = (
    "index",
    "reports",
    "briefings",
    "page-files",
    "accounts.*",
    "sessions.*",
    "*.key",
    "feedback.*",
)


def keep_private(data_dir: Path) -> None:
    """Take from others what they may do with our files; later ones are made so.

    What belongs to another user, or lies where nothing may be written, stays as it is.
    """
    os.umask(0o077)
    if data_dir.absolute() not in (Path.home(), Path("/")):
        _restrict(data_dir)
    for found in (path for name in _OURS for path in data_dir.glob(name)):
        for path in (found, *_below(found)):
            _restrict(path)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def _restrict(path: Path) -> None:
    with suppress(OSError):
        mode = path.stat(follow_symlinks=False).st_mode
        if mode & 0o077 and not path.is_symlink():
            path.chmod(mode & 0o700)
