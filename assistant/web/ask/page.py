"""The Ask page: what stands on it."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlsplit

from assistant.settings import Settings
from assistant.web.ask.asking import Asking
from assistant.web.ask.choosing import report_choices
from assistant.web.ask.conversation import AnswersQuestions
from assistant.web.ask.export_menu import add_export
from assistant.web.ask.feedback_form import add_feedback
from assistant.web.ask.history import History
from assistant.web.ask.keeping import Keeping
from assistant.web.ask.suggestions import (
    MOST_CHOICES,
    MOST_FOLLOW_UPS,
    MOST_OPENINGS,
    Suggesting,
    put_suggested,
)
from assistant.web.ask.view import panel_of
from assistant.web.ask.widgets import Editing, Hidden, Widgets
from assistant.web.ask.wiring import CONCURRENCY, Events, wire
from assistant.web.gradio_import import gr
from assistant.web.texts import put_text

__all__ = ["CONCURRENCY", "TITLE", "add_asking"]

TITLE = "Ask the shelf"
PURPOSE = (
    "Short answers from reports on reforming local government. "
    "Every sentence cites the passage it rests on."
)
NO_MODEL = (
    "Answers here are quotations from digests of the reports, chosen and checked "
    "automatically. No language model is used."
)
WITH_MODEL = (
    "Answers are written by the language model {model} at {host}. Each sentence is "
    "checked automatically against the passage it cites, and left out if it does not hold."
)
# A browser that runs no script has no history; the list is made by ask_history.js.
_HISTORY = (
    '<p class="note">Kept in this browser and nowhere else. Whoever uses '
    'this browser can read them.</p><div id="history-list"></div>'
)


def notice(settings: Settings) -> str:
    """Return who writes the answers, so that nobody takes the one for the other."""
    if not settings.uses_model:
        return NO_MODEL
    host = urlsplit(settings.openai_base_url or "").hostname or "OpenAI"
    return WITH_MODEL.format(model=settings.chat_model, host=host)


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


def _editing() -> Editing:
    with gr.Row(elem_id="editing", visible=False) as row:
        text = put_text("", elem_id="editing-text")
        cancel = gr.Button("Leave it as it is", size="sm", min_width=0)
    return Editing(row, text, cancel)


def _asking() -> tuple[Any, Any, Any, Any, Any, Editing]:
    """Put the question box and its buttons on the page: send, stop, start again."""
    with gr.Column(elem_id="asking", min_width=0):
        editing = _editing()
        question = gr.Textbox(
            label="Your question", max_lines=6, elem_id="question", autofocus=True
        )
        fault = put_text("", elem_id="question-fault")
        with gr.Row(elem_id="buttons"):
            send = gr.Button("Send", variant="primary", elem_id="send", min_width=0)
            stop = gr.Button("Stop", elem_id="stop", min_width=0)
            again = gr.Button("Start again", elem_id="again", min_width=0)
    return question, fault, send, stop, again, editing


def _filter(choices: list[tuple[str, str]]) -> Any:
    with gr.Accordion(
        "Choose reports to ask", open=False, elem_id="filter", elem_classes="fold"
    ):
        return gr.CheckboxGroup(
            choices=choices,
            value=[report for _, report in choices],
            label="Ask only these reports",
            elem_id="reports",
        )


def _history() -> Any:
    with gr.Accordion(
        "Your conversations", open=False, elem_id="history", elem_classes="fold"
    ):
        put_text(_HISTORY)
        return put_text("", elem_id="history-told")


def _hidden() -> Hidden:
    quiet: dict[str, Any] = {"visible": "hidden"}
    return Hidden(
        record=put_text("", elem_id="record"),
        retry=gr.Button("Ask this again", elem_id="retry-press", **quiet),
        edit=gr.Button("Change", elem_id="edit-press", **quiet),
        edit_number=gr.Textbox(label="Number", elem_id="edit-number", **quiet),
        open=gr.Button("Open", elem_id="open-press", **quiet),
        open_text=gr.Textbox(label="Conversation", elem_id="open-text", **quiet),
        apart=gr.Button("Keep apart", elem_id="apart-press", **quiet),
    )


def _lay_out(assistant: AnswersQuestions, shelf: list[tuple[str, str]]) -> Widgets:
    header = f'<h1>{TITLE}</h1><p class="purpose">{PURPOSE}</p>'
    put_text(
        f'{header}<p class="notice">{escape(notice(assistant.settings))}</p>',
        elem_id="page-header",
    )
    conversation = gr.State(())
    with gr.Row(elem_id="columns"):
        with gr.Column(elem_id="conversation", min_width=0):
            chat = _chat()
            # Nobody is told of each change: that would be six times a second.
            progress = put_text("", elem_id="progress")
            add_feedback(assistant, conversation)
            choices = put_suggested("Did you mean", MOST_CHOICES, "choices")
            follow_ups = put_suggested(
                "Questions to go on with", MOST_FOLLOW_UPS, "follow-ups"
            )
            question, fault, send, stop, again, editing = _asking()
            openings = put_suggested(
                "Questions to start with", MOST_OPENINGS, "opening"
            )
            reports = _filter(shelf)
            told = _history()
            add_export(assistant, conversation)
            hidden = _hidden()
        with gr.Column(elem_id="sources-column", min_width=0):
            put_text("<h2>Sources</h2>")
            panel = put_text(panel_of(()), elem_id="sources")
    return Widgets(
        chat=chat,
        panel=panel,
        progress=progress,
        question=question,
        fault=fault,
        send=send,
        stop=stop,
        again=again,
        openings=openings,
        choices=choices,
        follow_ups=follow_ups,
        reports=reports,
        editing=editing,
        hidden=hidden,
        told=told,
        conversation=conversation,
        kept_id=gr.State(""),
        offered=gr.State(tuple(report for _, report in shelf)),
        edited=gr.State(0),
    )


def add_asking(page: gr.Blocks, assistant: AnswersQuestions) -> None:
    """Put the page on the site's first address."""
    history = History.from_folder(assistant.settings.data_dir)
    with page:
        shelf = report_choices(assistant.catalogue)
        widgets = _lay_out(assistant, shelf)
        events = Events(
            Asking(assistant, history),
            Keeping(assistant, history),
            Suggesting(assistant),
        )
        wire(page, widgets, events)
