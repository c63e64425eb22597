"""Fits the weights of the evidence check's judgement on sentence-passage pairs.

Method: logistic regression (L2, gradient descent) with classes weighted equally. Only
pairs that the rules leave open are fitted. The figures printed are from
cross-validation: no pair is judged by weights that were fitted on its own section.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.answering.checking.evidence import check_rules, similarity_with
from assistant.answering.checking.judgement import Signs, read_signs
from assistant.index.embeddings import CachedEmbedder, make_embedder
from assistant.reading.catalogue import read_corpus
from assistant.reading.chunking import chunk_document
from assistant.settings import Settings
from evals.fitting.logistic import Matrix
from evals.pairs import Pair, find_passages
from evals.reporting.report import number, table

_FOLDS = 10
# Shares of the true sentences that may be withheld, for which figures are printed.
_COSTS = (0.03, 0.05, 0.08, 0.10, 0.15)
_PENALTY, _STEPS = 0.02, 3000


def fit(signs: Matrix, labels: Matrix) -> Matrix:
    """Return weights for the signs as they are, and the bias last."""
    centre, spread = signs.mean(0), signs.std(0) + 1e-9
    scaled = np.c_[(signs - centre) / spread, np.ones(len(signs))]
    balance = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ ((chance - labels) * balance) / len(labels)
        weights -= 0.5 * (slope + _PENALTY * np.r_[weights[:-1], 0])
    own = weights[:-1] / spread
    fitted: Matrix = np.r_[own, weights[-1] - own @ centre]
    return fitted


@dataclass(frozen=True, slots=True)
class Read:
    """A pair as the check sees it; ``signs`` is None where the rules settle it."""

    pair: Pair
    kept_rules: bool
    signs: Signs | None

    @property
    def fold(self) -> int:
        """The fold of the section that it cites first."""
        cite = self.pair.cites[0]
        return crc32(f"{cite.report} {cite.section}".encode()) % _FOLDS


def read_pairs(pairs: Sequence[Pair], settings: Settings) -> list[Read]:
    """Put the pairs to the rules, and read the signs of those they leave open."""
    documents = read_corpus(settings.corpus_dir)
    embedder = CachedEmbedder(make_embedder(settings.embeddings))
    chunks = [c for d in documents for c in chunk_document(d, embedder.count_tokens)]
    catalogue = [document.details for document in documents]
    similarity = similarity_with(embedder)
    found = []
    for pair in pairs:
        passages = find_passages(pair, chunks)
        ruled = check_rules(pair.sentence, passages, catalogue, similarity)
        signs = None
        if ruled.open is not None:
            judged = read_signs(ruled.open, similarity)
            signs = judged.signs
        found.append(Read(pair, not ruled.problems, signs))
    return found


def cross_validated(read: Sequence[Read]) -> Matrix:
    """Return a score for each pair: higher is more doubted, infinite where ruled out.

    A pair is scored by weights that were fitted without the sections of its fold.
    """
    scores = np.array([-np.inf if one.kept_rules else np.inf for one in read])
    folds = np.array([one.fold for one in read])
    judged = np.array([one.signs is not None for one in read])
    signs, labels = _fitted_on(read)
    for fold in range(_FOLDS):
        weights = fit(signs[folds[judged] != fold], labels[folds[judged] != fold])
        mine = judged & (folds == fold)
        own = np.array(
            [one.signs for one, is_mine in zip(read, mine, strict=True) if is_mine]
        )
        if len(own):
            scores[mine] = own @ weights[:-1] + weights[-1]
    return scores


def shares(
    scores: Matrix, holds: NDArray[np.bool_], cost: float
) -> tuple[float, float, float]:
    """Return the score from which about such a share of the true pairs is withheld.

    And the shares of the true pairs withheld and of the false ones caught by it.
    """
    line = float(np.quantile(scores[holds], 1 - cost, method="higher"))
    doubted = scores >= line
    return line, float(doubted[holds].mean()), float(doubted[~holds].mean())


def _fitted_on(read: Sequence[Read]) -> tuple[Matrix, Matrix]:
    """Return the signs of the pairs that are judged, and 1 for each that is false."""
    open_pairs = [one for one in read if one.signs is not None]
    signs = np.array([one.signs for one in open_pairs], np.float64)
    return signs, np.array([float(not one.pair.holds) for one in open_pairs])


def weigh(
    pairs: Sequence[Pair],
    settings: Settings,
    show: Callable[[str], None],
) -> None:
    """Print weights for ``assistant.answering.checking.judgement`` and what they reach."""
    read = read_pairs(pairs, settings)
    scores = cross_validated(read)
    holds = np.array([pair.holds for pair in pairs])
    show(
        f"{len(pairs)} pairs, {len(_fitted_on(read)[1])} of them left open by the rules"
    )
    rows = []
    for cost in _COSTS:
        line, withheld, caught = shares(scores, holds, cost)
        rows.append((number(1 / (1 + np.exp(-line))), number(withheld), number(caught)))
    show(table(("threshold", "true withheld", "false caught"), rows))
    *weights, bias = fit(*_fitted_on(read))
    for name, weight in zip(Signs._fields, weights, strict=True):
        show(f"    {name}={weight:.3f},")
    show(f"BIAS = {bias:.3f}")
