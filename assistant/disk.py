"""A disk that is full or may not be written, and files that are their user's alone."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Out of space, over quota, beyond the largest file allowed.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OTHERS = 0o077
# As this process was started: what its user names is made like any other file of theirs.
_users = [0o022]
# What we keep in a data folder, which may be one that holds other things as well.
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


def is_full(error: BaseException) -> bool:
    """Tell whether an error says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    # SQLite says I/O error where it could not make its file longer.
    signs = ("disk is full", "disk I/O error")
    return isinstance(error, sqlite3.Error) and any(s in str(error) for s in signs)


def has_room(folder: Path, size: int = 8_000_000) -> bool:
    """Tell whether a file of that many bytes could be written into a folder.

    For errors that do not say why something could not be written.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        return not is_full(error)
    return True


def no_room(folder: Path | str, then: str = "try again") -> str:
    """Return the sentences for a full disk, with what to do once there is room."""
    return f"There is no room left in {folder}. Free some space, then {then}."


def is_readable_only(folder: Path) -> bool:
    """Tell whether a folder is there and may not be written."""
    return folder.is_dir() and not os.access(folder, os.W_OK)


def keep_private() -> None:
    """Let this process make files (600) and folders (700) for its user alone."""
    _users[0] = os.umask(0)
    os.umask(_users[0] | _OTHERS)


@contextmanager
def for_user() -> Iterator[None]:
    """Make files that the user named as the user's other files are made."""
    before = os.umask(_users[0])
    try:
        yield
    finally:
        os.umask(before)


def make_private(folder: Path) -> None:
    """Make a folder of ours for its user alone; so too one of an earlier version.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & _OTHERS:
        _restrict(*folder.rglob("*"), folder)


def keep_folder_private(data_dir: Path) -> None:
    """Take from others what they may do with our files; later ones are made so."""
    os.umask(_OTHERS)
    if data_dir.absolute() not in (Path.home(), Path("/")):
        _restrict(data_dir)
    for found in (path for name in _OURS for path in data_dir.glob(name)):
        _restrict(found, *found.rglob("*"))


def _restrict(*paths: Path) -> None:
    for path in paths:
        # Another user's, or one that may not be written: then it stays as it is.
        with suppress(OSError):
            if path.stat().st_mode & _OTHERS and not path.is_symlink():
                path.chmod(path.stat().st_mode & ~_OTHERS)


def write_whole(file: Path, text: str) -> None:
    """Put a text in the place of a file, in one step and for its user alone.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    draft = file.with_name(f"{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
