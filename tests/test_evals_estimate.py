"""Intervals against values worked out elsewhere."""

from __future__ import annotations

import pytest

from evals.measuring.estimate import Estimate, mean_with_interval
from evals.reporting.report import sign_test


@pytest.mark.parametrize(
    ("ones", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_the_wilson_interval(
    ones: int, n: int, low: float, high: float
) -> None:
    estimate = mean_with_interval([1.0] * ones + [0.0] * (n - ones))
    assert estimate.mean == ones / n
    assert estimate.low == pytest.approx(low, abs=5e-5)
    assert estimate.high == pytest.approx(high, abs=5e-5)


def test_a_mean_has_an_interval_of_about_two_standard_errors() -> None:
    values = [i / 199 for i in range(200)]
    estimate = mean_with_interval(values)
    # Standard error of a uniform sample of 200: sqrt(1 / 12 / 200) = 0.0204.
    assert estimate.low == pytest.approx(0.5 - 1.96 * 0.0204, abs=0.003)
    assert estimate.high == pytest.approx(0.5 + 1.96 * 0.0204, abs=0.003)
    assert mean_with_interval(values) == estimate


def test_what_is_unscored_is_counted_and_no_zero() -> None:
    estimate = mean_with_interval([1.0, None, 1.0, None])
    assert (estimate.mean, estimate.n, estimate.unscored) == (1.0, 2, 2)


def test_nothing_scored_has_no_mean() -> None:
    assert mean_with_interval([None]) == Estimate(None, None, None, 0, 1)
    assert mean_with_interval([]) == Estimate(None, None, None, 0, 0)


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(0, 5, 0.0625), (1, 9, 0.0215), (4, 4, 1.0), (0, 1, 1.0)]
)
def test_sign_test(better: int, worse: int, p: float) -> None:
    assert sign_test(better, worse) == pytest.approx(p, abs=5e-5)
    assert sign_test(worse, better) == sign_test(better, worse)
