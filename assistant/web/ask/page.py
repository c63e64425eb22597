"""The Ask page: what stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.reading.kinds import SUFFIXES
from assistant.web.ask.asking import Asking
from assistant.web.ask.choosing import asking_of, report_choices
from assistant.web.ask.export_menu import add_export
from assistant.web.ask.feedback_form import add_feedback
from assistant.web.ask.following import Following
from assistant.web.ask.history import History
from assistant.web.ask.keeping import Keeping
from assistant.web.ask.own_papers import OwnPapers, remove_left
from assistant.web.ask.papers import PaperEvents
from assistant.web.ask.runs import Runs
from assistant.web.ask.suggestions import (
    MOST_CHOICES,
    MOST_FOLLOW_UPS,
    MOST_OPENINGS,
    Suggesting,
    put_suggested,
)
from assistant.web.ask.view import panel_of
from assistant.web.ask.widgets import Editing, Hidden, Paper, Widgets
from assistant.web.ask.wiring import CONCURRENCY, Events, wire, wire_papers
from assistant.web.gradio_import import gr
from assistant.web.texts import HIDDEN, put_text
from assistant.web.wall.held import held

if TYPE_CHECKING:
    from assistant.composition import Assistant

__all__ = ["CONCURRENCY", "TITLE", "add_asking"]

TITLE = "Ask the shelf"
PURPOSE = "Short answers from reports. Every sentence cites the passage it rests on."
PLACEHOLDER = "Ask about the reports on the shelf"
# The list is made by conversations.js: a browser that runs no script has none.
_CONVERSATIONS = (
    '<h2>Conversations</h2><div id="history-list"></div>'
    '<p class="note">Kept in this browser alone. Whoever uses it can read them.</p>'
)
_HEADER = (
    f'<h1>{TITLE}</h1><p class="bar">'
    '<button type="button" class="drawer">Conversations</button>'
    '<button type="button" class="new">New conversation</button>'
    '<button type="button" class="keys">Keys</button></p>'
)


def _chat() -> gr.Chatbot:
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


def _sidebar() -> gr.Button:
    """Put the conversations on the page: begin another, and the list of them."""
    with gr.Column(elem_id="sidebar", min_width=0):
        again = gr.Button("New conversation", elem_id="again", min_width=0)
        put_text(_CONVERSATIONS)
    return again


def _composer(choices: list[tuple[str, str]], *, takes_papers: bool) -> dict[str, Any]:
    """Put what a question is asked with; return its parts by name."""
    with gr.Column(elem_id="asking", min_width=0):
        editing = _editing()
        question = gr.Textbox(
            label="Your question",
            placeholder=PLACEHOLDER,
            max_lines=8,
            elem_id="question",
            autofocus=True,
        )
        fault = put_text("", elem_id="question-fault")
        paper = (
            put_text("", elem_id="paper-told"),
            put_text("", elem_id="paper-done"),
            gr.Checkbox(label="Ask my paper alone", elem_id="paper-alone"),
        )
        with gr.Row(elem_id="buttons"):
            filter_, reports = _filter(choices)
            upload = gr.UploadButton(
                "Add a paper",
                file_count="multiple",
                file_types=sorted(SUFFIXES),
                elem_id="paper",
                min_width=0,
                visible=takes_papers,
            )
            send = gr.Button("Send", variant="primary", elem_id="send", min_width=0)
            stop = gr.Button("Stop", elem_id="stop", min_width=0)
    return {
        "question": question, "fault": fault, "filter": filter_, "reports": reports,
        "send": send, "stop": stop, "editing": editing, "paper": Paper(upload, *paper),
    }  # fmt: skip


def _filter(choices: list[tuple[str, str]]) -> tuple[gr.Accordion, gr.CheckboxGroup]:
    every = [report for _, report in choices]
    with gr.Accordion(
        asking_of(every, every), open=False, elem_id="filter", elem_classes="fold"
    ) as filter_:
        return filter_, gr.CheckboxGroup(
            choices=choices,
            value=every,
            label="Ask only these reports",
            elem_id="reports",
        )


def _hidden() -> Hidden:
    return Hidden(
        record=put_text("", elem_id="record"),
        retry=gr.Button("Ask this again", elem_id="retry-press", visible=HIDDEN),
        edit=gr.Button("Change", elem_id="edit-press", visible=HIDDEN),
        edit_number=gr.Textbox(label="Number", elem_id="edit-number", visible=HIDDEN),
        open=gr.Button("Open", elem_id="open-press", visible=HIDDEN),
        open_text=gr.Textbox(label="Conversation", elem_id="open-text", visible=HIDDEN),
        apart=gr.Button("Keep apart", elem_id="apart-press", visible=HIDDEN),
        away=gr.Button("Remove it", elem_id="away-press", visible=HIDDEN),
        forget=gr.Button("Forget", elem_id="forget-press", visible=HIDDEN),
        forget_ids=gr.Textbox(label="Deleted", elem_id="forget-ids", visible=HIDDEN),
    )


def _lay_out(assistant: Assistant, shelf: list[tuple[str, str]]) -> Widgets:
    put_text(_HEADER, elem_id="page-header", elem_classes="short")
    conversation = gr.State(())
    with gr.Row(elem_id="columns"):
        again = _sidebar()
        with gr.Column(elem_id="conversation", min_width=0):
            told = put_text("", elem_id="history-told")
            with gr.Column(elem_id="home", min_width=0):
                put_text(f'<p class="purpose">{PURPOSE}</p>')
                home = put_text("", elem_id="holdings")
                openings = put_suggested(
                    "Questions to start with", MOST_OPENINGS, "opening"
                )
            chat = _chat()
            # Nobody is told of each change: that would be six times a second.
            progress = put_text("", elem_id="progress")
            add_feedback(assistant, conversation)
            choices = put_suggested("Did you mean", MOST_CHOICES, "choices")
            follow_ups = put_suggested(
                "Questions to go on with", MOST_FOLLOW_UPS, "follow-ups"
            )
            add_export(assistant, conversation)
            takes_papers = hasattr(assistant, "workplace")
            composer = _composer(shelf, takes_papers=takes_papers)
        with gr.Column(elem_id="sources-column", min_width=0):
            put_text("<h2>Sources</h2>")
            panel = put_text(panel_of(()), elem_id="sources")
            hidden = _hidden()
    return Widgets(
        home=home, chat=chat, panel=panel, progress=progress, again=again,
        openings=openings, choices=choices, follow_ups=follow_ups, hidden=hidden,
        told=told, conversation=conversation, kept_id=gr.State(""),
        offered=gr.State(tuple(report for _, report in shelf)), edited=gr.State(0),
        **composer,
    )  # fmt: skip


def add_asking(page: gr.Blocks, assistant: Assistant) -> None:
    """Put the page on the site's first address."""
    history = History.from_folder(assistant.settings.data_dir)
    with page:
        widgets = _lay_out(assistant, report_choices(assistant.catalogue))
        following = Following(widgets, Runs(), history)
        remove_left(held(assistant.settings).root)
        own = OwnPapers(assistant)
        events = Events(
            Asking(assistant, following, own),
            Keeping(assistant, following, own),
            Suggesting(assistant, widgets),
        )
        wire(page, widgets, events)
        if hasattr(assistant, "workplace"):
            wire_papers(widgets, PaperEvents(assistant, widgets, own))
