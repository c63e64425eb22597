"""Where feedback is kept: a table in an SQLite file, or in any database of SQLAlchemy's.

Several processes may keep feedback in one SQLite file: each write takes the file's lock
before it reads anything, and waits for another's. Feedback comes seldom, so a connection
is opened for each use and nothing stays open.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    delete,
    event,
    false,
    insert,
    make_url,
    or_,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from assistant.disk import is_full, no_room
from assistant.errors import ConfigError, FeedbackError
from assistant.feedback.entry import Feedback
from assistant.feedback.tables import FEEDBACK, from_row, is_there, prepare, to_row
from assistant.settings import Settings

FILE = "feedback.sqlite"
_WAIT_SECONDS = 10
# What drivers call the longest wait for the database.
_WAITING = {
    "pysqlite": "timeout",
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
}
_WRITING = "assistant_writing"


class FeedbackStore:
    """Feedback in one database, which is made when the first is kept."""

    def __init__(self, url: URL) -> None:
        """Take the address of the database.

        Raises:
            ConfigError: its kind is unknown, or its driver is not installed.
        """
        self._url = url
        try:
            self._engine = _make_engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise ConfigError(
                f"ASSISTANT_FEEDBACK_DATABASE: {self.name} cannot be used "
                f"({_first_line(error)}). Install its driver, or set another address."
            ) from error

    @property
    def name(self) -> str:
        """The address as it may be shown: without a password."""
        return str(self._file or self._url.render_as_string(hide_password=True))

    @property
    def is_local(self) -> bool:
        """Whether it is a file of this computer."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def _check(self) -> str:
        """What to look at where it fails."""
        return "Check the file and its folder" if self.is_local else "Check its server"

    @property
    def _file(self) -> Path | None:
        name = self._url.database or ""
        is_path = self.is_local and name and not name.startswith((":", "file:"))
        return Path(name) if is_path else None

    @property
    def _is_missing(self) -> bool:
        """Whether there is no file yet; reading shall make none."""
        return self._file is not None and not self._file.exists()

    def keep(self, feedback: Feedback) -> None:
        """Keep feedback; what was kept under its id before is replaced.

        Raises:
            FeedbackError: it could not be kept; all that was there is as it was.
        """
        with self._connected(writing=True) as connection:
            prepare(connection, self.name)
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.id == feedback.id))
            connection.execute(insert(FEEDBACK).values(to_row(feedback)))

    def all(self) -> tuple[Feedback, ...]:
        """Return all feedback, the oldest first; none where there is no database yet.

        Raises:
            FeedbackError: it cannot be read.
        """
        if self._is_missing:
            return ()
        with self._connected() as connection:
            if not is_there(connection, self.name):
                return ()
            # The id only settles the order of what came at one moment.
            asked = select(FEEDBACK).order_by(FEEDBACK.c.kept_at, FEEDBACK.c.id)
            return tuple(from_row(row) for row in connection.execute(asked).mappings())

    def delete(self, ids: Sequence[str] = (), person: str | None = None) -> int:
        """Delete feedback by its ids, and all of a person; return how many went.

        Raises:
            FeedbackError: it cannot be deleted.
        """
        if self._is_missing:
            return 0
        with self._connected(writing=True) as connection:
            if not is_there(connection, self.name):
                return 0
            theirs = FEEDBACK.c.person == person if person is not None else false()
            chosen = or_(FEEDBACK.c.id.in_(list(ids)), theirs)
            done = connection.execute(delete(FEEDBACK).where(chosen))
            return done.rowcount

    @contextmanager
    def _connected(self, *, writing: bool = False) -> Iterator[Connection]:
        """Open a transaction; faults of the database become one clear sentence."""
        try:
            if self._file is not None and writing:
                _make_private(self._file)
            with self._engine.connect() as opened:
                connection = opened.execution_options(**{_WRITING: writing})
                with connection.begin():
                    yield connection
        except (SQLAlchemyError, OSError, TypeError, ValueError) as error:
            if is_full(error) or is_full(getattr(error, "orig", None) or error):
                folder = self._file.parent if self._file else self.name
                raise FeedbackError(no_room(folder)) from error
            raise FeedbackError(
                f"The feedback database {self.name} cannot be "
                f"{'written' if writing else 'read'} ({_first_line(error)}). Nothing in "
                f"it was changed. {self._check}, or set ASSISTANT_FEEDBACK_DATABASE to "
                "another database."
            ) from error


def open_store(settings: Settings) -> FeedbackStore | None:
    """Return the store that the settings name, or None where feedback is off.

    Raises:
        ConfigError: the address cannot be used.
    """
    secret = settings.feedback_database
    address = secret.get_secret_value().strip() if secret else ""
    if address.lower() == "off":
        return None
    if not address:
        file = settings.data_dir / FILE
        return FeedbackStore(URL.create("sqlite", database=str(file)))
    try:
        return FeedbackStore(make_url(address))
    except SQLAlchemyError:
        # What was typed may hold a password: it is neither shown nor chained.
        raise ConfigError(
            "ASSISTANT_FEEDBACK_DATABASE is no address of a database. Use one such as "
            "sqlite:////var/lib/shelf/feedback.sqlite, or off. See .env.example."
        ) from None


def _make_engine(url: URL) -> Engine:
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
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _make_private(file: Path) -> None:
    """Make an empty file that nobody else on the machine may read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))


def _first_line(error: BaseException) -> str:
    """Return what a database says, without the statement and its values."""
    told = str(getattr(error, "orig", None) or error)
    return (
        told.strip().splitlines()[0].rstrip(".") if told.strip() else "no reason given"
    )
