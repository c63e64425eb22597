"""What happens on the Library page: the list, files read, and changes of the shelf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from assistant.composition import Assistant, asks_of
from assistant.errors import AssistantError
from assistant.library.adding import Intake
from assistant.library.asked_as import Asks
from assistant.serving.faults import sentence_of
from assistant.web.answers.answer_text import count_of
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates, follow, summary
from assistant.web.library.changing import add, change, remove
from assistant.web.library.command import Command, read_command
from assistant.web.library.drafts import Draft, Read, read_uploads
from assistant.web.library.editors import editor_of, visitor_of
from assistant.web.library.finding import list_reports
from assistant.web.library.listing import describe_list, page_count, render_list
from assistant.web.library.table import render_table
from assistant.web.texts import told
from assistant.web.wall.held import discard


class Widgets(NamedTuple):
    """The parts of the page that are read or changed."""

    status: gr.Markdown
    fold: gr.Accordion
    upload: gr.File
    drafts: gr.State
    version_of: gr.State
    table: gr.Markdown
    command: gr.Textbox
    do: gr.Button
    wanted: gr.Textbox
    about: gr.Markdown
    listed: gr.Markdown
    page: gr.State
    before: gr.Button
    after: gr.Button


@dataclass(frozen=True)
class Handlers:
    """Each returns, or yields, what parts of the page become."""

    assistant: Assistant
    parts: Widgets

    @property
    def asks(self) -> Asks | None:
        """The model that may be asked about what is added, where one is set."""
        writer = self.assistant.parts.writer
        return asks_of(writer) if writer else None

    def show(self, wanted: str, page: int, request: gr.Request) -> Updates:
        """Show a page of the reports that have the words wanted."""
        parts, shelf = self.parts, self.assistant.parts.now().shelf
        shown = list_reports(shelf.documents, wanted)
        pages = page_count(len(shown))
        page = min(max(page, 0), pages - 1)
        library = self.assistant.workplace.library
        html = render_list(
            shown,
            page,
            {entry.details.document_id: entry for entry in library.entries()},
            date.today(),
            may_change=visitor_of(request).may_add,
        )
        about = describe_list(shown, len(shelf.reports), page)
        return {
            parts.listed: html,
            parts.about: f'<p role="status">{about}</p>',
            parts.page: page,
            parts.before: gr.update(visible=page > 0),
            parts.after: gr.update(visible=page + 1 < pages),
        }

    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened."""
        may_add = visitor_of(request).may_add
        return {
            **self.show("", 0, request),
            self.parts.fold: gr.update(visible=may_add),
        }

    def read(
        self,
        files: Sequence[str] | None,
        drafts: Sequence[Draft] | None,
        version_of: str | None,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Read uploaded files, and show what was read for a look."""
        sent, waiting = [Path(file) for file in files or ()], list(drafts or ())
        try:
            editor_of(request)
            intake = Intake(self.assistant.workplace)
            library = self.assistant.workplace.library
            old = library.find(version_of)[0] if version_of else None
        except AssistantError as error:
            for file in sent:
                discard(file)
            fault = told(sentence_of(error), fault=True)
            yield {self.parts.status: fault, self.parts.upload: None}
            return

        def shown(read: Read) -> Updates:
            all_ = [*waiting, *read.drafts]
            said = f"{count_of(len(read.drafts), 'file')} read." if read.drafts else ""
            return {
                self.parts.status: summary(said, "Not taken", read.failed),
                self.parts.drafts: all_,
                self.parts.table: render_table(all_, self.asks),
                self.parts.upload: None,
                self.parts.version_of: None,
            }

        yield from follow(
            self.parts.status,
            f"Reading {count_of(len(sent), 'file')} …",
            lambda job: read_uploads(intake, sent, waiting, old, job.say),
            shown,
            {self.parts.upload: None},
        )

    def do(
        self,
        sent: str,
        drafts: Sequence[Draft] | None,
        wanted: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Do what a button of the list or of the table stands for."""
        try:
            who, command = editor_of(request).name, read_command(sent)
            match command.do:
                case "put-away":
                    yield self._put_away(drafts or ())
                case "version":
                    yield self._await_version(command)
                case "add":
                    yield from add(self, command, drafts or (), who, wanted, request)
                case "change":
                    yield from change(self, command, wanted, request)
                case "remove":
                    yield from remove(self, command, wanted, request)
        except AssistantError as error:
            yield {self.parts.status: told(sentence_of(error), fault=True)}

    def _put_away(self, drafts: Sequence[Draft]) -> Updates:
        forget_drafts(drafts)
        return {
            self.parts.status: told("Nothing was added."),
            self.parts.drafts: [],
            self.parts.table: "",
        }

    def _await_version(self, command: Command) -> Updates:
        (entry, *_) = self.assistant.workplace.library.find(command.document)
        title = entry.details.title
        return {
            self.parts.version_of: command.document,
            self.parts.fold: gr.update(open=True),
            self.parts.status: told(f"Choose the file of the new version of {title}."),
        }


def forget_drafts(drafts: Sequence[Draft] | None) -> None:
    """Remove the files of a page that was left."""
    for draft in drafts or ():
        draft.discard()
