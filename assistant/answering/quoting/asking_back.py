"""Asks back where a question fits several reports and any one answer would be a guess.

It does so seldom: where the question has a matter of its own, the matter tells which
report is meant, or several of them may have their say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft
from assistant.answering.understanding.conversation import WHICH_REPORT
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import (
    POINTS_AT_ONE,
    PRONOUN,
    of_report,
)
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import ReportDetails
from assistant.text.words import number_value, stem

MOST_CHOICES = 5
# These words are of any text, and tell no report from another.
_ANY_TEXT = frozenset(
    stem(word)
    for word in """
    wrote write writer author publish publisher publication published date sponsor sponsored
    fund funded pay paid back backed release launch title subtitle page chapter research
    researcher recommendation finding principle lesson conclusion conclude aim message
    argue propose proposal gist summary come out tell long many cover contain
    """.split()
)
_ITS_LISTS = re.compile(
    r"\b(?:the|how many|which|what|its) (?:[\w-]+ )?"
    r"(?:recommendations|findings|principles|lessons|conclusions|proposals)\b",
    re.IGNORECASE,
)


def ask_back(query: Query, shelf: Shelf) -> Draft | None:
    """Return a draft that asks which report is meant, or None where that is clear."""
    if query.scope == "compare" or len(query.preferred) == 1:
        return None
    if any(not _is_of_any_text(c.own, c.label) for c in query.matters):
        return None
    if len(query.named.reports) == 1:
        return None
    points = (
        POINTS_AT_ONE.search(query.asked)
        or PRONOUN.search(query.asked)
        or (_ITS_LISTS.search(query.asked) and not query.named.reports)
    )
    if not points:
        return None
    reports = query.named.reports or query.reports or _all_of(shelf)
    return _offer(query, shelf, reports) if len(reports) > 1 else None


def _is_of_any_text(stems_: Sequence[str], label: str) -> bool:
    return _ANY_TEXT.issuperset(stems_) or number_value(label) is not None


def _all_of(shelf: Shelf) -> tuple[str, ...]:
    kept = (d.report for d in shelf.details if not d.superseded_by)
    return tuple(dict.fromkeys(kept))


def _offer(query: Query, shelf: Shelf, reports: Sequence[str]) -> Draft | None:
    """Ask which report is meant; None unless two choices name one report each."""
    ages = {d.report: (d.published or "", d.report) for d in reversed(shelf.details)}
    found: dict[str, str] = {}
    for report in sorted(reports, key=ages.__getitem__, reverse=True)[:MOST_CHOICES]:
        details = next(d for d in shelf.details if d.report == report)
        for name in _names_of(details):
            choice = of_report(query.question, name, details.title)
            if find_reports(choice, shelf.details).reports == (report,):
                found[report] = choice
                break
    if len(found) < 2:
        return None
    names = [report_name(shelf.details, report) for report in found]
    more = " Or name another report." if len(reports) > MOST_CHOICES else ""
    return Draft(
        "clarify",
        opening=f"{WHICH_REPORT} {', '.join(names[:-1])} or {names[-1]}?{more}",
        choices=tuple(dict.fromkeys(found.values())),
    )


def _names_of(details: ReportDetails) -> tuple[str, ...]:
    """Return what a report may be called, the shortest first."""
    return (details.title, f"{details.title} ({details.attribution})")
