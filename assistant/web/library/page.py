"""The Library page: what is on the shelf, where it is thin, and the team's reports."""

from __future__ import annotations

from typing import Any, cast

from assistant.reading.kinds import SUFFIXES
from assistant.web.gradio_import import gr
from assistant.web.library.browsing import Browsing
from assistant.web.library.drafting import Drafting, forget_draft
from assistant.web.library.widgets import DetailsForm, Listed, Parts, Removing
from assistant.web.library.wiring import wire
from assistant.web.texts import put_links, put_text

ROUTE = "library"
NAME = "Library"
_PURPOSE = (
    "The reports that answers are taken from: what each covers, its sections to read, "
    "and where the shelf is thin."
)
_ADDING = (
    "<p>A PDF, Word (.docx), HTML, Markdown or text file. It goes no further than this service; "
    "you see what was read of it before it is added.</p>"
)
_CHANGING = (
    "<p>The reports that your team added. Those that came with the shelf stay.</p>"
)
# Seconds that a file waits whose page was left.
_DRAFT_SECONDS = 3600


def add_library(page: gr.Blocks, assistant: Any) -> None:
    """Add the tab to a page; an assistant without an open shelf gets none."""
    if not hasattr(assistant, "parts"):
        return
    with page.route(NAME, ROUTE):
        put_links()
        put_text(
            f'<h1>Library</h1><p class="purpose">{_PURPOSE}</p>', elem_id="page-header"
        )
        fold, upload, read = _lay_out_upload()
        removing = _lay_out_removing()
        status = put_text("", elem_id="library-status")
        form = _lay_out_form()
        listed = _lay_out_list()
        put_text("<h2>Where the shelf is thin</h2>")
        thin = put_text("<p>Looking …</p>", elem_id="thin")
        browsing = Browsing(cast(Any, assistant))
        parts = Parts(status, upload, read, fold, form, listed, removing, thin)
        wire(page, parts, browsing, Drafting(browsing.assistant))


def _lay_out_list() -> Listed:
    put_text("<h2>The reports</h2>")
    wanted = gr.Textbox(
        label="Find a report or a section",
        placeholder="Words of a title, a publisher or a heading",
        elem_id="library-find",
        max_lines=1,
    )
    about = put_text("", elem_id="library-about")
    html = put_text("", elem_id="library-list")
    with gr.Row(elem_id="library-pages"):
        before = gr.Button("Previous reports", visible=False, min_width=0)
        after = gr.Button("Next reports", visible=False, min_width=0)
    return Listed(wanted, about, html, gr.State(0), before, after)


def _lay_out_upload() -> tuple[Any, Any, Any]:
    with gr.Accordion(
        "Add a report", open=False, visible=False, elem_id="adding", elem_classes="fold"
    ) as fold:
        put_text(_ADDING)
        upload = gr.File(
            label="The file",
            file_types=sorted(SUFFIXES),
            type="filepath",
            elem_id="library-file",
            height=140,
        )
        read = gr.Button("Read it", variant="primary", elem_id="read-file")
    return fold, upload, read


def _lay_out_removing() -> Removing:
    with gr.Accordion(
        "Change or remove a report",
        open=False,
        visible=False,
        elem_id="changing",
        elem_classes="fold",
    ) as fold:
        put_text(_CHANGING)
        chosen = gr.Dropdown(label="The report", choices=[], elem_id="library-chosen")
        with gr.Row():
            change = gr.Button("Change its details", elem_id="change-details")
            remove = gr.Button("Remove it", elem_id="remove-report")
        with gr.Column(visible=False, elem_id="removing") as column:
            question = put_text("", elem_id="remove-question")
            with gr.Row():
                yes = gr.Button("Yes, remove it", variant="stop", elem_id="remove-yes")
                no = gr.Button("No, keep it", elem_id="remove-no")
    return Removing(fold, chosen, change, remove, column, question, yes, no)


def _lay_out_form() -> DetailsForm:
    with gr.Column(visible=False, elem_id="library-form") as column:
        put_text("<h2>Details of the report</h2>")
        read = put_text("", elem_id="library-read")
        added_as = gr.Dropdown(label="Add it as", choices=[], elem_id="added-as")
        with gr.Row():
            title = gr.Textbox(label="Title", elem_id="detail-title", max_lines=2)
            publisher = gr.Textbox(label="Publisher", elem_id="detail-publisher")
        with gr.Row():
            published = gr.Textbox(
                label="Date",
                info="2024-09-12, 2024-09 or 2024; empty where unknown",
                elem_id="detail-published",
            )
            authors = gr.Textbox(
                label="Authors", info="Parted by semicolons", elem_id="detail-authors"
            )
        with gr.Row():
            url = gr.Textbox(
                label="Web address of the original",
                info="Answers link to it; may be empty",
                elem_id="detail-url",
            )
            kind = gr.Textbox(
                label="Type of document",
                info="Such as: committee paper",
                elem_id="detail-type",
            )
        with gr.Row():
            add = gr.Button("Put it on the shelf", variant="primary", elem_id="add")
            cancel = gr.Button("Cancel", elem_id="cancel-add")
    draft = gr.State(None, time_to_live=_DRAFT_SECONDS, delete_callback=forget_draft)
    details = [title, publisher, published, authors, url, kind]
    return DetailsForm(column, draft, read, added_as, details, add, cancel)
