"""The tables of feedback, and feedback as their rows."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
)

from assistant.errors import FeedbackError
from assistant.feedback.entry import Feedback
from assistant.schema import Turn

SCHEMA = 1
"""The version of this layout."""
_JSON = ("history", "reports", "answer")
# The name of a lock in PostgreSQL: any number that nobody else takes.
_LOCK = 7_286_453_302

_METADATA = MetaData()
VERSIONS = Table(
    "feedback_schema", _METADATA, Column("version", Integer, nullable=False)
)
FEEDBACK = Table(
    "feedback",
    _METADATA,
    Column("id", String(64), primary_key=True),
    Column("kept_at", String(40), nullable=False, index=True),
    Column("verdict", String(16), nullable=False),
    Column("reason", String(32)),
    Column("sentence", Text),
    Column("correction", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("history", Text, nullable=False),
    Column("reports", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("corpus_version", Text),
    Column("program_version", Text, nullable=False),
    Column("person", Text, index=True),
)


def prepare(connection: Connection, name: str) -> None:
    """Make the tables where there are none; ``name`` is the database's, to show."""
    if is_there(connection, name):
        return
    if connection.dialect.name == "postgresql":
        # Else two processes that keep the first feedback at once would both make them.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if is_there(connection, name):
            return
    _METADATA.create_all(connection)
    connection.execute(insert(VERSIONS).values(version=SCHEMA))


def is_there(connection: Connection, name: str) -> bool:
    """Tell whether the tables are there.

    Raises:
        FeedbackError: they are another program's, or a newer version's.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables & {FEEDBACK.name, VERSIONS.name}:
        return False
    found = None
    if tables >= {FEEDBACK.name, VERSIONS.name}:
        found = connection.execute(select(VERSIONS.c.version)).scalar()
    if found == SCHEMA:
        return True
    made_by = "another program" if found is None else f"version {found} of its layout"
    raise FeedbackError(
        f"The feedback database {name} was made by {made_by}; this program knows version "
        f"{SCHEMA}. Nothing in it was changed. Update the program, or set "
        "ASSISTANT_FEEDBACK_DATABASE to another database."
    )


def to_row(feedback: Feedback) -> dict[str, str | None]:
    """Return feedback as the values of a row."""
    values = {
        **asdict(feedback),
        "history": [asdict(turn) for turn in feedback.history],
        "answer": dict(feedback.answer),
    }
    return {
        name: json.dumps(value) if name in _JSON else _storable(value)
        for name, value in values.items()
    }


def _storable(value: str | None) -> str | None:
    """Return a text without what no database holds: zeros, halves of surrogate pairs."""
    if value is None:
        return None
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def from_row(row: RowMapping) -> Feedback:
    """Return a row as feedback."""
    values = dict(row) | {name: json.loads(row[name]) for name in _JSON}
    values["history"] = tuple(Turn(**turn) for turn in values["history"])
    values["reports"] = tuple(values["reports"])
    return Feedback(**values)
