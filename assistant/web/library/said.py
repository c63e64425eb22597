"""What people said of answers, for whoever may change the shelf to read."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import AssistantError
from assistant.feedback.entry import REASONS, Feedback
from assistant.feedback.store import FeedbackStore, open_store
from assistant.serving.faults import sentence_of
from assistant.settings import Settings
from assistant.text.dates import date_words
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.gradio_import import gr
from assistant.web.jobs import Updates
from assistant.web.library.editors import editor_of, visitor_of
from assistant.web.texts import QUIET, put_text, told

_MOST = 100
_NONE = "<p>Nobody has said anything yet.</p>"


def render_said(all_: Sequence[Feedback]) -> str:
    """Return a list of it, the newest first."""
    newest = all_[::-1][:_MOST]
    items = "".join(map(_render, newest))
    older = len(all_) - len(newest)
    rest = f"<p>And {count_of(older, 'older one')}.</p>" if older else ""
    return f'<ul class="said" role="list">{items}</ul>{rest}' if items else _NONE


def _render(one: Feedback) -> str:
    reason = f": {REASONS[one.reason]}" if one.reason else ""
    who = f", {flat(one.person)}" if one.person else ""
    parts = [
        f'<p class="details">{date_words(one.kept_at[:10])}{who}</p>'
        f"<p><strong>{one.verdict.title()}{reason}</strong></p>"
        f"<p>{flat(one.question)}</p>"
    ]
    if one.sentence:
        parts.append(f"<blockquote>{flat(one.sentence)}</blockquote>")
    if one.correction:
        parts.append(f"<p>Instead: {flat(one.correction)}</p>")
    answer = flat(str(one.answer.get("text", "")))
    return (
        f"<li>{''.join(parts)}<details><summary>The answer</summary><p>{answer}</p>"
        "</details></li>"
    )


def read_said(store: FeedbackStore, request: gr.Request) -> str:
    """Return the list for whoever may read it, or why there is none."""
    try:
        editor_of(request)
        return render_said(store.all())
    except AssistantError as error:
        return told(sentence_of(error), fault=True)


def add_said(page: gr.Blocks, settings: Settings) -> None:
    """Put it on the page, behind a fold; never where everyone is let in unnamed."""
    store = None if settings.open_to_everyone else open_store(settings)
    if store is None:
        return
    with gr.Accordion(
        "Feedback on answers",
        open=False,
        visible=False,
        elem_id="said",
        elem_classes="fold",
    ) as fold:
        shown = put_text("")

    def show(request: gr.Request) -> Updates:
        return {fold: gr.update(visible=visitor_of(request).may_add)}

    def read(request: gr.Request) -> str:
        return read_said(store, request)

    page.load(show, outputs=fold, **QUIET)
    fold.expand(read, outputs=shown, **QUIET)
