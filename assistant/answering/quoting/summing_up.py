"""Sums up a report as a whole: how it opens, its lists, what it calls for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import paragraphs_of, without_repeats
from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.retrieval.sentences import (
    ABOUT_THE_TEXT,
    Candidate,
    score_sentences,
)
from assistant.answering.understanding.naming_phrases import DOCUMENTS
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf
from assistant.text.words import stem, stems

_BRIEF = re.compile(
    r"\b(brief( me|ing)?|note on|overview|summar\w+|sum up|in a nutshell|gist|pitch)\b",
    re.IGNORECASE,
)
_PLAIN = Form()
_MOST_SUMMED_UP, _MOST_PASSAGES = 4, 60
_SENTENCES = 4
# A summary of so many sentences is told from its beginning, where no list says more.
_SHORT = 8
_WHOLE = "aims main argument calls for key findings principles recommendations in brief"


def wants_a_summary(query: Query, form: Form = _PLAIN) -> bool:
    """Tell whether a report as a whole is asked for, and no matter in it."""
    asked = f"{query.asked} {form.said}"
    asks = query.kind == "summary" or _BRIEF.search(asked) is not None
    named = set(stems(" ".join(_reports_of(query)).replace("-", " ")))
    if named:
        # "The review of …" is what it is called.
        named |= set(map(stem, DOCUMENTS))
    matters = [c for c in query.matters if not set(c.own) <= named]
    if not named or any(c.known for c in matters):
        return False
    return asks or (query.kind == "open" and not matters)


def _reports_of(query: Query) -> tuple[str, ...]:
    """Return the reports named, else the one that is spoken of by a shorter name."""
    if query.named.reports:
        return query.reports
    return query.preferred if len(query.preferred) == 1 else ()


def write_summary(query: Query, shelf: Shelf, form: Form) -> Draft | None:
    """Sum up the reports named: how each opens, its lists, what it calls for."""
    reports = _reports_of(query)
    titles = " ".join(reports).replace("-", " ")
    whole = replace(
        query, kind="summary", searches=(f"{titles} {_WHOLE}",), concepts=()
    )
    most = form.points or form.lines or _SENTENCES
    each = most if len(reports) == 1 else max(1, min(2, most))
    chosen: list[Candidate] = []
    for report in reports[:_MOST_SUMMED_UP]:
        passages = search_hybrid(whole, shelf, _MOST_PASSAGES, [report])
        found = [
            c
            for c in score_sentences(whole, shelf, passages)
            if not (c.is_row or c.passage.chunk.section.startswith(ABOUT_THE_TEXT))
        ]
        own = [c for c in found if _is_summary(c)]
        if 0 < len(own) <= _SHORT and not any(c.is_list for c in found):
            chosen += sorted(own, key=lambda c: c.place)[: each + 1]
        else:
            chosen += _opening(found, each)
    return Draft("answered", paragraphs_of(chosen, form)) if chosen else None


def _is_summary(candidate: Candidate) -> bool:
    """Tell whether a sentence stands in what a report itself calls its summary."""
    return stem("summary") in stems(candidate.passage.chunk.section)


def _opening(found: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return how a report without a summary opens, its lists, and what is nearest."""
    lead = sorted(found, key=lambda c: c.place)[:1]
    lists = sorted((c for c in found if c.is_list), key=lambda c: -c.cosine)
    best = without_repeats([*lead, *lists[: most // 2], *found])[:most]
    return sorted(best, key=lambda c: c.place)
