"""The parts of the Ask page, by name."""

from __future__ import annotations

from typing import NamedTuple

from assistant.web.gradio_import import Block, gr
from assistant.web.jobs import Updates


class Suggested(NamedTuple):
    """A group of questions to press; without questions it is hidden."""

    group: gr.Column
    buttons: list[gr.Button]

    @property
    def outputs(self) -> list[Block]:
        """The parts that ``offer`` changes."""
        return [self.group, *self.buttons]


class Editing(NamedTuple):
    """The line that says which question is being changed."""

    row: gr.Row
    text: gr.Markdown
    cancel: gr.Button


class Paper(NamedTuple):
    """Where a paper is dropped, and what became of it."""

    upload: gr.UploadButton
    told: gr.Markdown
    done: gr.Markdown
    alone: gr.Checkbox


class Hidden(NamedTuple):
    """Parts that nobody sees: our scripts press them, and read ``record``."""

    record: gr.Markdown
    retry: gr.Button
    edit: gr.Button
    edit_number: gr.Textbox
    open: gr.Button
    open_text: gr.Textbox
    apart: gr.Button
    away: gr.Button
    forget: gr.Button
    forget_ids: gr.Textbox


class Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

    home: gr.Markdown
    chat: gr.Chatbot
    panel: gr.Markdown
    progress: gr.Markdown
    question: gr.Textbox
    fault: gr.Markdown
    send: gr.Button
    stop: gr.Button
    again: gr.Button
    openings: Suggested
    choices: Suggested
    follow_ups: Suggested
    filter: gr.Accordion
    reports: gr.CheckboxGroup
    editing: Editing
    paper: Paper
    hidden: Hidden
    told: gr.Markdown
    conversation: gr.State
    kept_id: gr.State
    offered: gr.State
    edited: gr.State

    @property
    def shown(self) -> list[Block]:
        """The parts that show a conversation or go with it."""
        suggested = [self.openings.group, self.choices.group, self.follow_ups.group]
        answer = [self.chat, self.panel, self.progress, self.told, self.conversation]
        asking = [self.question, self.fault, self.editing.row, self.edited]
        kept = [self.paper.told, self.paper.alone, self.hidden.record, self.kept_id]
        return [*answer, *asking, *suggested, *kept]

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
