"""The tables of the lexical index: chunks, their words, how many chunks hold each."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import RLock
from time import sleep
from typing import Any, Self

from assistant.disk import is_full, is_readable_only
from assistant.schema import Chunk
from assistant.text.words import words

# Seconds to wait for another process that writes.
_PATIENCE = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS chunk (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, report TEXT NOT NULL,
    document TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS chunk_place ON chunk (document, position);
CREATE VIRTUAL TABLE IF NOT EXISTS chunk_words USING fts5 (
    heading, text, asked_as, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE IF NOT EXISTS word (
    word TEXT PRIMARY KEY, chunks INTEGER NOT NULL, texts INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS chunk_report ON chunk (report);
"""


class _Rows(sqlite3.Cursor):
    """All rows of a statement, read at once."""

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        super().execute(sql, parameters)
        self._rows = iter(super().fetchall())
        return self

    def __iter__(self) -> Any:
        return self._rows

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)


class _Connection(sqlite3.Connection):
    """One that is not closed while a thread is in SQLite: that would end the process."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._used = RLock()

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        with self._used:
            return self.cursor(_Rows).execute(sql, parameters)

    def close(self) -> None:
        with self._used:
            super().close()


def connect(file: Path) -> sqlite3.Connection:
    """Open or make the file and read a little of every table.

    Where it may not be written, or there is no room for its log, it is only read.

    Raises:
        sqlite3.DatabaseError: it is damaged.
        sqlite3.OperationalError: it is locked or cannot be made.
    """
    if is_readable_only(file.parent):
        return _opened(file, only_read=True)
    try:
        return _opened(file, only_read=False)
    except sqlite3.OperationalError as error:
        if not (is_full(error) and file.is_file() and file.stat().st_size):
            raise
        return _opened(file, only_read=True)


def _opened(file: Path, *, only_read: bool) -> sqlite3.Connection:
    # Without room or right nobody changes it, which SQLite has to be told.
    name = f"{file.as_uri()}?immutable=1" if only_read else str(file)
    # One connection serves the threads of one process: SQLite serialises them.
    db = sqlite3.connect(
        name,
        timeout=_PATIENCE,
        check_same_thread=False,
        uri=only_read,
        factory=_Connection,
    )
    try:
        if not only_read:
            # Readers of other processes go on reading while one writes.
            db.execute("PRAGMA journal_mode = WAL")
            # What is deleted shall not stand on in the file.
            db.execute("PRAGMA secure_delete = ON")
            db.executescript(_SCHEMA)
        for columns, table in (
            ("id, report, document, position", "chunk"),
            ("heading, text, asked_as", "chunk_words"),
            ("word, chunks, texts", "word"),
        ):
            db.execute(f"SELECT {columns} FROM {table} LIMIT 1").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def faults_of(db: sqlite3.Connection) -> list[str]:
    """Read all of the file and return what SQLite finds wrong with it."""
    rows: list[tuple[str]] = []
    try:
        rows = db.execute("PRAGMA integrity_check(5)").fetchall()
        db.execute("INSERT INTO chunk_words(chunk_words) VALUES ('integrity-check')")
        db.rollback()
    except sqlite3.DatabaseError as error:
        # The check of the words writes, for no reason that we know.
        if "readonly" not in str(error):
            return [str(error)]
    return [text for (text,) in rows if text != "ok"]


def purge(db: sqlite3.Connection) -> None:
    """Take what was deleted out of the file."""
    with db:
        # The words of deleted chunks stand in their index until it is merged.
        db.execute("INSERT INTO chunk_words(chunk_words) VALUES ('optimize')")
    # SQLite overwrites rows where they were deleted, and no copy of one that it moved.
    db.execute("VACUUM")


def empty_log(db: sqlite3.Connection) -> bool:
    """Write all into the file itself and empty its log; tell whether that was possible.

    It is not while somebody reads the file as it was before.
    """
    # Not its usual patience: whoever reads on may do so for hours.
    db.execute("PRAGMA busy_timeout = 0")
    try:
        for wait in (0.0, 0.02, 0.1, 0.5):
            sleep(wait)
            busy, *_ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return True
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")


def remove_file(file: Path) -> None:
    """Remove the file and what SQLite keeps beside it."""
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


def searchable(text: str) -> str:
    """Return the words of a text as a question's words are made."""
    return " ".join(words(text))


def _word_rows(heading: str, text: str, asked_as: str) -> list[tuple[str, int]]:
    """Return each word of a chunk, and 1 where its text or heading holds it."""
    told = set(words(f"{heading} {text}"))
    return [(word, word in told) for word in told | set(words(asked_as))]


def add_chunk(db: sqlite3.Connection, chunk: Chunk) -> None:
    """Add a chunk with its words."""
    number = db.execute(
        "INSERT INTO chunk (id, report, document, position) VALUES (?, ?, ?, ?)",
        (
            chunk.id,
            chunk.details.report,
            chunk.details.document_id,
            chunk.position,
        ),
    ).lastrowid
    parts = [
        searchable(part)
        for part in (chunk.heading_line, chunk.text, " ".join(chunk.asked_as))
    ]
    db.execute(
        "INSERT INTO chunk_words (rowid, heading, text, asked_as) VALUES (?, ?, ?, ?)",
        (number, *parts),
    )
    db.executemany(
        "INSERT INTO word VALUES (?1, 1, ?2) ON CONFLICT (word) "
        "DO UPDATE SET chunks = chunks + 1, texts = texts + ?2",
        _word_rows(*parts),
    )


def remove_chunk(db: sqlite3.Connection, id_: str) -> None:
    """Remove a chunk with its words; an unknown one is passed over."""
    row = db.execute(
        "SELECT number, heading, text, asked_as FROM chunk JOIN chunk_words "
        "ON chunk_words.rowid = number WHERE id = ?",
        (id_,),
    ).fetchone()
    if row is None:
        return
    number, *parts = row
    db.execute("DELETE FROM chunk WHERE number = ?", (number,))
    db.execute("DELETE FROM chunk_words WHERE rowid = ?", (number,))
    rows = _word_rows(*parts)
    db.executemany(
        "UPDATE word SET chunks = chunks - 1, texts = texts - ?2 WHERE word = ?1",
        rows,
    )
    db.executemany(
        "DELETE FROM word WHERE word = ? AND chunks <= 0",
        [(word,) for word, _ in rows],
    )
