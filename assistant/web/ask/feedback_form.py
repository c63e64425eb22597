"""Under the latest answer: is it right, and if not, what is wrong with it?"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from limits import RateLimitItem

from assistant.errors import FeedbackError
from assistant.feedback.entry import MOST_CHARS, REASONS, Reason, Verdict
from assistant.feedback.store import FeedbackStore, open_store
from assistant.serving.faults import NO_ROOM, is_full
from assistant.serving.limits import feedback_an_hour, pause_words
from assistant.serving.rates import Rates
from assistant.web.ask.conversation import AnswersQuestions, Conversation
from assistant.web.ask.rating import Rated, Said, is_of, make_feedback, rated_of
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.library.editors import visitor_of
from assistant.web.limited import current_asker
from assistant.web.texts import HIDDEN, QUIET, put_text, told

log = logging.getLogger(__name__)

_KEPT_HERE = "Feedback is kept with the question and the answer, for the team that runs this page."
_KEPT_ELSEWHERE = (
    "Feedback is kept in your team’s database, with the question and the answer."
)
_THANKS: dict[Verdict, str] = {
    "right": "Thank you. Kept: the answer is right.",
    "wrong": "Thank you. Kept: the answer is wrong.",
}
_MORE = " If you like, say what is wrong, then save that as well."
_TOO_LONG = f"Use at most {MOST_CHARS:,} characters."
_NOT_KEPT = (
    "This feedback could not be kept. What you wrote is still here: try again later. "
    "Whoever runs this page finds the reason in its log."
)
_GONE = "There is no answer to give feedback on. Ask a question first."
_MANY = "That was much feedback in an hour. What you wrote is still here: save it in {pause}."
_WHOLE = ("The answer as a whole", "")


class Form(NamedTuple):
    """The parts of the form."""

    form: gr.Column
    details: gr.Column
    told: gr.Markdown
    reason: gr.Radio
    sentence: gr.Radio
    correction: gr.Textbox
    rated: gr.State


@dataclass(frozen=True)
class FeedbackEvents:
    """What happens when the form is used."""

    store: FeedbackStore
    parts: Form
    an_hour: RateLimitItem
    rates: Rates = field(default_factory=Rates)

    def begin(self, conversation: Conversation, before: Rated | None) -> Updates:
        """Empty the form for another answer."""
        parts, rated = self.parts, rated_of(conversation)
        if rated and before and rated.exchange == before.exchange:
            return {}
        answer = rated.exchange.answer if rated else None
        sentences = [s.text for s in answer.sentences] if answer else []
        choices = [_WHOLE, *((text, text) for text in dict.fromkeys(sentences))]
        several = len(choices) > 1
        return {
            parts.form: gr.update(visible=rated is not None),
            parts.details: gr.update(visible=False),
            parts.told: "",
            parts.reason: None,
            parts.sentence: gr.update(choices=choices, value="", visible=several),
            parts.correction: "",
            parts.rated: rated,
        }

    def right(self, rated: Rated | None, request: gr.Request) -> Updates:
        """Keep that the answer is right."""
        return self._keep(rated, "right", Said(), request, open_=False)

    def wrong(self, rated: Rated | None, request: gr.Request) -> Updates:
        """Keep that it is wrong, and offer to say more."""
        return self._keep(rated, "wrong", Said("other"), request, open_=True)

    def say_more(
        self,
        rated: Rated | None,
        reason: Reason | None,
        sentence: str | None,
        correction: str,
        request: gr.Request,
    ) -> Updates:
        """Keep what is wrong with the answer."""
        if len(correction) > MOST_CHARS:
            return {self.parts.told: told(_TOO_LONG, fault=True)}
        said = Said(reason or "other", sentence or "", correction)
        return self._keep(rated, "wrong", said, request, open_=False)

    def _keep(
        self,
        rated: Rated | None,
        verdict: Verdict,
        said: Said,
        request: gr.Request,
        *,
        open_: bool,
    ) -> Updates:
        if rated is None or not is_of(said.sentence, rated):
            return {self.parts.told: told(_GONE, fault=True)}
        if pause := self.rates.take(self.an_hour, current_asker().key):
            many = _MANY.format(pause=pause_words(pause))
            return {self.parts.told: told(many, fault=True)}
        person, now = visitor_of(request).name, datetime.now(UTC)
        kept = make_feedback(rated, verdict, said, person, now)
        try:
            self.store.keep(kept)
        except FeedbackError as error:
            log.warning("%s", error)
            why = NO_ROOM if is_full(error) else _NOT_KEPT
            return {self.parts.told: told(why, fault=True)}
        thanks = _THANKS[verdict] + (_MORE if open_ else "")
        return {
            self.parts.told: told(thanks),
            self.parts.details: gr.update(visible=open_),
        }


def add_feedback(assistant: AnswersQuestions, conversation: gr.State) -> None:
    """Put the form on the page; nothing where feedback is turned off.

    Raises:
        ConfigError: the database cannot be used.
    """
    store = open_store(assistant.settings)
    if store is None:
        return
    with gr.Column(elem_id="feedback", visible=False, min_width=0) as form:
        with gr.Row(elem_id="feedback-verdict"):
            put_text("<h3>Is this answer right?</h3>")
            right = gr.Button("Right", size="sm", min_width=0)
            wrong = gr.Button("Wrong", size="sm", min_width=0)
        answer_told = put_text("", elem_id="feedback-told")
        with gr.Column(visible=False, elem_id="feedback-details") as details:
            fields = reason, sentence, correction = _fields()
            save = gr.Button("Save", variant="primary", min_width=0)
            note = _KEPT_HERE if store.is_local else _KEPT_ELSEWHERE
            put_text(f'<p class="note">{note}</p>', elem_id="feedback-note")
    begin = gr.Button("Begin", elem_id="feedback-begin", visible=HIDDEN)
    rated = gr.State(None)
    parts = Form(form, details, answer_told, reason, sentence, correction, rated)
    most = feedback_an_hour(assistant.settings.feedback_per_hour)
    events = FeedbackEvents(store, parts, most)
    done = [answer_told, details]
    begin.click(events.begin, [conversation, parts.rated], list(parts), **QUIET)
    right.click(events.right, parts.rated, done, **QUIET)
    wrong.click(events.wrong, parts.rated, done, **QUIET)
    save.click(
        events.say_more, [parts.rated, *fields], done, trigger_mode="once", **QUIET
    )


def _fields() -> tuple[gr.Radio, gr.Radio, gr.Textbox]:
    """Put the fields of ``Said`` on the page."""
    reasons = [(label, reason) for reason, label in REASONS.items()]
    return (
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
    )
