"""A disk that is full, and files that nobody else on the machine may read."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

# Out of space, over quota, beyond the largest file allowed.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PRIVATE = 0o077


def is_full(error: BaseException) -> bool:
    """Tell whether an error says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, sqlite3.Error):
        # SQLite says I/O error where it could not make its file longer.
        return any(sign in str(error) for sign in ("disk is full", "disk I/O error"))
    return False


def no_room(folder: Path | str, then: str = "try again") -> str:
    """Return the sentences for a full disk, with what to do once there is room."""
    return f"There is no room left in {folder}. Free some space, then {then}."


def keep_private() -> None:
    """Let this process make files (600) and folders (700) for its user alone."""
    os.umask(os.umask(0) | _PRIVATE)
