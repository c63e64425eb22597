"""Under the latest answer: is it right, and if not, what is wrong with it?"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from limits import RateLimitItem

from assistant import __version__
from assistant.errors import FeedbackError
from assistant.feedback.entry import MOST_CHARS, REASONS, Feedback, Reason, Verdict
from assistant.feedback.store import FeedbackStore, open_store
from assistant.schema import Turn
from assistant.web.access.people import person_of
from assistant.web.ask.conversation import (
    AnswersQuestions,
    Conversation,
    Exchange,
    history_of,
)
from assistant.web.faults import NO_ROOM, is_full
from assistant.web.gradio_import import gr
from assistant.web.limits import (
    current_asker,
    feedback_an_hour,
    pause_words,
)
from assistant.web.rates import Rates
from assistant.web.texts import put_text, told

log = logging.getLogger(__name__)

_KEPT_HERE = "Feedback is kept with the question and the answer, for the team that runs this page."
_KEPT_ELSEWHERE = (
    "Feedback is kept in your team’s database, with the question and the answer."
)
_THANKS: dict[Verdict, str] = {
    "right": "Thank you. Kept: the answer is right.",
    "wrong": "Thank you. Kept: the answer is wrong.",
}
_CHANGE = " You can change this until you ask the next question."
_ASKS = "Say what is wrong, then save it."
_NO_REASON = "Choose what is wrong first."
_TOO_LONG = f"Use at most {MOST_CHARS:,} characters in each box."
_NOT_KEPT = (
    "This feedback could not be kept. What you wrote is still here: try again later. "
    "Whoever runs this page finds the reason in its log."
)
_GONE = "There is no answer to give feedback on. Ask a question first."
_MANY = "That was much feedback in an hour. What you wrote is still here: save it in {pause}."
_WHOLE = ("The answer as a whole", "")

Updates = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """The answer that the form is about; what is said of it is kept under its id."""

    id: str
    exchange: Exchange
    history: tuple[Turn, ...]


class Said(NamedTuple):
    """What somebody put into the form; ``sentence`` is empty for the whole answer."""

    reason: Reason | None = None
    sentence: str = ""
    correction: str = ""
    comment: str = ""


def rated_of(conversation: Conversation) -> Rated | None:
    """Return the latest answer if it is whole, and not a failure."""
    if not conversation:
        return None
    latest = conversation[-1]
    answer = latest.answer
    if answer is None or answer.outcome == "error" or latest.stopped:
        return None
    if not latest.is_whole or latest.failure is not None:
        return None
    return Rated(uuid4().hex[:12], latest, tuple(history_of(conversation[:-1])))


def _is_of(sentence: str, rated: Rated) -> bool:
    """Tell whether a sentence is one of the answer's; the whole is the empty one."""
    answer = rated.exchange.answer
    return sentence in ("", *(s.text for s in (answer.sentences if answer else ())))


def make_feedback(
    rated: Rated, verdict: Verdict, said: Said, person: str | None, now: datetime
) -> Feedback:
    """Return what somebody said of an answer as it is kept; ``now`` has a time zone."""
    exchange = rated.exchange
    assert exchange.answer is not None
    return Feedback(
        id=rated.id,
        kept_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        reason=said.reason,
        sentence=said.sentence or None,
        correction=said.correction.strip(),
        comment=said.comment.strip(),
        question=exchange.question,
        standalone_question=exchange.standalone_question or exchange.question,
        history=rated.history,
        reports=exchange.reports,
        answer=exchange.answer.as_json(),
        model=exchange.answer.model,
        corpus_version=exchange.corpus_version,
        program_version=__version__,
        person=person,
    )


@dataclass(frozen=True)
class FeedbackEvents:
    """What happens when the form is used."""

    store: FeedbackStore
    an_hour: RateLimitItem
    rates: Rates = field(default_factory=Rates)

    def begin(self, conversation: Conversation, before: Rated | None) -> Updates:
        """Empty the form for another answer: form, details, told, fields, rated."""
        rated = rated_of(conversation)
        if rated and before and rated.exchange == before.exchange:
            return (gr.skip(),) * 8
        answer = rated.exchange.answer if rated else None
        sentences = [s.text for s in answer.sentences] if answer else []
        choices = [_WHOLE, *((text, text) for text in dict.fromkeys(sentences))]
        return (
            gr.update(visible=rated is not None),
            gr.update(visible=False),
            "",
            None,
            gr.update(choices=choices, value="", visible=len(choices) > 1),
            "",
            "",
            rated,
        )

    def wrong(self) -> Updates:
        """Ask what is wrong: told, details."""
        return told(_ASKS), gr.update(visible=True)

    def leave(self) -> Updates:
        """Close what ``wrong`` opened: told, details."""
        return "", gr.update(visible=False)

    def keep_right(self, rated: Rated | None, request: gr.Request) -> Updates:
        """Keep that the answer is right: told, details."""
        return self._keep(rated, "right", Said(), request)

    def keep_wrong(
        self,
        rated: Rated | None,
        reason: Reason | None,
        sentence: str | None,
        correction: str,
        comment: str,
        request: gr.Request,
    ) -> Updates:
        """Keep what is wrong with the answer: told, details."""
        if reason is None:
            return told(_NO_REASON, fault=True), gr.skip()
        if max(len(correction), len(comment)) > MOST_CHARS:
            return told(_TOO_LONG, fault=True), gr.skip()
        said = Said(reason, sentence or "", correction, comment)
        return self._keep(rated, "wrong", said, request)

    def _keep(
        self, rated: Rated | None, verdict: Verdict, said: Said, request: gr.Request
    ) -> Updates:
        if rated is None or not _is_of(said.sentence, rated):
            return told(_GONE, fault=True), gr.skip()
        if pause := self.rates.take(self.an_hour, current_asker().key):
            return told(_MANY.format(pause=pause_words(pause)), fault=True), gr.skip()
        person = person_of(request.request).name if request.request else None
        try:
            self.store.keep(
                make_feedback(rated, verdict, said, person, datetime.now(UTC))
            )
        except FeedbackError as error:
            log.warning("%s", error)
            why = NO_ROOM if is_full(error) else _NOT_KEPT
            return told(why, fault=True), gr.skip()
        return told(_THANKS[verdict] + _CHANGE), gr.update(visible=False)


def add_feedback(assistant: AnswersQuestions, conversation: Any) -> None:
    """Put the form on the page; nothing where feedback is turned off.

    Args:
        assistant: whose settings name the database.
        conversation: the state that holds the conversation.

    Raises:
        ConfigError: the database cannot be used.
    """
    store = open_store(assistant.settings)
    if store is None:
        return
    events = FeedbackEvents(
        store, feedback_an_hour(assistant.settings.feedback_per_hour)
    )
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    with gr.Column(elem_id="feedback", visible=False, min_width=0) as form:
        with gr.Row(elem_id="feedback-verdict"):
            put_text("<h3>Is this answer right?</h3>")
            right = gr.Button("Right", size="sm", min_width=0)
            wrong = gr.Button("Wrong", size="sm", min_width=0)
        with gr.Column(visible=False, elem_id="feedback-details") as details:
            fields = _fields()
            with gr.Row(elem_id="feedback-buttons"):
                save = gr.Button("Save feedback", variant="primary", min_width=0)
                leave = gr.Button("Cancel", min_width=0)
        answer_told = put_text("", elem_id="feedback-told")
        note = _KEPT_HERE if store.is_local else _KEPT_ELSEWHERE
        put_text(f'<p class="note">{note}</p>', elem_id="feedback-note")
    begin = gr.Button("Begin", elem_id="feedback-begin", visible="hidden")
    rated = gr.State(None)
    done = [answer_told, details]
    begin.click(
        events.begin, [conversation, rated], [form, details, answer_told, *fields, rated],
        **quiet,
    )  # fmt: skip
    right.click(events.keep_right, rated, done, **quiet)
    wrong.click(events.wrong, None, done, **quiet)
    leave.click(events.leave, None, done, **quiet)
    save.click(events.keep_wrong, [rated, *fields], done, trigger_mode="once", **quiet)


def _fields() -> list[Any]:
    """Put the fields of ``Said`` on the page."""
    reasons = [(label, reason) for reason, label in REASONS.items()]
    return [
        gr.Radio(reasons, label="What is wrong with it?", elem_id="feedback-reason"),
        gr.Radio(
            [_WHOLE], value="", label="Which sentence?", elem_id="feedback-sentence"
        ),
        gr.Textbox(
            label="What would be right? (optional)",
            lines=2,
            max_lines=6,
            max_length=MOST_CHARS,
            elem_id="feedback-correction",
        ),
        gr.Textbox(
            label="Anything else? (optional)",
            lines=2,
            max_lines=6,
            max_length=MOST_CHARS,
            elem_id="feedback-comment",
        ),
    ]
