"""Puts a word of doubt before an answer that lacks a year of its question."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.draft import Draft, DraftSentence
from assistant.answering.quoting.refusing import UNSURE
from assistant.answering.switches import is_on
from assistant.answering.understanding.authorities import years_in
from assistant.answering.understanding.query import Query


def with_doubt(draft: Draft, query: Query) -> Draft:
    """Return an answer with a word of doubt where nothing it shows is of a year asked for.

    "How many in 2018/19?" is hardly answered by a sentence on 2017/18: the year stands
    in the sentence, its heading, or the report's title or date.
    """
    if draft.outcome != "answered" or draft.opening or not is_on("doubt"):
        return draft
    shown = " ".join(_told_by(s) for own in draft.paragraphs for s in own)
    asked = years_in(query.asked) - {str(year) for year in query.named.years}
    if all(holds_year(shown, year) for year in asked):
        return draft
    return replace(draft, outcome="partial", opening=UNSURE)


def _told_by(sentence: DraftSentence) -> str:
    chunks = [passage.chunk for passage in sentence.passages]
    of_them = (
        f"{c.section} {c.details.title} {c.details.published or ''}" for c in chunks
    )
    return " ".join([sentence.quote, *of_them])


def holds_year(text: str, year: str) -> bool:
    """Tell whether a text holds a year; 2018 stands in 2017/18 and in 2011-18, too."""
    return year in years_in(text) or (
        year.isdigit()
        and bool(re.search(rf"{year}\b|\d[/–-](?:20)?{year[2:]}\b", text))
    )
