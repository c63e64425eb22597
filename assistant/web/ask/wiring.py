"""Which part of the Ask page does what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant.web.ask.asking import Asking
from assistant.web.ask.keeping import Keeping
from assistant.web.ask.papers import PaperEvents
from assistant.web.ask.suggestions import Suggesting
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import Block, gr
from assistant.web.texts import QUIET, READING, Options

if TYPE_CHECKING:
    from gradio.events import Dependency, Trigger

# Questions answered at one time; Gradio's own default is one.
CONCURRENCY = 100

# Whoever leaves an answer may ask elsewhere while it goes on.
_LONG: Options = {
    "trigger_mode": "multiple",
    "concurrency_limit": CONCURRENCY,
    "concurrency_id": "ask",
    **QUIET,
}


class Events(NamedTuple):
    """What happens when the page is used."""

    asking: Asking
    keeping: Keeping
    suggesting: Suggesting


def wire(page: gr.Blocks, w: Widgets, events: Events) -> None:
    """Wire the parts of the page to what happens when they are used."""
    asking, suggesting = events.asking, events.suggesting
    for asked in _asks(w, asking):
        _suggests(asked, w, suggesting)
    stopping = [w.chat, w.panel, w.progress, w.conversation]
    w.stop.click(asking.stop, w.conversation, stopping, **QUIET)
    _wire_editing(w, asking)
    _wire_keeping(page, w, events)


def _asks(w: Widgets, asking: Asking) -> list[Dependency]:
    """Wire whatever asks a question."""
    kept = [w.conversation, w.kept_id, w.hidden.record, w.reports, w.offered]
    kept += [w.paper.told, w.paper.alone]
    not_typed, latest = gr.State(None), gr.State(None)

    def asks(
        triggers: Sequence[Trigger], question: Block, place: Block = not_typed
    ) -> Dependency:
        inputs = [question, place, *kept]
        done: Dependency = gr.on(triggers, asking.ask, inputs, w.shown, **_LONG)
        return done

    buttons = [*w.openings.buttons, *w.choices.buttons, *w.follow_ups.buttons]
    return [
        asks([w.question.submit, w.send.click], w.question, w.edited),
        asks([w.hidden.retry.click], latest),
        *(asks([one.click], one) for one in buttons),
    ]


def _suggests(done: Dependency, w: Widgets, suggesting: Suggesting) -> None:
    outputs = [*w.choices.outputs, *w.follow_ups.outputs]
    done.success(suggesting.suggest, w.conversation, outputs, **QUIET)


def _wire_keeping(page: gr.Blocks, w: Widgets, events: Events) -> None:
    keeping, suggesting = events.keeping, events.suggesting
    offers: Options = {
        "inputs": [w.reports, w.conversation],
        "outputs": w.openings.outputs,
        **QUIET,
    }
    loaded = [w.home, w.filter, w.reports, w.offered, w.hidden.record]
    page.load(keeping.load, outputs=loaded, **QUIET).success(
        suggesting.open_with, **offers
    )
    w.reports.input(keeping.choose, [w.reports, w.offered], w.filter, **QUIET)
    w.reports.input(suggesting.open_with, **offers)
    begun = [w.conversation, w.kept_id]
    w.again.click(keeping.start_again, begun, w.shown, **QUIET).success(
        suggesting.open_with, **offers
    )
    opened = w.hidden.open.click(
        keeping.open,
        [w.hidden.open_text, w.offered],
        [*w.shown, w.filter, w.reports],
        **_LONG,
    )
    _suggests(opened, w, suggesting)
    w.hidden.apart.click(
        keeping.keep_apart,
        [w.conversation, w.hidden.record],
        [w.hidden.record, w.kept_id, w.told],
        **QUIET,
    )


def _wire_editing(w: Widgets, asking: Asking) -> None:
    editing = [w.editing.row, w.editing.text, w.question, w.edited]
    inputs = [w.hidden.edit_number, w.conversation, w.kept_id, w.hidden.record]
    w.hidden.edit.click(asking.edit, inputs, editing, **QUIET)
    w.editing.cancel.click(asking.leave, outputs=editing, **QUIET)


def wire_papers(w: Widgets, papers: PaperEvents) -> None:
    """Wire the place where papers are dropped."""
    chosen = [w.reports, w.offered, w.filter, w.home]
    w.paper.upload.upload(
        papers.drop,
        [w.paper.upload, w.kept_id, w.reports, w.offered],
        [w.paper.upload, w.paper.told, w.paper.alone, w.kept_id, *chosen],
        **READING,
    ).then(papers.done, outputs=w.paper.done, **QUIET)
    w.hidden.away.click(papers.put_away, w.kept_id, w.paper.told, **QUIET)
    w.hidden.forget.click(papers.forget, w.hidden.forget_ids, **QUIET)
