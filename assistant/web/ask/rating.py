"""What somebody says of an answer, and how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

from assistant import __version__
from assistant.feedback.entry import Feedback, Reason, Verdict
from assistant.schema import Turn
from assistant.web.ask.conversation import Conversation, Exchange, history_of


@dataclass(frozen=True, slots=True)
class Rated:
    """The answer that the form is about; what is said of it is kept under its id."""

    id: str
    exchange: Exchange
    history: tuple[Turn, ...]


class Said(NamedTuple):
    """What somebody put into the form; ``sentence`` is empty for the whole answer."""

    reason: Reason | None = None
    sentence: str = ""
    correction: str = ""


def rated_of(conversation: Conversation) -> Rated | None:
    """Return the latest answer if it is whole, and not a failure."""
    if not conversation:
        return None
    latest = conversation[-1]
    answer = latest.answer
    if answer is None or answer.outcome == "error":
        return None
    if latest.paper:
        # Feedback keeps the answer for the team; a paper of one's own is not theirs.
        return None
    if latest.stopped or not latest.is_whole or latest.failure is not None:
        return None
    return Rated(uuid4().hex[:12], latest, tuple(history_of(conversation[:-1])))


def is_of(sentence: str, rated: Rated) -> bool:
    """Tell whether a sentence is one of the answer's; the whole is the empty one."""
    answer = rated.exchange.answer
    return sentence in ("", *(s.text for s in (answer.sentences if answer else ())))


def make_feedback(
    rated: Rated, verdict: Verdict, said: Said, person: str | None, now: datetime
) -> Feedback:
    """Return what somebody said of an answer as it is kept; ``now`` has a time zone."""
    exchange = rated.exchange
    assert exchange.answer is not None
    return Feedback(
        id=rated.id,
        kept_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        reason=said.reason,
        sentence=said.sentence or None,
        correction=said.correction.strip(),
        question=exchange.question,
        standalone_question=exchange.standalone_question or exchange.question,
        history=rated.history,
        reports=exchange.reports,
        answer=exchange.answer.as_json(),
        model=exchange.answer.model,
        corpus_version=exchange.corpus_version,
        program_version=__version__,
        person=person,
    )
