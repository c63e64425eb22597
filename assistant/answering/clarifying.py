"""Asks back where a question fits several reports and any one answer would be a guess.

It does so seldom: where the matter tells which report is meant, or where an answer may
hold what several of them say, the question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft
from assistant.answering.quoting.summing_up import asks_in_brief
from assistant.answering.understanding.concepts import Concept
from assistant.answering.understanding.follow_ups.asked_back import WHICH_REPORT
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import (
    OTHER_THAN,
    POINTS_AT_ONE,
    PRONOUN,
    of_report,
)
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS, number_value, stem, words

MOST_CHOICES = 5

# Asked of a text as a whole: what it says, and who made it and when.
_OF_A_TEXT = re.compile(
    r"\b(recommend\w*|find|found|findings?|conclu\w*|propos\w*|suggest\w*|say|says|argue\w*"
    r"|principles?|lessons?|asks?|about|aims?|messages?|points?|gist|summar\w+|sum up"
    r"|overview|wrote|written|authors?|publish\w*|sponsor\w*|fund\w*|paid|backed|released?"
    r"|launch\w*|titles?|pages?|come out|called|date|cover|covers|how (?:long|old)|tell me)\b",
    re.IGNORECASE,
)
# These words are of any text, and tell no report from another.
_ANY_TEXT = frozenset(
    stem(word)
    for word in """
    wrote writer author publish publisher publication published date sponsor sponsored
    fund funded pay paid back backed release launch title subtitle page chapter research
    researcher recommendation finding principle lesson conclusion conclude aim message
    argue propose proposal gist summary come out tell long many
    """.split()
)
# "What are the recommendations?", "how many principles are there?"
_WHOSE = re.compile(
    r"\b(?:the|how many|which|what)\s(?P<phrase>(?:[\w-]+\s)?"
    r"(?:recommendations|findings|principles|lessons|conclusions|proposals))\b",
    re.IGNORECASE,
)
_FACTS = ("amount", "how_many", "list", "when", "who", "page")
_SAYS = re.compile(
    r"\b(?:say|says|said|think|thinks|thought|argue\w*|want|wants|wanted|tell|told|call|claim\w*)\b",
    re.IGNORECASE,
)


def clarify(query: Query, shelf: Shelf) -> Draft | None:
    """Return a draft that asks which report is meant, or None where that is clear."""
    if query.named.excluded:
        other = OTHER_THAN.search(query.question)
        return _ask_back(query, shelf, query.named.reports) if other else None
    if query.scope == "compare" or query.outside or query.named.impossible:
        return None
    if query.parts:
        return None
    for find in (_of_several_named, _of_none_named, _of_a_list, _of_a_speaker):
        reports = find(query, shelf)
        if len(reports) > 1:
            return _ask_back(query, shelf, reports)
    return None


def _told_apart_by(query: Query) -> list[Concept]:
    """Return the concepts that may tell one report from another.

    A number alone tells none: "in two lines".
    """
    return [
        c
        for c in query.concepts
        if not c.framing
        and not _ANY_TEXT.issuperset(c.own)
        and number_value(c.label) is None
    ]


def _of_several_named(query: Query, shelf: Shelf) -> tuple[str, ...]:
    """Return the reports that "the Localis report" or a shared title may mean."""
    named = query.named.reports
    if len(named) < 2 or not _names_one(query, shelf):
        return ()
    matters = _told_apart_by(query)
    if not matters:
        return named
    if query.kind not in _FACTS:
        # Each of them may have its say.
        return ()
    holding = tuple(r for r in named if _speaks_of(matters, r, shelf))
    return holding if len(holding) > 1 else ()


def _names_one(query: Query, shelf: Shelf) -> bool:
    """Tell whether a question speaks of one report although several fit."""
    if query.named.publishers or query.named.years:
        return POINTS_AT_ONE.search(query.question) is not None
    titles = {
        tuple(words(d.title)) for d in shelf.details if d.report in query.named.reports
    }
    return len(titles) == 1


def _speaks_of(matters: Sequence[Concept], report: str, shelf: Shelf) -> bool:
    forms = [
        [c.label, *(a.text for a in c.alternatives if a.credit == 1)] for c in matters
    ]
    return all(
        any(shelf.lexical.holds_phrase(form, [report]) for form in own) for own in forms
    )


def _of_none_named(query: Query, shelf: Shelf) -> tuple[str, ...]:
    """Return all reports where a question asks of "the report", and of no matter."""
    if query.named.reports or _told_apart_by(query) or query.names:
        return ()
    points = POINTS_AT_ONE.search(query.question) or PRONOUN.search(query.question)
    if not points or not (_OF_A_TEXT.search(query.question) or asks_in_brief(query)):
        return ()
    return _asked(query, shelf)


def _of_a_list(query: Query, shelf: Shelf) -> tuple[str, ...]:
    """Return the reports with such a list, where a question says of none whose it means."""
    if query.named.reports or _told_apart_by(query) or query.names:
        return ()
    found = _WHOSE.search(query.question)
    if found is None or query.kind not in ("list", "how_many"):
        return ()
    phrase = " ".join(w for w in words(found["phrase"]) if w not in STOP_WORDS)
    return tuple(
        report
        for report in _asked(query, shelf)
        if shelf.lexical.holds_phrase(phrase, [report])
    )


def _asked(query: Query, shelf: Shelf) -> tuple[str, ...]:
    """Return the reports that are asked, the newest first."""
    details = {d.report: d for d in reversed(shelf.details)}.values()
    asked = [
        d.report
        for d in details
        if (d.report in query.reports if query.reports else not d.superseded_by)
    ]
    return _newest_first(asked, shelf)


def _newest_first(reports: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    ages = {d.report: (d.published or "", d.report) for d in reversed(shelf.details)}
    return tuple(sorted(reports, key=lambda report: ages[report], reverse=True))


def _of_a_speaker(query: Query, shelf: Shelf) -> tuple[str, ...]:
    """Return the reports in which a name speaks, where no matter is asked about."""
    if query.named.reports or len(query.names) != 1 or not _SAYS.search(query.question):
        return ()
    name = query.names[0]
    own = {stem(w) for w in words(name)}
    if any(not own.issuperset(c.own) for c in _told_apart_by(query)):
        return ()
    return tuple(
        report
        for report in _asked(query, shelf)
        if shelf.lexical.holds_phrase(name, [report])
    )


def _ask_back(query: Query, shelf: Shelf, reports: Sequence[str]) -> Draft | None:
    """Ask which report is meant; None unless two choices name one report each."""
    found: dict[str, str] = {}
    for report in _newest_first(reports, shelf)[:MOST_CHOICES]:
        details = next(d for d in shelf.details if d.report == report)
        for name in _names_of(details):
            choice = of_report(query.question, name, details.title)
            if find_reports(choice, shelf.details).reports == (report,):
                found[report] = choice
                break
    if len(found) < 2:
        return None
    names = [report_name(shelf.details, report) for report in found]
    fitting = f"{', '.join(names[:-1])} or {names[-1]}"
    more = " Or name another report." if len(reports) > MOST_CHOICES else ""
    return Draft(
        "clarify",
        opening=f"{WHICH_REPORT} {fitting}?{more}",
        choices=tuple(dict.fromkeys(found.values())),
    )


def _names_of(details: ReportDetails) -> tuple[str, ...]:
    """Return what a report may be called, the shortest first."""
    return (details.title, f"{details.title} ({details.attribution})")
