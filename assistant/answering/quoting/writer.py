"""The writer that needs no model: it quotes the best sentences of the passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft, nearest_sections
from assistant.answering.finding.answerability import (
    THRESHOLD,
    answerability,
    read_signs,
)
from assistant.answering.finding.candidates import score_sentences
from assistant.answering.finding.foreign import asks_foreign_source
from assistant.answering.finding.retrieval import reports_concerned
from assistant.answering.quoting.choosing import choose, choose_list, paragraphs_of
from assistant.answering.quoting.comparing import write_comparison
from assistant.answering.quoting.elsewhere import from_another_report
from assistant.answering.quoting.premise import correct_premise
from assistant.answering.quoting.several import write_parts
from assistant.answering.quoting.summing_up import (
    asks_in_brief,
    names_nothing_but_reports,
    wants_a_summary,
    write_summary,
)
from assistant.answering.refusing import refuse
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import Outcome, Passage

# Below this cosine of the best passage a brief on a report is on the report as a whole.
_A_MATTER = 0.55


def write_single(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Answer from the best sentences, or say that the shelf does not."""
    empty = all(concept.label.isdigit() for concept in query.concepts)
    if empty and not query.named.reports:
        return refuse(query, ())
    if wants_a_summary(query):
        return write_summary(query, shelf)
    candidates = score_sentences(query, shelf, passages)
    if not candidates:
        return refuse(query, passages)
    sure = answerability(read_signs(query, candidates))
    whole = choose(query, candidates) if sure >= THRESHOLD else []
    if query.parts and (draft := write_parts(query, shelf, whole)) is not None:
        return draft
    # "In a few lines for the lift": nothing there is a matter of the shelf.
    nearest = max(p.cosine for p in passages)
    if query.named.reports and asks_in_brief(query) and nearest < _A_MATTER:
        return write_summary(query, shelf)
    if sure < THRESHOLD and not names_nothing_but_reports(query):
        return refuse(query, passages)
    chosen = choose_list(query, candidates) or choose(query, candidates)
    outcome: Outcome = "answered"
    if candidates[0].tells_absence and candidates[0] in chosen:
        # The report says that it does not say: what else is near would blur that.
        outcome = "no_evidence"
        chosen = [c for c in chosen if c.tells_absence]
    return Draft(
        outcome,
        paragraphs_of(chosen),
        nearest=nearest_sections(passages) if outcome == "no_evidence" else (),
    )


def _not_chosen(query: Query, shelf: Shelf) -> Draft:
    """Say that the report asked about is not among those chosen to be asked."""
    names = ", ".join(report_name(shelf.details, report) for report in query.outside)
    return Draft(
        "no_evidence",
        opening=f"{names} is not among the reports chosen. Choose it, or ask all.",
    )


def write_quoting(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Write an answer from quotations alone."""
    if query.outside:
        return _not_chosen(query, shelf)
    corrected = correct_premise(query, shelf, write_single)
    if corrected is not None:
        return corrected
    if asks_foreign_source(query, shelf):
        return refuse(query, passages)
    framing = all(concept.framing for concept in query.concepts)
    if query.scope == "compare" and query.kind == "summary" and framing:
        reports = reports_concerned(query, shelf)
        return write_summary(replace(query, reports=reports), shelf)
    if query.scope == "compare":
        return write_comparison(query, shelf, passages)
    draft = write_single(query, shelf, passages)
    if draft.outcome in ("no_evidence", "declined") and not draft.paragraphs:
        return from_another_report(query, shelf) or draft
    return draft
