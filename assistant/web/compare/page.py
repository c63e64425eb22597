"""The Compare page: two or more reports on one question, as a table of positions."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from assistant.web.faults import sentence_of
from assistant.web.gradio_import import gr
from assistant.web.texts import put_links, put_text, told

if TYPE_CHECKING:
    from assistant.composition import Assistant

ROUTE = "compare"
NAME = "Compare"
PURPOSE = (
    "Put one question to two or more reports. See what each one says, with its sources, "
    "and which say nothing."
)
NOTICE = (
    "Comparisons here are quotations, chosen and checked automatically. No language model is "
    "asked{though}."
)
_THOUGH = ", although one is set up for answers"
_PLACEHOLDER = "What do they say about sharing data?"
DONE = "Done. The comparison is below."
_UNEXPECTED = (
    "Something went wrong here and the reports were not compared. Please try "
    "again; if it happens again, report the number {id}."
)


def add_comparing(page: gr.Blocks, assistant: Any) -> None:
    """Add the page; an assistant without an open shelf gets none."""
    if not hasattr(assistant, "parts"):
        return
    with page.route(NAME, ROUTE):
        put_links()
        _lay_out(page, cast("Assistant", assistant))


def choices_of(assistant: Assistant) -> list[tuple[str, str]]:
    """Return the name and id of each report that can be chosen, each once."""
    names: dict[str, str] = {}
    for details in assistant.catalogue:
        names.setdefault(details.report, f"{details.title} ({details.attribution})")
    return [(name, report) for report, name in names.items()]


def _first_chosen(assistant: Assistant) -> list[str]:
    """Return the reports that are ticked at first: all of a short shelf."""
    from assistant.briefing.positions import MOST

    every = [report for _, report in choices_of(assistant)]
    return every if len(every) <= MOST else []


def _choices(assistant: Assistant) -> Any:
    """Return the choice of the shelf as it is when the page is opened."""
    return gr.update(choices=choices_of(assistant), value=_first_chosen(assistant))


def _lay_out(page: gr.Blocks, assistant: Assistant) -> None:
    notice = NOTICE.format(though=_THOUGH if assistant.settings.uses_model else "")
    put_text(
        f'<h1>Compare reports</h1><p class="purpose">{PURPOSE}</p>'
        f'<p class="notice">{notice}</p>',
        elem_id="page-header",
    )
    with gr.Column(elem_id="compare", min_width=0):
        question = gr.Textbox(
            label="Question",
            placeholder=_PLACEHOLDER,
            lines=1,
            max_lines=4,
            elem_id="compare-question",
        )
        reports = gr.CheckboxGroup(
            choices=choices_of(assistant),
            value=_first_chosen(assistant),
            label="Reports to compare",
            elem_id="compare-reports",
        )
        send = gr.Button(
            "Compare", variant="primary", elem_id="compare-send", min_width=0
        )
        status = put_text("", elem_id="compare-status")
    shown = put_text("", elem_id="compare-result")

    def run(text: str, chosen: list[str]) -> Iterator[tuple[Any, Any]]:
        yield from compare(assistant, text, chosen)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on(
        [send.click, question.submit],
        run,
        [question, reports],
        [status, shown],
        concurrency_limit=2,
        concurrency_id="compare",
        trigger_mode="once",
        **quiet,
    )
    page.load(lambda: _choices(assistant), outputs=reports, **quiet)


def compare(
    assistant: Assistant, text: str, chosen: list[str]
) -> Iterator[tuple[Any, Any]]:
    """Yield what is told of a comparison, and at the end the comparison."""
    from assistant.web.compare.shown import comparison_html

    # Gradio forgets who asks after the first step that it gets.
    context = copy_context()
    yield told("Reading the reports …"), gr.skip()
    try:
        comparison = context.run(assistant.compare, text, chosen)
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        yield told(sentence_of(error, _UNEXPECTED), fault=True), gr.skip()
        return
    yield told(DONE), comparison_html(comparison, date.today())
