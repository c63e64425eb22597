"""Questions to press on the Ask page: to begin with, to choose from, to go on with."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.schema import Answer
from assistant.web.ask.choosing import chosen_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Conversation,
    questions_of,
)
from assistant.web.gradio_import import gr
from assistant.web.texts import put_text

MOST_OPENINGS, MOST_CHOICES, MOST_FOLLOW_UPS = 5, 5, 3

log = logging.getLogger(__name__)


class Suggested(NamedTuple):
    """A group of questions to press; without questions it is hidden."""

    group: Any
    buttons: list[Any]

    @property
    def outputs(self) -> list[Any]:
        """What ``offer`` returns values for."""
        return [self.group, *self.buttons]


def put_suggested(heading: str, most: int, elem_id: str) -> Suggested:
    """Put a group on the page, hidden as yet."""
    with gr.Column(elem_id=elem_id, elem_classes="suggested", visible=False) as group:
        put_text(f"<h2>{heading}</h2>")
        buttons = [gr.Button("", size="sm", min_width=0) for _ in range(most)]
    return Suggested(group, buttons)


def offer(questions: Sequence[str], most: int) -> list[Any]:
    """Return the values that show these questions in a group, or hide it."""
    shown = [gr.update(value=text, visible=True) for text in questions[:most]]
    hidden = [gr.update(visible=False)] * (most - len(shown))
    return [gr.update(visible=bool(shown)), *shown, *hidden]


@dataclass(frozen=True)
class Suggesting:
    """The events that offer questions; without any the page works as well."""

    assistant: AnswersQuestions

    def openings(self, reports: Sequence[str]) -> list[Any]:
        """Offer questions to begin with, for the chosen reports."""
        everything = {details.report for details in self.assistant.catalogue}
        chosen = chosen_of(reports, tuple(everything))
        try:
            return offer(self.assistant.openings(chosen), MOST_OPENINGS)
        except Exception:
            # Suggestions are a courtesy, so what fails is for the log.
            log.exception("No questions to begin with")
            return offer([], MOST_OPENINGS)

    def open_with(self, reports: list[str], conversation: Conversation) -> list[Any]:
        """Offer openings while nothing has been asked."""
        if conversation:
            return [gr.skip()] * (MOST_OPENINGS + 1)
        return self.openings(reports)

    def suggest(self, conversation: Conversation) -> list[Any]:
        """Offer what to choose from or to go on with, after the latest answer."""
        latest = conversation[-1] if conversation else None
        answer = latest.answer if latest and latest.is_whole else None
        choices = list(answer.choices) if answer else []
        follow_ups: list[str] = []
        if latest and answer and not choices:
            follow_ups = self._follow_ups(answer, conversation, latest.reports)
        return [*offer(choices, MOST_CHOICES), *offer(follow_ups, MOST_FOLLOW_UPS)]

    def _follow_ups(
        self, answer: Answer, conversation: Conversation, reports: Sequence[str]
    ) -> list[str]:
        try:
            return self.assistant.follow_ups(
                answer, questions_of(conversation), reports
            )
        except Exception:
            log.exception("No questions to go on with")
            return []
