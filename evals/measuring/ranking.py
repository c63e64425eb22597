"""Measures of a ranking: pure functions of what was found and what is relevant.

Each takes ids in the order found, each once, and the relevant ids with their gains. A
test holds them to `ir-measures`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from math import log2


def reciprocal_rank(found: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 / rank of the first relevant id, 0 if there is none (Voorhees, 1999)."""
    for rank, id_ in enumerate(found, start=1):
        if id_ in relevant:
            return 1 / rank
    return 0.0


def recall(found: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Return the share of the relevant ids among the first ``depth`` found."""
    return len(set(found[:depth]) & set(relevant)) / len(relevant)


def ndcg(found: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Return nDCG of the first ``depth`` found (Järvelin and Kekäläinen, 2002).

    As trec_eval has it: the gain is the grade itself, the discount log2(1 + rank), and
    the ideal is the best order of all relevant ids.
    """
    ideal = _dcg(sorted(gains.values(), reverse=True), depth)
    return _dcg([gains.get(id_, 0.0) for id_ in found], depth) / ideal if ideal else 0.0


def _dcg(gains: Sequence[float], depth: int) -> float:
    return sum(g / log2(1 + r) for r, g in enumerate(islice(gains, depth), start=1))
