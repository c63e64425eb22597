"""Turns a follow-up into a standalone question, by rule, from the history.

First what points at reports ("the other one", "both", "in 2013") gives way to their
titles; then the rest is filled in ("it", "why?", "and prevention?").
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.understanding.follow_ups.asked_back import reports_picked
from assistant.answering.understanding.follow_ups.conversation import (
    Context,
    Resolved,
    TopReport,
    read_history,
    without_courtesy,
)
from assistant.answering.understanding.follow_ups.report_rules import name_reports
from assistant.answering.understanding.follow_ups.same_question import Catalogue, put_to
from assistant.answering.understanding.follow_ups.word_rules import fill_words
from assistant.schema import Turn


def _resolve(question: str, context: Context | None, catalogue: Catalogue) -> Resolved:
    typed = question.strip()
    bare = without_courtesy(typed)
    if context is None or (not bare and not context.offered):
        return Resolved(typed)
    picked = reports_picked(bare or typed, context.offered, catalogue)
    if picked:
        return Resolved(put_to(context, picked, catalogue), picked=True)
    if not bare:
        return Resolved(typed)
    named = name_reports(bare, context, catalogue)
    return fill_words(named, context, catalogue, bare)


def standalone_from(
    question: str, context: Context | None, catalogue: Catalogue
) -> str:
    """Return the standalone form of a question in its context.

    Args:
        question: as typed.
        context: the conversation before it; None where there is none.
        catalogue: the details of every report.
    """
    return _resolve(question, context, catalogue).text


def make_standalone(
    question: str,
    history: Sequence[Turn],
    catalogue: Catalogue,
    top_report: TopReport,
) -> str:
    """Return the standalone form of a question, given the turns before it."""
    context = read_history(history, catalogue, top_report, _resolve)
    return standalone_from(question, context, catalogue)
