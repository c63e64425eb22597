"""Conversations between the Ask page and its browser: kept, opened, begun anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from assistant.errors import HistoryError
from assistant.web.ask.choosing import report_choices, wanted_of
from assistant.web.ask.conversation import AnswersQuestions, Conversation
from assistant.web.ask.history import History, record_of
from assistant.web.ask.view import shown_of
from assistant.web.gradio_import import gr
from assistant.web.texts import told
from assistant.web.wall.owners import owner_of

Updates = tuple[Any, ...]

KEPT_APART = (
    "This conversation went on in another tab as well. Both are kept: this page’s now "
    "stands in the list by itself."
)


def whose(request: gr.Request) -> str:
    """Return whose conversation a request's is: a person's, or one browser's."""
    return owner_of(request.request.scope if request.request else {})


def ready() -> Updates:
    """Return updates: nothing is suggested any more, and nothing being changed."""
    hidden = gr.update(visible=False)
    return (hidden, hidden, hidden, hidden, 0)


@dataclass(frozen=True)
class Keeping:
    """The events over an assistant and the history of its browsers."""

    assistant: AnswersQuestions
    history: History

    # Outputs: the filter, what it offers, what the page's script is told.
    def load(self, request: gr.Request) -> Updates:
        """Fill the page when it is opened, from the shelf as it is then."""
        choices = report_choices(self.assistant.catalogue)
        offered = tuple(report for _, report in choices)
        wanted = [report for report in wanted_of(request) if report in offered]
        filter_ = gr.update(choices=choices, value=wanted or list(offered))
        return filter_, offered, record_of(self.history, "", (), whose(request))

    # Outputs: what is shown, then record, id, fault and box, and what ``ready`` empties.
    def start_again(self, request: gr.Request) -> Updates:
        """Clear the page; what was kept stays kept."""
        record = record_of(self.history, "", (), whose(request))
        return (*self._shown(()), record, "", "", "", *ready()[1:])

    # Outputs: what the page's script is told, the id.
    def keep(
        self,
        conversation: Conversation,
        kept_id: str,
        record: str,
        request: gr.Request,
    ) -> Updates:
        """Hand a conversation to the browser to keep, in its former place."""
        if not kept_id:
            kept = self.history.regain(record, whose(request))
            kept_id = kept.id if kept else uuid4().hex
        return self._record(kept_id, conversation, request), kept_id

    # Outputs: those of ``keep``, and what is told over the list.
    def keep_apart(
        self, conversation: Conversation, record: str, request: gr.Request
    ) -> Updates:
        """Hand it over under another id: another tab went on with the former one."""
        on_page = self.history.on_page(conversation, record, whose(request))
        kept_id = uuid4().hex
        return self._record(kept_id, on_page, request), kept_id, told(KEPT_APART)

    # Outputs: as ``start_again``, then the filter, and what is told over the list.
    def open(self, text: str, offered: Sequence[str], request: gr.Request) -> Updates:
        """Show a conversation that the browser kept."""
        try:
            kept = self.history.read(text, whose(request))
        except HistoryError as error:
            return (*(gr.skip(),) * 14, told(str(error), fault=True))
        conversation = kept.conversation
        asked = [one for one in conversation[-1].reports if one in offered]
        return (
            *self._shown(conversation),
            self._record(kept.id, conversation, request, opened=True),
            kept.id,
            "",
            "",
            *ready(),
            gr.update(value=asked or list(offered)),
            told("The conversation is on the page again."),
        )

    def _shown(self, conversation: Conversation) -> Updates:
        return shown_of(conversation, self.assistant.corpus_version)

    def _record(
        self,
        id_: str,
        conversation: Conversation,
        request: gr.Request,
        *,
        opened: bool = False,
    ) -> str:
        owner = whose(request)
        return record_of(self.history, id_, conversation, owner, opened=opened)
