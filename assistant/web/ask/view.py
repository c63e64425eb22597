"""What the Ask page shows of a conversation: messages, sources, and their buttons."""

from __future__ import annotations

from datetime import date

from assistant.text.dates import date_words
from assistant.web.answers.answer_text import flat
from assistant.web.answers.render import (
    render_answer,
    render_failure,
    render_growing,
    render_pending,
    render_question,
    render_stopped,
)
from assistant.web.answers.sources import Cited, render_sources
from assistant.web.ask.conversation import Conversation, Exchange
from assistant.web.ask.copying import render_copy

Message = dict[str, str]


def render_exchange(exchange: Exchange) -> str:
    """Return what stands under a question."""
    number, searched_for = exchange.number, exchange.searched_for
    if exchange.failure is not None:
        return render_failure(number, exchange.failure)
    if exchange.answer is None:
        if exchange.stopped:
            return render_stopped(number)
        return render_pending(number, searched_for)
    if exchange.growing:
        return render_growing(number, exchange.answer, searched_for)
    return render_answer(
        number, exchange.answer, searched_for, exchange.shown, stopped=exchange.stopped
    )


def _button(kind: str, text: str, about: str) -> str:
    """Return a button that ``ask_tools.js`` answers; ``about`` is only read out."""
    spoken = f'<span class="vh"> {about}</span>'
    return f'<button type="button" class="tool {kind}">{text}{spoken}</button>'


def render_tools(exchange: Exchange, *, latest: bool) -> str:
    """Return the buttons under an answer that is whole."""
    if not exchange.is_whole:
        return ""
    buttons, copied = "", ""
    if exchange.answer is not None:
        about = f"of answer {exchange.number}"
        buttons = _button("copy cited", "Copy with citations", about)
        buttons += _button("copy plain", "Copy text", about)
        copied = render_copy(exchange.answer)
    if latest:
        buttons += _button("retry", "Ask this again", f"(question {exchange.number})")
    return f'<div class="tools">{buttons}{copied}</div>' if buttons else ""


def render_older(exchange: Exchange, corpus_version: str) -> str:
    """Return the sentence that says an answer is from an older shelf."""
    if exchange.corpus_version in (None, corpus_version) or exchange.answer is None:
        return ""
    at = exchange.asked_at
    on = f" on {date_words(at.date().isoformat())}" if at else ""
    return (
        f'<p class="older-shelf">Answered{on}; the reports on the shelf have changed '
        "since. Ask again for an answer from today’s shelf.</p>"
    )


def render_left_out(exchange: Exchange) -> str:
    """Return which reports were not asked, by the asker's own choice."""
    said = [exchange.left_out] if exchange.left_out else []
    if exchange.of_paper_alone:
        said.append(f"Asked of your paper alone: {exchange.paper}.")
    if not said or exchange.answer is None:
        return ""
    return f'<p class="left-out">{flat(" ".join(said))}</p>'


def messages_of(
    conversation: Conversation, corpus_version: str, *, all_earlier: bool = False
) -> list[Message]:
    """Return the messages of the chat; ``corpus_version`` is that of the shelf now.

    With ``all_earlier`` another exchange follows these.
    """
    messages: list[Message] = []
    for place, exchange in enumerate(conversation, start=1):
        latest = place == len(conversation) and not all_earlier
        change = _button("change", "Change", f"question {exchange.number}")
        question = (
            f'<div class="asked">{render_question(exchange.question)}{change}</div>'
        )
        content = (
            render_exchange(exchange)
            + render_left_out(exchange)
            + render_older(exchange, corpus_version)
            + render_tools(exchange, latest=latest)
        )
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": content})
    return messages


def panel_of(conversation: Conversation) -> str:
    """Return the panel of sources."""
    cited = [
        Cited(exchange.number, exchange.question, exchange.answer, exchange.growing)
        for exchange in conversation
        if exchange.answer is not None
    ]
    latest = conversation[-1] if conversation else None
    found = latest.found if latest and latest.doing and not latest.answer else ()
    return render_sources(cited, date.today(), found)
