"""Turns a follow-up into a standalone question, by rule, from the history.

What the rules look at: the reports named in the conversation, the matter of the last
full question, the person named last, and how the follow-up leans on them ("it", "and
prevention?", "the other one", "why?").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.citations import strip_markers
from assistant.answering.naming import find_reports
from assistant.schema import ReportDetails, Turn
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, plain, words

_POLITE = re.compile(
    r"^\W*(thanks|thank you|ok|okay|great|right|cheers|sorry|no|yes|hmm|well|so|i see"
    r"|got it)\b[\s,.!]*",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\W*(?:and |but |so |or )*"
    r"(?:what about|how about|what of|anything (?:on|about)"
    r"|same (?:q|question)?\s*(?:for|on|about)|and|also|plus)\b[\s,]*"
    r"(?P<topic>.*?)[\s?.!]*$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:the|that) other (?:one|report|paper|document)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:any|the) (?:others?|other reports?|other ones)\b|\banyone else\b"
    r"|\bwho else\b.*\bsays?\b",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"^\W*(?:no,?\s*)?(?:i (?:meant|mean)|not that one,?|actually,?)\s*(?P<topic>.+?)[\s?.!]*$",
    re.IGNORECASE,
)
_SAY_AGAIN = re.compile(
    r"\b(shorter|shorten|in short|one sentence|one line|again|rephrase|simpler"
    r"|more simply|plain english|more detail|tell me more|go on|expand|elaborate"
    r"|more about (it|that|this)|say (it|that|this))\b",
    re.IGNORECASE,
)
_WHO_SAID = re.compile(r"\bwho (said|says|argued|claims|told) (that|this|it)\b", re.I)
_OF_THE_SHELF = re.compile(r"\b(reports|papers|documents|the shelf)\b", re.IGNORECASE)
_IT = re.compile(
    r"\b(?:it|its|it's|(?:the|that|this) (?:report|paper|document)|that one|this one"
    r"|the same report)\b",
    re.IGNORECASE,
)
_PERSON_PRONOUN = re.compile(r"\b(he|she|him|her|his|hers)\b", re.IGNORECASE)
_THAT = re.compile(
    r"\b(that|this|those|these|they|them|their|there|such)\b", re.IGNORECASE
)
_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z'-]+\b(?! \()")
_ASKS = re.compile(
    r"\b(who|whom|whose|what|when|where|why|how|which|does|did|do|is|are|was|were|can|should|has|have|name|list)\b",
    re.IGNORECASE,
)

# "how long should it last?": "it" is the matter, not the report.
_IT_AS_MATTER = re.compile(
    r"\b(should|would|could|can|will|must|might|may) it\b", re.IGNORECASE
)

# So few content words lean on what went before; so few words in all are a stub.
_FEW = 3
_SHORT = 4

TopReport = Callable[[str], str | None]
"""Gives the report that answers a question best, or None."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation is about before its last question."""

    question: str
    """The last user question, itself made standalone."""
    report: str | None
    """The report spoken of last."""
    reports: tuple[str, ...]
    """Every report spoken of, latest first."""
    person: str | None = None
    """The person named last."""
    statement: str = ""
    """The first sentence of the last answer."""


def _title(report: str, catalogue: Sequence[ReportDetails]) -> str:
    return next(d.title for d in catalogue if d.report == report)


def _single_reports(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports that a text names one at a time (not "Localis" for three)."""
    named = find_reports(text, catalogue)
    several = [named.reports] if len(named.reports) > 1 else []
    titled = [
        d.report
        for d in catalogue
        if f" {' '.join(words(d.title))} " in f" {' '.join(words(text))} "
    ]
    if several:
        return list(dict.fromkeys(titled))
    return list(dict.fromkeys([*named.reports, *titled]))


def _persons(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    titles = " . ".join(f"{d.title} . {d.subtitle} . {d.publisher}" for d in catalogue)
    return [name for name in _PERSON.findall(plain(text)) if name not in titles]


def read_history(
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    top_report: TopReport,
) -> Context | None:
    """Go through the turns, oldest first; None where no question was asked yet."""
    context: Context | None = None
    for turn in history:
        text = strip_markers(turn.content)
        if turn.role == "user":
            question = standalone_from(text, context, catalogue)
            named = _single_reports(question, catalogue)
            report = named[-1] if named else None
            context = Context(
                question,
                report or (context.report if context else None),
                _latest_first(named, context),
                persons[-1] if (persons := _persons(text, catalogue)) else None,
            )
        elif context is not None:
            named = _single_reports(text, catalogue)
            persons = _persons(text, catalogue)
            context = Context(
                context.question,
                context.report or (named[0] if named else None),
                _latest_first(named, context),
                persons[0] if persons else context.person,
                (split_sentences(text) or [""])[0],
            )
    if context is not None and context.report is None:
        report = top_report(context.question)
        context = Context(
            context.question,
            report,
            _latest_first([report] if report else [], context),
            context.person,
        )
    return context


def _latest_first(named: Sequence[str], context: Context | None) -> tuple[str, ...]:
    before = context.reports if context else ()
    return tuple(dict.fromkeys([*reversed(named), *before]))


def _content(text: str) -> list[str]:
    return [w for w in words(text) if w not in STOP_WORDS]


def _without_reports(question: str, catalogue: Sequence[ReportDetails]) -> str:
    """Return the matter of a question: its words without the names of reports."""
    rest = " ".join(find_reports(question, catalogue).rest)
    return re.sub(
        r"(\b(in|of|from|by|about|for|to|on|does|do|say|what)\b\s*)+$", "", rest
    )


def _topic_of(question: str, catalogue: Sequence[ReportDetails]) -> str:
    """Return the content words of a question's matter, as a phrase."""
    rest = find_reports(question, catalogue).rest
    kept = [w for w in rest if w not in STOP_WORDS]
    return " ".join(kept)


def standalone_from(
    question: str, context: Context | None, catalogue: Sequence[ReportDetails]
) -> str:
    """Return the standalone form of a question in its context.

    Args:
        question: as typed.
        context: the conversation before it; None where there is none.
        catalogue: the details of every report.
    """
    typed = question.strip()
    if context is None:
        return typed
    bare = _POLITE.sub("", typed).strip()
    if not bare:
        return typed
    named = find_reports(bare, catalogue)
    if _MEANT.match(bare) and named.reports:
        return _same_question(context, bare, catalogue)
    if _OTHER.search(bare):
        return _the_other(bare, context, catalogue)
    if _OTHERS.search(bare):
        topic = _topic_of(context.question, catalogue)
        if context.report is None:
            return f"What do the reports say about {topic}?"
        own = _title(context.report, catalogue)
        return f"What do the reports say about {topic}, other than {own}?"
    about = _ABOUT.match(bare)
    if about:
        return _and_what_about(about["topic"], bare, context, catalogue)
    if named.reports:
        return (
            bare
            if len(_content(" ".join(named.rest)))
            else _same_question(context, bare, catalogue)
        )
    return _resolve_words(bare, context, catalogue)


_ORDINAL = re.compile(
    r"\bthe (?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)"
    r"(?: one)?\b",
    re.IGNORECASE,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_LISTED = re.compile(
    r"\b(principle|recommendation|finding|lesson|element|section)s\b", re.IGNORECASE
)


def _item_of_list(
    bare: str, context: Context, catalogue: Sequence[ReportDetails]
) -> str | None:
    """Return "explain the third one" as a question for item 3 of the list asked for."""
    asked, listed = _ORDINAL.search(bare), _LISTED.search(context.question)
    if asked is None or listed is None or len(_content(_ORDINAL.sub("", bare))) > 1:
        return None
    if asked["ordinal"].lower() == "last":
        return None
    number = _ORDINALS.index(asked["ordinal"].lower()) + 1
    item = f"{listed[1].lower()} {number}"
    return _in_report(_ORDINAL.sub(item, bare, count=1), context, catalogue)


def _in_report(text: str, context: Context, catalogue: Sequence[ReportDetails]) -> str:
    """Name the report spoken of last in a question that names none."""
    text = text.strip().rstrip("?.! ")
    if context.report is None:
        return f"{text}?"
    return f"{text} in {_title(context.report, catalogue)}?"


def _same_question(
    context: Context, new: str, catalogue: Sequence[ReportDetails]
) -> str:
    """Ask the last question of the report that the new one names."""
    reports = find_reports(new, catalogue).reports
    titles = " and ".join(_title(report, catalogue) for report in reports)
    matter = _without_reports(context.question, catalogue)
    return f"{matter} in {titles}?".strip()


def _the_other(bare: str, context: Context, catalogue: Sequence[ReportDetails]) -> str:
    """Ask of the report spoken of before the last one; the last answer's is taken."""
    others = [report for report in context.reports if report != context.report]
    asked = find_reports(context.question, catalogue).reports
    # "Who sponsored A and who backed B?" answered for A: the other one is B.
    others = [r for r in asked if r != context.reports[0]] or others
    if not others:
        same = [d.report for d in catalogue if d.report != context.report]
        others = list(dict.fromkeys(same)) if len(set(same)) == 1 else []
    if not others:
        return bare
    matter = _without_reports(
        _OTHER.sub("", bare)
        if len(_content(_OTHER.sub("", bare)))
        else context.question,
        catalogue,
    )
    return f"{matter} in {_title(others[0], catalogue)}?"


def _and_what_about(
    topic: str, bare: str, context: Context, catalogue: Sequence[ReportDetails]
) -> str:
    named = find_reports(topic, catalogue)
    rest = _content(" ".join(named.rest))
    if named.reports and not rest:
        return _same_question(context, topic, catalogue)
    if _IT.search(topic) or _PERSON_PRONOUN.search(topic):
        return _resolve_words(topic, context, catalogue)
    if _ASKS.search(topic):
        # "and who wrote it?", "and how much would that cost?": a question of its own.
        return topic if named.reports else _resolve_words(topic, context, catalogue)
    topic = re.sub(r"^(for|on|about|in|with|the|to)\s+", "", topic, flags=re.IGNORECASE)
    if named.reports:
        return bare
    if re.match(r"^\W*(and|also|plus)?\s*for\b", bare, re.IGNORECASE):
        # "and for central government?": the same question for someone else.
        matter = _topic_of(context.question, catalogue)
        return _in_report(f"{matter} for {topic}", context, catalogue)
    return (
        f"What does {_title(context.report, catalogue)} say about {topic}?"
        if context.report
        else f"What about {topic}?"
    )


def _resolve_words(
    bare: str, context: Context, catalogue: Sequence[ReportDetails]
) -> str:
    """Replace pronouns, or add the last matter where a question has none of its own."""
    if _WHO_SAID.search(bare) and context.statement:
        return f"Who said this: {context.statement}"
    if _SAY_AGAIN.search(bare):
        return context.question
    if _OF_THE_SHELF.search(bare):
        return bare
    if (item := _item_of_list(bare, context, catalogue)) is not None:
        return item
    text = bare
    if context.person and _PERSON_PRONOUN.search(text):
        text = _PERSON_PRONOUN.sub(context.person, text, count=1)
    topic = _topic_of(context.question, catalogue)
    if topic and _IT_AS_MATTER.search(text):
        return _in_report(_IT.sub(topic, text, count=1), context, catalogue)
    own = _content(text)
    if context.report and own and _IT.search(text):
        return _IT.sub(_title(context.report, catalogue), text, count=1)
    leans = _THAT.search(text) is not None and len(own) < _FEW
    if not own or leans or (len(own) == 1 and len(words(text)) <= _SHORT):
        return _in_report(f"{text.strip(' ?.!')} {topic}", context, catalogue)
    if len(own) < _FEW and _ASKS.search(text):
        return _in_report(text, context, catalogue)
    return text


def make_standalone(
    question: str,
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    top_report: TopReport,
) -> str:
    """Return the standalone form of a question, given the turns before it."""
    context = read_history(history, catalogue, top_report)
    return standalone_from(question, context, catalogue)
