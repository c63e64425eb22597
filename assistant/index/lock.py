"""One writer or many readers: an OS lock on the index folder.

Two processes that write one Chroma folder lose data without an error, and a reader
beside a writer sees a half-made index. The lock is the operating system's, so that a
killed process never leaves it behind.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Literal

from assistant.errors import IndexLockedError, IndexStateError


class IndexLock:
    """Holds the lock of an index folder until it is released."""

    def __init__(self, folder: Path) -> None:
        """Make the folder where needed; nothing is locked yet.

        Raises:
            IndexStateError: the folder cannot be written.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise IndexStateError(
                f"The folder {folder} cannot be used ({error.strerror}). "
                "Set ASSISTANT_DATA_DIR to a folder that you may write."
            ) from error

    def hold(self, kind: Literal["read", "write"]) -> None:
        """Take the lock, or change its kind.

        Raises:
            IndexLockedError: another process holds it in a way that excludes this.
        """
        wanted = fcntl.LOCK_SH if kind == "read" else fcntl.LOCK_EX
        try:
            fcntl.flock(self._handle, wanted | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexLockedError(
                f"Another assistant process is using the index in {self._folder} "
                + (
                    "(it is being built). "
                    if kind == "read"
                    else "and it must change. "
                )
                + "Wait for it or close it, then try again."
            ) from error

    def release_hold(self) -> None:
        """Hold nothing, for whoever reads beside a writer; it may be held again."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def release(self) -> None:
        """Let go of the lock for good."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
