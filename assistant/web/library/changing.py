"""Changing the shelf from the Library page: reports added, renewed and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.errors import AssistantError, CorpusError
from assistant.library.changes import Workplace, change_shelf
from assistant.library.intake import find_entries, take_off
from assistant.web.answers.render import flat
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Result, fault_of
from assistant.web.library.browsing import Browsing
from assistant.web.library.drafts import NEW, Draft, Form
from assistant.web.library.editors import editor_of
from assistant.web.library.staging import put_on_shelf, stage
from assistant.web.texts import told

Updates = tuple[Any, ...]

_HIDDEN = gr.update(visible=False)


@dataclass(frozen=True)
class Changing:
    """The handlers that change the shelf; the list is shown anew after each."""

    browsing: Browsing

    @property
    def place(self) -> Workplace:
        """The shelf, as this process has it open."""
        return self.browsing.assistant.workplace

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
            person = editor_of(request)
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
            editor_of(request)
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
                    shown = self.browsing.show(wanted, 0)
                    yield (
                        step.value,
                        None,
                        _HIDDEN,
                        *shown,
                        *self.browsing.changing(True),
                    )
                else:
                    yield (told(step) if step else gr.skip(), *rest)
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            yield self._unchanged(error)

    def _unchanged(self, error: Exception) -> Updates:
        return (told(fault_of(error), fault=True), *(gr.skip(),) * 9)

    # Outputs: the question, and whether it is shown.
    def ask_remove(self, document: str | None, request: gr.Request) -> Updates:
        """Ask whether a report is really to be removed."""
        try:
            editor_of(request)
            if not document:
                raise CorpusError("Choose a report first.")
            entry = find_entries(self.place.library, document)[0]
        except AssistantError as error:
            return told(fault_of(error), fault=True), "", _HIDDEN
        details = entry.details
        asked = (
            f"<p role='alert'>Remove “{flat(details.title)}” "
            f"({flat(details.attribution)})? Its file and its text are deleted here, and "
            "answers are no longer taken from it.</p>"
        )
        return "", asked, gr.update(visible=True)


def _indexing(done: int, total: int) -> str:
    return f"Indexing: {done} of {total} passages done …"
