"""A question as it comes in from outside: one JSON object, checked field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.schema import Turn

# Fields of the contract, and what somebody types who means one of them.
_FIELDS = {"id", "question", "history", "reports"}
_SLIPS = {"report": "reports", "query": "question", "messages": "history"}


@dataclass(frozen=True, slots=True)
class Request:
    """What one input line asks."""

    question: str
    history: tuple[Turn, ...] = ()
    reports: tuple[str, ...] = ()
    id: str | None = None


def parse_history(value: object) -> tuple[Turn, ...]:
    """Return the turns of a list of ``{"role", "content"}`` objects, oldest first.

    Raises:
        QuestionError: it is not such a list.
    """
    if value is None:
        return ()
    problem = QuestionError(
        "'history' must be a list of objects with 'role' (user or assistant) and "
        "'content' (text), oldest first."
    )
    if not isinstance(value, list):
        raise problem
    turns = []
    for item in value:
        if not isinstance(item, dict):
            raise problem
        role, content = item.get("role"), item.get("content")
        if role not in ("user", "assistant") or not isinstance(content, str):
            raise problem
        turns.append(Turn(role, content))
    return tuple(turns)


def parse_request(value: object) -> Request:
    """Return the request of one decoded JSON value.

    Raises:
        QuestionError: a field is missing or of the wrong type. Further ones are ignored.
    """
    if not isinstance(value, dict):
        raise QuestionError("An input line must be a JSON object with a 'question'.")
    question = value.get("question")
    if not isinstance(question, str):
        raise QuestionError("'question' is missing or not text.")
    reports = value.get("reports") or []
    if not isinstance(reports, list) or not all(isinstance(r, str) for r in reports):
        raise QuestionError("'reports' must be a list of report ids.")
    id_ = value.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int | None):
        raise QuestionError("'id' must be text or a number.")
    return Request(
        question,
        parse_history(value.get("history")),
        tuple(reports),
        None if id_ is None else str(id_).encode("utf-8", "replace").decode(),
    )


def likely_slips(value: object) -> dict[str, str]:
    """Return the fields that were probably meant to be others, each with that one."""
    given = set(value) if isinstance(value, dict) else set()
    return {
        n: meant for n, meant in _SLIPS.items() if n in given and meant not in given
    }


def parse_line(line: str) -> Request:
    """Return the request of one line: a JSON object, or a question as plain text.

    Raises:
        QuestionError: it is broken JSON, or not a request.
    """
    if line.lstrip()[:1] not in ("{", "[", '"'):
        return Request(line.strip())
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError("This line is not JSON.") from error
    return parse_request(value)
