"""Questions to press on the Ask page: to begin with, to choose from, to go on with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.web.ask.choosing import chosen_of
from assistant.web.ask.conversation import AnswersQuestions, Conversation, questions_of
from assistant.web.ask.widgets import Suggested, Widgets
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.texts import put_text

MOST_OPENINGS, MOST_CHOICES, MOST_FOLLOW_UPS = 5, 5, 3

log = logging.getLogger(__name__)


def put_suggested(heading: str, most: int, elem_id: str) -> Suggested:
    """Put a group on the page, hidden as yet."""
    with gr.Column(elem_id=elem_id, elem_classes="suggested", visible=False) as group:
        put_text(f"<h2>{heading}</h2>")
        buttons = [gr.Button("", size="sm", min_width=0) for _ in range(most)]
    return Suggested(group, buttons)


def offer(group: Suggested, questions: Sequence[str]) -> Updates:
    """Show these questions in a group, or hide it."""
    texts = questions[: len(group.buttons)]
    updates: Updates = {button: gr.update(visible=False) for button in group.buttons}
    for button, text in zip(group.buttons, texts, strict=False):
        updates[button] = gr.update(value=text, visible=True)
    return {group.group: gr.update(visible=bool(texts)), **updates}


@dataclass(frozen=True)
class Suggesting:
    """The events that offer questions; without any the page works as well."""

    assistant: AnswersQuestions
    w: Widgets

    def openings(self, reports: Sequence[str]) -> Updates:
        """Offer questions to begin with, for the chosen reports."""
        everything = {details.report for details in self.assistant.catalogue}
        chosen = chosen_of(reports, tuple(everything))
        found = _if_possible(lambda: self.assistant.openings(chosen))
        return offer(self.w.openings, found)

    def open_with(self, reports: list[str], conversation: Conversation) -> Updates:
        """Offer openings while nothing has been asked."""
        return {} if conversation else self.openings(reports)

    def suggest(self, conversation: Conversation) -> Updates:
        """Offer what to choose from or to go on with, after the latest answer."""
        latest = conversation[-1] if conversation else None
        answer = latest.answer if latest and latest.is_whole else None
        choices = list(answer.choices) if answer else []
        follow_ups: list[str] = []
        if latest and answer and not choices and not latest.paper:
            asked, reports = questions_of(conversation), latest.reports
            follow_ups = _if_possible(
                lambda: self.assistant.follow_ups(answer, asked, reports)
            )
        return {
            **offer(self.w.choices, choices),
            **offer(self.w.follow_ups, follow_ups),
        }


def _if_possible(find: Callable[[], list[str]]) -> list[str]:
    """Return what is found; suggestions are a courtesy, so what fails is for the log."""
    try:
        return find()
    except Exception:
        log.exception("No questions to suggest")
        return []
