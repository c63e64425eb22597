"""What happens on the Library page: finding, adding, changing and removing reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from assistant.answering.finding.holdings import FindsHoldings, Holdings, read_matters
from assistant.errors import AssistantError, CorpusError
from assistant.library.changes import Workplace, change_shelf
from assistant.library.intake import find_entries, take_off
from assistant.web.access.people import Person, person_of
from assistant.web.answers.render import flat
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result, sentence_of
from assistant.web.library.drafts import (
    NEW,
    Draft,
    Form,
    choices_of,
    explain_draft,
    put_on_shelf,
    read_again,
    read_upload,
    remove_upload,
    render_draft,
    stage,
)
from assistant.web.library.listing import (
    describe_list,
    list_reports,
    page_count,
    render_list,
)
from assistant.web.library.thin import render_thin
from assistant.web.texts import told

if TYPE_CHECKING:
    from assistant.composition import Assistant

Updates = tuple[Any, ...]

NOT_YOURS = "You may read this shelf, not change it."
_NEW_REPORT = ("A new report", NEW)
# Said now and then while a long file is read.
_NEWS_SECONDS = 10
_HIDDEN = gr.update(visible=False)


class NotAllowedError(AssistantError):
    """Somebody who may only read asked for a change."""


def _person(request: gr.Request) -> Person:
    sent = request.request
    return person_of(sent) if sent is not None else Person()


def _editor(request: gr.Request) -> Person:
    """Return who asks; the form is hidden from others, but a request can be forged."""
    person = _person(request)
    if not person.may_add:
        raise NotAllowedError(NOT_YOURS)
    return person


@dataclass
class LibraryEvents:
    """The handlers of the page; each returns what its outputs become."""

    assistant: Assistant
    finds: FindsHoldings = field(init=False)

    def __post_init__(self) -> None:
        """Read the matters to look for."""
        self.finds = FindsHoldings(read_matters(self.assistant.settings.corpus_dir))

    @property
    def place(self) -> Workplace:
        """The shelf, as this process has it open."""
        return self.assistant.workplace

    def _holdings(self) -> Holdings:
        return self.finds.of(self.assistant.parts.now().shelf.documents)

    # Outputs: the list, what it shows, its page, its two buttons.
    def show(self, wanted: str, page: int) -> Updates:
        """Show a page of the reports that have the words wanted."""
        shelf = self.assistant.parts.now().shelf
        shown = list_reports(shelf.documents, wanted, self.finds.headings)
        page = min(max(page, 0), page_count(len(shown)) - 1)
        added = {e.details.document_id: e for e in self.place.library.entries()}
        html = render_list(
            shown, page, self.finds.of(shelf.documents), added, date.today()
        )
        about = f'<p role="status">{describe_list(shown, len(shelf.reports), page)}</p>'
        return (
            html,
            about,
            page,
            gr.update(visible=page > 0),
            gr.update(visible=page + 1 < page_count(len(shown))),
        )

    # Outputs: those of ``show``, the two folds for editors, the reports to change.
    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened."""
        may_add = _person(request).may_add
        return (*self.show("", 0), gr.update(visible=may_add), *self._changing(may_add))

    def _changing(self, may_add: bool) -> Updates:
        choices = choices_of(self.place.library) if may_add else []
        return gr.update(visible=bool(choices)), gr.update(choices=choices, value=None)

    def thin(self) -> str:
        """Say where the shelf is thin."""
        return render_thin(self._holdings(), date.today())

    # Outputs: status, draft, its form (shown or not), what was read, its details, what
    # it is added as, the upload, and whether removing is being asked.
    def read(self, file: str | None, request: gr.Request) -> Iterator[Updates]:
        """Read an uploaded file, and show what was read."""
        if not file:
            yield self._faulty(CorpusError("Choose a file first."))
            return
        path = Path(file)
        try:
            _editor(request)
        except AssistantError as error:
            remove_upload(path)
            yield self._faulty(error)
            return

        def work(job: Job[Draft]) -> Draft:
            try:
                return read_upload(self.place, path)
            except BaseException:
                remove_upload(path)
                raise

        yield from self._reading(path.name, work)

    def read_again(
        self, document: str | None, request: gr.Request
    ) -> Iterator[Updates]:
        """Read a report's kept file, to change its details."""
        try:
            _editor(request)
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
        sentence = told(sentence_of(error), fault=True)
        return (sentence, *(gr.skip(),) * 10, None, gr.skip())

    # Outputs: status, draft, its form, then those of ``show`` and what can be changed.
    def add(
        self,
        draft: Draft | None,
        wanted: str,
        document: str | None,
        title: str,
        publisher: str,
        published: str,
        authors: str,
        url: str,
        document_type: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Put what was read on the shelf under the details that were sent."""
        form = Form(title, publisher, published, authors, url, document_type)
        try:
            person = _editor(request)
            if draft is None:
                raise CorpusError("This file was put away meanwhile. Choose it again.")
            staged, old = stage(
                self.place,
                draft,
                form,
                draft.takes_place_of if draft.is_kept else document or NEW,
                person.name,
            )
        except AssistantError as error:
            yield self._unchanged(error)
            return
        details = staged.entry.details
        what = "Changed" if old else "Added"

        def work(job: Job[str]) -> str:
            result = (
                f'<p role="status">{what}: {flat(details.title)}. '
                f'<a href="./?reports={flat(details.report)}" target="_blank" '
                'rel="noopener">Ask about it</a></p>'
            )
            put_on_shelf(
                self.place,
                staged,
                old,
                lambda done, total: job.say(_indexing(done, total)),
                lambda: job.finish(result),
            )
            return result

        for update in self._working("Waiting for its turn …", work, wanted):
            if update[1] is None:
                draft.discard()
            yield update

    def remove(
        self, document: str | None, wanted: str, request: gr.Request
    ) -> Iterator[Updates]:
        """Take a report of the team's off the shelf."""
        try:
            _editor(request)
            gone = find_entries(self.place.library, document or "")
        except AssistantError as error:
            yield self._unchanged(error)
            return
        title = gone[0].details.title

        def work(job: Job[str]) -> str:
            result = told(f"Removed: {title}. Answers are no longer taken from it.")
            change_shelf(
                self.place,
                lambda library: take_off(library, gone),
                published=lambda: job.finish(result),
            )
            return result

        yield from self._working(f"Removing {title} …", work, wanted)

    def _working(
        self, begun: str, work: Callable[[Job[str]], str], wanted: str
    ) -> Iterator[Updates]:
        rest = (gr.skip(),) * 9
        yield (told(begun), *rest)
        try:
            for step in Job(work, "change-shelf").steps():
                if isinstance(step, Result):
                    shown = self.show(wanted, 0)
                    yield (step.value, None, _HIDDEN, *shown, *self._changing(True))
                else:
                    yield (told(step) if step else gr.skip(), *rest)
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            yield self._unchanged(error)

    def _unchanged(self, error: Exception) -> Updates:
        return (told(sentence_of(error), fault=True), *(gr.skip(),) * 9)

    # Outputs: status, draft, its form, the upload.
    def cancel(self, draft: Draft | None) -> Updates:
        """Put away what was read."""
        if draft is not None:
            draft.discard()
        return told("Nothing was added or changed."), None, _HIDDEN, None

    # Outputs: the question, and whether it is shown.
    def ask_remove(self, document: str | None, request: gr.Request) -> Updates:
        """Ask whether a report is really to be removed."""
        try:
            _editor(request)
            if not document:
                raise CorpusError("Choose a report first.")
            entry = find_entries(self.place.library, document)[0]
        except AssistantError as error:
            return told(sentence_of(error), fault=True), "", _HIDDEN
        details = entry.details
        asked = (
            f"<p role='alert'>Remove “{flat(details.title)}” "
            f"({flat(details.attribution)})? Its file and its text are deleted here, and "
            "answers are no longer taken from it.</p>"
        )
        return "", asked, gr.update(visible=True)


def _indexing(done: int, total: int) -> str:
    return f"Indexing: {done} of {total} passages done …"


def forget_draft(draft: Draft | None) -> None:
    """Remove the file of a page that was left."""
    if draft is not None:
        draft.discard()
