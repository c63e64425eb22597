"""Under the conversation: save it for the record, as Word, PDF or Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from assistant import __version__
from assistant.schema import ReportDetails
from assistant.serving.faults import sentence_of
from assistant.transcript.conversation import Asked, Transcript
from assistant.web.ask.conversation import AnswersQuestions, Conversation, Exchange
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.library.editors import visitor_of
from assistant.web.texts import HIDDEN, QUIET, put_text, told
from assistant.web.wall.held import new_folder

_NOTHING = "There is nothing to save yet. Ask a question first."


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
        reports=_asked_of(exchange, titles),
        asked_at=exchange.asked_at,
        corpus_version=exchange.corpus_version,
    )


def _asked_of(exchange: Exchange, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the titles of what alone was asked; none where the whole shelf was."""
    reports = tuple(titles.get(report, report) for report in exchange.reports)
    if exchange.of_paper_alone:
        return (exchange.paper,)
    return (exchange.paper, *reports) if exchange.paper and reports else reports


class Saving(NamedTuple):
    """The parts of the page: what is told, the row of files, a button for each."""

    told: gr.Markdown
    row: gr.Row
    files: tuple[gr.DownloadButton, ...]

    def nothing(self, fault: str = "") -> Updates:
        """Take the downloads off the page, and say why if it is a fault."""
        return {
            self.told: told(fault, fault=True) if fault else "",
            self.row: gr.update(visible=False),
            **dict.fromkeys(self.files),
        }


@dataclass(frozen=True)
class ExportEvents:
    """What happens when a conversation is saved; the files are its asker's alone."""

    assistant: AnswersQuestions
    parts: Saving

    def save(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Make the files."""
        from assistant.transcript.export import SUFFIXES

        now = datetime.now().astimezone()
        catalogue = self.assistant.catalogue
        transcript = transcript_of(
            conversation, catalogue, now, visitor_of(request).name
        )
        if not transcript.asked:
            return self.parts.nothing(_NOTHING)
        try:
            folder = new_folder(self.assistant.settings, request)
            files = [_write(transcript, folder, suffix) for suffix in SUFFIXES]
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            return self.parts.nothing(sentence_of(error))
        count = len(transcript.asked)
        noun = "question" if count == 1 else "questions"
        ready = f"Ready to download: {count} {noun} and what was answered."
        return {
            self.parts.told: told(ready),
            self.parts.row: gr.update(visible=True),
            **dict(zip(self.parts.files, files, strict=True)),
        }


def _write(transcript: Transcript, folder: Path, suffix: str) -> str:
    from assistant.transcript.export import file_name, render

    file = folder / file_name(transcript.saved_at, suffix)
    file.write_bytes(render(transcript, suffix))
    return str(file)


def add_export(assistant: AnswersQuestions, conversation: gr.State) -> None:
    """Put the button and its downloads on the page; the state holds what is saved."""
    with gr.Column(elem_id="saving", min_width=0):
        with gr.Row(elem_id="saving-buttons"):
            save = gr.Button("Save", elem_id="save-conversation", min_width=0)
            gr.Button("Print", elem_id="print-conversation", min_width=0)
        status = put_text("", elem_id="saving-told")
        with gr.Row(visible=False, elem_id="saved-files") as row:
            files = tuple(
                gr.DownloadButton(text, min_width=0)
                for text in ("Download for Word", "Download PDF", "Download Markdown")
            )
        forget = gr.Button("Forget", elem_id="saved-forget", visible=HIDDEN)
    parts = Saving(status, row, files)
    events = ExportEvents(assistant, parts)
    made = [status, row, *files]
    save.click(events.save, conversation, made, trigger_mode="once", **QUIET)
    forget.click(parts.nothing, None, made, **QUIET)
