"""Measures of a ranking, held to ir-measures and to values worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from evals.cases import Evidence
from evals.measuring.metrics import METRICS
from evals.measuring.ranking import ndcg, recall, reciprocal_rank
from tests.test_evals_metrics import make_answer, make_case

IDS = [f"d{number}" for number in range(15)]


@given(
    st.lists(st.sampled_from(IDS), unique=True, min_size=1),
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 3), min_size=1),
)
def test_measures_are_those_of_ir_measures(found: list[str], gains: Any) -> None:
    run = {"q": {id_: float(-rank) for rank, id_ in enumerate(found)}}
    told = ir_measures.calc_aggregate([nDCG @ 10, R @ 8, RR], {"q": gains}, run)
    assert ndcg(found, gains, 10) == pytest.approx(told[nDCG @ 10])
    assert recall(found, gains, 8) == pytest.approx(told[R @ 8])
    assert reciprocal_rank(found, gains) == pytest.approx(told[RR])


def passage(section: str, text: str = "", report: str = "level-2023") -> Any:
    return {"report": report, "section": section, "text": text}


CASE = make_case("level-2023", "heart-2024")
OTHER = passage("Findings \u203a Other")


@pytest.mark.parametrize(
    ("passages", "hit", "recalled"),
    [
        ([passage("S"), passage("S", report="heart-2024")], 1, 1),
        ([passage("Findings \u203a S")], 0.5, 0.5),
        ([passage("Findings \u203a Not S")], 0, 0),
        ([passage("S", report="next-2024")], 0, 0),
        ([passage("", "So level-2023 says it. Yes.")], 0.5, 0.5),
        ([OTHER] * 7 + [passage("S")], 0.5, 0.5),
        ([OTHER] * 8 + [passage("S")], 0, 0),
        ([], 0, 0),
    ],
)
def test_sections_are_found(passages: Any, hit: float, recalled: float) -> None:
    answer = {"passages": passages}
    assert METRICS["section_hit_8"](CASE, answer) == hit
    assert METRICS["section_recall_8"](CASE, answer) == recalled


def test_sections_of_one_report_are_alternatives_to_a_hit() -> None:
    case = make_case("level-2023")
    other = Evidence("level-2023", "T", "Elsewhere.")
    case = replace(case, evidence=(*case.evidence, other))
    answer = {"passages": [OTHER, passage("T"), passage("T")]}
    assert METRICS["section_hit_8"](case, answer) == 1
    assert METRICS["section_recall_8"](case, answer) == 0.5
    assert METRICS["section_ndcg_10"](case, answer) == pytest.approx(
        0.6309 / 1.6309, abs=1e-4
    )


def test_sections_are_unscored_where_the_evidence_is_not_known() -> None:
    answer = make_answer("level-2023")
    for name in ("section_hit_8", "section_recall_8", "section_ndcg_10"):
        assert METRICS[name](make_case(), answer) is None
