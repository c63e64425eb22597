"""Questions asked on the Ask page: typed, pressed, asked again, changed, stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.web.ask.choosing import chosen_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Asked,
    Conversation,
    before,
    converse,
    fault_of,
    stop,
)
from assistant.web.ask.following import Following
from assistant.web.ask.history import Kept
from assistant.web.ask.keeping import KEPT_APART, new_id, page_of, whose
from assistant.web.ask.own_papers import GONE, OwnPapers, after_asking, says_own
from assistant.web.ask.progress import TICK_SECONDS
from assistant.web.ask.together import Together
from assistant.web.ask.view import messages_of, panel_of
from assistant.web.ask.widgets import Widgets
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.texts import told

STILL = "Wait for this answer, or stop it; then ask the next question."


def editing_notice(number: int, conversation: Conversation) -> str:
    """Say what becomes of the rest when an earlier question is changed."""
    after = len(conversation) - number
    rest = {0: "", 1: " and the question after it"}.get(
        after, f" and the {after} questions after it"
    )
    return f"Changing question {number}. Sending it drops its answer{rest}."


class Chosen(NamedTuple):
    """Whom a question is put to: of the reports on offer those ticked, and one's paper.

    ``beside`` is what stands beside the composer of a paper of the conversation's own.
    """

    reports: Sequence[str]
    offered: Sequence[str]
    beside: str
    alone: bool


@dataclass(frozen=True)
class Asking:
    """The events over an assistant and the answers in the making."""

    assistant: AnswersQuestions
    following: Following
    own: OwnPapers

    @property
    def _w(self) -> Widgets:
        return self.following.w

    async def ask(
        self,
        question: str | None,
        place: int | None,
        conversation: Conversation,
        kept_id: str,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        beside: str,
        alone: bool,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask a question; what stood in its place and later is dropped.

        Without a question, the latest one is asked once more. ``place`` is where what was
        typed is to stand (0: behind all others); None says that it was not typed, so that
        what was begun to type stays.
        """
        kept = self._on_page(conversation, kept_id, record, request)
        number = place or len(kept.conversation) + 1
        if question is None:
            if not kept.conversation:
                return
            number = len(kept.conversation)
            question = kept.conversation[-1].question
        async for step in self._ask(
            kept, number, question, Chosen(reports, offered, beside, alone), request
        ):
            # With the first step the box is emptied and what was suggested goes.
            emptied = place is not None and self._w.edited in step
            yield {self._w.question: "", **step} if emptied else step

    async def _ask(
        self,
        kept: Kept,
        number: int,
        question: str,
        chosen: Chosen,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        w, runs, page = self._w, self.following.runs, page_of(request)
        owner, id_ = whose(request), kept.id
        paper = self.own.find((owner, id_))
        alone = bool(paper) and (chosen.alone or not chosen.reports)
        # Not a validator of Gradio's: mounted, that one reads another session.
        most = self.assistant.settings.max_question_chars
        fault = fault_of(question, chosen.reports or alone, most)
        if runs.watched(page) is not None:
            fault = STILL
        if fault:
            yield {w.fault: told(fault)}
            return
        if says_own(chosen.beside) and not paper:
            yield {w.paper.told: told(GONE, fault=True)}
            return
        other = runs.find((owner, id_))
        apart = other is not None and other.went_on_from(kept.conversation)
        if apart:
            id_ = new_id()
        asked: Asked = self.assistant
        if paper:
            own = paper.assistant
            asked = own if alone else Together(own, self.assistant)
        steps = converse(
            asked,
            before(kept.conversation, number),
            question,
            () if alone else chosen_of(chosen.reports, chosen.offered),
            TICK_SECONDS,
            paper.titles if paper else "",
            alone=alone,
        )
        # It does not wait for anything: no second press of a button comes between.
        state = await anext(steps)
        run = runs.begin((owner, id_), page, state, steps)
        first: Updates = {
            **w.ready(),
            w.paper.told: after_asking(chosen.beside),
            w.kept_id: id_,
            w.told: told(KEPT_APART) if apart else "",
            **self.following.record(id_, stop(state), owner, pending=True),
        }
        version = self.assistant.corpus_version
        async for step in self.following.follow(run, page, version):
            yield {**first, **step}
            first = {}
        if runs.looks_at(page, run):
            yield self.following.record(id_, run.state, owner)

    def _on_page(
        self, conversation: Conversation, kept_id: str, record: str, request: gr.Request
    ) -> Kept:
        """Return what stands on the page."""
        history = self.following.history
        return history.on_page(conversation, kept_id, record, whose(request))

    async def stop(self, conversation: Conversation, request: gr.Request) -> Updates:
        """Stop the answer that the page looks at where it is."""
        run = self.following.runs.watched(page_of(request))
        if run is not None:
            await run.stop()
            return {}
        # The server has forgotten it.
        stopped, version = stop(conversation), self.assistant.corpus_version
        return {
            self._w.chat: messages_of(stopped, version),
            self._w.panel: panel_of(stopped),
            self._w.progress: "",
            self._w.conversation: stopped,
        }

    def edit(
        self,
        number: str,
        conversation: Conversation,
        kept_id: str,
        record: str,
        request: gr.Request,
    ) -> Updates:
        """Put an earlier question into the box, and say what changing it does."""
        asked = self._on_page(conversation, kept_id, record, request).conversation
        place = int(number) if number.isdecimal() and len(number) < 5 else 0
        if not 1 <= place <= len(asked):
            return {}
        editing = self._w.editing
        return {
            editing.row: gr.update(visible=True),
            editing.text: told(editing_notice(place, asked)),
            self._w.question: asked[place - 1].question,
            self._w.edited: place,
        }

    def leave(self) -> Updates:
        """Leave the question as it was."""
        editing = self._w.editing
        return {
            editing.row: gr.update(visible=False),
            editing.text: "",
            self._w.question: "",
            self._w.edited: 0,
        }
