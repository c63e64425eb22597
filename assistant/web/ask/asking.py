"""Questions asked on the Ask page: typed, pressed, asked again, changed, stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from assistant.web.ask.choosing import chosen_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
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
from assistant.web.ask.view import messages_of, panel_of
from assistant.web.ask.widgets import Updates, Widgets
from assistant.web.gradio_import import gr
from assistant.web.texts import told

STILL = "Wait for this answer, or stop it; then ask the next question."


def editing_notice(number: int, conversation: Conversation) -> str:
    """Say what becomes of the rest when an earlier question is changed."""
    after = len(conversation) - number
    rest = {0: "", 1: " and the question after it"}.get(
        after, f" and the {after} questions after it"
    )
    return f"Changing question {number}. Sending it drops its answer{rest}."


@dataclass(frozen=True)
class Asking:
    """The events over an assistant and the answers in the making."""

    assistant: AnswersQuestions
    following: Following
    own: OwnPapers

    @property
    def _w(self) -> Widgets:
        return self.following.w

    async def ask_typed(
        self,
        typed: str,
        conversation: Conversation,
        kept_id: str,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        beside: str,
        edited: int,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask what was typed, in the place of a question that is being changed."""
        kept = self._on_page(conversation, kept_id, record, request)
        number = edited or len(kept.conversation) + 1
        chosen = reports, offered, beside
        async for step in self._ask(kept, number, typed, chosen, request):
            # With the first step the box is emptied and what was suggested goes.
            yield {self._w.question: "", **step} if self._w.edited in step else step

    async def ask_pressed(
        self,
        conversation: Conversation,
        kept_id: str,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        beside: str,
        pressed: str,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask the question on a button; what was begun to type stays."""
        kept = self._on_page(conversation, kept_id, record, request)
        number = len(kept.conversation) + 1
        chosen = reports, offered, beside
        async for step in self._ask(kept, number, pressed, chosen, request):
            yield step

    async def ask_again(
        self,
        conversation: Conversation,
        kept_id: str,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        beside: str,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask the latest question again; its answer is dropped."""
        kept = self._on_page(conversation, kept_id, record, request)
        if not kept.conversation:
            return
        number, latest = len(kept.conversation), kept.conversation[-1].question
        chosen = reports, offered, beside
        async for step in self._ask(kept, number, latest, chosen, request):
            yield step

    async def _ask(
        self,
        kept: Kept,
        number: int,
        question: str,
        chosen: tuple[Sequence[str], Sequence[str], str],
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask a question as that of its number; what stood there and later is dropped.

        ``chosen`` are the reports ticked, those on offer, and what stands beside the
        composer: a paper of the conversation's own is asked in place of the shelf.
        """
        w, runs, page = self._w, self.following.runs, page_of(request)
        reports, offered, beside = chosen
        owner, id_ = whose(request), kept.id
        paper = self.own.find((owner, id_))
        # Not a validator of Gradio's: mounted, that one reads another session.
        most = self.assistant.settings.max_question_chars
        fault = fault_of(question, reports or bool(paper), most)
        if runs.watched(page) is not None:
            fault = STILL
        if fault:
            yield {w.fault: told(fault)}
            return
        if says_own(beside) and not paper:
            yield {w.paper.told: told(GONE, fault=True)}
            return
        other = runs.find((owner, id_))
        apart = other is not None and other.went_on_from(kept.conversation)
        if apart:
            id_ = new_id()
        steps = converse(
            paper.assistant if paper else self.assistant,
            before(kept.conversation, number),
            question,
            () if paper else chosen_of(reports, offered),
            TICK_SECONDS,
            paper.titles if paper else "",
        )
        # It does not wait for anything: no second press of a button comes between.
        state = await anext(steps)
        run = runs.begin((owner, id_), page, state, steps)
        first: Updates = {
            **w.ready(),
            w.paper.told: after_asking(beside),
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
        hidden = gr.update(visible=False)
        return {
            editing.row: hidden,
            editing.text: "",
            self._w.question: "",
            self._w.edited: 0,
        }
