"""The parts of the Ask page, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates


class Suggested(NamedTuple):
    """A group of questions to press; without questions it is hidden."""

    group: Any
    buttons: list[Any]

    @property
    def outputs(self) -> list[Any]:
        """The parts that ``offer`` changes."""
        return [self.group, *self.buttons]


class Editing(NamedTuple):
    """The line that says which question is being changed."""

    row: Any
    text: Any
    cancel: Any


class Paper(NamedTuple):
    """Where a paper is dropped, and what became of it."""

    upload: Any
    told: Any
    done: Any
    alone: Any


class Hidden(NamedTuple):
    """Parts that nobody sees: our scripts press them, and read ``record``."""

    record: Any
    retry: Any
    edit: Any
    edit_number: Any
    open: Any
    open_text: Any
    apart: Any
    away: Any
    forget: Any
    forget_ids: Any


class Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

    home: Any
    chat: Any
    panel: Any
    progress: Any
    question: Any
    fault: Any
    send: Any
    stop: Any
    again: Any
    openings: Suggested
    choices: Suggested
    follow_ups: Suggested
    filter: Any
    reports: Any
    editing: Editing
    paper: Paper
    hidden: Hidden
    told: Any
    conversation: Any
    kept_id: Any
    offered: Any
    edited: Any

    @property
    def shown(self) -> list[Any]:
        """The parts that show a conversation or go with it."""
        suggested = [self.openings.group, self.choices.group, self.follow_ups.group]
        return [
            self.chat,
            self.panel,
            self.progress,
            self.question,
            self.fault,
            *suggested,
            self.editing.row,
            self.edited,
            self.paper.told,
            self.paper.alone,
            self.hidden.record,
            self.told,
            self.conversation,
            self.kept_id,
        ]

    def ready(self) -> Updates:
        """Return updates: nothing is suggested any more, and nothing being changed."""
        hidden = gr.update(visible=False)
        groups = (self.openings, self.choices, self.follow_ups)
        return {
            **{suggested.group: hidden for suggested in groups},
            self.editing.row: hidden,
            self.edited: 0,
            self.fault: "",
        }
