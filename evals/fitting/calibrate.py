"""Fits the weights of answerability on the development cases (never the held-out).

Method: logistic regression, L2 penalty, classes weighted equally; five-fold
cross-validation for the figures printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answering.finding.answerability import Signs, read_signs
from assistant.answering.finding.candidates import score_sentences
from assistant.answering.pipeline import (
    Parts,
    find_passages,
    standalone_question,
    understand,
)
from assistant.schema import Turn
from evals.cases import Case

Matrix = NDArray[np.float64]
_PENALTY = 0.02
_STEPS = 3000
_FOLDS = 5
# Decided by rule before answerability is asked.
_LEFT_OUT = ("misattributed", "injection")


def signs_of(question: str, history: Sequence[Turn], parts: Parts) -> Signs:
    """Return the signs of one question as the quoting writer would read them."""
    query = understand(standalone_question(question, history, parts), (), parts)
    candidates = score_sentences(query, parts.shelf, find_passages(query, parts))
    return read_signs(query, candidates)


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


def auc(scores: Matrix, labels: Matrix) -> float:
    """Return the chance that an answerable question scores above one that is not."""
    above, below = scores[labels == 1], scores[labels == 0]
    higher = (above[:, None] > below[None]).mean()
    return float(higher + 0.5 * (above[:, None] == below[None]).mean())


def cross_validated(signs: Matrix, labels: Matrix) -> Matrix:
    """Return each question's score from weights fitted without its fold."""
    scores = np.zeros(len(labels))
    folds = np.arange(len(labels)) % _FOLDS
    for fold in range(_FOLDS):
        weights = fit(signs[folds != fold], labels[folds != fold])
        scores[folds == fold] = signs[folds == fold] @ weights[:-1] + weights[-1]
    return scores


def calibrate(cases: Sequence[Case], parts: Parts, show: Callable[[str], None]) -> None:
    """Print weights and threshold for ``assistant.answering.finding.answerability``."""
    cases = [case for case in cases if case.tags[0] not in _LEFT_OUT]
    signs = np.array([signs_of(c.question, c.history, parts) for c in cases])
    labels = np.array([float(case.answerable) for case in cases])
    scores = cross_validated(signs, labels)
    show(f"{len(cases)} development cases, {int(labels.sum())} answerable")
    show(f"AUC, cross-validated: {auc(scores, labels):.3f}")
    for kept in (0.95, 0.96, 0.97, 0.98):
        line = float(np.quantile(scores[labels == 1], 1 - kept))
        refused = (scores[labels == 0] < line).mean()
        chance = 1 / (1 + np.exp(-line))
        show(f"threshold {chance:.3f}: keeps {kept:.2f}, refuses {refused:.3f}")
    *weights, bias = fit(signs, labels)
    for name, weight in zip(Signs._fields, weights, strict=True):
        show(f"    {name}={weight:.3f},")
    show(f"BIAS = {bias:.3f}")
