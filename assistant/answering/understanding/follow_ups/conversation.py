"""What a conversation is about: its reports, its last matter, the person named last."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citations import find_markers, strip_markers
from assistant.answering.understanding.follow_ups.asked_back import reports_offered
from assistant.answering.understanding.follow_ups.lists import (
    Listed,
    items_listed,
    noun_listed,
)
from assistant.answering.understanding.follow_ups.topic import WHOLE, topic_of
from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails, Turn
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, plain, words

_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z'-]+\b(?! \()")
_COURTESY = re.compile(
    r"^(?:\W*(?:thanks|thank you|thankyou|thx|ta|cheers|ok|okay|great|good|perfect|lovely|nice"
    r"|brilliant|fine|cool|sure|right|sorry|no|yes|yep|hmm|well|so|now|i see|got it|hi|hello"
    r"|hey|morning|afternoon|actually|a lot|very much|that['’]s)\b[\s,.!?]*)+",
    re.IGNORECASE,
)

TopReport = Callable[[str], str | None]
"""Gives the report that answers a question best, or None."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation is about before its last question."""

    question: str
    """The last user question, itself made standalone."""
    report: str | None
    """The report in hand: asked about last, or alone in the last answer."""
    reports: tuple[str, ...]
    """Every report spoken of, latest first."""
    topic: str = ""
    """The matter of that question, or of the one that it leans on."""
    person: str | None = None
    """The person named last."""
    statement: str = ""
    """The first sentence of the last answer that cites a report."""
    group: tuple[str, ...] = ()
    """The reports that the last matter was put to, or that the answer to it heard."""
    listed: Listed | None = None
    """The list spoken of last."""
    item: int = 0
    """Which of its items was asked for last, counted from 1; 0 for none."""
    offered: tuple[str, ...] = ()
    """The reports to choose from, where the last answer asked which is meant."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made standalone."""

    text: str
    aside: bool = False
    """It asks about the answer ("who said that?"), so that the matter stays."""
    item: int = 0
    """The item of the list that it asks for; 0 for none."""
    picked: bool = False
    """It answers our question which report is meant."""
    report: str | None = None
    """The report that it leaves in hand, where it does not say so itself."""


Standalone = Callable[[str, Context | None, Sequence[ReportDetails]], Resolved]
"""Makes a question standalone in its context."""


def title_of(report: str, catalogue: Sequence[ReportDetails]) -> str:
    """Return the title of a report by its id."""
    return next(d.title for d in catalogue if d.report == report)


def without_courtesy(text: str) -> str:
    """Return a question without the thanks and greetings before it."""
    return _COURTESY.sub("", text.strip()).strip()


def _single_reports(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports that a text names one at a time (not "Localis" for three)."""
    named = find_reports(text, catalogue)
    folded = f" {' '.join(words(text))} "
    titled = [d.report for d in catalogue if f" {' '.join(words(d.title))} " in folded]
    if len(named.reports) > 1:
        return [r for r in named.reports if r in titled]
    return list(dict.fromkeys([*named.reports, *titled]))


def _persons(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    titles = " . ".join(f"{d.title} . {d.subtitle} . {d.publisher}" for d in catalogue)
    return [name for name in _PERSON.findall(plain(text)) if name not in titles]


def _latest_first(named: Sequence[str], context: Context | None) -> tuple[str, ...]:
    before = context.reports if context else ()
    return tuple(dict.fromkeys([*reversed(named), *before]))


def _matter(question: str, catalogue: Sequence[ReportDetails]) -> set[str]:
    return set(find_reports(question, catalogue).rest) - STOP_WORDS


def _was_filled_in(before: str, topic: str, typed: str) -> bool:
    """Tell whether a matter was put for a pronoun: "Is it in the deals too?" is of it."""
    own = set(before.split())
    return bool(own) and own <= set(topic.split()) and not own & set(words(typed))


def _asked(
    text: str,
    context: Context | None,
    catalogue: Sequence[ReportDetails],
    standalone: Standalone,
) -> Context | None:
    if not without_courtesy(text):
        return context
    resolved = standalone(text, context, catalogue)
    if resolved.aside and context is not None:
        return replace(context, offered=())
    named = _single_reports(resolved.text, catalogue)
    persons = _persons(text, catalogue)
    every = find_reports(resolved.text, catalogue).reports
    group = tuple(dict.fromkeys([*named, *every]))
    # "Who published that?" has no matter of its own.
    topic = topic_of(resolved.text, catalogue)
    rest = _matter(resolved.text, catalogue)
    leans = not rest & WHOLE and not find_reports(text, catalogue).reports
    if context is not None and leans and _was_filled_in(context.topic, topic, text):
        topic = context.topic
    if context is None:
        context = Context(resolved.text, None, ())
    elif rest == _matter(context.question, catalogue):
        # "What does A say on it?", "And B?": both are compared by "compare them".
        group = tuple(dict.fromkeys([*context.group, *group]))
    return replace(
        context,
        question=resolved.text,
        topic=topic or (context.topic if leans else ""),
        report=resolved.report or (named[-1] if named else context.report),
        reports=_latest_first(named, context),
        person=persons[-1] if persons else context.person,
        group=group,
        item=resolved.item,
        # "The last one" … "and the first": the same choice may be made again.
        offered=context.offered if resolved.picked else (),
    )


def _told(sentences: Sequence[str], catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports that an answer's sentences speak of, in their order."""
    found: dict[str, None] = {}
    for sentence in sentences:
        attributed = [
            d.report
            for d in catalogue
            if d.year and f"{d.publisher} ({d.year})" in sentence
        ]
        found.update(dict.fromkeys(_single_reports(sentence, catalogue) or attributed))
    return list(found)


def _answered(
    text: str, context: Context, catalogue: Sequence[ReportDetails]
) -> Context:
    if offered := reports_offered(text, catalogue):
        return replace(context, offered=offered)
    sentences = split_sentences(text)
    # A sentence without a marker is ours, about the shelf, unless none has one.
    cited = [sentence for sentence in sentences if find_markers(sentence)]
    told = _told([strip_markers(s) for s in cited or sentences], catalogue)
    asked = find_reports(context.question, catalogue).reports
    persons = _persons(strip_markers(" ".join(cited or sentences)), catalogue)
    listed = _list_of(strip_markers(" ".join(cited)), context, told)
    report = context.report
    if len(told) == 1 and told[0] not in asked:
        report = told[0]
    elif told and not asked:
        report = None
    group = context.group if asked else tuple(dict.fromkeys([*context.group, *told]))
    return replace(
        context,
        report=report,
        reports=_latest_first(told, context),
        person=persons[0] if persons else context.person,
        statement=strip_markers(cited[0]) if cited else "",
        group=group or tuple(told),
        listed=listed or context.listed,
        offered=() if listed else context.offered,
        item=0 if listed and listed is not context.listed else context.item,
    )


def _list_of(text: str, context: Context, told: Sequence[str]) -> Listed | None:
    """Return the list that an answer gives, or that the question asked for.

    Unless one was asked for, it must open the answer.
    """
    first = "".join(split_sentences(text)[:1])
    if context.item and context.listed:
        return context.listed
    wanted = noun_listed(context.question)
    items = items_listed(text if wanted else first)
    noun = wanted or (noun_listed(first) if items else None)
    if noun is None:
        return None
    before = context.listed
    if not items and before and before.noun == noun:
        return before
    report = told[0] if len(told) == 1 else context.report
    return Listed(noun, items, report)


def read_history(
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    top_report: TopReport,
    standalone: Standalone,
) -> Context | None:
    """Go through the turns, oldest first; None where no question was asked yet."""
    context: Context | None = None
    for turn in history:
        if turn.role == "user":
            text = strip_markers(turn.content)
            context = _asked(text, context, catalogue, standalone)
        elif context is not None:
            context = _answered(turn.content, context, catalogue)
    if context is None or context.report is not None or len(context.group) > 1:
        return context
    report = top_report(context.question)
    named = [report] if report else []
    return replace(context, report=report, reports=_latest_first(named, context))
