"""How the database of feedback is reached, and a file of ours begun."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

WRITING = "assistant_writing"
"""The option of a connection that says that it will write."""
_WAIT_SECONDS = 10
# What drivers call the longest wait for the database.
_WAITING = {
    "pysqlite": "timeout",
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
}


def make_engine(url: URL) -> Engine:
    """Return an engine that opens a connection for each use."""
    waiting = _WAITING.get(url.get_dialect().driver)
    waits = {waiting: _WAIT_SECONDS} if waiting else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=waits)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None
    # What is deleted shall not stand on in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    # A write takes the lock first: two that read before they write would block each other.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def make_private(file: Path) -> None:
    """Make an empty file that nobody else on the machine may read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def first_line(error: BaseException) -> str:
    """Return what a database says, without the statement and its values."""
    told = str(getattr(error, "orig", None) or error)
    return (
        told.strip().splitlines()[0].rstrip(".") if told.strip() else "no reason given"
    )
