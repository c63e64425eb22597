"""The chat page in Gradio: what stands on it and what happens when it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from anyio import to_thread
from fastapi import FastAPI

from assistant.schema import ReportDetails
from assistant.web.conversation import (
    AnswersQuestions,
    Conversation,
    Exchange,
    converse,
    fault_of,
    stopped,
)
from assistant.web.gradio_import import gr
from assistant.web.render import (
    render_answer,
    render_failure,
    render_pending,
    render_question,
)
from assistant.web.sources import Cited, render_sources
from assistant.web.theme import make_theme

TITLE = "Ask the shelf"
PURPOSE = (
    "Short answers from reports on reforming local government. "
    "Every sentence cites the passage it rests on."
)
NO_MODEL = (
    "Answers here are quotations from digests of the reports, chosen and checked by "
    "code. No language model is used."
)
EXAMPLES = (
    "What does Heart of the Matter ask of central government?",
    "What do the reports say about prevention?",
    "What does Level Measures say about subregional data centres?",
    "What did Localis recommend on sharing information in 2013?",
    "What are 31ten’s seven key findings?",
)

# Questions answered at one time (Gradio's own default is one), and those that wait.
CONCURRENCY = 8
QUEUE_SIZE = 32

_STATIC = Path(__file__).parent / "static"

Message = dict[str, str]


class _Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

    chat: Any
    panel: Any
    conversation: Any
    question: Any
    send: Any
    stop: Any
    again: Any
    opening: Any
    examples: list[Any]
    reports: Any


def _render_exchange(exchange: Exchange) -> str:
    number, searched_for = exchange.number, exchange.searched_for
    if exchange.failure is not None:
        return render_failure(number, exchange.failure)
    if exchange.answer is None:
        return render_pending(number, searched_for)
    return render_answer(number, exchange.answer, searched_for, exchange.shown)


def _messages(conversation: Conversation) -> list[Message]:
    messages: list[Message] = []
    for exchange in conversation:
        question = render_question(exchange.question)
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": _render_exchange(exchange)})
    return messages


def _panel(conversation: Conversation) -> str:
    cited = [
        Cited(exchange.number, exchange.question, exchange.answer)
        for exchange in conversation
        if exchange.answer is not None
    ]
    return render_sources(cited, date.today())


def _report_choices(catalogue: Sequence[ReportDetails]) -> list[tuple[str, str]]:
    """Return a label and an id for each report, its first document first."""
    labels: dict[str, str] = {}
    for details in catalogue:
        label = f"{details.title} ({details.attribution})"
        labels.setdefault(details.report, label)
    return [(label, report) for report, label in labels.items()]


def _header() -> None:
    gr.Markdown(
        f'<h1>{TITLE}</h1><p class="purpose">{PURPOSE}</p>'
        f'<p class="notice">{NO_MODEL}</p>',
        elem_id="page-header",
        latex_delimiters=[],
    )


def _conversation_column(
    choices: list[tuple[str, str]],
) -> dict[str, Any]:
    gr.Markdown("<h2>Conversation</h2>", elem_classes="vh", latex_delimiters=[])
    chat = gr.Chatbot(
        label="Conversation",
        show_label=False,
        elem_id="chat",
        height=None,
        layout="panel",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        group_consecutive_messages=False,
        sanitize_html=True,
        autoscroll=False,
    )
    with gr.Column(elem_id="asking", min_width=0):
        question = gr.Textbox(
            label="Your question",
            max_lines=6,
            elem_id="question",
            autofocus=True,
        )
        with gr.Row(elem_id="buttons"):
            send = gr.Button("Send", variant="primary", elem_id="send", min_width=0)
            stop = gr.Button("Stop", elem_id="stop", min_width=0)
            again = gr.Button("Start again", elem_id="again", min_width=0)
    with gr.Column(elem_id="opening", min_width=0) as opening:
        gr.Markdown("<h2>Questions to start with</h2>", latex_delimiters=[])
        examples = [gr.Button(text, size="sm", min_width=0) for text in EXAMPLES]
    with gr.Accordion("Choose reports to ask", open=False, elem_id="filter"):
        reports = gr.CheckboxGroup(
            choices=choices,
            value=[report for _, report in choices],
            label="Ask only these reports",
            elem_id="reports",
        )
    return {
        "chat": chat,
        "opening": opening,
        "examples": examples,
        "question": question,
        "send": send,
        "stop": stop,
        "again": again,
        "reports": reports,
    }


def _sources_column() -> Any:
    gr.Markdown("<h2>Sources</h2>", latex_delimiters=[])
    return gr.Markdown(
        _panel(()), elem_id="sources", latex_delimiters=[], sanitize_html=True
    )


def _lay_out(choices: list[tuple[str, str]]) -> _Widgets:
    _header()
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="conversation", min_width=0):
            parts = _conversation_column(choices)
        with gr.Column(elem_id="sources-column", min_width=0):
            panel = _sources_column()
    return _Widgets(panel=panel, conversation=gr.State(()), **parts)


async def _in_threads(steps: Iterator[Conversation]) -> AsyncIterator[Conversation]:
    """Take each step in a thread that is left behind when the user stops.

    Gradio would wait for the step of a plain generator, and take no question till then.
    """
    while True:
        state = await to_thread.run_sync(next, steps, None, abandon_on_cancel=True)
        if state is None:
            return
        yield state


def _wire(assistant: AnswersQuestions, widgets: _Widgets, all_reports: int) -> None:
    shown = [widgets.chat, widgets.panel, widgets.conversation]
    max_chars = assistant.settings.max_question_chars

    async def ask(
        question: str, conversation: Conversation, reports: list[str]
    ) -> AsyncIterator[tuple[Any, ...]]:
        chosen = reports if len(reports) < all_reports else ()
        clearing: tuple[Any, Any] = ("", gr.update(visible=False))
        steps = converse(assistant, conversation, question, chosen)
        async for state in _in_threads(steps):
            yield _messages(state), _panel(state), state, *clearing
            clearing = (gr.skip(), gr.skip())

    def check(
        question: str, conversation: Conversation, reports: list[str]
    ) -> list[dict[str, Any]]:
        fault = fault_of(question, reports, max_chars)
        # One verdict for each input; what is wrong is always said at the question.
        fine = gr.validate(True, "")
        return [gr.validate(fault is None, fault or ""), fine, fine]

    def stop(conversation: Conversation) -> tuple[Any, ...]:
        state = stopped(conversation)
        return _messages(state), _panel(state), state

    def start_again() -> tuple[Any, ...]:
        return [], _panel(()), (), gr.update(visible=True)

    common: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
    }

    def asks(triggers: list[Any], question: Any) -> Any:
        return gr.on(
            triggers,
            ask,
            inputs=[question, widgets.conversation, widgets.reports],
            outputs=[*shown, widgets.question, widgets.opening],
            validator=check,
            trigger_mode="once",
            concurrency_limit=CONCURRENCY,
            concurrency_id="ask",
            **common,
        )

    asking = [asks([widgets.question.submit, widgets.send.click], widgets.question)]
    asking += [asks([example.click], example) for example in widgets.examples]
    widgets.stop.click(
        stop, inputs=widgets.conversation, outputs=shown, cancels=asking, **common
    )
    widgets.again.click(
        start_again, outputs=[*shown, widgets.opening], cancels=asking, **common
    )


def make_page(assistant: AnswersQuestions) -> gr.Blocks:
    """Make the page over an open assistant."""
    choices = _report_choices(assistant.catalogue)
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        widgets = _lay_out(choices)
        _wire(assistant, widgets, all_reports=len(choices))
    page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=CONCURRENCY)
    return page


def mount_page(app: FastAPI, assistant: AnswersQuestions) -> FastAPI:
    """Mount the page on an application, as its root."""
    script = (_STATIC / "page.js").read_text(encoding="utf-8")
    return gr.mount_gradio_app(
        app,
        make_page(assistant),
        path="/",
        theme=make_theme(),
        css_paths=[_STATIC / "page.css"],
        head=f"<script>{script}</script>",
        favicon_path=str(_STATIC / "favicon.png"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        # Nothing on the page takes a file.
        max_file_size=1,
    )
