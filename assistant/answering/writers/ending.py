"""How an answer of a model ends: its outcome, what it lacks, who is silent."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.attribution import report_name
from assistant.answering.draft import nearest_sections
from assistant.answering.quoting.refusing import NOTHING_FOUND
from assistant.answering.writers.state import (
    Writing,
)
from assistant.schema import Answer, Outcome
from assistant.text.words import STOP_WORDS, stem, words

_LACKS = "The passages found do not say: {what}."
_LACKS_PART = "The passages found do not hold all that was asked."
_SILENT = "This answer cites nothing from: {names}."
MOST_SILENT = 6
NOT_VERIFIED = (
    "Meaning not verified: the numbers, names and quotations of this answer stand in the "
    "passages that it cites, but nobody checked what its sentences say."
)


def _in_the_words_of(whole: str, text: str) -> bool:
    """Tell whether a text says nothing that another does not say."""
    said = {stem(word) for word in words(whole)}
    return all(stem(word) in said or word in STOP_WORDS for word in words(text))


def finish_answer(writing: Writing, quoting: Answer) -> Answer:
    """Return the whole answer: what holds, what it lacks, who is silent."""
    assembly = writing.assembly
    offered = quoting if quoting.sentences else None
    if not assembly.shown:
        answer = assembly.answer("no_evidence", NOTHING_FOUND)
        return replace(
            answer, nearest=nearest_sections(writing.asked.passages), quoting=offered
        )
    silent = _silent(writing)
    if writing.missing is None and not writing.not_found:
        return answer_so_far(writing, "answered", quoting, silent)
    missing, asked = writing.missing or "", writing.asked.standalone
    if missing and _in_the_words_of(asked, missing):
        # What lacks all that is asked is no part of an answer.
        lacks_all = _in_the_words_of(missing, asked)
        outcome: Outcome = "no_evidence" if lacks_all else "partial"
        return answer_so_far(
            writing, outcome, quoting, _LACKS.format(what=missing), silent
        )
    return answer_so_far(writing, "partial", quoting, _LACKS_PART, silent)


def answer_so_far(
    writing: Writing, outcome: Outcome, quoting: Answer, *notices: str
) -> Answer:
    """Return the answer, and say so where its meaning is not verified.

    Where a second reading was to be and failed, the quotations are offered besides.
    """
    if not writing.unverified:
        return writing.assembly.answer(outcome, *notices)
    answer = writing.assembly.answer(outcome, NOT_VERIFIED, *notices)
    failed = writing.writer.verifier is not None and bool(quoting.sentences)
    return replace(answer, unverified=True, quoting=quoting if failed else None)


def _silent(writing: Writing) -> str:
    """Name the reports that a comparison was to hear and the answer does not cite."""
    cited = {p.chunk.details.report for i in writing.assembly.shown for p in i.passages}
    left = [side[0] for side in writing.asked.expected if not cited & {*side}]
    if not left:
        return ""
    named = [report_name(writing.shelf.details, r) for r in left[:MOST_SILENT]]
    more = [f"{len(left) - len(named)} more"] if len(left) > len(named) else []
    return _SILENT.format(names=", ".join([*named, *more]))
