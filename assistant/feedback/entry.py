"""One person's word on one answer, with all that is needed to ask it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.schema import Turn

Verdict = Literal["right", "wrong"]
Reason = Literal[
    "wrong_report",
    "wrong_page",
    "missing_point",
    "out_of_date",
    "not_supported",
    "other",
]
# How each is put to people.
REASONS: dict[Reason, str] = {
    "wrong_report": "It cites the wrong report",
    "wrong_page": "It cites the wrong page or section",
    "missing_point": "A point is missing",
    "out_of_date": "It is out of date",
    "not_supported": "The source does not say this",
    "other": "Something else",
}
MOST_CHARS = 2_000
"""Characters that a correction or a comment may have."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said of an answer; kept again under its id, it replaces the first.

    ``kept_at`` is ISO with its time zone. ``reason`` is None for "right". ``sentence``
    is the one that is meant, None for the whole. ``reports`` are the ids that were to
    be asked, empty for all. ``answer`` is the object of the contract, as ``Answer``
    gives it. ``person`` is None where nobody is asked who they are.
    """

    id: str
    kept_at: str
    verdict: Verdict
    question: str
    standalone_question: str
    answer: Mapping[str, object]
    reason: Reason | None = None
    sentence: str | None = None
    correction: str = ""
    comment: str = ""
    history: tuple[Turn, ...] = ()
    reports: tuple[str, ...] = ()
    model: str = ""
    corpus_version: str | None = None
    program_version: str = ""
    person: str | None = None
