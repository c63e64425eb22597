"""Evidence support, and what two answers are measured by, on answers made by hand."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from assistant.schema import Turn
from evals.cases import Case
from evals.measuring.contrasts import FOLLOW_UP_LOSS, NEUTRALITY, contrasts
from evals.measuring.metrics import METRICS
from evals.measuring.scoring import score
from tests.test_evals_metrics import make_answer, make_case, perfect_answer

FACTS = (("one",), ("two",), ("three",))
TURNS = (Turn("user", "Hi"), Turn("assistant", "Hello."))


def follow_up(case: Case) -> Case:
    return replace(case, history=TURNS, standalone="What do they say?")


def loss(case: Case, answer: Any, alone: Any) -> float | None:
    alone = [{**alone, "id": case.id}]
    return contrasts([case], {case.id: answer}, alone)[case.id][FOLLOW_UP_LOSS]


def answered(case: Case, text: str, *reports: str) -> Any:
    return {**make_answer(*(reports or case.reports), text=text), "id": case.id}


def test_follow_up_loss_is_what_the_standalone_question_gains() -> None:
    case = follow_up(make_case("level-2023", facts=FACTS[:2]))
    good, half = answered(case, "One and two."), answered(case, "Two.")
    wrong = answered(case, "Nil.", "heart-2024")
    assert loss(case, good, good) == 0
    assert loss(case, half, good) == 0.25
    assert loss(case, wrong, good) == 1
    assert loss(case, good, wrong) == -1


def test_follow_up_loss_of_what_cannot_be_answered_is_the_refusal_lost() -> None:
    case = follow_up(make_case())
    refusal = perfect_answer(case)
    assert loss(case, {**refusal, "outcome": "answered"}, refusal) == 1
    assert loss(case, refusal, refusal) == 0


def test_follow_up_loss_is_unscored_without_an_answer_to_the_standalone() -> None:
    case = follow_up(make_case("level-2023"))
    assert score([case], [perfect_answer(case)])[case.id][FOLLOW_UP_LOSS] is None
    first = make_case("level-2023")
    assert score([first], [perfect_answer(first)])[first.id][FOLLOW_UP_LOSS] is None


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("One and two.", "Two and one.", 0),
        ("One and two.", "Two.", 0.5),
        ("One.", "Two.", 1),
        ("One, two, three.", "One.", 2 / 3),
        ("Nil.", "Nothing.", 0),
    ],
)
def test_neutrality_difference(one: str, other: str, difference: float) -> None:
    case = replace(make_case("level-2023", facts=FACTS), pair="p")
    against = replace(case, id="against")
    answers = [answered(case, one), answered(against, other)]
    rows = score([case, against], answers)
    assert rows[case.id][NEUTRALITY] == pytest.approx(difference)
    # A pair counts once.
    assert rows["against"][NEUTRALITY] is None


def test_neutrality_sees_that_one_side_is_refused() -> None:
    case = replace(make_case("level-2023", facts=FACTS), pair="p")
    against = replace(case, id="against")
    refused = {**answered(against, "No."), "outcome": "no_evidence"}
    rows = score([case, against], [answered(case, "One."), refused])
    assert rows[case.id][NEUTRALITY] == 1


def change_a_number(answer: Any) -> None:
    answer["sentences"][0]["text"] = "It has 8 findings of level-2023."


def swap_the_citations(answer: Any) -> None:
    first, second = answer["sentences"]
    first["citations"], second["citations"] = second["citations"], first["citations"]


def add_a_claim(answer: Any) -> None:
    answer["sentences"][0]["text"] += " Ministers applauded warmly."


def cite_another_report(answer: Any) -> None:
    # Its quotation stands in no passage of that report, and so supports nothing.
    answer["citations"][0]["report"] = "next-2024"


@pytest.mark.parametrize(
    "mutate",
    [change_a_number, swap_the_citations, add_a_claim, cite_another_report],
)
def test_evidence_support_falls_when_a_sentence_leaves_its_passage(
    mutate: Callable[[Any], None],
) -> None:
    case, answer = (
        make_case("level-2023", "heart-2024"),
        make_answer("level-2023", "heart-2024"),
    )
    assert METRICS["evidence_support"](case, answer) == 1
    broken = deepcopy(answer)
    mutate(broken)
    assert (METRICS["evidence_support"](case, broken) or 0) < 1


def test_evidence_support_takes_a_number_in_words() -> None:
    case, answer = make_case("level-2023"), make_answer("level-2023")
    answer["passages"][0]["text"] = "level-2023 has seven facts."
    answer["sentences"][0]["text"] = "There are 7 facts."
    assert METRICS["evidence_support"](case, answer) == 1


def test_evidence_support_says_nothing_of_a_refusal() -> None:
    assert METRICS["evidence_support"](make_case(), perfect_answer(make_case())) is None
