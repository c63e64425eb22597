"""The Ask page: what stands on it and what happens when it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from assistant.schema import ReportDetails
from assistant.settings import Settings
from assistant.web.conversation import (
    AnswersQuestions,
    Conversation,
    Exchange,
    converse,
    fault_of,
    stop,
)
from assistant.web.gradio_import import gr
from assistant.web.render import (
    render_answer,
    render_failure,
    render_growing,
    render_pending,
    render_question,
    render_stopped,
)
from assistant.web.sources import Cited, render_sources
from assistant.web.texts import put_text

TITLE = "Ask the shelf"
PURPOSE = (
    "Short answers from reports on reforming local government. "
    "Every sentence cites the passage it rests on."
)
NO_MODEL = (
    "Answers here are quotations from digests of the reports, chosen and checked by "
    "code. No language model is used."
)
WITH_MODEL = (
    "Answers are written by the language model {model} at {host}. Code checks each "
    "sentence against the passage it cites, and withholds what does not hold."
)
EXAMPLES = (
    "What does Heart of the Matter ask of central government?",
    "What do the reports say about prevention?",
    "What does Level Measures say about subregional data centres?",
    "What did Localis recommend on sharing information in 2013?",
    "What are 31ten’s seven key findings?",
)

# Questions answered at one time; Gradio's own default is one.
CONCURRENCY = 8

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
        if exchange.stopped:
            return render_stopped(number)
        return render_pending(number, searched_for)
    if exchange.growing:
        return render_growing(number, exchange.answer, searched_for)
    return render_answer(
        number,
        exchange.answer,
        searched_for,
        exchange.shown,
        stopped=exchange.stopped,
    )


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


def _shown(conversation: Conversation) -> tuple[list[Message], str, Conversation]:
    """Return what the chat, the panel and the state hold for a conversation."""
    return _messages(conversation), _panel(conversation), conversation


def _report_choices(catalogue: Sequence[ReportDetails]) -> list[tuple[str, str]]:
    """Return a label and an id for each report, its first document first."""
    labels: dict[str, str] = {}
    for details in catalogue:
        label = f"{details.title} ({details.attribution})"
        labels.setdefault(details.report, label)
    return [(label, report) for report, label in labels.items()]


def _chat() -> Any:
    # Read aloud, not shown: it lets a screen reader find the conversation.
    put_text("<h2>Conversation</h2>", elem_classes="vh")
    return gr.Chatbot(
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


def _asking() -> tuple[Any, Any, Any, Any]:
    """Put the question box and its buttons on the page: send, stop, start again."""
    with gr.Column(elem_id="asking", min_width=0):
        question = gr.Textbox(
            label="Your question", max_lines=6, elem_id="question", autofocus=True
        )
        with gr.Row(elem_id="buttons"):
            send = gr.Button("Send", variant="primary", elem_id="send", min_width=0)
            stop = gr.Button("Stop", elem_id="stop", min_width=0)
            again = gr.Button("Start again", elem_id="again", min_width=0)
    return question, send, stop, again


def _opening() -> tuple[Any, list[Any]]:
    with gr.Column(elem_id="opening", min_width=0) as opening:
        put_text("<h2>Questions to start with</h2>")
        examples = [gr.Button(text, size="sm", min_width=0) for text in EXAMPLES]
    return opening, examples


def _filter(choices: list[tuple[str, str]]) -> Any:
    with gr.Accordion("Choose reports to ask", open=False, elem_id="filter"):
        return gr.CheckboxGroup(
            choices=choices,
            value=[report for _, report in choices],
            label="Ask only these reports",
            elem_id="reports",
        )


def notice(settings: Settings) -> str:
    """Return who writes the answers, so that nobody takes the one for the other."""
    if not settings.uses_model:
        return NO_MODEL
    host = urlsplit(settings.openai_base_url or "").hostname or "OpenAI"
    return WITH_MODEL.format(model=settings.chat_model, host=host)


def _lay_out(choices: list[tuple[str, str]], who_writes: str) -> _Widgets:
    header = f'<h1>{TITLE}</h1><p class="purpose">{PURPOSE}</p>'
    put_text(
        f'{header}<p class="notice">{escape(who_writes)}</p>', elem_id="page-header"
    )
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="conversation", min_width=0):
            chat = _chat()
            question, send, stop, again = _asking()
            opening, examples = _opening()
            reports = _filter(choices)
        with gr.Column(elem_id="sources-column", min_width=0):
            put_text("<h2>Sources</h2>")
            panel = put_text(_panel(()), elem_id="sources")
    return _Widgets(
        chat=chat,
        panel=panel,
        conversation=gr.State(()),
        question=question,
        send=send,
        stop=stop,
        again=again,
        opening=opening,
        examples=examples,
        reports=reports,
    )


def _make_ask(assistant: AnswersQuestions, all_reports: int) -> Callable[..., Any]:
    async def ask(
        question: str, conversation: Conversation, reports: list[str]
    ) -> AsyncIterator[tuple[Any, ...]]:
        chosen = reports if len(reports) < all_reports else ()
        # With the first step the box is emptied and the examples go.
        rest: tuple[Any, Any] = ("", gr.update(visible=False))
        steps = converse(assistant, conversation, question, chosen)
        async for state in steps:
            yield *_shown(state), *rest
            rest = (gr.skip(), gr.skip())

    return ask


def _make_check(max_chars: int) -> Callable[..., Any]:
    def check(
        question: str, conversation: Conversation, reports: list[str]
    ) -> list[dict[str, Any]]:
        fault = fault_of(question, reports, max_chars)
        # One verdict for each input; what is wrong is always said at the question.
        fine = gr.validate(True, "")
        return [gr.validate(fault is None, fault or ""), fine, fine]

    return check


def _wire(assistant: AnswersQuestions, widgets: _Widgets, all_reports: int) -> None:
    ask = _make_ask(assistant, all_reports)
    check = _make_check(assistant.settings.max_question_chars)
    shown = [widgets.chat, widgets.panel, widgets.conversation]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

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
            **quiet,
        )

    asking = [
        asks([widgets.question.submit, widgets.send.click], widgets.question),
        *(asks([example.click], example) for example in widgets.examples),
    ]
    widgets.stop.click(
        lambda state: _shown(stop(state)),
        inputs=widgets.conversation,
        outputs=shown,
        cancels=asking,
        **quiet,
    )
    widgets.again.click(
        lambda: (*_shown(()), gr.update(visible=True)),
        outputs=[*shown, widgets.opening],
        cancels=asking,
        **quiet,
    )


def add_asking(page: gr.Blocks, assistant: AnswersQuestions) -> None:
    """Put the page on the site's first address."""
    choices = _report_choices(assistant.catalogue)
    with page:
        widgets = _lay_out(choices, notice(assistant.settings))
        _wire(assistant, widgets, all_reports=len(choices))
