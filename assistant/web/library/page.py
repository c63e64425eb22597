"""The Library page: what is on the shelf, a row a report, and the way to add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reading.kinds import SUFFIXES
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.library.handlers import Handlers, Widgets, forget_drafts
from assistant.web.library.said import add_said
from assistant.web.texts import HIDDEN, QUIET, READING, put_header, put_text

if TYPE_CHECKING:
    from assistant.composition import Assistant

_PURPOSE = "The reports that answers are taken from."
_ADDING = (
    "<p>PDF, Word (.docx), web page, Markdown or text; several at once if you like. They go "
    "no further than this service, and you look them over before they are added.</p>"
)
# Seconds that files wait whose page was left.
_DRAFT_SECONDS = 3600
# Changes wait for their turn and say so.
_CHANGE = {**READING, "concurrency_limit": 8, "concurrency_id": "change"}


def lay_out_library(page: gr.Blocks, assistant: Assistant) -> None:
    """Put the page on its route of the site."""
    put_header("Library", _PURPOSE)
    parts = lay_out()
    _wire(page, parts, Handlers(assistant, parts))
    add_said(page, assistant.settings)


def lay_out() -> Widgets:
    """Put the parts on the page."""
    with gr.Accordion(
        "Add reports", open=False, visible=False, elem_id="adding", elem_classes="fold"
    ) as fold:
        put_text(_ADDING)
        upload = gr.File(
            label="The files",
            file_count="multiple",
            file_types=sorted(SUFFIXES),
            type="filepath",
            elem_id="library-file",
            height=140,
        )
    status = put_text("", elem_id="library-status")
    table = put_text("", elem_id="library-drafts")
    put_text("<h2>The reports</h2>")
    wanted = gr.Textbox(
        label="Find a report or a section",
        placeholder="Words of a title, a publisher or a heading",
        elem_id="library-find",
        max_lines=1,
    )
    about = put_text("", elem_id="library-about")
    listed = put_text("", elem_id="library-list")
    with gr.Row(elem_id="library-pages"):
        before = gr.Button("Previous reports", visible=False, min_width=0)
        after = gr.Button("Next reports", visible=False, min_width=0)
    drafts = gr.State(None, time_to_live=_DRAFT_SECONDS, delete_callback=forget_drafts)
    command = gr.Textbox(label="Command", elem_id="library-command", visible=HIDDEN)
    do = gr.Button("Do it", elem_id="library-do", visible=HIDDEN)
    return Widgets(
        status, fold, upload, drafts, gr.State(None), table, command, do, wanted, about,
        listed, gr.State(0), before, after,
    )  # fmt: skip


def _wire(page: gr.Blocks, parts: Widgets, handlers: Handlers) -> None:
    """Wire the parts to what happens when they are used."""
    listing = [parts.listed, parts.about, parts.page, parts.before, parts.after]
    page.load(handlers.load, outputs=[*listing, parts.fold], **QUIET)

    def first(wanted: str, request: gr.Request) -> Updates:
        return handlers.show(wanted, 0, request)

    # Each letter filters; while one is at work, the last of those that follow counts.
    parts.wanted.input(
        first, parts.wanted, listing, trigger_mode="always_last", **QUIET
    )
    for button, step in ((parts.before, -1), (parts.after, 1)):

        def turn(
            wanted: str, page: int, request: gr.Request, by: int = step
        ) -> Updates:
            return handlers.show(wanted, page + by, request)

        button.click(turn, [parts.wanted, parts.page], listing, **QUIET)
    reading = [parts.status, parts.drafts, parts.table, parts.upload, parts.version_of]
    parts.upload.upload(
        handlers.read,
        [parts.upload, parts.drafts, parts.version_of],
        reading,
        **READING,
    )
    parts.do.click(
        handlers.do,
        [parts.command, parts.drafts, parts.wanted],
        [*reading, *listing, parts.fold],
        **_CHANGE,
    )
