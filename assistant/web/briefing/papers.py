"""The papers bound up in an agenda's file, offered to be put on the shelf one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from assistant.briefing.agenda.papers import Paper, file_name, take_paper
from assistant.errors import AssistantError, CorpusError
from assistant.library.adding import Intake, Put, Staged, put_on_shelf
from assistant.library.candidates import UPLOADED, Incoming, read_candidate
from assistant.library.details import Given
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Updates, follow, summary
from assistant.web.library.changing import link_of
from assistant.web.library.editors import editor_of
from assistant.web.texts import put_text, told
from assistant.web.wall.held import discard

if TYPE_CHECKING:
    from assistant.composition import Assistant

_OFFER = (
    "<h2>Papers in this file</h2><p>One that is put on the shelf under its item's title is "
    "heard first on that item. Everybody who asks here can read it then.</p>"
)
# Seconds that a file waits whose page was left.
_SECONDS = 3600


class Bound(NamedTuple):
    """A file, and those of its papers that are not on the shelf yet."""

    file: Path
    papers: tuple[Paper, ...]


class PaperParts(NamedTuple):
    """The parts of the page that have to do with it."""

    bound: gr.State
    offer: gr.Column
    ticked: gr.CheckboxGroup
    add: gr.Button
    status: gr.Markdown


def lay_out_papers() -> PaperParts:
    """Put the parts on the page; they are seen where a file has papers."""
    with gr.Column(visible=False, elem_id="papers", min_width=0) as offer:
        put_text(_OFFER)
        ticked = gr.CheckboxGroup(label="Papers to put on the shelf", elem_id="ticked")
        add = gr.Button("Put them on the shelf", elem_id="add-papers", min_width=0)
    status = put_text("", elem_id="papers-status")
    bound = gr.State(None, time_to_live=_SECONDS, delete_callback=forget)
    return PaperParts(bound, offer, ticked, add, status)


def forget(bound: Bound | None) -> None:
    """Remove a file that is needed no more."""
    if bound is not None:
        discard(bound.file)


@dataclass(frozen=True)
class Papers:
    """Each method returns, or yields, what parts of the page become."""

    assistant: Assistant
    parts: PaperParts

    def offer(self, bound: Bound | None) -> Updates:
        """Offer the papers of a file, where it has some."""
        papers = bound.papers if bound else ()
        if bound and not papers:
            forget(bound)
        choices = [
            (f"Item {p.item}: {p.title} (pages {p.first} to {p.last})", str(place))
            for place, p in enumerate(papers)
        ]
        return {
            self.parts.bound: bound if papers else None,
            self.parts.offer: gr.update(visible=bool(papers)),
            self.parts.ticked: gr.update(choices=choices, value=[]),
            self.parts.status: "",
        }

    def add(
        self, ticked: Sequence[str], bound: Bound | None, request: gr.Request
    ) -> Iterator[Updates]:
        """Put those that are ticked on the shelf."""
        status = self.parts.status
        try:
            who = editor_of(request).name
            if bound is None or not bound.file.is_file():
                raise CorpusError("The file was removed meanwhile. Choose it again.")
            wanted = [p for n, p in enumerate(bound.papers) if str(n) in ticked]
            if not wanted:
                raise CorpusError("No paper is ticked. Tick at least one.")
        except AssistantError as error:
            yield {status: told(str(error), fault=True)}
            return

        def work(job: Job[Put]) -> Put:
            return self._add(bound, wanted, who, job)

        def after(put: Put) -> Updates:
            added = {one.entry.details.title for one in put.added}
            left = tuple(p for p in bound.papers if p.title not in added)
            said = "; ".join(map(link_of, put.added))
            told_ = summary(f"Added: {said}." if said else "", "Not added", put.failed)
            return {**self.offer(Bound(bound.file, left)), status: told_}

        yield from follow(status, "Taking the papers out …", work, after)

    def _add(
        self, bound: Bound, papers: Sequence[Paper], who: str | None, job: Job[Put]
    ) -> Put:
        intake, staged, failed = Intake(self.assistant.workplace), [], []
        # It lies where what was sent lies, and goes with it where we are stopped.
        with TemporaryDirectory(dir=bound.file.parent) as folder:
            for number, paper in enumerate(papers, 1):
                job.say(f"Reading {number} of {len(papers)}: {paper.title} …")
                file = Path(folder) / file_name(paper)
                try:
                    file.write_bytes(take_paper(bound.file, paper))
                    staged.append(_stage(intake, file, paper, who))
                except AssistantError as error:
                    failed.append(str(error))
            put = put_on_shelf(self.assistant.workplace, staged, job.say_passages)
        return Put(put.added, [*failed, *put.failed])


def _stage(intake: Intake, file: Path, paper: Paper, who: str | None) -> Staged:
    found = Incoming(file, paper.title, f"{UPLOADED}{file.name}")
    candidate = read_candidate(found, known=intake.known)
    if isinstance(candidate, str):
        (entry, *_) = intake.place.library.find(candidate)
        raise CorpusError(
            f"{paper.title} is on the shelf already, as “{entry.details.title}”."
        )
    # The item of one meeting is no new version of that of another.
    staged = intake.stage(candidate, Given(title=paper.title), None, who)
    intake.take(staged.entry)
    return intake.lend_publisher(staged)
