"""Which part of the Ask page does what."""

from __future__ import annotations

from typing import Any, NamedTuple

from assistant.web.ask.asking import Asking
from assistant.web.ask.keeping import Keeping
from assistant.web.ask.suggestions import Suggesting
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import gr

# Questions answered at one time; Gradio's own default is one.
CONCURRENCY = 100

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Events(NamedTuple):
    """What happens when the page is used."""

    asking: Asking
    keeping: Keeping
    suggesting: Suggesting


def _asks(w: Widgets, asking: Asking) -> list[Any]:
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
        asks(typing, asking.ask_typed, [w.question], w.edited),
        asks([w.hidden.retry.click], asking.ask_again, []),
        *(asks([button.click], asking.ask_pressed, [], button) for button in buttons),
    ]


def _shown(w: Widgets) -> list[Any]:
    return [w.chat, w.panel, w.conversation, w.progress]


def _ready(w: Widgets) -> list[Any]:
    """Return what ``ready`` returns updates for."""
    groups = [w.openings.group, w.choices.group, w.follow_ups.group]
    return [*groups, w.editing.row, w.edited]


def _cleared(w: Widgets) -> list[Any]:
    return [w.hidden.record, w.kept_id, w.fault, w.question]


def wire(page: gr.Blocks, w: Widgets, events: Events) -> None:
    """Wire the parts of the page to what happens when they are used."""
    asks = _asks(w, events.asking)
    stopped = w.stop.click(
        events.asking.stop, w.conversation, _shown(w), cancels=asks, **_QUIET
    )
    for asked in (*asks, stopped):
        _goes_on(asked, w, events)
    _wire_editing(w, events.asking)
    _wire_keeping(w, events, asks)
    offers: Any = {"inputs": [w.reports, w.conversation], **_QUIET}
    open_with = events.suggesting.open_with
    loaded = [w.reports, w.offered, w.hidden.record]
    page.load(events.keeping.load, outputs=loaded, **_QUIET).success(
        open_with, outputs=w.openings.outputs, **offers
    )
    w.reports.input(open_with, outputs=w.openings.outputs, **offers)


def _goes_on(done: Any, w: Widgets, events: Events) -> None:
    """After an answer: keep it, and suggest how to go on; it waits for neither."""
    record = [w.hidden.record, w.kept_id]
    inputs = [w.conversation, w.kept_id, w.hidden.record]
    done.success(events.keeping.keep, inputs, record, **_QUIET)
    _suggests(done, w, events.suggesting)


def _suggests(done: Any, w: Widgets, suggesting: Suggesting) -> None:
    outputs = [*w.choices.outputs, *w.follow_ups.outputs]
    done.success(suggesting.suggest, w.conversation, outputs, **_QUIET)


def _wire_keeping(w: Widgets, events: Events, asks: list[Any]) -> None:
    keeping, suggesting = events.keeping, events.suggesting
    w.again.click(
        keeping.start_again,
        outputs=[*_shown(w), *_cleared(w), *_ready(w)[1:]],
        cancels=asks,
        **_QUIET,
    ).success(suggesting.openings, w.reports, w.openings.outputs, **_QUIET)
    opened = w.hidden.open.click(
        keeping.open,
        [w.hidden.open_text, w.offered],
        [*_shown(w), *_cleared(w), *_ready(w), w.reports, w.told],
        cancels=asks,
        **_QUIET,
    )
    _suggests(opened, w, suggesting)
    w.hidden.apart.click(
        keeping.keep_apart,
        [w.conversation, w.hidden.record],
        [w.hidden.record, w.kept_id, w.told],
        **_QUIET,
    )


def _wire_editing(w: Widgets, asking: Asking) -> None:
    editing = [w.editing.row, w.editing.text, w.question, w.edited]
    inputs = [w.hidden.edit_number, w.conversation, w.hidden.record]
    w.hidden.edit.click(asking.edit, inputs, editing, **_QUIET)
    w.editing.cancel.click(asking.leave, outputs=editing, **_QUIET)
