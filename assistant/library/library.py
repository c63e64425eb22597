"""The team's shelf: what was added, listed in one small database, and its files.

A change is one transaction of that database, after the files it needs are in place: a
process killed at any moment leaves the shelf as it was or as it was to be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.library.entries import Entry, entry_of
from assistant.library.files import (
    StoredReport,
    faults_of,
    folder_of,
    keep,
    original_of,
    remove_all_but,
)
from assistant.schema import Section

_SCHEMA = """
CREATE TABLE IF NOT EXISTS report (
    document TEXT PRIMARY KEY, file_hash TEXT NOT NULL, text_hash TEXT NOT NULL,
    entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS left_out (document TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL,
    document TEXT NOT NULL);
"""
_DATABASE = "shelf.sqlite"

Rows = tuple[list[tuple[Any, ...]], ...]
"""All that is listed, table by table."""


class Library:
    """The team's shelf under one folder."""

    def __init__(self, root: Path) -> None:
        """Look at a folder; nothing is made before the first change."""
        self.root = root

    def folder_of(self, entry: Entry) -> Path:
        """Return the folder that keeps an entry's file and text."""
        return folder_of(self.root, entry)

    def file_of(self, entry: Entry) -> Path:
        """Return the kept copy of an entry's file."""
        return original_of(self.root, entry)

    def entries(self) -> list[Entry]:
        """Return what the team added, by document id."""
        rows = self._read("SELECT entry FROM report ORDER BY document")
        return [entry_of(text) for (text,) in rows]

    def documents(self) -> list[StoredReport]:
        """Return the same as sources to index."""
        return [StoredReport(e, self.folder_of(e)) for e in self.entries()]

    def left_out(self) -> frozenset[str]:
        """Return the shipped documents that the team's own take the place of."""
        return frozenset(d for (d,) in self._read("SELECT document FROM left_out"))

    def journal(self) -> list[tuple[str, str, str]]:
        """Return every change: when, what was done, to which document."""
        rows = self._read("SELECT at, action, document FROM journal ORDER BY number")
        return [(at, action, document) for at, action, document in rows]

    def known_hashes(self) -> dict[str, str]:
        """Return the document of each file hash and of each text hash."""
        rows = self._read("SELECT file_hash, text_hash, document FROM report")
        return {h: document for one, two, document in rows for h in (one, two)}

    def _read(self, query: str) -> list[tuple[Any, ...]]:
        if not (self.root / _DATABASE).is_file():
            return []
        with self._connection() as db:
            return db.execute(query).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Open the database for one piece of work.

        Raises:
            CorpusError: it is locked, damaged, or there is no room or no right.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.root / _DATABASE, timeout=10)
            try:
                if _is_new(db):
                    db.executescript(_SCHEMA)
                with db:
                    yield db
            finally:
                db.close()
        except sqlite3.OperationalError as error:
            raise CorpusError(
                f"The team's shelf in {self.root} cannot be used ({error}). Check that "
                "you may write there and that there is room, then try again."
            ) from error
        except sqlite3.DatabaseError as error:
            raise CorpusError(
                f"{self.root / _DATABASE} is damaged ({error}). Put back a copy of it."
            ) from error

    def problems(self) -> list[tuple[Entry, str]]:
        """Read every kept file and text, and return what is wrong with any."""
        return [
            (entry, fault)
            for entry in self.entries()
            for fault in faults_of(self.root, entry)
        ]

    def put(self, entry: Entry, file: Path, sections: Sequence[Section]) -> None:
        """Keep a file with its text, in the place of an older version if there is one.

        Raises:
            CorpusError: the folder cannot be written, or there is no room.
        """
        try:
            keep(self.root, entry, file, sections)
        except OSError as error:
            raise CorpusError(
                f"{entry.name} cannot be kept in {self.root}: {error.strerror}. "
                "Nothing was changed."
            ) from error
        self.write(entry)

    def write(self, entry: Entry) -> None:
        """List an entry whose files are in place, in one step."""
        with self._connection() as db:
            db.execute(
                "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?)", entry.as_row()
            )
            _note(db, "put", entry.details.document_id)

    def remove(self, document: str) -> None:
        """Take a document off the shelf; its files go with the next ``tidy``."""
        with self._connection() as db:
            db.execute("DELETE FROM report WHERE document = ?", (document,))
            _note(db, "remove", document)

    def leave_out(self, documents: Sequence[str], *, out: bool = True) -> None:
        """Leave shipped documents out of the index, or take them in again."""
        with self._connection() as db:
            for document in documents:
                query = "INSERT OR IGNORE INTO left_out VALUES (?)"
                if not out:
                    query = "DELETE FROM left_out WHERE document = ?"
                db.execute(query, (document,))
                _note(db, "leave out" if out else "take in", document)

    def rows(self) -> Rows:
        """Return all that is listed, to be put back with ``restore``."""
        return (
            self._read("SELECT * FROM report ORDER BY document"),
            self._read("SELECT * FROM left_out ORDER BY document"),
        )

    def restore(self, rows: Rows) -> None:
        """Make the list what it was, in one step."""
        reports, left_out = rows
        with self._connection() as db:
            db.execute("DELETE FROM report")
            db.execute("DELETE FROM left_out")
            db.executemany("INSERT INTO report VALUES (?, ?, ?, ?)", reports)
            db.executemany("INSERT INTO left_out VALUES (?)", left_out)
            _note(db, "take back", "")

    def tidy(self) -> None:
        """Remove the files that no entry needs (call it with no change under way)."""
        if not self.root.is_dir():
            return
        hashes = self._read("SELECT file_hash FROM report")
        remove_all_but(self.root, (file_hash for (file_hash,) in hashes))


def _is_new(db: sqlite3.Connection) -> bool:
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'journal'"
    return not db.execute(tables).fetchone()[0]


def _note(db: sqlite3.Connection, action: str, document: str) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT INTO journal (at, action, document) VALUES (?, ?, ?)",
        (at, action, document),
    )
