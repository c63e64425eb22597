"""The items of an agenda as a page lets them be looked over, and what came of that."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from assistant.briefing.agenda.agenda import (
    MOST_CHARS,
    MOST_ITEMS,
    Agenda,
    AgendaItem,
    within_bounds,
)
from assistant.errors import AgendaError

NOTHING_TICKED = "No item is ticked. Tick at least one, then make the pack."


@dataclass(frozen=True, slots=True)
class Review:
    """An agenda with its questions, and of which text it was made."""

    agenda: Agenda
    of: str

    @classmethod
    def begin(cls, agenda: Agenda, text: str) -> Review:
        """Let the items of a text be looked over."""
        return cls(agenda, _mark(text))

    def is_of(self, text: str) -> bool:
        """Tell whether the text still is the one whose items were looked over."""
        return self.of == _mark(text)

    @property
    def asked(self) -> int:
        """How many items are to be briefed."""
        return sum(is_ticked(item) for item in self.agenda.items)

    def write(self) -> str:
        """Return it as JSON."""
        return _REVIEW.dump_json(self).decode()


_REVIEW = TypeAdapter(Review)


def is_ticked(item: AgendaItem) -> bool:
    """Tell whether an item is to be briefed; the rules tell where nobody has."""
    return bool(item.questions) if item.ticked is None else item.ticked


def read_review(text: str) -> Review:
    """Read a review that was sent; an item without any text is gone.

    Raises:
        AgendaError: it is none, or too long.
    """
    try:
        if len(text) > 4 * MOST_CHARS:
            raise ValueError(len(text))
        review = _REVIEW.validate_python(json.loads(text))
        if len(review.agenda.items) > MOST_ITEMS:
            raise ValueError(len(review.agenda.items))
    except (ValueError, RecursionError, ValidationError) as error:
        raise AgendaError("The list of items is damaged. Show the items again.") from (
            error
        )
    items = [_tidied(item) for item in review.agenda.items]
    kept = tuple(item for item in items if item.title)
    return replace(review, agenda=replace(review.agenda, items=kept))


def _tidied(item: AgendaItem) -> AgendaItem:
    lines = (" ".join(question.split()) for question in item.questions)
    questions = tuple(dict.fromkeys(filter(None, lines)))
    title = " ".join(item.title.split()) or next(iter(questions), "")
    return within_bounds(replace(item, title=title, questions=questions, matters=()))


def _mark(text: str) -> str:
    return sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:16]
