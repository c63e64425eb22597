"""The fit of the decision: on numbers whose answer is known, and as it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.deciding.decision import load_weights
from assistant.answering.deciding.signs import Signs
from evals.fitting.examples import Example
from evals.fitting.fit import (
    WEIGHTS,
    cross_validated,
    fit,
    fit_and_write,
    labels_of,
    threshold_of,
)
from evals.fitting.logistic import auc, fit_logistic, principal, refused_at

CHANCE = np.random.default_rng(7)


def make_examples(number: int = 400) -> list[Example]:
    """Examples whose first sign and whose vector's first number tell the answer."""
    rows = []
    for place in range(number):
        signs = CHANCE.uniform(0, 1, len(Signs._fields))
        vector = CHANCE.normal(0, 0.05, 384).astype(np.float32)
        vector[0] = CHANCE.normal(0, 0.5)
        odds = 8 * (signs[0] - 0.5) + 6 * vector[0]
        answerable = bool(CHANCE.uniform() < 1 / (1 + np.exp(-odds)))
        rows.append(
            Example(f"c-{place}", "a set", "asked", tuple(signs), vector, answerable)
        )
    return rows


ROWS = make_examples()


def test_newton_finds_the_weights_that_made_the_labels() -> None:
    rows = CHANCE.normal(0, 1, (4_000, 2))
    labels = (
        CHANCE.uniform(size=4_000) < 1 / (1 + np.exp(-(1 + rows @ [2.0, -1.0])))
    ).astype(float)
    bias, weights = fit_logistic(rows, labels, np.zeros(2), np.ones(4_000))
    assert bias == pytest.approx(1, abs=0.2)
    assert weights.tolist() == pytest.approx([2, -1], abs=0.2)
    # What counts nothing changes nothing.
    counts = np.r_[np.ones(2_000), np.zeros(2_000)]
    half = fit_logistic(rows[:2_000], labels[:2_000], np.ones(2), np.ones(2_000))
    labels[2_000:] = 1 - labels[2_000:]
    assert fit_logistic(rows, labels, np.ones(2), counts)[0] == pytest.approx(
        half[0], abs=0.05
    )


def test_the_first_principal_direction_is_that_of_the_greatest_spread() -> None:
    vectors = CHANCE.normal(0, 1, (500, 3)) * [0.1, 5, 0.1] + [3, 0, 0]
    centre, directions = principal(vectors, 1)
    assert centre[0] == pytest.approx(3, abs=0.2)
    assert abs(directions[0][1]) == pytest.approx(1, abs=0.01)


def test_auc_and_refusal_count_as_they_say() -> None:
    scores, labels = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0, 1, 1])
    assert auc(scores, labels) == 0.75
    assert refused_at(scores, labels, 0.0) == 0.5


def test_no_question_is_scored_by_weights_that_saw_it() -> None:
    scores, labels = cross_validated(ROWS), labels_of(ROWS)
    assert 0.75 < auc(scores, labels) < 0.97
    # A label that depends on nothing cannot be learned by heart.
    blind = [
        Example(r.id, r.group, r.kind, r.signs, r.vector, bool(n % 2))
        for n, r in enumerate(ROWS)
    ]
    assert 0.4 < auc(cross_validated(blind), labels_of(blind)) < 0.6


def test_the_threshold_refuses_so_many_of_the_answerable() -> None:
    scores = fit(ROWS).scores(ROWS)
    line = threshold_of(scores, ROWS, 0.1)
    refused = scores[labels_of(ROWS) == 1] < np.log(line / (1 - line))
    assert refused.mean() == pytest.approx(0.1, abs=0.02)


@pytest.mark.slow
def test_what_is_written_is_what_the_decision_reads(tmp_path: Path) -> None:
    told: list[str] = []
    for name in ("one.json", "other.json"):
        fit_and_write(ROWS, "a model", told.append, tmp_path / name)
    one = (tmp_path / "one.json").read_text("utf-8")
    assert one == (tmp_path / "other.json").read_text("utf-8")
    assert json.loads(one).keys() == json.loads(WEIGHTS.read_text("utf-8")).keys()
    assert "a set" in told[0]
    assert set(load_weights().signs) == set(json.loads(one)["signs"])


def test_a_sign_never_counts_the_wrong_way_round() -> None:
    place = Signs._fields.index("lacking")
    # In these examples what lacks the question's words answers it: a freak of few cases.
    rows = [
        replace(
            row,
            signs=(*row.signs[:place], float(row.answerable), *row.signs[place + 1 :]),
        )
        for row in ROWS
    ]
    weights = dict(zip(Signs._fields, fit(rows).signs.tolist(), strict=True))
    assert weights["lacking"] == 0
    assert weights["cosine"] > 0
