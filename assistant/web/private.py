"""The data folder, which nobody else on the machine reads."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def keep_private(data_dir: Path) -> None:
    """Take from others what they may do in a folder; what is made later is ours too.

    That of another user, or on a disk that may not be written, stays as it is.
    """
    os.umask(0o077)
    _restrict(data_dir, _FOLDER)
    for place, folders, files in os.walk(data_dir):
        for name in folders:
            _restrict(Path(place, name), _FOLDER)
        for name in files:
            _restrict(Path(place, name), _FILE)


def _restrict(path: Path, mode: int) -> None:
    with suppress(OSError):
        if not path.is_symlink() and path.stat().st_mode & 0o077:
            path.chmod(mode)
