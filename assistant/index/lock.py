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

from assistant.disk import is_full, is_readable_only, make_private, no_room
from assistant.errors import IndexLockedError, IndexStateError

Kind = Literal["read", "write"]


class IndexLock:
    """Holds the lock of an index folder until it is released."""

    def __init__(self, folder: Path) -> None:
        """Make the folder where needed; nothing is locked yet.

        Raises:
            IndexStateError: the folder cannot be written.
        """
        self.folder = folder
        self._held: Kind | None = None
        self._intent = -1
        self._handle = self._opened()

    def _opened(self) -> int:
        """Open the file that is locked, to read where it may not be written."""
        try:
            return self._open(".lock")
        except IndexStateError as error:
            if not is_readable_only(self.folder):
                raise
            try:
                return os.open(self.folder / ".lock", os.O_RDONLY)
            except OSError:
                raise error from error.__cause__

    def _open(self, name: str) -> int:
        try:
            make_private(self.folder)
            return os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            if is_full(error):
                raise IndexStateError(no_room(self.folder)) from error
            raise IndexStateError(
                f"The folder {self.folder} cannot be used ({error.strerror}). "
                "Set ASSISTANT_DATA_DIR to a folder that you may write."
            ) from error

    def hold(self, kind: Kind) -> None:
        """Take the lock, or change its kind; what was held stays where that fails.

        Raises:
            IndexLockedError: another process holds it in a way that excludes this.
        """
        try:
            if kind == "write":
                self._intend()
            wanted = fcntl.LOCK_SH if kind == "read" else fcntl.LOCK_EX
            fcntl.flock(self._handle, wanted | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._fall_back()
            raise IndexLockedError(
                f"Another assistant process is using the index in {self.folder} "
                + (
                    "(it is being built). "
                    if kind == "read"
                    else "and it must change. "
                )
                + "Wait for it or close it, then try again."
            ) from error
        self._held = kind
        if kind == "read":
            self._give_up_intent()

    def _intend(self) -> None:
        """Be the only process that may try to write.

        flock lets go of a reader's lock before it takes a writer's. With one process
        at a time that tries, no other can become a writer in between.
        """
        if self._intent < 0:
            handle = self._open(".writer")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                raise
            self._intent = handle

    def _fall_back(self) -> None:
        """Hold again what was held: only readers can have come in meanwhile."""
        if self._intent >= 0 and self._held == "read":
            fcntl.flock(self._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        self._give_up_intent()

    def _give_up_intent(self) -> None:
        if self._intent >= 0:
            os.close(self._intent)
            self._intent = -1

    def release_hold(self) -> None:
        """Hold nothing, for whoever reads beside a writer; it may be held again."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)
        self._held = None
        self._give_up_intent()

    def release(self) -> None:
        """Let go of the lock for good."""
        self._give_up_intent()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
