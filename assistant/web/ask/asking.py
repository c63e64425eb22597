"""Questions asked on the Ask page: typed, pressed, asked again, changed, stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.web.ask.choosing import chosen_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Conversation,
    before,
    converse,
    fault_of,
    stop,
)
from assistant.web.ask.history import History
from assistant.web.ask.keeping import Updates, ready, whose
from assistant.web.ask.progress import TICK_SECONDS
from assistant.web.ask.view import messages_of, panel_of, shown_of
from assistant.web.gradio_import import gr
from assistant.web.texts import told


def editing_notice(number: int, conversation: Conversation) -> str:
    """Say what becomes of the rest when an earlier question is changed."""
    after = len(conversation) - number
    rest = {0: "", 1: " and the question after it"}.get(
        after, f" and the {after} questions after it"
    )
    return (
        f"You are changing question {number}. When you send it, its answer{rest} "
        "will be dropped, and the new question asked."
    )


@dataclass(frozen=True)
class Asking:
    """The events over an assistant and the history of its browsers."""

    assistant: AnswersQuestions
    history: History

    async def ask(
        self, conversation: Conversation, question: str, reports: tuple[str, ...]
    ) -> AsyncIterator[Updates]:
        """Yield the chat, the panel, the state and the line of progress as they change."""
        corpus_version = self.assistant.corpus_version
        earlier = messages_of(conversation, corpus_version, all_earlier=True)
        sources: object = None
        async for state in converse(
            self.assistant, conversation, question, reports, TICK_SECONDS
        ):
            if doing := state[-1].doing:
                yield gr.skip(), gr.skip(), gr.skip(), doing
                continue
            latest = state[-1].answer
            known = latest and (latest.citations, latest.quoting)
            panel = gr.skip() if known and known == sources else panel_of(state)
            sources = known
            messages = [*earlier, *messages_of(state[-1:], corpus_version)]
            progress = "" if state[-1].is_whole else gr.skip()
            yield messages, panel, state, progress

    async def ask_typed(
        self,
        typed: str,
        conversation: Conversation,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        edited: int,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask what was typed, in the place of a question that is being changed."""
        conversation = self._on_page(conversation, record, request)
        kept = before(conversation, edited) if edited else conversation
        # With the first step the box is emptied and what was suggested goes.
        async for step in self._ask_there(kept, reports, offered, typed, box=""):
            yield step

    async def ask_pressed(
        self,
        conversation: Conversation,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        pressed: str,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask the question on a button; what was begun to type stays."""
        conversation = self._on_page(conversation, record, request)
        async for step in self._ask_there(conversation, reports, offered, pressed):
            yield step

    async def ask_again(
        self,
        conversation: Conversation,
        record: str,
        reports: list[str],
        offered: Sequence[str],
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask the latest question again; its answer is dropped."""
        conversation = self._on_page(conversation, record, request)
        if conversation:
            earlier, question = conversation[:-1], conversation[-1].question
            async for step in self._ask_there(earlier, reports, offered, question):
                yield step

    async def _ask_there(
        self,
        conversation: Conversation,
        reports: list[str],
        offered: Sequence[str],
        question: str,
        *,
        box: Any = None,
    ) -> AsyncIterator[Updates]:
        # Not a validator of Gradio's: mounted, that one reads another session.
        most = self.assistant.settings.max_question_chars
        fault = fault_of(question, reports, most)
        if fault:
            yield (*(gr.skip(),) * 4, told(fault), *(gr.skip(),) * 6)
            return
        rest: Updates = ("", gr.skip() if box is None else box, *ready())
        async for step in self.ask(conversation, question, chosen_of(reports, offered)):
            yield *step, *rest
            rest = (gr.skip(),) * len(rest)

    def _on_page(
        self, conversation: Conversation, record: str, request: gr.Request
    ) -> Conversation:
        """Return what stands on the page; what is not whole will not become so."""
        return stop(self.history.on_page(conversation, record, whose(request)))

    def stop(self, conversation: Conversation) -> Updates:
        """Stop the latest answer where it is."""
        return shown_of(stop(conversation), self.assistant.corpus_version)

    # Outputs: whether something is being changed, what, the box, its number.
    def edit(
        self,
        number: str,
        conversation: Conversation,
        record: str,
        request: gr.Request,
    ) -> Updates:
        """Put an earlier question into the box, and say what changing it does."""
        conversation = self._on_page(conversation, record, request)
        place = int(number) if number.isdecimal() and len(number) < 5 else 0
        if not 1 <= place <= len(conversation):
            return (gr.skip(),) * 4
        notice = told(editing_notice(place, conversation))
        question = conversation[place - 1].question
        return gr.update(visible=True), notice, question, place

    def leave(self) -> Updates:
        """Leave the question as it was."""
        return gr.update(visible=False), "", "", 0
