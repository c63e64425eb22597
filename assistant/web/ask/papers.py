"""A paper dropped into the composer, to be asked about.

Whoever may add reports puts it on the shelf. Of anybody else it is the conversation's
alone: indexed apart, told to nobody, and gone with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, CorpusError
from assistant.library.adding import Intake, put_on_shelf
from assistant.library.candidates import UPLOADED, Candidate, Incoming, read_candidate
from assistant.library.details import NOTHING
from assistant.serving.access.people import Person
from assistant.web.answers.answer_text import flat
from assistant.web.ask.choosing import asking_of, report_choices
from assistant.web.ask.home import render_home
from assistant.web.ask.keeping import new_id, whose
from assistant.web.ask.own_papers import Key, Own, OwnPapers, render_own
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import gr
from assistant.web.jobs import Job, Updates, follow, summary
from assistant.web.library.editors import visitor_of
from assistant.web.texts import told
from assistant.web.wall.held import claim, discard

if TYPE_CHECKING:
    from assistant.composition import Assistant

_NOW_ON = "On the shelf now, for everybody who asks here: {}."
_WAS_ON = "On the shelf already: {}."
_CHOSEN = "Below stands which reports are asked; tick others there."


@dataclass
class Dropped:
    """What became of papers that were dropped."""

    read: list[Candidate] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    """The reports to ask: those that are on the shelf now, or were."""
    said: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """A sentence for each that could not be taken; it names the file."""
    own: Own | None = None


@dataclass(frozen=True)
class PaperEvents:
    """Each method returns, or yields, what parts of the page become."""

    assistant: Assistant
    w: Widgets
    own: OwnPapers

    def drop(
        self,
        files: Sequence[str] | None,
        kept_id: str,
        reports: Sequence[str],
        offered: Sequence[str],
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Read papers, and have the next question put to them."""
        w, person = self.w, visitor_of(request)
        key = whose(request), kept_id or new_id()
        sent = [Path(file) for file in files or ()]

        def after(dropped: Dropped) -> Updates:
            updates: Updates = {w.paper.upload: None, w.paper.told: _told(dropped)}
            if dropped.own:
                updates |= {w.kept_id: key[1], w.paper.alone: False}
            return {**updates, **self._chosen(dropped.chosen, reports, offered)}

        yield from follow(
            w.paper.told,
            "Reading …",
            lambda job: self._take(sent, key, person, job),
            after,
            {w.paper.upload: None},
        )

    def done(self) -> str:
        """Tell the page's script that all of a drop is on the page."""
        return f'<div hidden class="done">{new_id()}</div>'

    def put_away(self, kept_id: str, request: gr.Request) -> Updates:
        """Remove the papers of the conversation."""
        self.own.forget((whose(request), kept_id))
        return {
            self.w.paper.told: told("Your paper was removed. The reports are asked.")
        }

    def forget(self, ids: str, request: gr.Request) -> None:
        """Remove the papers of conversations that were deleted."""
        for kept_id in str(ids).split():
            self.own.forget((whose(request), kept_id))

    def _take(
        self, sent: Sequence[Path], key: Key, person: Person, job: Job[Dropped]
    ) -> Dropped:
        intake, dropped = Intake(self.assistant.workplace), Dropped()
        files: list[Path] = []
        try:
            for file in sent:
                job.say(f"Reading {file.name} …")
                try:
                    files.append(claimed := claim(file))
                    _read(claimed, intake, dropped)
                except OSError:
                    dropped.failed.append(
                        f"{file.name} is here no more. Drop it again."
                    )
                except AssistantError as error:
                    dropped.failed.append(str(error))
            if dropped.read and person.may_add:
                self._put(dropped, intake, person.name, job)
            elif dropped.read:
                self._keep(dropped, key, job)
        except AssistantError as error:
            dropped.failed.append(str(error))
        finally:
            for file in files:
                discard(file)
        dropped.own = self.own.find(key)
        return dropped

    def _put(
        self, dropped: Dropped, intake: Intake, who: str | None, job: Job[Dropped]
    ) -> None:
        """Put what was read on the shelf."""
        staged = []
        for one in dropped.read:
            # What has the name of another may be another: the Library page asks which.
            staged.append(intake.stage(one, NOTHING, None, who))
            intake.take(staged[-1].entry)
        put = put_on_shelf(
            self.assistant.workplace,
            [intake.lend_publisher(one) for one in staged],
            job.say_passages,
        )
        added = [one.entry.details for one in put.added]
        if added:
            titles = "; ".join(flat(one.title) for one in added)
            dropped.said.append(_NOW_ON.format(titles))
        dropped.chosen += [one.report for one in added]
        dropped.failed += put.failed

    def _keep(self, dropped: Dropped, key: Key, job: Job[Dropped]) -> None:
        """Keep what was read for the conversation alone."""
        folder = dropped.read[0].file.parent
        for one in dropped.read:
            one.file.unlink(missing_ok=True)
        self.own.add(key, dropped.read, folder, job.say_passages)

    def _chosen(
        self, new: Sequence[str], reports: Sequence[str], offered: Sequence[str]
    ) -> Updates:
        """Tick them alone, or beside a choice that was made before."""
        if not new:
            return {}
        w, choices = self.w, report_choices(self.assistant.catalogue)
        every = tuple(report for _, report in choices)
        before = () if set(offered) <= set(reports) else reports
        ticked = [one for one in every if one in {*before, *new}]
        return {
            w.reports: gr.update(choices=choices, value=ticked),
            w.offered: every,
            w.filter: gr.update(label=asking_of(ticked, every)),
            w.home: render_home(self.assistant),
        }


def _read(file: Path, intake: Intake, dropped: Dropped) -> None:
    """Read a file; one that is on the shelf already is chosen there.

    Raises:
        CorpusError: it cannot be used.
    """
    found = read_candidate(
        Incoming(file, file.name, f"{UPLOADED}{file.name}"), known=intake.known
    )
    if not isinstance(found, str):
        if any(found.file_hash == one.file_hash for one in dropped.read):
            raise CorpusError(f"{file.name} was dropped twice.")
        dropped.read.append(found)
        return
    (entry, *_) = intake.place.library.find(found)
    dropped.chosen.append(entry.details.report)
    dropped.said.append(_WAS_ON.format(flat(entry.details.title)))


def _told(dropped: Dropped) -> str:
    own = render_own(dropped.own) if dropped.own else ""
    how = [_CHOSEN] if dropped.said else []
    said = " ".join([*dropped.said, *how])
    return own + summary(said, "Not taken", dropped.failed)
