"""Whether another report answers what the one named does not speak of, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.attribution import attribute
from assistant.answering.draft import Draft, DraftSentence
from assistant.answering.finding.answerability import answerability, read_signs
from assistant.answering.finding.candidates import Candidate, score_sentences
from assistant.answering.finding.retrieval import search_hybrid
from assistant.answering.understanding.concepts import Concept
from assistant.answering.understanding.forms import numbered_item
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import ReportDetails

# A report found elsewhere must answer this much of the question to be offered.
_OFFERED_COVERAGE = 0.75
_OFFERED_WHERE_FAR_BETTER = 0.55
# A second sentence of it joins where it covers this share of what the first does.
_JOINS = 0.6
# Credit of the reports' term for an everyday word.
_SAID_IN_OTHER_WORDS = 0.85
_OFFERED_CHANCE = 0.6
# Cosines of passages: another report matches clearly, and the one named far less.
_CLEAR_MATCH = 0.6
_FAR_BETTER = 0.2
# Or its best sentence outscores the named report's by this much, and covers more.
_OUTSCORED = 0.65
_OUTCOVERED = 0.3


def details_of(shelf: Shelf, report: str) -> ReportDetails:
    """Return the details of a report."""
    return next(d for d in shelf.details if d.report == report)


def drafted(candidate: Candidate) -> DraftSentence:
    """Return a candidate as a sentence that names its publisher and year."""
    details = candidate.passage.chunk.details
    return DraftSentence(
        attribute(candidate.text, details), (candidate.passage,), candidate.text
    )


def answered_elsewhere(query: Query, shelf: Shelf, report: str) -> Draft | None:
    """Say that the report named is silent where another clearly is not, else None."""
    if _topic_elsewhere(query, shelf, report):
        return from_another_report(query, shelf)
    if _far_better_elsewhere(query, shelf):
        return from_another_report(query, shelf, _OFFERED_WHERE_FAR_BETTER)
    return None


def from_another_report(
    query: Query, shelf: Shelf, least_covered: float = _OFFERED_COVERAGE
) -> Draft | None:
    """Say that the one report named is silent and quote the report that is not.

    None unless exactly one report is named and another answers clearly: its best
    sentence covers ``least_covered`` (0 to 1) of what is asked.
    """
    if len(query.named.reports) != 1 or not query.concepts:
        return None
    if numbered_item(query.question):
        # Another report's recommendation 7 is not the one asked for.
        return None
    others = [r for r in shelf.reports if r not in query.named.reports]
    moved = replace(query, reports=tuple(others))
    passages = search_hybrid(moved, shelf, 8, others)
    found = score_sentences(moved, shelf, passages)
    if not found or found[0].coverage < least_covered:
        return None
    if answerability(read_signs(moved, found)) < _OFFERED_CHANCE:
        return None
    details = details_of(shelf, query.named.reports[0])
    best = [
        c
        for c in found
        if c.report == found[0].report and c.coverage >= _JOINS * found[0].coverage
    ][:2]
    other = details_of(shelf, found[0].report)
    opening = (
        f"{details.title} does not speak of this in the text on the shelf; "
        f"{other.title} does:"
    )
    return Draft("partial", (tuple(drafted(c) for c in best),), opening=opening)


def _topic_elsewhere(query: Query, shelf: Shelf, report: str) -> bool:
    """Tell whether what the question is about is in other reports only.

    That is its rarest term of several words, which has no synonyms such as the
    "Commissioning Academy"; or each single word of it, in any words for it.
    """
    known = [c for c in query.concepts if c.known and not c.framing]
    rarest = max(known, key=lambda c: c.weight, default=None)
    if rarest is None:
        return False
    if len(rarest.label.split()) < 2:
        return all(_is_only_elsewhere(c, shelf, report) for c in known)
    phrases = [
        rarest.label,
        *(a.text for a in rarest.alternatives if a.credit >= _SAID_IN_OTHER_WORDS),
    ]
    known_here = [*phrases, *(a.text for a in rarest.alternatives)]
    if any(shelf.lexical.holds_phrase(phrase, [report]) for phrase in known_here):
        return False
    return any(shelf.lexical.holds_phrase(phrase) for phrase in phrases)


def _is_only_elsewhere(concept: Concept, shelf: Shelf, report: str) -> bool:
    """Tell whether other reports speak of a matter, and this one in no words at all.

    The questions that its sections are asked as count as words for it, too.
    """
    if not shelf.lexical.holds_phrase(concept.label):
        return False
    phrases = [concept.label, *(other.text for other in concept.alternatives)]
    return not shelf.lexical.search(phrases, 1, [report])


def _far_better_elsewhere(query: Query, shelf: Shelf) -> bool:
    """Tell whether another report answers what the one named hardly touches."""
    others = [r for r in shelf.reports if r not in query.reports]
    near_here, here = _best_of(query, shelf, query.reports)
    near_there, there = _best_of(query, shelf, others)
    if near_there >= _CLEAR_MATCH and near_there - near_here >= _FAR_BETTER:
        return True
    if here is None or there is None or near_here >= _CLEAR_MATCH:
        return False
    return (
        there.absolute - here.absolute >= _OUTSCORED
        and there.coverage - here.coverage >= _OUTCOVERED
    )


def _best_of(
    query: Query, shelf: Shelf, reports: Sequence[str]
) -> tuple[float, Candidate | None]:
    """Return the best cosine of these reports' passages, and their best sentence."""
    moved = replace(query, reports=tuple(reports))
    passages = search_hybrid(moved, shelf, 6, reports)
    found = score_sentences(moved, shelf, passages)
    return max((p.cosine for p in passages), default=0.0), next(iter(found), None)
