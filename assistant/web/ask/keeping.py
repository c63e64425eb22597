"""Conversations between the Ask page and its browser: kept, opened, begun anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from assistant.errors import HistoryError
from assistant.web.ask.choosing import asking_of, report_choices, wanted_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Conversation,
    Exchange,
    stop,
)
from assistant.web.ask.following import Following
from assistant.web.ask.home import render_home
from assistant.web.ask.own_papers import GONE, OwnPapers, render_own
from assistant.web.ask.view import messages_of, panel_of
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.texts import told
from assistant.web.wall.owners import owner_of

KEPT_APART = (
    "This conversation went on in another tab as well. Both are kept: this page’s now "
    "stands in the list by itself."
)


def whose(request: gr.Request) -> str:
    """Return whose conversation a request's is: a person's, or one browser's."""
    return owner_of(request.request.scope if request.request else {})


def page_of(request: gr.Request) -> str:
    """Return which open page sent a request."""
    return str(request.session_hash)


def new_id() -> str:
    """Return the id of one more conversation."""
    return uuid4().hex


@dataclass(frozen=True)
class Keeping:
    """The events over an assistant and the history of its browsers."""

    assistant: AnswersQuestions
    following: Following
    own: OwnPapers

    @property
    def _w(self) -> Widgets:
        return self.following.w

    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened, from the shelf as it is then."""
        choices = report_choices(self.assistant.catalogue)
        offered = tuple(report for _, report in choices)
        wanted = [report for report in wanted_of(request) if report in offered]
        return {
            self._w.home: render_home(self.assistant),
            **self.choose(wanted or list(offered), offered),
            self._w.reports: gr.update(choices=choices, value=wanted or list(offered)),
            self._w.offered: offered,
            **self.following.record("", (), whose(request)),
        }

    def choose(self, reports: Sequence[str], offered: Sequence[str]) -> Updates:
        """Say how many reports are asked."""
        return {self._w.filter: gr.update(label=asking_of(reports, offered))}

    def start_again(
        self, conversation: Conversation, kept_id: str, request: gr.Request
    ) -> Updates:
        """Clear the page; what was kept stays kept, and an answer goes on."""
        self.following.runs.leave(page_of(request))
        if not conversation:
            # Nothing was asked of it, and nobody can come back to it.
            self.own.forget((whose(request), kept_id))
        return {**self._show((), ""), **self.following.record("", (), whose(request))}

    def keep_apart(
        self, conversation: Conversation, record: str, request: gr.Request
    ) -> Updates:
        """Hand it over under another id: another tab went on with the former one."""
        owner, id_ = whose(request), new_id()
        kept = self.following.history.on_page(conversation, id_, record, owner)
        return {
            **self.following.record(id_, kept.conversation, owner),
            self._w.kept_id: id_,
            self._w.told: told(KEPT_APART),
        }

    async def open(
        self, text: str, offered: Sequence[str], request: gr.Request
    ) -> AsyncIterator[Updates]:
        """Show a conversation that the browser kept, and go on with its answer."""
        owner, page, runs = whose(request), page_of(request), self.following.runs
        try:
            kept = self.following.history.read(text, owner)
        except HistoryError as error:
            yield {self._w.told: told(str(error), fault=True)}
            return
        conversation = kept.conversation
        run = runs.find((owner, kept.id))
        if run is not None and run.is_newer_than(conversation):
            conversation = run.state
        asked = [one for one in conversation[-1].reports if one in offered]
        runs.leave(page)
        going = run is not None and run.is_going
        opened = self.following.record(
            kept.id, stop(conversation), owner, opened=True, pending=going
        )
        yield {
            **self._show(conversation, kept.id),
            **opened,
            self._w.paper.told: self._beside(owner, kept.id, conversation[-1]),
            self._w.paper.alone: conversation[-1].of_paper_alone,
            **self.choose(asked or offered, offered),
            self._w.reports: gr.update(value=asked or list(offered)),
        }
        if run is None or not going:
            return
        version = self.assistant.corpus_version
        async for step in self.following.follow(run, page, version):
            yield step
        if runs.looks_at(page, run):
            yield self.following.record(kept.id, run.state, owner)

    def _beside(self, owner: str, id_: str, latest: Exchange) -> str:
        """Say which paper of its own a conversation asks, or that it is gone."""
        if own := self.own.find((owner, id_)):
            return render_own(own)
        return told(GONE, fault=True) if latest.paper else ""

    def _show(self, conversation: Conversation, id_: str) -> Updates:
        w = self._w
        return {
            **w.ready(),
            w.chat: messages_of(conversation, self.assistant.corpus_version),
            w.panel: panel_of(conversation),
            w.progress: "",
            w.conversation: conversation,
            w.kept_id: id_,
            w.question: "",
            w.paper.told: "",
            w.told: "",
        }
