"""Sums up a report as a whole: how it opens, its lists, what it calls for."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import paragraphs_of, without_repeats
from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.retrieval.sentences import (
    ABOUT_THE_TEXT,
    Candidate,
    score_sentences,
)
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf

_BRIEF = re.compile(
    r"\b(brief( me|ing)?|note on|overview|summar\w+|sum up|in a nutshell|gist|pitch)\b",
    re.IGNORECASE,
)
_MOST_SUMMED_UP, _MOST_PASSAGES = 4, 60
_SENTENCES = 4
_WHOLE = "aims main argument calls for key findings principles recommendations in brief"


def wants_a_summary(query: Query) -> bool:
    """Tell whether a report as a whole is asked for, and no matter in it."""
    asks = query.kind == "summary" or _BRIEF.search(query.asked) is not None
    if not query.named.reports or any(c.known for c in query.matters):
        return False
    return asks or (query.kind == "open" and not query.matters)


def write_summary(query: Query, shelf: Shelf, form: Form) -> Draft | None:
    """Sum up the reports named: how each opens, its lists, what it calls for."""
    titles = " ".join(query.reports).replace("-", " ")
    whole = replace(
        query, kind="summary", searches=(f"{titles} {_WHOLE}",), concepts=()
    )
    most = form.points or form.lines or _SENTENCES
    each = most if len(query.reports) == 1 else max(1, min(2, most))
    chosen: list[Candidate] = []
    for report in query.reports[:_MOST_SUMMED_UP]:
        passages = search_hybrid(whole, shelf, _MOST_PASSAGES, [report])
        found = [
            c
            for c in score_sentences(whole, shelf, passages)
            if not c.passage.chunk.section.startswith(ABOUT_THE_TEXT)
        ]
        lead = sorted(found, key=lambda c: c.place)[:1]
        lists = sorted((c for c in found if c.is_list), key=lambda c: -c.cosine)
        best = without_repeats([*lead, *lists[: each // 2], *found])[:each]
        chosen += sorted(best, key=lambda c: c.place)
    return Draft("answered", paragraphs_of(chosen, form)) if chosen else None
