"""Questions to press on the Ask page: to begin with, to choose from, to go on with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from assistant.web.gradio_import import gr
from assistant.web.texts import put_text

MOST_OPENINGS, MOST_CHOICES, MOST_FOLLOW_UPS = 5, 5, 3


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
