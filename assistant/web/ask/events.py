"""What happens when the Ask page is used: each event as a function of what it reads."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from assistant.errors import HistoryError
from assistant.schema import Answer, ReportDetails
from assistant.web.access.people import person_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Conversation,
    before,
    converse,
    fault_of,
    questions_of,
    stop,
)
from assistant.web.ask.history import History, record_of
from assistant.web.ask.progress import TICK_SECONDS
from assistant.web.ask.suggestions import (
    MOST_CHOICES,
    MOST_FOLLOW_UPS,
    MOST_OPENINGS,
    offer,
)
from assistant.web.ask.view import Message, messages_of, panel_of
from assistant.web.gradio_import import gr
from assistant.web.texts import told

log = logging.getLogger(__name__)

Updates = tuple[Any, ...]


def report_choices(catalogue: Sequence[ReportDetails]) -> list[tuple[str, str]]:
    """Return a label and an id for each report, its first document first."""
    labels: dict[str, str] = {}
    for details in catalogue:
        label = f"{details.title} ({details.attribution})"
        labels.setdefault(details.report, label)
    return [(label, report) for report, label in labels.items()]


def chosen_of(reports: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return the reports to ask; none where all that were offered are ticked."""
    return () if set(offered) <= set(reports) else tuple(reports)


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


def _wanted(request: gr.Request) -> list[str]:
    """Return the reports that a link to the page names: ``?reports=a,b``."""
    query: bytes = b""
    if request.request:
        query = request.request.scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get("reports", [""])[0].split(",")


def _name(request: gr.Request) -> str | None:
    return person_of(request.request).name if request.request else None


@dataclass(frozen=True)
class AskEvents:
    """The events over an assistant and the history of its browsers."""

    assistant: AnswersQuestions
    history: History

    def shown(self, conversation: Conversation) -> tuple[list[Message], str, Any, str]:
        """Return what the chat, the panel, the state and the line of progress hold."""
        messages = messages_of(conversation, self.assistant.corpus_version)
        return messages, panel_of(conversation), conversation, ""

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
        fault = self._fault(typed, reports)
        if fault:
            yield self._faulty(fault)
            return
        conversation = self._on_page(conversation, record, request)
        kept = before(conversation, edited) if edited else conversation
        # With the first step the box is emptied and what was suggested goes.
        rest: Updates = ("", "", *self.ready())
        async for step in self.ask(kept, typed, chosen_of(reports, offered)):
            yield *step, *rest
            rest = (gr.skip(),) * len(rest)

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

    async def _ask_there(
        self,
        conversation: Conversation,
        reports: list[str],
        offered: Sequence[str],
        pressed: str,
    ) -> AsyncIterator[Updates]:
        fault = self._fault(pressed, reports)
        if fault:
            yield self._faulty(fault)
            return
        rest: Updates = ("", gr.skip(), *self.ready())
        async for step in self.ask(conversation, pressed, chosen_of(reports, offered)):
            yield *step, *rest
            rest = (gr.skip(),) * len(rest)

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

    def _on_page(
        self, conversation: Conversation, record: str, request: gr.Request
    ) -> Conversation:
        """Return the conversation, where the server has forgotten it from the page.

        It has after a restart, and where very many pages are open.
        """
        if conversation:
            return conversation
        kept = self.history.regain(record, _name(request))
        return kept.conversation if kept else ()

    def _fault(self, question: str, reports: Sequence[str]) -> str | None:
        # Not a validator of Gradio's: mounted, that one reads another session.
        most = self.assistant.settings.max_question_chars
        return fault_of(question, reports, most)

    def _faulty(self, fault: str) -> Updates:
        return (*(gr.skip(),) * 4, told(fault), *(gr.skip(),) * 6)

    def ready(self) -> Updates:
        """Return updates: nothing is suggested any more, and nothing being changed."""
        hidden = gr.update(visible=False)
        return (hidden, hidden, hidden, hidden, 0)

    def stop(self, conversation: Conversation) -> Updates:
        """Stop the latest answer where it is."""
        return self.shown(stop(conversation))

    def start_again(self, reports: list[str], request: gr.Request) -> Updates:
        """Clear the page; what was kept stays kept."""
        openings = self._openings(reports)
        record = record_of(self.history, "", (), _name(request))
        return (*self.shown(()), record, "", "", "", *self.ready()[1:], *openings)

    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened, from the shelf as it is then."""
        choices = report_choices(self.assistant.catalogue)
        offered = tuple(report for _, report in choices)
        wanted = [report for report in _wanted(request) if report in offered]
        filter_ = gr.update(choices=choices, value=wanted or list(offered))
        record = record_of(self.history, "", (), _name(request))
        return filter_, offered, record

    def open_with(self, reports: list[str], conversation: Conversation) -> list[Any]:
        """Offer openings for the chosen reports, while nothing has been asked."""
        if conversation:
            return [gr.skip()] * (MOST_OPENINGS + 1)
        return self._openings(reports)

    def keep(
        self,
        conversation: Conversation,
        kept_id: str,
        record: str,
        request: gr.Request,
    ) -> Updates:
        """Hand a conversation to the browser to keep, in its former place."""
        if not kept_id:
            kept = self.history.regain(record, _name(request))
            kept_id = kept.id if kept else uuid4().hex
        return (
            record_of(self.history, kept_id, conversation, _name(request)),
            kept_id,
        )

    def suggest(self, conversation: Conversation) -> list[Any]:
        """Offer what to choose from or to go on with, after the latest answer."""
        latest = conversation[-1] if conversation else None
        answer = latest.answer if latest and latest.is_whole else None
        choices = list(answer.choices) if answer else []
        follow_ups: list[str] = []
        if latest and answer and not choices:
            follow_ups = self._follow_ups(answer, conversation, latest.reports)
        return [*offer(choices, MOST_CHOICES), *offer(follow_ups, MOST_FOLLOW_UPS)]

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

    def open(self, text: str, offered: Sequence[str], request: gr.Request) -> Updates:
        """Show a conversation that the browser kept."""
        try:
            kept = self.history.read(text, _name(request))
        except HistoryError as error:
            return (*(gr.skip(),) * 14, told(str(error), fault=True))
        asked = [one for one in kept.conversation[-1].reports if one in offered]
        return (
            *self.shown(kept.conversation),
            record_of(
                self.history, kept.id, kept.conversation, _name(request), opened=True
            ),
            kept.id,
            "",
            "",
            *self.ready(),
            gr.update(value=asked or list(offered)),
            told("The conversation is on the page again."),
        )

    def _openings(self, reports: Sequence[str]) -> list[Any]:
        everything = {details.report for details in self.assistant.catalogue}
        chosen = chosen_of(reports, tuple(everything))
        try:
            return offer(self.assistant.openings(chosen), MOST_OPENINGS)
        except Exception:
            # Suggestions are a courtesy: without them the page works as well.
            log.exception("No questions to begin with")
            return offer([], MOST_OPENINGS)

    def _follow_ups(
        self, answer: Answer, conversation: Conversation, reports: Sequence[str]
    ) -> list[str]:
        try:
            return self.assistant.follow_ups(
                answer, questions_of(conversation), reports
            )
        except Exception:
            log.exception("No questions to go on with")
            return []
