"""Where feedback is kept: a table in an SQLite file, or in any database of SQLAlchemy's.

Several processes may keep feedback in one SQLite file: each write takes the file's lock
before it reads anything, and waits for another's. Feedback comes seldom, so a connection
is opened for each use and nothing stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    delete,
    false,
    insert,
    make_url,
    or_,
    select,
    true,
)
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from assistant.disk import is_full, no_room
from assistant.errors import ConfigError, FeedbackError
from assistant.feedback import engine
from assistant.feedback.entry import Feedback
from assistant.feedback.tables import FEEDBACK, from_row, is_there, prepare, to_row
from assistant.settings import Settings

FILE = "feedback.sqlite"
_MEND = "Put it back from a backup, or begin anew: assistant feedback delete --all."


class FeedbackStore:
    """Feedback in one database, which is made when the first is kept."""

    def __init__(self, url: URL, most_mb: float = 1000) -> None:
        """Take the address of the database, and how large a file of ours may become.

        Raises:
            ConfigError: its kind is unknown, or its driver is not installed.
        """
        self._url, self._most_mb = url, most_mb
        try:
            self._engine = engine.make_engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise ConfigError(
                f"ASSISTANT_FEEDBACK_DATABASE: {self.name} cannot be used "
                f"({engine.first_line(error)}). Install its driver, or set another address."
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
    def _mark(self) -> Path | None:
        """The file that says that feedback was kept, so that what is lost is missed."""
        return self._file.with_suffix(".kept") if self._file else None

    def _is_new(self, connection: Connection | None) -> bool:
        """Tell whether nothing was ever kept here; reading shall make no file.

        Raises:
            FeedbackError: something was, and is lost.
        """
        is_missing = self._file is not None and not self._file.exists()
        if connection and not is_missing and is_there(connection, self.name):
            return False
        if self._mark and self._mark.exists() and (connection or is_missing):
            lost = "is missing" if is_missing else "is empty"
            raise FeedbackError(
                f"{self.name} {lost}, though feedback was kept in it. {_MEND}"
            )
        return is_missing or connection is not None

    def keep(self, feedback: Feedback) -> None:
        """Keep feedback; what was kept under its id before is replaced.

        Raises:
            FeedbackError: it could not be kept; all that was there is as it was.
        """
        self._is_new(None)
        self._check_room()
        with self._connected(writing=True) as connection:
            if self._is_new(connection):
                prepare(connection, self.name)
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.id == feedback.id))
            connection.execute(insert(FEEDBACK).values(to_row(feedback)))
        if self._mark:
            with suppress(OSError):
                self._mark.touch(0o600)

    def _check_room(self) -> None:
        if not self._file or not self._file.exists():
            return
        if self._file.stat().st_size > self._most_mb * 1_000_000:
            raise FeedbackError(
                f"{self.name} holds the {self._most_mb:g} MB of feedback that are taken. "
                "Export it and delete some (assistant feedback export, delete), or set "
                "ASSISTANT_FEEDBACK_MB higher."
            )

    def all(self) -> tuple[Feedback, ...]:
        """Return all feedback, the oldest first; none where there is no database yet.

        Raises:
            FeedbackError: it cannot be read, or is lost.
        """
        if self._is_new(None):
            return ()
        with self._connected() as connection:
            if self._is_new(connection):
                return ()
            # The id only settles the order of what came at one moment.
            asked = select(FEEDBACK).order_by(FEEDBACK.c.kept_at, FEEDBACK.c.id)
            return tuple(from_row(row) for row in connection.execute(asked).mappings())

    def delete(self, ids: Sequence[str] = (), person: str | None = None) -> int:
        """Delete feedback by its ids, and all of a person; return how many went.

        Raises:
            FeedbackError: it cannot be deleted, or is lost.
        """
        theirs = FEEDBACK.c.person == person if person is not None else false()
        return self._delete(or_(FEEDBACK.c.id.in_(list(ids)), theirs))

    def delete_all(self) -> int | None:
        """Delete all feedback; return how many went, None where it was lost before.

        Raises:
            FeedbackError: it cannot be deleted.
        """
        try:
            return self._delete(true())
        except FeedbackError:
            if self._file is None or not self._mark or not self._mark.exists():
                raise
        with self._told(writing=True):
            for file in (self._file, *self._file.parent.glob(f"{self._file.name}-*")):
                file.unlink(missing_ok=True)
            self._mark.unlink()
        return None

    def _delete(self, chosen: ColumnElement[bool]) -> int:
        if self._is_new(None):
            return 0
        with self._connected(writing=True) as connection:
            if self._is_new(connection):
                return 0
            return connection.execute(delete(FEEDBACK).where(chosen)).rowcount

    @contextmanager
    def _connected(self, *, writing: bool = False) -> Iterator[Connection]:
        """Open a transaction; faults of the database become one clear sentence."""
        with self._told(writing=writing):
            if self._file is not None and writing:
                engine.make_private(self._file)
            with self._engine.connect() as opened:
                connection = opened.execution_options(**{engine.WRITING: writing})
                with connection.begin():
                    yield connection

    @contextmanager
    def _told(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError, TypeError, ValueError) as error:
            if is_full(error) or is_full(getattr(error, "orig", None) or error):
                folder = self._file.parent if self._file else self.name
                raise FeedbackError(no_room(folder)) from error
            mend = _MEND if isinstance(error, DatabaseError) and self._file else ""
            raise FeedbackError(
                f"The feedback database {self.name} cannot be "
                f"{'written' if writing else 'read'} ({engine.first_line(error)}). Nothing in "
                f"it was changed. {self._check}, or set ASSISTANT_FEEDBACK_DATABASE to "
                f"another database. {mend}".strip()
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
        return FeedbackStore(
            URL.create("sqlite", database=str(file)), settings.feedback_mb
        )
    try:
        return FeedbackStore(make_url(address), settings.feedback_mb)
    except SQLAlchemyError:
        # What was typed may hold a password: it is neither shown nor chained.
        raise ConfigError(
            "ASSISTANT_FEEDBACK_DATABASE is no address of a database. Use one such as "
            "sqlite:////var/lib/shelf/feedback.sqlite, or off. See .env.example."
        ) from None
