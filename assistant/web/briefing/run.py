"""What happens on the Briefing page: an agenda is read, its items shown, the pack made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from assistant.briefing.agenda.agenda import Agenda, parse_agenda
from assistant.briefing.agenda.file import read_agenda_file
from assistant.briefing.agenda.review import NOTHING_TICKED, Review, read_review
from assistant.briefing.making import Stop
from assistant.errors import AgendaError, AssistantError
from assistant.serving.faults import sentence_of
from assistant.web.briefing.papers import Bound, Papers, forget
from assistant.web.briefing.review import review_html, told_of_review
from assistant.web.briefing.shown import FORMATS, pack_html, summary_of, write_files
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Updates, follow
from assistant.web.library.editors import visitor_of
from assistant.web.texts import told
from assistant.web.wall.held import claim, discard, new_folder

if TYPE_CHECKING:
    from assistant.briefing.pack import Length, Pack
    from assistant.composition import Assistant

T = TypeVar("T")

_READING = "Reading the agenda …"


class Widgets(NamedTuple):
    """The parts of the page that an event reads or changes."""

    agenda: gr.Textbox
    upload: gr.UploadButton
    show: gr.Button
    review: gr.Markdown
    reviewed: gr.Textbox
    restore: gr.Button
    length: gr.Radio
    reports: gr.CheckboxGroup
    make: gr.Button
    stop: gr.Button
    status: gr.Markdown
    stopping: gr.State
    downloads: gr.Column
    files: list[gr.DownloadButton]
    shown: gr.Markdown


@dataclass(frozen=True)
class Handlers:
    """Each returns, or yields, what parts of the page become."""

    assistant: Assistant
    parts: Widgets
    papers: Papers

    def read(
        self, file: str | None, before: Bound | None, request: gr.Request
    ) -> Iterator[Updates]:
        """Read an agenda from a file, and show its items; its papers are offered."""
        may_add = visitor_of(request).may_add

        def text_of(job: Job[Review]) -> str:
            text, bound = read_upload(file, keep=may_add)
            forget(before)
            job.say({self.parts.agenda: text, **self.papers.offer(bound)})
            return text

        yield from self._show(text_of)

    def show(self, text: str) -> Iterator[Updates]:
        """Show the items of an agenda, to be looked over."""
        yield from self._show(lambda job: text)

    def _show(self, text_of: Callable[[Job[Review]], str]) -> Iterator[Updates]:
        def work(job: Job[Review], stop: Stop) -> Review:
            text = text_of(job)
            agenda = self.assistant.questions_for(parse_agenda(text), stop)
            return Review.begin(agenda, text)

        def after(review: Review) -> Updates:
            said = told(told_of_review(review))
            return {self.parts.status: said, self.parts.review: review_html(review)}

        yield from self._follow(work, after, {self.parts.review: ""})

    def restore(self, text: str, sent: str) -> Updates:
        """Show a list again as this browser has kept it."""
        try:
            review = read_review(sent)
        except AssistantError:
            return {}
        return {self.parts.review: review_html(review, changed=not review.is_of(text))}

    def make(
        self, text: str, sent: str, length: str, chosen: list[str], request: gr.Request
    ) -> Iterator[Updates]:
        """Make the pack of the list where it is one of this text, else of the text."""
        parts = self.parts

        def work(job: Job[Pack], stop: Stop) -> Pack:
            review = read_review(sent) if sent else None
            if review is not None and not review.is_of(text):
                review = None
            if review is not None and not review.asked:
                raise AgendaError(NOTHING_TICKED)

            def prepared(agenda: Agenda) -> None:
                if review is None:
                    html = review_html(Review.begin(agenda, text))
                    job.say({parts.review: html})

            def progress(done: int, total: int) -> None:
                if not stop.asked.is_set():
                    said = f"{done} of {total} items done …"
                    job.say({parts.status: _running(said, done, total)})

            return self.assistant.brief(
                review.agenda if review else parse_agenda(text),
                length=cast("Length", length),
                reports=self._reports(chosen),
                progress=progress,
                prepared=prepared,
                stop=stop,
            )

        hidden: Updates = {parts.downloads: gr.update(visible=False), parts.shown: ""}
        yield from self._follow(
            work, lambda pack: self._finished(pack, request), hidden
        )

    def _reports(self, chosen: list[str]) -> list[str]:
        if not chosen:
            raise AgendaError("No report is chosen. Choose at least one.")
        # All of them: those nearest to each item.
        every = set(self.assistant.parts.shelf.reports)
        return [] if set(chosen) == every else chosen

    def stop(self, stop: Stop | None) -> Updates:
        """Stop what is under way."""
        if stop is None or stop.asked.is_set():
            return {}
        stop.stop()
        return {self.parts.status: _running("Stopping …")}

    def _finished(self, pack: Pack, request: gr.Request) -> Updates:
        parts = self.parts
        shown: Updates = {parts.shown: pack_html(pack)}
        try:
            files = write_files(pack, new_folder(self.assistant.settings, request))
        except Exception as error:  # noqa: BLE001 - told, and logged where unforeseen
            # The pack itself can still be read.
            return {**shown, parts.status: told(sentence_of(error), fault=True)}
        shown[parts.status] = told(summary_of(pack))
        for part, suffix in zip(parts.files, FORMATS, strict=True):
            shown[part] = gr.update(value=str(files[suffix]))
        return {**shown, parts.downloads: gr.update(visible=True)}

    def _follow(
        self,
        work: Callable[[Job[T], Stop], T],
        after: Callable[[T], Updates],
        first: Updates,
    ) -> Iterator[Updates]:
        """Follow some work that can be stopped, and is where its page is left."""
        stop = Stop()
        ended: Updates = {self.parts.stopping: None}
        steps = follow(
            self.parts.status,
            _READING,
            lambda job: work(job, stop),
            lambda result: {**ended, **after(result)},
            ended,
            _running,
        )
        try:
            yield {self.parts.stopping: stop, **first, **next(steps)}
            yield from steps
        finally:
            stop.stop()


def _running(text: str, done: int = 0, total: int = 0) -> str:
    """Return a status that also says to the page's styles that work is under way."""
    bar = f'<progress aria-label="Items done" max="{total}" value="{done}"></progress>'
    return f'<p class="running">{escape(text)}</p>{bar if total else ""}'


def read_upload(file: str | None, *, keep: bool = False) -> tuple[str, Bound | None]:
    """Return the agenda of a file that was uploaded, and remove the file.

    Args:
        file: where it lies.
        keep: whether one that holds papers stays; it is returned with them.

    Raises:
        AgendaError: it is too large, or of a kind that is not read.
    """
    if file is None:
        raise AgendaError("No file came. Choose a PDF, Word, HTML or text file.")
    path = Path(file)
    try:
        read = read_agenda_file(path)
        parse_agenda(read.text)
        if keep and read.papers:
            return read.text, Bound(claim(path), read.papers)
    finally:
        # An agenda may be confidential: it stays no longer than it is needed.
        discard(path)
    return read.text, None
