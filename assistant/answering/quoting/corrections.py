"""Corrects what a question takes for granted: a report that is not there, or is silent."""

from __future__ import annotations

import re

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import choose, paragraphs_of
from assistant.answering.quoting.comparing import ON_A_MATTER, is_silent
from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.search import Found, judge, search
from assistant.answering.understanding.conversation import Catalogue
from assistant.answering.understanding.forms import numbered_item
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf
from assistant.schema import ReportDetails

# So surely must another report answer to be offered for the one named.
_SURE = 0.75
_PASSAGES = 8
# Of a report that surely is silent, of one in which a model found nothing either, and
# of one that nobody has read for it.
_SILENT = "{own} does not speak of this in the text on the shelf; {other} does:"
_NOTHING = "Nothing on this was found in {own}; {other} speaks of it:"
_UNCLEAR = "I could not tell what {own} says on this; {other} speaks of it:"
_DATED = re.compile(
    r"\b(?:came out|published|released|from|of|in|launched)\b.{0,12}\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def details_of(catalogue: Catalogue, report: str) -> ReportDetails:
    """Return the details of a report."""
    return next(d for d in catalogue if d.report == report)


def correct(query: Query, shelf: Shelf) -> Draft | None:
    """Say that there is no such report, or that it is of another year; else None."""
    named = query.named
    if named.impossible:
        return _no_such_report(query, shelf)
    if len(named.reports) != 1:
        return None
    details = details_of(shelf.details, named.reports[0])
    dated = _DATED.search(query.asked)
    year = int(dated[1]) if dated else None
    if year is None or details.year in (None, year):
        return None
    if shelf.lexical.holds_phrase(str(year), [details.report]):
        return None
    opening = f"{details.title} is a report of {details.year}, not of {year}."
    found = search(query.without(str(year)), shelf, _PASSAGES)
    if not found.answers:
        return Draft("partial", opening=opening)
    chosen = choose(query, found.candidates, Form(), 2)
    return Draft("partial", paragraphs_of(chosen, Form()), opening=opening)


def _no_such_report(query: Query, shelf: Shelf) -> Draft:
    publishers = query.named.publishers
    known = [
        report
        for report in shelf.reports
        if not publishers or details_of(shelf.details, report).publisher in publishers
    ]
    who = f" by {' or '.join(publishers)}" if publishers else ""
    years = " or ".join(str(year) for year in query.named.years)
    held = "; ".join(report_name(shelf.details, report) for report in known)
    return Draft(
        "no_evidence",
        opening=f"There is no report{who} of {years} on the shelf. It holds {held}.",
    )


def answered_elsewhere(found: Found, shelf: Shelf, form: Form) -> Draft | None:
    """Say that the report named is silent, and quote the one that surely is not.

    None unless exactly one report is named, it has nothing on the matter after having
    been searched by itself, and another answers.
    """
    query = found.query
    if len(query.named.reports) != 1 or not query.matters:
        return None
    if query.kind not in ON_A_MATTER:
        # Nobody else's address, date or number is that of the report named.
        return None
    if numbered_item(query.asked):
        # Another report's recommendation 7 is not the one asked for.
        return None
    others = [r for r in shelf.reports if r not in query.named.reports]
    if not others:
        return None
    moved = query.put_to(others)
    elsewhere = judge(moved, search_hybrid(moved, shelf, _PASSAGES, others), shelf)
    if not elsewhere.candidates or elsewhere.chance < _SURE:
        return None
    best = elsewhere.candidates[0]
    chosen = choose(moved, elsewhere.of_report(best.report), form, 2)
    own = details_of(shelf.details, query.named.reports[0])
    other = best.passage.chunk.details
    silent = is_silent(found, shelf)
    opening, read = (
        said.format(own=own.title, other=other.title)
        for said in ((_SILENT, _SILENT) if silent else (_UNCLEAR, _NOTHING))
    )
    return Draft("partial", paragraphs_of(chosen, form), opening, elsewhere=read)
