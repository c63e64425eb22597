"""A conversation as it goes on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.schema import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what became of it.

    ``searched_for`` is the standalone question where it is not what was typed. An
    ``answer`` that failed without a text has ``failure`` in its place. ``reports`` are
    the titles of those that were to be asked, empty for all. What nobody noted down is
    None.
    """

    question: str
    searched_for: str | None = None
    answer: Answer | None = None
    failure: str | None = None
    stopped: bool = False
    reports: tuple[str, ...] = ()
    asked_at: datetime | None = None
    corpus_version: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation, with when it was saved (with a time zone), by whom, and by what.

    Times are given in the zone of ``saved_at``. ``saved_by`` is None where nobody is
    asked who they are.
    """

    asked: tuple[Asked, ...]
    saved_at: datetime
    saved_by: str | None
    program_version: str
