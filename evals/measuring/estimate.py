"""A mean with how far it can be trusted: a 95 % interval and what went unscored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

_Z = 1.959964
_RESAMPLES = 2000
# Fixed, so that scoring the same answers twice gives the same interval.
_SEED = 20240917


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` scored cases; ``mean`` is None when none was scored."""

    mean: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int


def mean_with_interval(values: Sequence[float | None]) -> Estimate:
    """Return the mean of the scored values with its 95 % interval.

    Values of only 0 and 1 take the Wilson score interval (Wilson, 1927), which holds
    for few cases and at 0 and 1; others a percentile bootstrap (Efron, 1979). A value
    of None is counted as unscored, never as a zero.
    """
    scored = [value for value in values if value is not None]
    unscored = len(values) - len(scored)
    if not scored:
        return Estimate(None, None, None, 0, unscored)
    mean = sum(scored) / len(scored)
    binary = all(value in (0, 1) for value in scored)
    low, high = _wilson(mean, len(scored)) if binary else _bootstrap(scored)
    return Estimate(mean, low, high, len(scored), unscored)


def _wilson(share: float, n: int) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) * _Z / (1 + _Z**2 / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _bootstrap(values: Sequence[float]) -> tuple[float, float]:
    sample = np.asarray(values, dtype=float)
    rows = np.random.default_rng(_SEED).integers(
        0, len(sample), (_RESAMPLES, len(sample))
    )
    low, high = np.percentile(sample[rows].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
