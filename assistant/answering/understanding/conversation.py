"""What a conversation is about: its reports, its last matter, the person named last."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.citations import strip_markers
from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails, Turn
from assistant.sentences import split_sentences
from assistant.words import plain, words

_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z'-]+\b(?! \()")

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


Standalone = Callable[[str, Context | None, Sequence[ReportDetails]], str]
"""Makes a question standalone in its context."""


def title_of(report: str, catalogue: Sequence[ReportDetails]) -> str:
    """Return the title of a report by its id."""
    return next(d.title for d in catalogue if d.report == report)


def _single_reports(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports that a text names one at a time (not "Localis" for three)."""
    named = find_reports(text, catalogue)
    folded = f" {' '.join(words(text))} "
    titled = [d.report for d in catalogue if f" {' '.join(words(d.title))} " in folded]
    if len(named.reports) > 1:
        return list(dict.fromkeys(titled))
    return list(dict.fromkeys([*named.reports, *titled]))


def _persons(text: str, catalogue: Sequence[ReportDetails]) -> list[str]:
    titles = " . ".join(f"{d.title} . {d.subtitle} . {d.publisher}" for d in catalogue)
    return [name for name in _PERSON.findall(plain(text)) if name not in titles]


def _latest_first(named: Sequence[str], context: Context | None) -> tuple[str, ...]:
    before = context.reports if context else ()
    return tuple(dict.fromkeys([*reversed(named), *before]))


def _asked(
    text: str,
    context: Context | None,
    catalogue: Sequence[ReportDetails],
    standalone: Standalone,
) -> Context:
    question = standalone(text, context, catalogue)
    named = _single_reports(question, catalogue)
    persons = _persons(text, catalogue)
    return Context(
        question,
        named[-1] if named else (context.report if context else None),
        _latest_first(named, context),
        persons[-1] if persons else (context.person if context else None),
    )


def _answered(
    text: str, context: Context, catalogue: Sequence[ReportDetails]
) -> Context:
    named = _single_reports(text, catalogue)
    persons = _persons(text, catalogue)
    return Context(
        context.question,
        context.report or (named[0] if named else None),
        _latest_first(named, context),
        persons[0] if persons else context.person,
        (split_sentences(text) or [""])[0],
    )


def read_history(
    history: Sequence[Turn],
    catalogue: Sequence[ReportDetails],
    top_report: TopReport,
    standalone: Standalone,
) -> Context | None:
    """Go through the turns, oldest first; None where no question was asked yet."""
    context: Context | None = None
    for turn in history:
        text = strip_markers(turn.content)
        if turn.role == "user":
            context = _asked(text, context, catalogue, standalone)
        elif context is not None:
            context = _answered(text, context, catalogue)
    if context is None or context.report is not None:
        return context
    report = top_report(context.question)
    return Context(
        context.question,
        report,
        _latest_first([report] if report else [], context),
        context.person,
        context.statement,
    )
