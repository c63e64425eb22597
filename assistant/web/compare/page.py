"""The Compare page: two or more reports on one question, as a table of positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from assistant.web.ask.choosing import query_of, report_choices, wanted_of
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates, follow
from assistant.web.texts import QUIET, Options, put_header, put_text, told

if TYPE_CHECKING:
    from assistant.briefing.positions import Comparison
    from assistant.composition import Assistant

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


def _first_chosen(assistant: Assistant) -> list[str]:
    """Return the reports that are ticked at first: all of a short shelf."""
    from assistant.briefing.positions import MOST

    every = [report for _, report in report_choices(assistant.catalogue)]
    return every if len(every) <= MOST else []


def lay_out_comparing(page: gr.Blocks, assistant: Assistant) -> None:
    """Put the page on its route of the site."""
    notice = NOTICE.format(though=_THOUGH if assistant.settings.uses_model else "")
    put_header("Compare reports", PURPOSE, notice)
    with gr.Column(elem_id="compare", min_width=0):
        question = gr.Textbox(
            label="Question",
            placeholder=_PLACEHOLDER,
            lines=1,
            max_lines=4,
            elem_id="compare-question",
        )
        reports = gr.CheckboxGroup(
            choices=report_choices(assistant.catalogue),
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

    laid_out = report_choices(assistant.catalogue)

    def restore(request: gr.Request) -> Iterator[Updates]:
        """Show the shelf as it is, and what the page's address was asked.

        What stands on the page already is left alone: a reader who types before this
        arrives keeps what was typed.
        """
        text, chosen = asked_of(request)
        choices = report_choices(assistant.catalogue)
        known = {report for _, report in choices}
        value = [report for report in chosen if report in known]
        first: Updates = {}
        if value or choices != laid_out:
            value = value or _first_chosen(assistant)
            first[reports] = gr.update(choices=choices, value=value)
        if not text:
            yield first
            return
        steps = run(text, value or _first_chosen(assistant))
        yield {**first, question: text, **next(steps, {})}
        yield from steps

    limited: Options = {"concurrency_limit": 2, "concurrency_id": "compare"}
    gr.on(
        [send.click, question.submit],
        run,
        [question, reports],
        [status, shown],
        trigger_mode="once",
        **limited,
        **QUIET,
    )
    outputs = [question, reports, status, shown]
    page.load(restore, outputs=outputs, **limited, **QUIET)


def asked_of(request: gr.Request) -> tuple[str, list[str]]:
    """Return the question and the reports that the page's address names."""
    return query_of(request, "q"), wanted_of(request)


def address_of(text: str, chosen: Sequence[str]) -> str:
    """Return what the page's address says of a comparison."""
    return urlencode({"q": text, "reports": ",".join(chosen)})


def compare(
    assistant: Assistant,
    text: str,
    chosen: list[str],
    status: gr.Markdown,
    shown: gr.Markdown,
) -> Iterator[Updates]:
    """Yield what is told of a comparison, and at the end the comparison."""
    from assistant.web.compare.shown import comparison_html

    def after(comparison: Comparison) -> Updates:
        address = escape(address_of(text, chosen))
        asked = f'<div hidden class="asked-for">{address}</div>'
        html = comparison_html(comparison, date.today())
        return {status: told(DONE), shown: f"{html}{asked}"}

    yield from follow(
        status,
        "Reading the reports …",
        lambda job: assistant.compare(text, chosen),
        after,
    )
