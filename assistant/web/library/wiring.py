"""Which part of the Library page does what."""

from __future__ import annotations

from typing import Any

from assistant.web.gradio_import import gr
from assistant.web.library.browsing import Browsing
from assistant.web.library.changing import Changing
from assistant.web.library.drafting import Drafting
from assistant.web.library.widgets import Parts

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Two files are read at one time; changes wait for their turn and say so.
_READING: dict[str, Any] = {
    **_QUIET,
    "concurrency_limit": 2,
    "concurrency_id": "read",
    "trigger_mode": "once",
}
_CHANGE: dict[str, Any] = {
    **_QUIET,
    "concurrency_limit": 8,
    "concurrency_id": "change",
    "trigger_mode": "once",
}


def wire(page: gr.Blocks, parts: Parts, browsing: Browsing, drafting: Drafting) -> None:
    """Wire the parts of the page to what happens when they are used."""
    _wire_list(page, browsing, parts)
    _wire_drafting(drafting, parts)
    _wire_changing(Changing(browsing), parts)


def _wire_list(page: gr.Blocks, browsing: Browsing, parts: Parts) -> None:
    listed, removing = parts.listed, parts.removing
    page.load(
        browsing.load,
        outputs=[*listed.outputs, parts.fold, removing.fold, removing.chosen],
        **_QUIET,
    ).then(browsing.thin, outputs=parts.thin, **_QUIET)
    listed.wanted.submit(
        lambda wanted: browsing.show(wanted, 0),
        listed.wanted,
        listed.outputs,
        **_QUIET,
    )
    for button, step in ((listed.before, -1), (listed.after, 1)):
        button.click(
            lambda wanted, page, step=step: browsing.show(wanted, page + step),
            [listed.wanted, listed.page],
            listed.outputs,
            **_QUIET,
        )


def _wire_drafting(drafting: Drafting, parts: Parts) -> None:
    form = parts.form
    parts.read.click(drafting.read, parts.upload, parts.reading_outputs, **_READING)
    parts.removing.change.click(
        drafting.read_again, parts.removing.chosen, parts.reading_outputs, **_READING
    )
    form.cancel.click(
        drafting.cancel,
        form.draft,
        [parts.status, form.draft, form.column, parts.upload],
        **_QUIET,
    )


def _wire_changing(changing: Changing, parts: Parts) -> None:
    form, removing = parts.form, parts.removing
    thin = changing.browsing.thin

    def hide() -> Any:
        return gr.update(visible=False)

    form.add.click(
        changing.add,
        [form.draft, parts.listed.wanted, form.added_as, *form.details],
        parts.working_outputs,
        **_CHANGE,
    ).then(thin, outputs=parts.thin, **_QUIET)
    removing.remove.click(
        changing.ask_remove,
        removing.chosen,
        [parts.status, removing.question, removing.column],
        **_QUIET,
    )
    removing.no.click(hide, outputs=removing.column, **_QUIET)
    removing.yes.click(
        changing.remove,
        [removing.chosen, parts.listed.wanted],
        parts.working_outputs,
        **_CHANGE,
    ).then(hide, outputs=removing.column, **_QUIET).then(
        thin, outputs=parts.thin, **_QUIET
    )
