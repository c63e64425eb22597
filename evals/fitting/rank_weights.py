"""Fits the weights by which candidate sentences are ranked, on the development cases.

Method: multinomial logit over the candidates of one question (Cao et al., Learning to
Rank: From Pairwise Approach to Listwise Approach, 2007, top-one likelihood), where any
sentence that states a fact of a right report is right; L2 penalty; five-fold
cross-validation over the questions for the figures printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.finding.candidates import (
    ABOUT_THE_TEXT,
    Candidate,
    score_sentences,
)
from assistant.answering.pipeline import (
    Parts,
    find_passages,
    standalone_question,
    understand,
)
from assistant.answering.understanding.query import Query
from evals.cases import Case
from evals.measuring.answers import states

Matrix = NDArray[np.float64]
NAMES = (
    "cosine", "coverage", "passage", "fused", "of the form", "list, if wanted",
    "list, if not", "about the text", "tells absence",
)  # fmt: skip
_FORMS = ("page", "names", "contact", "amount", "how_many", "when", "who")
_PENALTY = 0.01
_STEPS = 600
_FOLDS = 5
_LEFT_OUT = ("misattributed", "injection", "false-premise")


def _row(query: Query, candidate: Candidate) -> list[float]:
    about = candidate.passage.chunk.section.startswith(ABOUT_THE_TEXT)
    return [
        candidate.cosine,
        candidate.coverage,
        candidate.passage.cosine,
        candidate.passage.score,
        float(candidate.holds_kind and query.kind in _FORMS),
        float(candidate.is_list and query.kind == "list"),
        float(candidate.is_list and query.kind != "list"),
        float(about and query.kind in ("open", "why", "list", "summary")),
        float(candidate.tells_absence),
    ]


def _examples(cases: Sequence[Case], parts: Parts) -> list[tuple[Matrix, Matrix]]:
    """Return signs (candidates × names) and which are right, a question each."""
    found = []
    for case in cases:
        asked = standalone_question(case.question, case.history, parts)
        query = understand(asked, (), parts)
        passages = find_passages(query, parts)
        candidates = score_sentences(query, parts.shelf, passages)
        right = [
            float(
                c.report in case.reports and any(states(c.text, f) for f in case.facts)
            )
            for c in candidates
        ]
        if any(right):
            rows = [_row(query, candidate) for candidate in candidates]
            found.append((np.array(rows), np.array(right)))
    return found


def fit(examples: Sequence[tuple[Matrix, Matrix]]) -> Matrix:
    """Return the weights for the signs as they are."""
    spread = np.vstack([rows for rows, _ in examples]).std(0) + 1e-9
    weights = np.zeros(len(NAMES))
    for _ in range(_STEPS):
        slope = _PENALTY * weights
        for rows, right in examples:
            scaled = rows / spread
            chance = np.exp(scaled @ weights - (scaled @ weights).max())
            chance /= chance.sum()
            wanted = chance * right / (chance @ right)
            slope -= (wanted - chance) @ scaled / len(examples)
        weights -= 0.5 * slope
    fitted: Matrix = weights / spread
    return fitted


def _among_best(
    examples: Sequence[tuple[Matrix, Matrix]], weights: Matrix, most: int
) -> list[float]:
    """Tell for each question whether a right sentence is among the best few."""
    return [
        float(right[np.argsort(-(rows @ weights))[:most]].any())
        for rows, right in examples
    ]


def rank_weights(
    cases: Sequence[Case], parts: Parts, show: Callable[[str], None]
) -> None:
    """Print the weights beside 1 for the cosine, for ``answering.candidates``."""
    kept = [c for c in cases if c.answerable and c.tags[0] not in _LEFT_OUT]
    examples = _examples(kept, parts)
    folds = [examples[fold::_FOLDS] for fold in range(_FOLDS)]
    fits = [
        fit([e for other in folds if other is not own for e in other]) for own in folds
    ]
    show(f"{len(examples)} questions with a right sentence among their candidates")
    for most in (1, 2, 4):
        hits = [
            hit
            for own, weights in zip(folds, fits, strict=True)
            for hit in _among_best(own, weights, most)
        ]
        show(f"right among the best {most}, cross-validated: {np.mean(hits):.3f}")
    weights = fit(examples)
    for name, weight in zip(NAMES, weights / weights[0], strict=True):
        show(f"    {name}: {weight:.2f}")
