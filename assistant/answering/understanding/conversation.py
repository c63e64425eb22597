"""What a conversation has been about: its last question, its reports, its lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citations import find_markers, strip_markers
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.wording import telling_words
from assistant.schema import ReportDetails, Turn
from assistant.sentences import split_sentences
from assistant.words import number_value, words

WHICH_REPORT = "Which report do you mean:"
"""Begins our question back, by which the next turn knows it again."""

_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+(?P<item>.+)$", re.MULTILINE)
_LEAD = re.compile(r"^[^;:]*(?::|\b(?:are|is|include)\b(?: to\b)?)\s+")

_LAST_BREAK = re.compile(r",? and (?=[^,]*$)")

Catalogue = Sequence[ReportDetails]


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn may lean on.

    ``matter`` is the text that the last question was about, ``asked`` the question as
    worded; ``reports`` those of the last exchange, ``spoken`` all of them, latest first.
    """

    matter: str
    asked: str
    reports: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    statement: str = ""
    """The first sentence of the last answer that cites a report."""
    items: tuple[str, ...] = ()
    """The items of the list that an answer gave last."""
    item: int = 0
    """Which of them was asked for last, from 1; 0 for none."""
    offered: tuple[str, ...] = ()
    """The reports to choose from, where we asked which is meant."""
    told: frozenset[str] = frozenset()
    """The sentences told so far, folded."""


def folded(text: str) -> str:
    """Return the words of a text, by which one sentence is known again."""
    return " ".join(words(text))


def reports_told(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the reports that an answer speaks of by title or attribution, in order."""
    plain_text = f" {folded(text)} "
    places: dict[str, int] = {}
    for details in catalogue:
        names = [f" {folded(details.title)} "]
        if details.publisher and details.year:
            names.append(f" {folded(details.publisher)} {details.year} ")
        found = [place for name in names if (place := plain_text.find(name)) >= 0]
        if found:
            places.setdefault(details.report, min(found))
    if not places:
        named = find_reports(text, catalogue).reports
        places = {report: place for place, report in enumerate(named)}
    return tuple(sorted(places, key=places.__getitem__))


def items_of(text: str) -> tuple[str, ...]:
    """Return the items of the list that an answer gives: bullets, else by semicolons."""
    bare = strip_markers(text)
    bullets = [found["item"].strip(" .") for found in _ITEM.finditer(bare)]
    if len(bullets) > 1:
        return tuple(bullets)
    for sentence in split_sentences(bare):
        if len(items := _tidied(_LEAD.sub("", sentence, count=1).split(";"))) > 2:
            return items
        lead, _, after = sentence.partition(":")
        items = _tidied(_LAST_BREAK.sub(", ", after).split(","))
        if str(len(items)) in {number_value(w) or w for w in words(lead)}:
            return items
    return ()


def _tidied(items: list[str]) -> tuple[str, ...]:
    texts = (re.sub(r"^and\s+", "", item.strip()).strip(" .!?") for item in items)
    return tuple(text for text in texts if text)


def after_answer(context: Context, text: str, catalogue: Catalogue) -> Context:
    """Return the context with an answer of ours taken in."""
    told = reports_told(strip_markers(text), catalogue)
    if text.startswith(WHICH_REPORT):
        return replace(context, offered=told)
    sentences = split_sentences(text)
    cited = [strip_markers(s) for s in sentences if find_markers(s)]
    own = reports_told(" ".join(cited), catalogue) if cited else told
    items = items_of(text)
    return replace(
        context,
        reports=own or context.reports,
        spoken=tuple(dict.fromkeys([*own, *told, *context.spoken])),
        statement=cited[0] if cited else "",
        items=items or context.items,
        item=0 if items else context.item,
        offered=(),
        told=context.told | {folded(s) for s in cited},
    )


Follow = Callable[[str, Context | None], Context]
"""Returns the context once a turn of the asker's is taken in."""


def read_history(
    history: Sequence[Turn], catalogue: Catalogue, follow: Follow
) -> Context | None:
    """Go through the turns, oldest first; None where nothing was asked yet."""
    context: Context | None = None
    for turn in history:
        if turn.role == "user":
            text = strip_markers(turn.content)
            if telling_words(text) or context is not None:
                context = follow(text, context)
        elif context is not None:
            context = after_answer(context, turn.content, catalogue)
    return context
