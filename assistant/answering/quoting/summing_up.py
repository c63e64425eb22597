"""Sums up a report as a whole: how it opens, its lists, what it calls for."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.draft import Draft
from assistant.answering.finding.candidates import (
    ABOUT_THE_TEXT,
    Candidate,
    score_sentences,
)
from assistant.answering.finding.retrieval import search_hybrid
from assistant.answering.quoting.choosing import (
    MOST_SENTENCES,
    paragraphs_of,
    without_repeats,
)
from assistant.answering.refusing import refuse
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf

_BRIEF = re.compile(
    r"\b(brief( me|ing)?|note on|overview|summar\w+|sum up|one line|in a nutshell|gist)\b",
    re.IGNORECASE,
)
# What a summary of a report is made of.
_MOST_SUMMED_UP = 4
_WHOLE = "aims main argument calls for key findings principles recommendations in brief"


def names_nothing_but_reports(query: Query) -> bool:
    """Tell whether a question is about a report and no matter in it."""
    return bool(query.named.reports) and all(c.framing for c in query.concepts)


def wants_a_summary(query: Query) -> bool:
    """Tell whether a report as a whole is asked for.

    In "the gist of it in a few lines for the lift" the lift is no matter of the shelf.
    """
    if names_nothing_but_reports(query):
        return query.kind in ("summary", "open")
    strange = all(c.framing or not c.known for c in query.concepts)
    return bool(query.named.reports) and strange and asks_in_brief(query)


def asks_in_brief(query: Query) -> bool:
    """Tell whether a question asks for a brief or a summary."""
    return query.kind == "summary" or _BRIEF.search(query.question) is not None


def _about_the_whole(query: Query) -> Query:
    """Return the query for a report as a whole, from its name and nothing else."""
    titles = " ".join(query.named.reports).replace("-", " ")
    return replace(query, kind="summary", searches=(f"{titles} {_WHOLE}",), concepts=())


def write_summary(query: Query, shelf: Shelf) -> Draft:
    """Sum up the reports named: how each opens, its lists, what it calls for."""
    whole = _about_the_whole(query)
    each = MOST_SENTENCES if len(query.reports) == 1 else 2
    chosen: list[Candidate] = []
    for report in query.reports[:_MOST_SUMMED_UP]:
        passages = search_hybrid(whole, shelf, 60, [report])
        found = [
            c
            for c in score_sentences(whole, shelf, passages)
            if not c.passage.chunk.section.startswith(ABOUT_THE_TEXT)
        ]
        lead = sorted(found, key=lambda c: c.place)[:1]
        lists = sorted((c for c in found if c.is_list), key=lambda c: -c.cosine)
        best = without_repeats([*lead, *lists[: each // 2], *found])[:each]
        chosen += sorted(best, key=lambda c: c.place)
    return Draft("answered", paragraphs_of(chosen)) if chosen else refuse(query, ())
