"""Which part of the Ask page does what."""

from __future__ import annotations

from typing import Any

from assistant.web.ask.events import AskEvents
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import gr

# Questions answered at one time; Gradio's own default is one.
CONCURRENCY = 100

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _asking(w: Widgets, events: AskEvents) -> list[Any]:
    """Wire whatever asks a question; Stop and others end it."""

    def asks(triggers: list[Any], ask: Any, first: list[Any], *extra: Any) -> Any:
        return gr.on(
            triggers,
            ask,
            inputs=[
                *first,
                w.conversation,
                w.hidden.record,
                w.reports,
                w.offered,
                *extra,
            ],
            outputs=[*_shown(w), w.fault, w.question, *_ready(w)],
            trigger_mode="once",
            concurrency_limit=CONCURRENCY,
            concurrency_id="ask",
            **_QUIET,
        )

    typing = [w.question.submit, w.send.click]
    buttons = [*w.openings.buttons, *w.choices.buttons, *w.follow_ups.buttons]
    return [
        asks(typing, events.ask_typed, [w.question], w.edited),
        asks([w.hidden.retry.click], events.ask_again, []),
        *(asks([button.click], events.ask_pressed, [], button) for button in buttons),
    ]


def _shown(w: Widgets) -> list[Any]:
    return [w.chat, w.panel, w.conversation, w.progress]


def _ready(w: Widgets) -> list[Any]:
    """Return what ``AskEvents.ready`` returns updates for."""
    groups = [w.openings.group, w.choices.group, w.follow_ups.group]
    return [*groups, w.editing.row, w.edited]


def wire(page: gr.Blocks, w: Widgets, events: AskEvents) -> None:
    """Wire the parts of the page to what happens when they are used."""

    def goes_on(done: Any) -> None:
        """After an answer: keep it, and suggest how to go on; it waits for neither."""
        record = [w.hidden.record, w.kept_id]
        inputs = [w.conversation, w.kept_id, w.hidden.record]
        done.success(events.keep, inputs, record, **_QUIET)
        suggests(done)

    def suggests(done: Any) -> None:
        outputs = [*w.choices.outputs, *w.follow_ups.outputs]
        done.success(events.suggest, w.conversation, outputs, **_QUIET)

    asking = _asking(w, events)
    for asked in asking:
        goes_on(asked)
    goes_on(
        w.stop.click(events.stop, w.conversation, _shown(w), cancels=asking, **_QUIET)
    )
    cleared = [w.hidden.record, w.kept_id, w.fault, w.question]
    w.again.click(
        events.start_again,
        w.reports,
        [*_shown(w), *cleared, *_ready(w)[1:], *w.openings.outputs],
        cancels=asking,
        **_QUIET,
    )
    _wire_editing(w, events)
    opened = w.hidden.open.click(
        events.open,
        [w.hidden.open_text, w.offered],
        [*_shown(w), *cleared, *_ready(w), w.reports, w.told],
        cancels=asking,
        **_QUIET,
    )
    suggests(opened)
    offers: Any = {"inputs": [w.reports, w.conversation], **_QUIET}
    loaded = [w.reports, w.offered, w.hidden.record]
    page.load(events.load, outputs=loaded, **_QUIET).success(
        events.open_with, outputs=w.openings.outputs, **offers
    )
    w.reports.input(events.open_with, outputs=w.openings.outputs, **offers)


def _wire_editing(w: Widgets, events: AskEvents) -> None:
    editing = [w.editing.row, w.editing.text, w.question, w.edited]
    inputs = [w.hidden.edit_number, w.conversation, w.hidden.record]
    w.hidden.edit.click(events.edit, inputs, editing, **_QUIET)
    w.editing.cancel.click(events.leave, outputs=editing, **_QUIET)
