"""The items of an agenda as a list to look over and change, before the pack is made."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.agenda.below import LeftOut
from assistant.briefing.agenda.review import Review, is_ticked
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.library.actions import text_input

_HEAD = "<h2>The items</h2><p>Change what you like, or nothing; then make the pack.</p>"
_CHANGED = (
    '<p class="changed"{hidden}>The agenda above was changed since. Its items are read anew when '
    "you make the pack; what you changed in this list goes.</p>"
)
_BY_MODEL = (
    "The model proposed the questions of {count}; the others follow fixed rules."
)
_ABOUT = (("council", "Council"), ("meeting", "Meeting"), ("date", "Date"))


def told_of_review(review: Review) -> str:
    """Say how many items will be briefed, and what looks wrong."""
    agenda, total = review.agenda, len(review.agenda.items)
    lines = [f"{review.asked} of {total} items will be briefed.", *agenda.notes]
    if agenda.proposed:
        lines.insert(1, _BY_MODEL.format(count=count_of(agenda.proposed, "item")))
    return " ".join(lines)


def review_html(review: Review, *, changed: bool = False) -> str:
    """Return the list, which ``briefing_review.js`` reads.

    ``changed`` says that the agenda was changed since.
    """
    note = _CHANGED.format(hidden="" if changed else " hidden")
    agenda = review.agenda
    about = "".join(
        f"<label>{label}{text_input(name, getattr(agenda, name))}</label>"
        for name, label in _ABOUT
    )
    left_out = list(agenda.left_out)
    rows = []
    for place, item in enumerate(agenda.items):
        own = [one for one in left_out if one.item == item.number]
        # Of two items with the same number, the lines stand under the first.
        left_out = [one for one in left_out if one not in own]
        rows.append(_row(place, item, own, len(agenda.items)))
    return (
        f'{_HEAD}{note}<div class="about">{about}</div>'
        f"<ol>{''.join(rows)}</ol>{_left_out(left_out)}"
        '<p role="status" class="vh moved"></p>'
        f'<div hidden class="kept">{escape(review.write())}</div>'
    )


def _row(place: int, item: AgendaItem, left_out: list[LeftOut], count: int) -> str:
    ticked = " checked" if is_ticked(item) else ""
    name = f"item {flat(item.number)}"
    moves = "".join(
        f'<button type="button" name="{way}"{" disabled" if place == end else ""}>'
        f'{way.title()}<span class="vh"> with {name}</span></button>'
        for way, end in (("up", 0), ("down", count - 1))
    )
    return (
        f'<li value="{place + 1}"><div class="item"><label class="brief">'
        f'<input type="checkbox" name="ticked"{ticked}> Brief<span class="vh"> {name}'
        f'</span></label><label class="title"><span>Item {flat(item.number)}</span>'
        f"{text_input('title', item.title)}</label>"
        f'<span class="moves">{moves}</span></div>'
        f'<label class="questions">Questions, one a line<span class="vh">, of {name}'
        f"</span></label>{_left_out(left_out, f' of {name}')}</li>"
    )


def _left_out(lines: Iterable[LeftOut], of: str = "") -> str:
    items = [f"<li>{flat(one.text)} ({flat(one.why)})</li>" for one in lines]
    if not items:
        return ""
    said = f"{count_of(len(items), 'line')}{of} left out, and why"
    return f"<details><summary>{said}</summary><ul>{''.join(items)}</ul></details>"
