"""The Compare page: two or more reports on one question, as a table of positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import copy_context
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlencode

from assistant.web.ask.widgets import Updates
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

    def run(text: str, chosen: list[str]) -> Iterator[Updates]:
        yield from compare(assistant, text, chosen, status, shown)

    def restore(request: gr.Request) -> Iterator[Updates]:
        """Show the shelf as it is, and what the page's address was asked."""
        text, chosen = asked_of(request)
        known = {report for _, report in choices_of(assistant)}
        chosen = [report for report in chosen if report in known]
        value = chosen or _first_chosen(assistant)
        yield {
            reports: gr.update(choices=choices_of(assistant), value=value),
            question: text,
        }
        if text:
            yield from run(text, value)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    limited: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "compare"}
    gr.on(
        [send.click, question.submit],
        run,
        [question, reports],
        [status, shown],
        trigger_mode="once",
        **limited,
        **quiet,
    )
    outputs = [question, reports, status, shown]
    page.load(restore, outputs=outputs, **limited, **quiet)


def asked_of(request: gr.Request) -> tuple[str, list[str]]:
    """Return the question and the reports that the page's address names."""
    query = request.request.scope.get("query_string", b"") if request.request else b""
    asked = parse_qs(query.decode("latin-1"))
    return asked.get("q", [""])[0], asked.get("reports", [""])[0].split(",")


def address_of(text: str, chosen: Sequence[str]) -> str:
    """Return what the page's address says of a comparison."""
    return urlencode({"q": text, "reports": ",".join(chosen)})


def compare(
    assistant: Assistant, text: str, chosen: list[str], status: Any, shown: Any
) -> Iterator[Updates]:
    """Yield what is told of a comparison, and at the end the comparison."""
    from assistant.web.compare.shown import comparison_html

    # Gradio forgets who asks after the first step that it gets.
    context = copy_context()
    yield {status: told("Reading the reports …")}
    try:
        comparison = context.run(assistant.compare, text, chosen)
    except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
        yield {status: told(sentence_of(error, _UNEXPECTED), fault=True)}
        return
    asked = f'<div hidden class="asked-for">{escape(address_of(text, chosen))}</div>'
    html = comparison_html(comparison, date.today())
    yield {status: told(DONE), shown: f"{html}{asked}"}
