"""Under the conversation: save it for the record, as Word or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.schema import ReportDetails
from assistant.transcript.conversation import Asked, Transcript
from assistant.web.access.people import person_of
from assistant.web.ask.conversation import AnswersQuestions, Conversation, Exchange
from assistant.web.faults import sentence_of
from assistant.web.gradio_import import gr
from assistant.web.texts import put_text, told
from assistant.web.wall.held import new_folder

_NOTHING = "There is nothing to save yet. Ask a question first."
_UNEXPECTED = (
    "Something went wrong here and the files were not made. Please try "
    "again; if it happens again, report the number {id}."
)

Updates = tuple[Any, ...]


def transcript_of(
    conversation: Conversation,
    catalogue: Sequence[ReportDetails],
    saved_at: datetime,
    saved_by: str | None,
) -> Transcript:
    """Return what goes on record: each question that has its answer, or failed."""
    titles = {details.report: details.title for details in catalogue}
    asked = tuple(_asked(one, titles) for one in conversation if one.is_whole)
    return Transcript(asked, saved_at, saved_by, __version__)


def _asked(exchange: Exchange, titles: Mapping[str, str]) -> Asked:
    return Asked(
        question=exchange.question,
        searched_for=exchange.searched_for,
        answer=exchange.answer,
        failure=exchange.failure,
        stopped=exchange.stopped,
        reports=tuple(titles.get(report, report) for report in exchange.reports),
        asked_at=exchange.asked_at,
        corpus_version=exchange.corpus_version,
    )


@dataclass(frozen=True)
class ExportEvents:
    """What happens when a conversation is saved; the files are its asker's alone."""

    assistant: AnswersQuestions

    def save(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Make the files: told, their row, Word, Markdown."""
        from assistant.transcript.export import SUFFIXES

        person = person_of(request.request).name if request.request else None
        now = datetime.now().astimezone()
        catalogue = self.assistant.catalogue
        transcript = transcript_of(conversation, catalogue, now, person)
        if not transcript.asked:
            return no_files(_NOTHING)
        try:
            folder = new_folder(self.assistant.settings, request)
            files = [_write(transcript, folder, suffix) for suffix in SUFFIXES]
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            return no_files(sentence_of(error, _UNEXPECTED))
        count = len(transcript.asked)
        noun = "question" if count == 1 else "questions"
        ready = f"Ready to download: {count} {noun} and what was answered."
        return (told(ready), gr.update(visible=True), *files)


def _write(transcript: Transcript, folder: Path, suffix: str) -> str:
    from assistant.transcript.export import file_name, render

    file = folder / file_name(transcript.saved_at, suffix)
    file.write_bytes(render(transcript, suffix))
    return str(file)


def no_files(fault: str = "") -> Updates:
    """Take the downloads off the page, and say why if it is a fault."""
    text = told(fault, fault=True) if fault else ""
    return (text, gr.update(visible=False), None, None)


def add_export(assistant: AnswersQuestions, conversation: Any) -> None:
    """Put the button and its downloads on the page.

    Args:
        assistant: whose shelf was asked.
        conversation: the state that holds the conversation.
    """
    with gr.Column(elem_id="saving", min_width=0):
        save = gr.Button("Save this conversation", elem_id="save-conversation")
        status = put_text("", elem_id="saving-told")
        with gr.Row(visible=False, elem_id="saved-files") as row:
            word = gr.DownloadButton("Download for Word", min_width=0)
            markdown = gr.DownloadButton("Download as Markdown", min_width=0)
        forget = gr.Button("Forget", elem_id="saved-forget", visible="hidden")
    events = ExportEvents(assistant)
    made = [status, row, word, markdown]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    save.click(events.save, conversation, made, trigger_mode="once", **quiet)
    forget.click(no_files, None, made, **quiet)
