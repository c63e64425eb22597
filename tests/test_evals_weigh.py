"""The weights of the evidence check's judgement are judged on pairs they did not see."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answering.checking.judgement import Signs
from evals.fitting.weigh import Read, cross_validated, shares
from evals.pairs import Cite, Kind, Pair

NOTHING = Signs(*(0.0 for _ in Signs._fields))


def read(number: int, kind: Kind, signs: Signs | None, *, kept: bool = True) -> Read:
    cite = Cite("avon-2021", f"Section {number}", "Weirs.")
    holds = kind.startswith("true-")
    return Read(Pair(f"a-{number}", "It is.", (cite,), holds, kind), kept, signs)


def some(sign: str) -> list[Read]:
    """Return true pairs without signs and false ones that all have one sign."""
    true = [read(n, "true-paraphrase", NOTHING) for n in range(40)]
    found = NOTHING._replace(**{sign: 1.0})
    return true + [read(n, "negated", found) for n in range(40)]


@pytest.mark.parametrize("sign", ["denial", "extent", "new"])
def test_cross_validated_scores_what_has_the_sign_higher(sign: str) -> None:
    scores = cross_validated(some(sign))
    assert scores[40:].min() > scores[:40].max()


def test_cross_validated_leaves_to_the_rules_what_they_settle() -> None:
    settled = [
        read(90, "wrong-number", None, kept=False),
        read(91, "true-verbatim", None),
    ]
    assert list(cross_validated([*some("denial"), *settled])[-2:]) == [np.inf, -np.inf]


def test_cross_validated_does_not_learn_a_pair_from_its_own_section() -> None:
    """A sign that only one section has says nothing when that section is judged."""
    alone = read(7, "negated", NOTHING._replace(extent=1.0))
    scores = cross_validated([*some("denial"), alone])
    assert scores[-1] == pytest.approx(scores[7])


def test_shares_give_what_a_threshold_costs_and_catches() -> None:
    scores = np.array([0.0, 1.0, 2.0, 3.0, 2.0, 3.0])
    holds = np.array([True, True, True, True, False, False])
    line, cost, caught = shares(scores, holds, 0.25)
    assert (line, cost, caught) == (3.0, 0.25, 0.5)
