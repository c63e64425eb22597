"""The list of the team's shelf: one small database, which is never missing unnoticed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from assistant.disk import is_full, is_readable_only, make_private, no_room
from assistant.errors import CorpusError
from assistant.library.files import stored_folders

DATABASE = "shelf.sqlite"
RECOVER = "assistant reports recover"
# `kept` holds each file that we put in place, until it is removed: only those are ours
# to remove.
# One transaction: a list that was half made when the process was killed would be damaged.
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS report (
    document TEXT PRIMARY KEY, file_hash TEXT NOT NULL, text_hash TEXT NOT NULL,
    entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS left_out (document TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL,
    document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (file_hash TEXT PRIMARY KEY);
INSERT OR IGNORE INTO kept SELECT file_hash FROM report;
COMMIT;
"""


class ListLostError(CorpusError):
    """The list is missing or damaged: it must be made again."""


class Listing:
    """The database of a shelf's folder."""

    def __init__(self, root: Path) -> None:
        """Look at a folder; nothing is made before the first change."""
        self.root = root
        self.file = root / DATABASE

    def read(self, query: str) -> list[tuple[str, ...]]:
        """Return the rows of a query; none where nothing was ever added.

        Raises:
            ListLostError: the list is missing or damaged.
            CorpusError: it is locked, or may not be read.
        """
        if not self._is_there():
            return []
        with self._connected() as db:
            if _has(db):
                return db.execute(query).fetchall()
        # It was killed while the list was begun.
        self._none_may_be_kept()
        return []

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Open the database for one change, a transaction.

        Raises:
            ListLostError: it is missing or damaged.
            CorpusError: it is locked, or there is no room or no right.
        """
        self._is_there()
        with self.beginning() as db:
            yield db

    @contextmanager
    def beginning(self) -> Iterator[sqlite3.Connection]:
        """Do the same, and begin a list where there is none, whatever is kept there."""
        with self._connected() as db:
            if not _has(db, "kept"):
                db.executescript(_SCHEMA)
            yield db

    def _is_there(self) -> bool:
        """Tell whether there is a list.

        Raises:
            ListLostError: there is none, and reports are kept that it must have listed.
        """
        try:
            if self.file.is_file() and self.file.stat().st_size:
                return True
        except OSError as error:
            raise self._unreadable(error) from error
        self._none_may_be_kept()
        return False

    def _none_may_be_kept(self) -> None:
        try:
            kept = len(stored_folders(self.root))
        except OSError as error:
            raise self._unreadable(error) from error
        if kept:
            raise ListLostError(
                f"{self.file}, the list of the reports that were added, is missing or "
                f"empty, and {kept} are kept there. Make it again: {RECOVER}"
            )

    def _unreadable(self, error: OSError) -> CorpusError:
        return CorpusError(f"{self.file} cannot be read: {error.strerror}.")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            if not is_readable_only(self.root):
                make_private(self.root)
            db = sqlite3.connect(self.file, timeout=10)
            try:
                # What is deleted shall not stand on in the file.
                db.execute("PRAGMA secure_delete = ON")
                with db:
                    yield db
            finally:
                db.close()
        except (OSError, sqlite3.OperationalError) as error:
            if is_full(error):
                raise CorpusError(no_room(self.root)) from error
            if "no such table" in str(error):
                raise self.damaged(error) from error
            raise CorpusError(
                f"The team's shelf in {self.root} cannot be used ({error}). Check that "
                "you may write there and that there is room, then try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise self.damaged(error) from error

    def damaged(self, error: Exception) -> ListLostError:
        """Return the error that says so."""
        return ListLostError(
            f"{self.file}, the list of the reports that were added, is damaged "
            f"({error}). Make it again: {RECOVER}"
        )


def note(db: sqlite3.Connection, action: str, document: str) -> None:
    """Write into the journal what was done."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT INTO journal (at, action, document) VALUES (?, ?, ?)",
        (at, action, document),
    )


def _has(db: sqlite3.Connection, table: str = "report") -> bool:
    asked = "SELECT count(*) FROM sqlite_master WHERE name = ?"
    return bool(db.execute(asked, (table,)).fetchone()[0])
