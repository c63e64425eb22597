"""The Briefing page: an agenda comes in, its items are looked over, and the pack made."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from assistant.web.ask.choosing import report_choices
from assistant.web.ask.home import notice
from assistant.web.briefing.papers import PaperParts, Papers, lay_out_papers
from assistant.web.briefing.run import Handlers, Widgets
from assistant.web.briefing.shown import FORMATS
from assistant.web.gradio_import import gr
from assistant.web.texts import HIDDEN, QUIET, Options, put_header, put_text

if TYPE_CHECKING:
    from assistant.composition import Assistant

PURPOSE = (
    "Paste an agenda, or a list of questions. Each item gets a line to take, cited "
    "points, and who is silent."
)
_PROPOSES = " It proposes the questions of each item, too."
_LENGTHS = [
    ("30 seconds an item: the lines to take", "30s"),
    ("3 minutes: one page", "3min"),
    ("Full: the page and the detail", "full"),
]
_PLACEHOLDER = (
    "1. Apologies\n2. Waste and recycling contract\n3. Devolution – for decision"
)
_KINDS = [".pdf", ".docx", ".html", ".htm", ".eml", ".txt", ".md"]
_KEPT = (
    '<h2 class="vh">Download the pack</h2><p class="small">The files stay for a day; '
    "then make the pack again.</p>"
)
# Packs are heavy; of one page the events do not overlap.
_HEAVY: Options = {
    "concurrency_limit": 2,
    "concurrency_id": "brief",
    "trigger_mode": "once",
    **QUIET,
}


def lay_out_briefing(page: gr.Blocks, assistant: Assistant) -> None:
    """Put the page on its route of the site."""
    # Gradio says at each start that it turns off what our settings turn off already.
    warnings.filterwarnings(
        "ignore", message="SSR mode is not supported with multi-page"
    )
    proposes = _PROPOSES if assistant.settings.uses_model else ""
    put_header("Briefing pack", PURPOSE, f"{notice(assistant.settings)}{proposes}")
    parts, papers = _lay_out(assistant)
    _wire(Handlers(assistant, parts, Papers(assistant, papers)))


def _lay_out(assistant: Assistant) -> tuple[Widgets, PaperParts]:
    with gr.Column(elem_id="briefing", min_width=0):
        agenda = gr.Textbox(
            label="Agenda",
            lines=10,
            max_lines=24,
            placeholder=_PLACEHOLDER,
            elem_id="agenda",
        )
        with gr.Row(elem_id="agenda-buttons"):
            show = gr.Button("Show the items", elem_id="show-items", min_width=0)
            upload = gr.UploadButton(
                "Read an agenda from a file (PDF, Word, web page, mail or text)",
                file_types=_KINDS,
                elem_id="read-agenda",
                min_width=0,
            )
        review = put_text("", elem_id="review")
        reviewed = gr.Textbox(label="Items", elem_id="reviewed", visible=HIDDEN)
        restore = gr.Button("Show again", elem_id="restore-review", visible=HIDDEN)
        papers = lay_out_papers()
        length = gr.Radio(_LENGTHS, value="3min", label="Length", elem_id="length")
        reports = _filter(assistant)
        with gr.Row(elem_id="briefing-buttons"):
            make = gr.Button(
                "Make the pack", variant="primary", elem_id="make-pack", min_width=0
            )
            stop = gr.Button("Stop", elem_id="stop-pack", min_width=0)
        status = put_text("", elem_id="briefing-status")
        with gr.Column(
            visible=False, elem_id="pack-downloads", min_width=0
        ) as downloads:
            put_text(_KEPT)
            with gr.Row(elem_id="pack-files"):
                files = [
                    gr.DownloadButton(name, size="sm", min_width=0)
                    for name in FORMATS.values()
                ]
        shown = put_text("", elem_id="pack")
    parts = Widgets(
        agenda, upload, show, review, reviewed, restore, length, reports, make, stop,
        status, gr.State(None), downloads, files, shown,
    )  # fmt: skip
    return parts, papers


def _filter(assistant: Assistant) -> gr.CheckboxGroup:
    choices = report_choices(assistant.catalogue)
    with gr.Accordion(
        "Choose the reports to ask", open=False, elem_id="hear", elem_classes="fold"
    ):
        return gr.CheckboxGroup(
            choices=choices,
            value=[report for _, report in choices],
            label="Ask only these reports",
            elem_id="reports",
        )


def _wire(handlers: Handlers) -> None:
    w, papers = handlers.parts, handlers.papers
    p, listed = papers.parts, [w.stopping, w.status, w.review]
    w.show.click(handlers.show, w.agenda, listed, **_HEAVY)
    offered = [p.bound, p.offer, p.ticked, p.status]
    read = [*listed, w.agenda, *offered]
    w.upload.upload(handlers.read, [w.upload, p.bound], read, **_HEAVY)
    p.add.click(papers.add, [p.ticked, p.bound], offered, **_HEAVY)
    w.restore.click(handlers.restore, [w.agenda, w.reviewed], [w.review], **QUIET)
    w.make.click(
        handlers.make,
        [w.agenda, w.reviewed, w.length, w.reports],
        [*listed, w.downloads, *w.files, w.shown],
        **_HEAVY,
    )
    w.stop.click(handlers.stop, w.stopping, w.status, **QUIET)
