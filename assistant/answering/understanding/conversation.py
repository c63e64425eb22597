"""What a conversation has been about: its matter, its reports, its lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citations import find_markers, strip_markers
from assistant.answering.understanding.naming import Catalogue as Catalogue
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.wording import telling_words
from assistant.schema import Turn
from assistant.text.sentences import split_sentences
from assistant.text.words import number_value, stem, stems, words

WHICH_REPORT = "Which report do you mean:"
"""Begins our question back, by which the next turn knows it again."""

_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+(?P<item>.+)$", re.MULTILINE)
_LEAD = re.compile(r"^[^;:]*(?::|\b(?:are|is|include)\b(?: to\b)?)\s+")
_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b(?! [A-Z])")


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn may lean on.

    ``topic`` are the words of the matter in hand and ``extra`` what the last turn added
    to it; ``asked`` is the last question as it was searched for, ``searched`` the text
    that it was searched with.
    """

    topic: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    fresh: bool = False
    """Whether the last turn brought the topic up."""
    asked: str = ""
    searched: str = ""
    reports: tuple[str, ...] = ()
    """The reports of the last exchange."""
    compares: bool = False
    """Whether the last question set reports side by side."""
    spoken: tuple[str, ...] = ()
    """All reports that were spoken of, in the order of their first mention."""
    statement: str = ""
    """The first sentence of the last answer that cites a report."""
    person: str = ""
    """Whoever was named last."""
    items: tuple[str, ...] = ()
    """The items of the list that an answer gave last."""
    item: int = 0
    """Which of them was asked for last, from 1; 0 for none."""
    offered: tuple[str, ...] = ()
    """The reports to choose from, where we asked which is meant."""
    told: frozenset[str] = frozenset()
    """The sentences told so far, folded."""

    @property
    def latest(self) -> tuple[str, ...]:
        """The reports spoken of, the latest first."""
        return tuple(dict.fromkeys([*self.reports, *reversed(self.spoken)]))


def folded(text: str) -> str:
    """Return the words of a text, by which one sentence is known again."""
    return " ".join(words(text))


def reports_told(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the reports that a text speaks of by title or attribution, in order."""
    plain_text = f" {folded(text)} "
    places: dict[str, int] = {}
    issues = Counter((d.publisher, d.year) for d in catalogue)
    for details in catalogue:
        names = [f" {folded(details.title)} "]
        # A council has many papers of one year, and its name tells none of them.
        if issues[details.publisher, details.year] == 1 and details.year:
            names.append(f" {folded(details.publisher)} {details.year} ")
        found = [place for name in names if (place := plain_text.find(name)) >= 0]
        if found:
            places.setdefault(details.report, min(found))
    return tuple(sorted(places, key=places.__getitem__))


def items_of(text: str) -> tuple[str, ...]:
    """Return the items of the list that an answer gives.

    Bullets, else what semicolons part, else what commas part into as many items as the
    sentence says there are.
    """
    bare = strip_markers(text)
    bullets = [found["item"].strip(" .") for found in _ITEM.finditer(bare)]
    if len(bullets) > 1:
        return tuple(bullets)
    for sentence in split_sentences(bare):
        if len(items := _tidied(_LEAD.sub("", sentence, count=1).split(";"))) > 2:
            return items
        lead, _, after = sentence.partition(":")
        # "…, prevention, and culture, leadership and workforce": the last is one.
        head, _, tail = after.rpartition(", and ")
        counts = {number_value(w) or w for w in words(lead)}
        for parted in ([*head.split(","), tail], re.split(r",| and (?=[^,]*$)", after)):
            items = _tidied(parted)
            if str(len(items)) in counts:
                return items
    return ()


def _tidied(items: Sequence[str]) -> tuple[str, ...]:
    texts = (
        re.sub(r"^(?:and\s+)?(?:to\s+)?", "", item.strip()).strip(" .!?")
        for item in items
    )
    return tuple(text for text in texts if text)


def after_answer(context: Context, text: str, catalogue: Catalogue) -> Context:
    """Return the context with an answer of ours taken in."""
    told = reports_told(strip_markers(text), catalogue)
    sentences = split_sentences(text)
    cited = [strip_markers(s) for s in sentences if find_markers(s)]
    if not cited and text.rstrip().endswith("?") and len(told) > 1:
        return replace(context, offered=told)
    own = reports_told(" ".join(cited), catalogue) if cited else told
    if not (own or context.reports):
        own = find_reports(text, catalogue).reports
    items = items_of(text)
    statement = cited[0] if cited else ""
    titles = {folded(d.title) for d in catalogue}
    people = [p for p in _PERSON.findall(statement) if folded(p) not in titles]
    return replace(
        context,
        topic=_confirmed(context.topic, " ".join(cited))
        if context.fresh
        else context.topic,
        reports=own or context.reports,
        spoken=tuple(dict.fromkeys([*context.spoken, *own, *told])),
        statement=statement,
        person=people[0] if people else context.person,
        items=items or context.items,
        item=0 if items else context.item,
        offered=(),
        told=context.told | {folded(s) for s in cited},
    )


def _confirmed(topic: tuple[str, ...], answer: str) -> tuple[str, ...]:
    """Return the words of a matter that its answer takes up, if it takes up most."""
    held = set(stems(answer))
    kept = tuple(word for word in topic if stem(word) in held)
    return kept if 2 * len(kept) >= len(topic) else topic


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
