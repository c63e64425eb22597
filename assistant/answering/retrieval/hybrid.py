"""Hybrid retrieval: by words and by meaning, fused, then balanced over the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from assistant.answering.understanding.concepts import widened_terms
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import Passage
from assistant.text.words import content_words

# Candidates of each kind before fusion.
CANDIDATES = 100
# What the glossary's words count beside the question's own.
_WIDENING = 0.5
# A comparison reads this many reports at most, those nearest to the matter.
_MOST_REPORTS = 8


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Scale scores to 0..1 within one query (a lone score becomes 1)."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fuse(lexical: Mapping[str, float], dense: Mapping[str, float]) -> dict[str, float]:
    """Add two score lists, each min-max normalised, with equal weight; best first.

    Method: convex combination of normalised scores (Bruch, Gai and Ingber, An
    Analysis of Fusion Functions for Hybrid Retrieval, 2023), weight 0.5.
    """
    left, right = min_max(lexical), min_max(dense)
    fused = {
        key: 0.5 * left.get(key, 0.0) + 0.5 * right.get(key, 0.0)
        for key in left.keys() | right.keys()
    }
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def search_lexical(
    query: Query, shelf: Shelf, reports: Sequence[str]
) -> dict[str, float]:
    """Search by words: the question's own, and the glossary's at half their weight."""
    own, other = widened_terms(query.concepts)
    # With nothing left but a report's name, its title's words are searched.
    own = own or content_words(query.question)
    scores = shelf.lexical.search(own, CANDIDATES, reports)
    for id_, score in shelf.lexical.search(other, CANDIDATES, reports).items():
        scores[id_] = scores.get(id_, 0.0) + _WIDENING * score
    return scores


def search_dense(
    query: Query, shelf: Shelf, reports: Sequence[str]
) -> dict[str, float]:
    """Search by meaning: the best cosine of any form of the question."""
    best: dict[str, float] = {}
    for text in query.searches:
        for id_, cosine in shelf.nearest(text, CANDIDATES, reports).items():
            best[id_] = max(best.get(id_, -1.0), cosine)
    return best


def search_hybrid(
    query: Query, shelf: Shelf, top_k: int, reports: Sequence[str]
) -> list[Passage]:
    """Return the best passages of these reports (none: of all), best first."""
    dense = search_dense(query, shelf, reports)
    scores = fuse(search_lexical(query, shelf, reports), dense)
    ids = list(scores)[:top_k]
    chunks = shelf.chunks(ids)
    return [
        Passage(chunks[id_], scores[id_], dense.get(id_, 0.0))
        for id_ in ids
        if id_ in chunks
    ]


def sides_of(query: Query, shelf: Shelf) -> tuple[tuple[str, ...], ...]:
    """Return the sides that a comparison shall hear, each one or several reports.

    They are the reports named; of authorities spoken of all papers of each, the nearest
    to the matter first; else the reports of the shelf, of many the nearest.
    """
    if query.reports:
        return tuple((report,) for report in query.reports)
    kept = tuple(dict.fromkeys(d.report for d in shelf.details if not d.superseded_by))
    if not query.spoken and len(kept) <= _MOST_REPORTS:
        return tuple((report,) for report in kept)
    passages = search_hybrid(query, shelf, CANDIDATES, query.spoken)
    sides: dict[str, dict[str, None]] = {}
    for passage in passages:
        details = passage.chunk.details
        side = details.publisher if query.spoken else details.report
        sides.setdefault(side, {})[details.report] = None
    return tuple(tuple(side) for side in sides.values())[:_MOST_REPORTS]


def _of_preferred(
    query: Query, shelf: Shelf, most: int, found: Sequence[Passage]
) -> list[Passage]:
    """Return what the reports heard sooner hold, where others have crowded it out."""
    if not query.preferred or query.reports:
        return []
    there = {passage.chunk.id for passage in found}
    own = search_hybrid(query, shelf, most, query.preferred)
    return [passage for passage in own if passage.chunk.id not in there]


def by_turns(lists: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Return the passages of several searches, the best of each first, each once."""
    rows = zip_longest(*lists)
    every = [passage for row in rows for passage in row if passage]
    # The last to be set stands, the first decides the place: each is as good.
    return list({passage.chunk.id: passage for passage in every}.values())


def retrieve(query: Query, shelf: Shelf, top_k: int) -> list[Passage]:
    """Return the passages for a query, best first.

    A comparison searches each side by itself and hears them in turn, so that none is
    crowded out; otherwise the best passages win, wherever they stand.
    """
    if query.scope == "one" and query.spoken:
        # Another's paper may name the authority, too: an inspector's on its plan.
        own = search_hybrid(query, shelf, top_k, query.spoken)
        found = search_hybrid(query, shelf, top_k // 2, query.reports)
        return by_turns((own, found))
    if query.scope == "one":
        found = search_hybrid(query, shelf, top_k, query.reports)
        return [*found, *_of_preferred(query, shelf, top_k // 2, found)]
    sides = sides_of(query, shelf)
    each = max(3, top_k // max(1, len(sides)))
    # Scores of separate searches do not compare, and each side is to be heard.
    return by_turns([search_hybrid(query, shelf, each, side) for side in sides])
