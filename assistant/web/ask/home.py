"""What stands on the Ask page before the first question: what is on the shelf."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from assistant.errors import AssistantError
from assistant.library.library import Library
from assistant.settings import Settings
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.ask.conversation import AnswersQuestions

NO_MODEL = "Answers are quotations, chosen and checked automatically; no language model is used."
WITH_MODEL = (
    "Answers are written by the language model {model} at {host}. Each sentence is checked "
    "against the passage it cites, and left out if it does not hold."
)
_MOST = 8


def notice(settings: Settings) -> str:
    """Return who writes the answers, so that nobody takes the one for the other."""
    if not settings.uses_model:
        return NO_MODEL
    host = urlsplit(settings.openai_base_url or "").hostname or "OpenAI"
    return WITH_MODEL.format(model=settings.chat_model, host=host)


def render_home(assistant: AnswersQuestions) -> str:
    """Return what is on the shelf, the newest first, and who writes the answers."""
    reports = {details.report: details for details in reversed(assistant.catalogue)}
    newest = sorted(reports.values(), key=lambda one: one.published or "", reverse=True)
    items = "".join(
        f"<li><cite>{flat(one.title)}</cite> "
        f'<span class="details">{flat(one.attribution)}</span></li>'
        for one in newest[:_MOST]
    )
    more = len(newest) - _MOST
    rest = f"<p>And {more} more: see Library.</p>" if more > 0 else ""
    return (
        f"<h2>{count_of(len(reports), 'report')} on the shelf{_own(assistant)}</h2>"
        f'<ul role="list">{items}</ul>{rest}'
        f'<p class="notice">{escape(notice(assistant.settings))}</p>'
    )


def _own(assistant: AnswersQuestions) -> str:
    """Say how many of them the team added."""
    try:
        entries = Library(assistant.settings.reports_dir).entries()
    except AssistantError:
        # The Library page says what is wrong with the list.
        return ""
    added = {entry.details.report for entry in entries}
    own = {details.report for details in assistant.catalogue} & added
    return f", {len(own)} added by your team" if own else ""
