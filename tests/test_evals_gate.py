"""The gate lets the right answers to the real cases pass, and no bad assistant."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, load_cases
from evals.comparing.baselines import (
    BASELINES,
    nearest_wrong_report,
    shuffled_citations,
)
from evals.gate import ThresholdError, check, explain, load_thresholds, passes, verdict
from evals.measuring.scoring import Results, score
from evals.sets import GATED
from tests.test_evals_metrics import make_answer, make_case, perfect_answer

CASES = load_cases(held_out=False)
SHELF = sorted({report for case in CASES for report in case.reports})


def on_the_shelf(answer: Any) -> Any:
    """The answer with a passage of every report of the real shelf behind its own."""
    others = [p for p in make_answer(*SHELF)["passages"] if p["report"] in SHELF]
    own = {passage["report"] for passage in answer["passages"]}
    passages = [p for p in answer["passages"] if p["report"] in SHELF]
    passages += [p for p in others if p["report"] not in own]
    return {**answer, "passages": passages}


ANSWERS = [on_the_shelf(perfect_answer(case)) for case in CASES]
FOLLOW_UPS = {case.id for case in CASES if case.standalone}
ALONE = [answer for answer in ANSWERS if answer["id"] in FOLLOW_UPS]


def results_of(
    cases: Sequence[Case], answers: Sequence[Any], standalone: Sequence[Any] = ()
) -> Results:
    by_id = {answer["id"]: answer for answer in answers}
    scores = score(cases, answers, standalone)
    return Results(Path(), {"held_out": False}, cases, by_id, scores, standalone)


def failed(answers: Sequence[Any]) -> set[str]:
    checks = check(CASES, score(CASES, answers, ALONE), load_thresholds())
    return {item.metric for item in checks if not item.passed}


def test_right_answers_pass_and_no_baseline_does() -> None:
    text, passed = verdict(results_of(CASES, ANSWERS, ALONE), load_thresholds())
    assert passed, text
    assert "FAIL" not in text


@pytest.mark.parametrize(
    ("baseline", "metrics"),
    [
        ("constant answer", {"right_report", "facts_present", "true_refusal"}),
        ("always refuse", {"right_report", "facts_present", "false_refusal"}),
        ("shuffled citations", {"right_report", "report_precision", "quote_found"}),
        ("nearest wrong report", {"right_report", "report_precision"}),
    ],
)
def test_the_gate_stops_a_bad_assistant(baseline: str, metrics: set[str]) -> None:
    assert metrics <= failed(BASELINES[baseline](CASES, ANSWERS))


def wrong_report(answer: Any) -> None:
    for citation in answer["citations"]:
        citation["report"] = SHELF[(SHELF.index(citation["report"]) + 1) % len(SHELF)]


def dropped_citation(answer: Any) -> None:
    del answer["citations"][:1]


def swapped_numbers(answer: Any) -> None:
    answer["text"] = answer["text"].replace("[1]", "[0]").replace("[2]", "[1]")
    answer["text"] = answer["text"].replace("[0]", "[2]")


def changed_figure(answer: Any) -> None:
    for sentence in answer["sentences"]:
        sentence["text"] += " It was 99 times."


def refusal_made_an_answer(answer: Any) -> None:
    answer["outcome"] = "answered"


@pytest.mark.parametrize(
    ("mutate", "metric"),
    [
        (wrong_report, "report_precision"),
        (dropped_citation, "citation_validity"),
        (swapped_numbers, "citation_coverage"),
        (changed_figure, "evidence_support"),
        (refusal_made_an_answer, "true_refusal"),
    ],
)
def test_the_gate_notices_a_fault_in_every_third_answer(
    mutate: Callable[[Any], None], metric: str
) -> None:
    broken = deepcopy(ANSWERS)
    assert metric not in failed(broken)
    for answer in broken[::3]:
        mutate(answer)
    assert metric in failed(broken)


def test_every_baseline_is_tried() -> None:
    assert len(BASELINES) == 4


@pytest.mark.parametrize("baseline", BASELINES.values())
def test_a_baseline_answers_every_case_and_leaves_the_answers_be(
    baseline: Any,
) -> None:
    before = json.dumps(ANSWERS)
    answers = baseline(CASES, ANSWERS)
    assert [answer["id"] for answer in answers] == [case.id for case in CASES]
    assert json.dumps(ANSWERS) == before


def test_shuffled_citations_keep_every_word() -> None:
    shuffled = shuffled_citations(CASES, ANSWERS)
    assert [a["text"] for a in shuffled] == [a["text"] for a in ANSWERS]
    assert shuffled == shuffled_citations(CASES, ANSWERS)


def test_nearest_wrong_report_takes_the_best_passage_that_is_not_right() -> None:
    case = make_case("next-2024")
    answer = nearest_wrong_report([case], [make_answer("next-2024")])[0]
    assert [c["report"] for c in answer["citations"]] == ["heart-2024"]


def test_thresholds_that_stop_nothing_are_found_out() -> None:
    text, passed = verdict(results_of(CASES, ANSWERS), {"citation_validity": 1.0})
    assert not passed
    assert "let a bad assistant pass: nearest wrong report" in text


def test_verdict_names_each_case_behind_a_failure() -> None:
    cases = [make_case("level-2023", "next-2024"), make_case("heart-2024")]
    answers = [perfect_answer(case) for case in cases]
    answers[1] |= {
        "citations": make_answer("next-2024")["citations"],
        "text": "No [1].",
    }
    text, passed = verdict(results_of(cases, answers), {"facts_present": 0.9})
    assert not passed
    assert cases[1].question in text
    assert "expected heart-2024; outcome answered, cited next-2024" in text
    assert "missing: fact of heart-2024" in text
    assert cases[0].id not in text


def test_verdict_names_the_cases_of_a_metric_that_passes_if_asked() -> None:
    cases = [make_case("level-2023"), make_case("heart-2024")]
    answers = [perfect_answer(cases[0]), {**make_answer(), "id": cases[1].id}]
    results = results_of(cases, answers)
    assert cases[1].id not in verdict(results, {"right_report": 0.5})[0]
    assert cases[1].id in verdict(results, {"right_report": 0.5}, verbose=True)[0]


def test_explain_a_question_that_was_to_be_refused() -> None:
    text = explain(make_case(), make_answer("level-2023"))
    assert "expected a refusal; outcome answered, cited level-2023" in text
    assert "missing" not in text


def test_a_metric_that_scored_nothing_fails() -> None:
    case = make_case("level-2023")
    checks = check([case], score([case], [perfect_answer(case)]), {"true_refusal": 0.0})
    assert not passes(checks)


@pytest.mark.parametrize(("refused", "passed"), [(1, True), (2, False)])
def test_less_of_a_false_refusal_is_better(refused: int, passed: bool) -> None:
    cases = [make_case("level-2023", tag=f"t{n}") for n in range(20)]
    answers = [perfect_answer(case) for case in cases]
    for answer in answers[:refused]:
        answer["outcome"] = "declined"
    checks = check(cases, score(cases, answers), {"false_refusal": 0.05})
    assert passes(checks) is passed
    assert len(checks[0].failing) == refused


@pytest.mark.parametrize(
    "bounds",
    [
        {"no_such": {"at_least": 1}},
        {"right_report": {"at_most": 0.5}},
        {"false_refusal": {"at_least": 0.5}},
        {"right_report": {"at_least": 95}},
    ],
)
def test_load_thresholds_refuses_what_makes_no_sense(
    bounds: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "thresholds.json"
    file.write_text(json.dumps({"development": bounds}), encoding="utf-8")
    with pytest.raises(ThresholdError, match=r"thresholds\.json"):
        load_thresholds("development", file)


def test_every_gated_set_has_thresholds_and_another_has_none() -> None:
    assert all(load_thresholds(name) for name in GATED)
    assert load_thresholds("held out") == {}
