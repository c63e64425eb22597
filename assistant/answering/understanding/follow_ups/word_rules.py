"""Fills in what a follow-up's words lean on: "it", "that", "why?", "and prevention?"."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answering.understanding.follow_ups.about_rules import (
    ABOUT,
    and_what_about,
)
from assistant.answering.understanding.follow_ups.aside_rules import (
    say_again,
    who_said,
    why,
)
from assistant.answering.understanding.follow_ups.beside_rules import compare, which_age
from assistant.answering.understanding.follow_ups.conversation import Context, Resolved
from assistant.answering.understanding.follow_ups.item_rules import ask_for_item
from assistant.answering.understanding.follow_ups.pronouns import (
    ASKS,
    OF_A_TEXT,
    fill_pronouns,
)
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    called,
    content,
    of_topic,
    put_to,
    topic_in,
)
from assistant.answering.understanding.follow_ups.topic import WHOLE
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import OTHER_THAN

Rule = Callable[[str, Context, Catalogue], Resolved | None]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_MEANT = _any(r"^\W*(?:no,?\s*)?(?:i (?:meant|mean)|not that one,?|actually,?)\s*\S.*$")
_I_MEANT = _any(r"^\W*(?:no,?\s*)?i (?:meant|mean)\b")
_OF_THE_SHELF = _any(r"\b(?:reports|papers|documents|the shelf)\b")
_ASKS_OF_THAT = _any(
    r"\b(?P<asks>did|does|do|is|was|are|were|has|have) (?:that|this|they|it)\b"
)
_ON_THAT = _any(
    r"\b(?P<on>on|about|of|to|with) (?:that|this|it|the same(?: thing| subject)?)\b"
)
# Words of a question that adds no matter of its own: "does the older one agree?".
_NO_MATTER = frozenset(
    """
    agree disagree differ too also well mention say think propose recommend suggest want
    argue view position stance take exactly thought different thing same subject none
    anything point talk speak older oldest newer newest later latest earlier earliest recent
    first now only add include according report paper document study
    """.split()
)
_SAYS = _any(r"\b(?:say|says|said|mention|think)\b")
_LEANING = _any(
    r"^\W*(?:and|but|so|also|what about|how about|no|actually|then)\b|\b(?:too|also|either|same"
    r"|ones?|instead|exactly)\b"
)
_FEW = 3


def fill_words(
    text: str, context: Context, catalogue: Catalogue, typed: str
) -> Resolved:
    """Return a follow-up complete in itself.

    Args:
        text: the follow-up, with titles where it pointed at reports.
        context: the conversation before it.
        catalogue: the details of every report.
        typed: the follow-up before those titles.
    """
    named = find_reports(text, catalogue)
    if named.reports and _is_whole(typed, catalogue):
        return Resolved(text)
    found = (rule(text, context, catalogue) for rule in _RULES)
    resolved = next((r for r in found if r is not None), None)
    if resolved is not None:
        return resolved
    filled = fill_pronouns(text, context, catalogue)
    named = find_reports(filled, catalogue)
    plain = set(content(" ".join(named.rest))) <= _NO_MATTER
    if named.reports and plain and _SAYS.search(filled):
        # "What does it say?" asks on the same matter.
        return Resolved(put_to(context, named.reports, catalogue))
    return Resolved(filled)


def _is_whole(typed: str, catalogue: Catalogue) -> bool:
    """Tell whether a report is asked for as a whole: "What does A recommend?"."""
    rest = set(content(" ".join(find_reports(typed, catalogue).rest)))
    return (
        bool(rest & WHOLE) and rest <= _NO_MATTER | WHOLE and not _LEANING.search(typed)
    )


def _meant(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    named = find_reports(text, catalogue)
    if _MEANT.match(text) and named.reports and not set(content(" ".join(named.rest))):
        return Resolved(put_to(context, named.reports, catalogue))
    rest = content(_I_MEANT.sub("", text)) if _I_MEANT.match(text) else []
    if not named.reports and 0 < len(rest) < _FEW:
        # "I meant the councils one", of two things that go by one name.
        return Resolved(f"{context.question.rstrip('?.! ')} for {' '.join(rest)}?")
    return None


def _of_named(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last question of the reports named, where no other matter is."""
    named = find_reports(text, catalogue)
    if named.excluded:
        return _of_another(text, context, catalogue)
    if not named.reports:
        return None
    name = called(text, catalogue)
    about = ABOUT.match(text)
    rest = " ".join(named.rest)
    if set(content(rest)) <= _NO_MATTER:
        return Resolved(put_to(context, named.reports, catalogue, name))
    topic = topic_in(context, catalogue)
    leans = _ASKS_OF_THAT.search(text) or _ON_THAT.search(text)
    if topic and leans and not OF_A_TEXT.search(text):
        text = _ASKS_OF_THAT.sub(rf"\g<asks> {topic}", text, count=1)
        return Resolved(_ON_THAT.sub(rf"\g<on> {topic}", text, count=1))
    if about is not None and ASKS.search(about["topic"]):
        return Resolved(about["topic"])
    return Resolved(text)


def _of_another(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last matter of "the report other than A", which leaves open which it is."""
    found = OTHER_THAN.search(text)
    if found is None or set(content(OTHER_THAN.sub("", text))) - _NO_MATTER:
        return Resolved(text)
    topic = topic_in(context, catalogue)
    if topic:
        return Resolved(of_topic(topic, found[0], several=False))
    return Resolved(f"What is {found[0]} about?")


def _of_the_shelf(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    if not _OF_THE_SHELF.search(text):
        return None
    topic = topic_in(context, catalogue)
    leans = set(content(text)) <= _NO_MATTER | {
        "reports",
        "papers",
        "documents",
        "shelf",
    }
    if leans and topic:
        return Resolved(of_topic(topic, "the reports", several=True))
    return Resolved(text)


_RULES: tuple[Rule, ...] = (
    _meant,
    ask_for_item,
    who_said,
    which_age,
    compare,
    say_again,
    why,
    _of_named,
    _of_the_shelf,
    and_what_about,
)
