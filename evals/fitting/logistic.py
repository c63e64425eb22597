"""Logistic regression by Newton's method, and what tells how well it parts two kinds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_STEPS, _ENOUGH = 40, 1e-9
# The bias is as good as free.
_OF_BIAS = 1e-6


def fit_logistic(
    rows: Matrix, labels: Matrix, penalties: Matrix, weights: Matrix
) -> tuple[float, Matrix]:
    """Return the bias and the weights for the columns as they are.

    Args:
        rows: shape (examples, columns).
        labels: 1 or 0, shape (examples,).
        penalties: of each column's weight at unit spread (L2), shape (columns,).
        weights: what each example counts, shape (examples,).
    """
    centre, spread = rows.mean(0), rows.std(0) + 1e-6
    scaled = np.c_[np.ones(len(rows)), (rows - centre) / spread]
    ridge = np.diag(np.r_[_OF_BIAS, penalties])
    theta: Matrix = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-scaled @ theta))
        slope = scaled.T @ (weights * (chance - labels)) + ridge @ theta
        curve = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled + ridge
        step = np.linalg.solve(curve, slope)
        theta -= step
        if np.abs(step).max() < _ENOUGH:
            break
    own: Matrix = theta[1:] / spread
    return float(theta[0] - own @ centre), own


def principal(vectors: Matrix, most: int) -> tuple[Matrix, Matrix]:
    """Return the centre of vectors and their first principal directions, as rows."""
    centre: Matrix = vectors.mean(0)
    apart = vectors - centre
    # In ascending order of spread.
    directions: Matrix = np.linalg.eigh(apart.T @ apart)[1]
    return centre, directions.T[::-1][:most]


def auc(scores: Matrix, labels: Matrix) -> float:
    """Return the chance that an example of label 1 scores above one of label 0."""
    above, below = scores[labels == 1], scores[labels == 0]
    higher = (above[:, None] > below[None]).mean()
    return float(higher + 0.5 * (above[:, None] == below[None]).mean())


def refused_at(scores: Matrix, labels: Matrix, cost: float) -> float:
    """Return the share of label 0 below the line under which a share of label 1 lies."""
    line = np.quantile(scores[labels == 1], cost)
    return float((scores[labels == 0] < line).mean())
