"""Reading a file on the Library page, and showing what was read before it is added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, CorpusError
from assistant.library.changes import Workplace
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result, fault_of
from assistant.web.library.drafts import (
    NEW,
    Draft,
    choices_of,
    read_again,
    read_upload,
)
from assistant.web.library.editors import editor_of
from assistant.web.library.shown import explain_draft, render_draft
from assistant.web.texts import told
from assistant.web.wall.held import claim, discard

if TYPE_CHECKING:
    from assistant.composition import Assistant

Updates = tuple[Any, ...]

_NEW_REPORT = ("A new report", NEW)
# Said now and then while a long file is read.
_NEWS_SECONDS = 10
_HIDDEN = gr.update(visible=False)


@dataclass(frozen=True)
class Drafting:
    """The handlers that read a file; each returns what its outputs become."""

    assistant: Assistant

    @property
    def place(self) -> Workplace:
        """The shelf, as this process has it open."""
        return self.assistant.workplace

    # Outputs: status, draft, its form (shown or not), what was read, its details, what
    # it is added as, the upload, and whether removing is being asked.
    def read(self, file: str | None, request: gr.Request) -> Iterator[Updates]:
        """Read an uploaded file, and show what was read."""
        if not file:
            yield self._faulty(CorpusError("Choose a file first."))
            return
        path = Path(file)
        try:
            editor_of(request)
        except AssistantError as error:
            discard(path)
            yield self._faulty(error)
            return

        def work(job: Job[Draft]) -> Draft:
            # From here on it belongs to this draft alone.
            mine = claim(path)
            try:
                return read_upload(self.place, mine)
            except BaseException:
                discard(mine)
                raise

        yield from self._reading(path.name, work)

    def read_again(
        self, document: str | None, request: gr.Request
    ) -> Iterator[Updates]:
        """Read a report's kept file, to change its details."""
        try:
            editor_of(request)
            if not document:
                raise CorpusError("Choose a report first.")
        except AssistantError as error:
            yield self._faulty(error)
            return
        yield from self._reading(
            "the report", lambda job: read_again(self.place, document)
        )

    def _reading(
        self, name: str, work: Callable[[Job[Draft]], Draft]
    ) -> Iterator[Updates]:
        rest = (gr.skip(),) * 12
        yield (told(f"Reading {name} …"), *rest)
        since = said = monotonic()
        try:
            for step in Job(work, "read-report").steps():
                if isinstance(step, Result):
                    yield self._drafted(step.value)
                elif monotonic() - said > _NEWS_SECONDS:
                    said = monotonic()
                    seconds = round(said - since)
                    text = f"Reading {name} … {seconds} seconds so far."
                    yield (told(text), *rest)
                else:
                    yield (gr.skip(), *rest)
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            yield self._faulty(error)

    def _drafted(self, draft: Draft) -> Updates:
        choices = [
            (f"A new version of {label}", document)
            for label, document in choices_of(self.place.library)
        ]
        offered = [_NEW_REPORT, *choices]
        added_as = gr.update(
            choices=offered, value=draft.takes_place_of, visible=not draft.is_kept
        )
        form = draft.form
        return (
            told(explain_draft(draft, choices_of(self.place.library))),
            draft,
            gr.update(visible=True),
            render_draft(draft),
            form.title,
            form.publisher,
            form.published,
            form.authors,
            form.url,
            form.document_type,
            added_as,
            None,
            _HIDDEN,
        )

    def _faulty(self, error: Exception) -> Updates:
        # The upload is gone, so the box for it is emptied.
        sentence = told(fault_of(error), fault=True)
        return (sentence, *(gr.skip(),) * 10, None, gr.skip())

    # Outputs: status, draft, its form, the upload.
    def cancel(self, draft: Draft | None) -> Updates:
        """Put away what was read."""
        if draft is not None:
            draft.discard()
        return told("Nothing was added or changed."), None, _HIDDEN, None


def forget_draft(draft: Draft | None) -> None:
    """Remove the file of a page that was left."""
    if draft is not None:
        draft.discard()
