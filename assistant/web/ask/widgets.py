"""The parts of the Ask page, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from assistant.web.ask.suggestions import Suggested


class Editing(NamedTuple):
    """The line that says which question is being changed."""

    row: Any
    text: Any
    cancel: Any


class Hidden(NamedTuple):
    """Parts that nobody sees: our scripts press them, and read ``record``."""

    record: Any
    retry: Any
    edit: Any
    edit_number: Any
    open: Any
    open_text: Any
    apart: Any


class Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

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
    reports: Any
    editing: Editing
    hidden: Hidden
    told: Any
    conversation: Any
    kept_id: Any
    offered: Any
    edited: Any
