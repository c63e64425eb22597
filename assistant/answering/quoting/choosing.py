"""Chooses the sentences of an answer from the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answering.attribution import attribute
from assistant.answering.draft import DraftSentence
from assistant.answering.finding.candidates import ABOUT_THE_TEXT, Candidate
from assistant.answering.understanding.query import Query
from assistant.words import content_words, stem

MOST_SENTENCES = 4
# A question for one thing (a name, a date) gets its sentence and at most one more.
MOST_FOR_ONE_THING = 2
_ONE_THING = ("who", "when", "how_many", "amount", "contact")
# How far below the best a sentence may score: in its own section, elsewhere in the same
# report, and in another report.
MARGIN_SAME = 0.70
MARGIN_SECTION = 0.50
MARGIN_OTHER = 0.12
# How far below the best a sentence of the form asked for may score and still lead.
_FORM_MARGIN = 0.20
# Sentences of the best one's own section complete its point.
NEIGHBOUR_BONUS = 0.50
_ALIKE = 0.7
# A whole list is what was asked for, even where one of its items scores higher.
MARGIN_LIST = 0.80


def _stems_of(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def without_repeats(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Drop sentences that say again what a better one of the same report says."""
    kept: list[Candidate] = []
    for candidate in candidates:
        own = _stems_of(candidate.text)
        said = any(
            other.report == candidate.report
            and len(own & (theirs := _stems_of(other.text)))
            >= _ALIKE * min(len(own), len(theirs))
            for other in kept
        )
        if not said:
            kept.append(candidate)
    return kept


def _section(candidate: Candidate) -> tuple[str, str]:
    chunk = candidate.passage.chunk
    return chunk.details.document_id, chunk.section


def choose(
    query: Query, candidates: Sequence[Candidate], at_most: int = MOST_SENTENCES
) -> list[Candidate]:
    """Return the one to four sentences that answer the question best.

    The best leads; others join while they score near it: nearer when they stand in
    another report, less near when they stand in its own section.
    """
    fitting = [c for c in candidates if c.holds_kind] or list(candidates)
    near_best = candidates[0].score - _FORM_MARGIN
    best = fitting[0] if fitting[0].score > near_best else candidates[0]
    one_thing = query.kind in _ONE_THING
    most = min(at_most, MOST_FOR_ONE_THING if one_thing else MOST_SENTENCES)

    def worth(candidate: Candidate) -> float:
        near = _section(candidate) == _section(best)
        return candidate.score + (NEIGHBOUR_BONUS if near else 0.0)

    def joins(candidate: Candidate) -> bool:
        if candidate.is_list and not best.is_list:
            return False
        same = candidate.report == best.report
        if not same and candidate.coverage < 0.8 * best.coverage:
            return False
        if not same:
            margin = MARGIN_OTHER
        elif _section(candidate) == _section(best):
            margin = MARGIN_SAME
        else:
            margin = MARGIN_SECTION
        return worth(candidate) >= best.score - margin * (0.5 if one_thing else 1)

    others = sorted((c for c in candidates if c is not best), key=lambda c: -worth(c))
    chosen = without_repeats([best, *(c for c in others if joins(c))])[:most]
    return _in_reading_order(chosen, query)


def _in_reading_order(chosen: Sequence[Candidate], query: Query) -> list[Candidate]:
    """Group by report, the best one's first; a wanted name, date or number leads."""
    reports = list(dict.fromkeys(c.report for c in chosen))
    best = chosen[0]
    leads = query.kind in (*_ONE_THING, "list")
    return sorted(
        chosen,
        key=lambda c: (
            reports.index(c.report),
            c is not best if leads else False,
            # What a text says of itself comes after what it says.
            c.passage.chunk.section.startswith(ABOUT_THE_TEXT),
            c.place,
        ),
    )


def choose_list(query: Query, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentence that holds the whole list asked for, or nothing."""
    lists = [c for c in candidates if c.is_list]
    if query.kind != "list" or not lists:
        return []
    best = max(lists, key=lambda c: c.score)
    return [best] if best.score > candidates[0].score - MARGIN_LIST else []


def paragraphs_of(
    chosen: Sequence[Candidate],
) -> tuple[tuple[DraftSentence, ...], ...]:
    """Make one paragraph a report; its first sentence gives publisher and year."""
    found: dict[str, list[DraftSentence]] = {}
    for candidate in chosen:
        lines = found.setdefault(candidate.report, [])
        details = candidate.passage.chunk.details
        shown = candidate.text if lines else attribute(candidate.text, details)
        lines.append(DraftSentence(shown, (candidate.passage,), candidate.text))
    return tuple(tuple(lines) for lines in found.values())
