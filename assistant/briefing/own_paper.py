"""The paper of an item itself, where it is on the shelf, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answering.pipeline import Parts, answer_in_quotations
from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.briefing.agenda.agenda import AgendaItem
from assistant.briefing.hearing import statements_of
from assistant.briefing.pack import Statement
from assistant.reading.blocks import letters
from assistant.schema import ReportDetails

MOST = 4
# What is asked of the paper itself, whatever its agenda says of it.
_ASKED = ("What does it recommend?", "What are its main points?")


def own_papers(
    items: Sequence[AgendaItem], catalogue: Iterable[ReportDetails]
) -> dict[int, str]:
    """Return the id of the newest report of an item's title, by the item's place."""
    standing = [d for d in catalogue if not d.superseded_by]
    standing.sort(key=lambda d: d.published or "")
    titled = {letters(d.title): d.report for d in standing}
    return {
        place: titled[letters(item.title)]
        for place, item in enumerate(items)
        if letters(item.title) in titled
    }


def hear_own_paper(
    report: str, questions: Sequence[str], parts: Parts
) -> tuple[Statement, ...]:
    """Return what a paper says on its item's questions, then what it is about."""
    found: dict[str, Statement] = {}
    for question in (*questions, *_ASKED):
        answer = answer_in_quotations(question, [report], parts)
        if answer.outcome not in ("answered", "partial"):
            continue
        for statement in statements_of(answer, parts):
            if not statement.sources[0].section.startswith(ABOUT_THE_TEXT):
                found.setdefault(statement.text, statement)
        if len(found) >= MOST:
            break
    return tuple(found.values())[:MOST]
