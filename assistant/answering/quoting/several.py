"""Answers a question that asks several things, part by part, and names what is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.draft import Draft
from assistant.answering.finding.answerability import (
    THRESHOLD,
    answerability,
    read_signs,
)
from assistant.answering.finding.candidates import Candidate, score_sentences
from assistant.answering.finding.retrieval import retrieve
from assistant.answering.quoting.choosing import (
    choose,
    choose_list,
    paragraphs_of,
    without_repeats,
)
from assistant.answering.understanding.asking import leans_back
from assistant.answering.understanding.parts import parts_of
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf

# Passages and sentences for each part, and sentences in all.
_PASSAGES_A_PART = 8
_SENTENCES_A_PART = 2
_MOST_OF_SEVERAL = 6
# Where another part is lacking, a part must be answered as surely as this.
_SURE = 0.8


class _Part(NamedTuple):
    """What came of one part; ``lacks`` says what the shelf surely does not hold of it."""

    found: list[Candidate]
    sure: bool
    lacks: str


def _answer_part(part: Query, shelf: Shelf) -> _Part:
    scored = score_sentences(part, shelf, retrieve(part, shelf, _PASSAGES_A_PART))
    chance = answerability(read_signs(part, scored)) if scored else 0.0
    lacks = _lacking(part, shelf) if chance < THRESHOLD else ""
    if not scored or scored[0].tells_absence or chance < THRESHOLD:
        return _Part([], sure=False, lacks=lacks)
    found = choose_list(part, scored) or choose(part, scored, _SENTENCES_A_PART)
    return _Part(found, sure=chance >= _SURE, lacks="")


def _answer_parts(query: Query, shelf: Shelf) -> list[_Part]:
    """Answer each part; one that leans on the first is about what answered that.

    In "What is good growth and where do we write it down?" no other report than the one
    on good growth can tell where, unless the part names it.
    """
    parts: list[_Part] = []
    for text, part in zip(parts_of(query.question), query.parts, strict=False):
        answered = _answer_part(part, shelf)
        first = {c.report for c in parts[0].found} if parts else set()
        if first and leans_back(text) and not part.named.reports:
            found = [c for c in answered.found if c.report in first]
            answered = answered._replace(found=found)
        parts.append(answered)
    return parts


def _lacking(part: Query, shelf: Shelf) -> str:
    """Say what no report mentions of a part, where that is certain; else nothing."""
    absent = [f"“{matter}”" for matter in part.silent_on]
    if not absent and part.strangers:
        absent = [name for name in part.names if not shelf.lexical.holds_phrase(name)]
    if not absent:
        return ""
    who = "No report on the shelf mentions"
    if part.silent_on and len(part.named.reports) == 1:
        title = next(
            d.title for d in shelf.details if d.report == part.named.reports[0]
        )
        who = f"The shelf's text of {title} does not mention"
    elif part.silent_on and part.named.reports:
        who = "None of these reports mentions"
    return f"{who} {' or '.join(absent)}."


def write_parts(query: Query, shelf: Shelf, whole: Sequence[Candidate]) -> Draft | None:
    """Answer a question that asks several things, part by part.

    A part that the shelf surely lacks makes the answer partial and is named; one that
    was not found, but might be there in other words, is left out.

    Args:
        query: with its parts.
        shelf: searched for each part.
        whole: sentences for the question as a whole, best first, which fill up.

    Returns:
        None where no more than half of the parts can be answered, unless the others are
        surely lacking.
    """
    parts = _answer_parts(query, shelf)
    found = [c for part in parts for c in part.found]
    lacks = list(dict.fromkeys(part.lacks for part in parts if part.lacks))
    told = all(part.sure or part.lacks for part in parts)
    if lacks and found and told:
        chosen = without_repeats(found)[:_MOST_OF_SEVERAL]
        return Draft("partial", paragraphs_of(chosen), closing=" ".join(lacks))
    if 2 * sum(bool(part.found) for part in parts) <= len(parts):
        return None
    chosen = without_repeats([*found, *whole])[:_MOST_OF_SEVERAL]
    return Draft("answered", paragraphs_of(chosen))
