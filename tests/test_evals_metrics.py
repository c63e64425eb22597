"""Each metric on answers made by hand, and on right answers that were broken."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from assistant.schema import Answer as AssistantAnswer
from evals.cases import Case, Evidence
from evals.measuring.answers import cited_reports, missing_facts
from evals.measuring.contrasts import LOWER_IS_BETTER
from evals.measuring.metrics import METRICS

SHELF = ("heart-2024", "level-2023", "next-2024", "places-2013")


def make_case(
    *reports: str, facts: tuple[tuple[str, ...], ...] = (), tag: str = "fact"
) -> Case:
    """A case that must cite these reports; with none, one that must be refused."""
    facts = facts or tuple((f"fact of {report}",) for report in reports)
    return Case(
        f"{tag}-{'-'.join(reports)}",
        f"What do they say of {tag}?",
        (),
        reports,
        facts,
        tuple(Evidence(r, "S", f"{r} says it.") for r in reports),
        "by hand",
        bool(reports),
        (tag,),
        False,
    )


def make_answer(*reports: str, text: str = "", outcome: str = "answered") -> Any:
    """An answer that cites each of these reports in a sentence of its own."""
    texts = [text or f"There is a fact of {report}." for report in reports]
    shelf = (*reports, *(report for report in SHELF if report not in reports))
    told = dict(zip(reports, texts, strict=True))
    # Quotes of one report are not in another's passage.
    passages = [
        {
            "report": r,
            "section": "S",
            "page": None,
            "score": 0.5,
            "text": f"{r} says it. {told.get(r, '')}",
        }
        for r in shelf
    ]
    return {
        "id": "case",
        "question": "",
        "standalone_question": "",
        "outcome": outcome,
        "text": " ".join(f"{text} [{n}]" for n, text in enumerate(texts, 1)) or text,
        "sentences": [
            {"text": text, "citations": [n], "support": 1.0}
            for n, text in enumerate(texts, 1)
        ],
        "withheld": [],
        "citations": [
            {"number": n, "report": r, "section": "S", "page": None, "quote": r}
            for n, r in enumerate(reports, 1)
        ],
        "passages": passages,
        "nearest": [],
        "model": "quoting",
        "seconds": 0.1,
        "tokens": 0,
    }


def perfect_answer(case: Case) -> Any:
    """The answer that every metric gives its best value."""
    if not case.answerable:
        due = case.outcome or "no_evidence"
        refusal = make_answer(outcome=due, text="The shelf does not say.")
        return {**refusal, "id": case.id}
    facts = ", ".join(fact[0] for fact in case.facts)
    answer = make_answer(*case.reports, text=f"They say {facts}.")
    told = {p["report"]: p for p in answer["passages"]}
    # One section of each report first.
    places = sorted(case.evidence, key=lambda place: place in first_of_each(case))
    passages = [
        {
            **told[place.report],
            "section": place.section,
            "text": f"{told[place.report]['text']} {place.quote}",
        }
        for place in reversed(places)
    ]
    return {
        **answer,
        "id": case.id,
        "outcome": case.outcome or answer["outcome"],
        "passages": passages + answer["passages"],
    }


def first_of_each(case: Case) -> list[Evidence]:
    return list({place.report: place for place in reversed(case.evidence)}.values())


def measured(case: Case, answer: Any) -> dict[str, float | None]:
    return {name: metric(case, answer) for name, metric in METRICS.items()}


@pytest.mark.parametrize(
    "case",
    [
        make_case("level-2023"),
        make_case("level-2023", "heart-2024"),
        make_case(*SHELF, tag="comparison"),
        make_case(),
    ],
    ids=lambda case: case.id,
)
def test_a_perfect_answer_scores_best_everywhere(case: Case) -> None:
    values = measured(case, perfect_answer(case))
    best = {n: 0.0 if n in LOWER_IS_BETTER else 1.0 for n in METRICS}
    scored = {name: value for name, value in values.items() if value is not None}
    assert scored == pytest.approx({name: best[name] for name in scored})
    assert ("right_report" in scored) is case.answerable
    assert ("true_refusal" in scored) is not case.answerable
    assert ("comparison_coverage" in scored) is case.is_comparison


def cite_another_report(answer: Any) -> None:
    answer["citations"][0]["report"] = "places-2013"


def drop_a_citation(answer: Any) -> None:
    del answer["citations"][0]


def drop_a_marker(answer: Any) -> None:
    answer["text"] = answer["text"].replace(" [1]", "", 1)


def invent_a_number(answer: Any) -> None:
    answer["text"] += " And so it is [9]."


def swap_the_numbers(answer: Any) -> None:
    swapped = answer["text"].replace("[1]", "[x]").replace("[2]", "[1]")
    answer["text"] = swapped.replace("[x]", "[2]")


def forget_a_report(answer: Any) -> None:
    answer["text"] = answer["text"].partition(" There")[0]
    del answer["citations"][1], answer["sentences"][1]


def add_a_wrong_report(answer: Any) -> None:
    answer["citations"].append({**answer["citations"][0], "report": "next-2024"})
    answer["citations"][-1]["number"] = 3
    answer["text"] += " More [3]."


def refuse(answer: Any) -> None:
    answer["outcome"] = "no_evidence"


def change_the_words(answer: Any) -> None:
    answer["text"] = answer["text"].replace("fact", "rumour")


def retrieve_it_last(answer: Any) -> None:
    answer["passages"].reverse()


def repeat_a_number(answer: Any) -> None:
    answer["citations"].append(answer["citations"][0])


@pytest.mark.parametrize(
    ("mutate", "lowered"),
    [
        (
            cite_another_report,
            "right_report report_precision report_recall quote_found",
        ),
        (drop_a_citation, "citation_validity report_recall"),
        (drop_a_marker, "citation_validity citation_coverage report_recall"),
        (invent_a_number, "citation_validity"),
        (swap_the_numbers, "citation_coverage"),
        (forget_a_report, "report_recall comparison_coverage facts_present all_facts"),
        (add_a_wrong_report, "report_precision"),
        (refuse, "right_report report_recall facts_present all_facts false_refusal"),
        (change_the_words, "facts_present all_facts citation_coverage"),
        (retrieve_it_last, "reciprocal_rank ndcg_10"),
        (repeat_a_number, "citation_validity"),
    ],
)
def test_a_broken_answer_lowers_the_metric_for_it(
    mutate: Callable[[Any], None], lowered: str
) -> None:
    case = make_case("level-2023", "heart-2024", tag="comparison")
    answer = make_answer("level-2023", "heart-2024")
    before = measured(case, answer)
    broken = deepcopy(answer)
    mutate(broken)
    after = measured(case, broken)
    for name in lowered.split():
        assert before[name] != after[name], name
        worse = (after[name] or 0) > (before[name] or 0)
        assert worse is (name in LOWER_IS_BETTER), name


def test_swapped_numbers_lay_a_claim_at_the_wrong_report() -> None:
    """One report is asked for; the other's number now stands on its sentence."""
    case = make_case("level-2023")
    answer = make_answer("level-2023", "heart-2024")
    assert METRICS["right_report"](case, answer) == 1
    swap_the_numbers(answer)
    assert METRICS["right_report"](case, answer) == 0


def test_a_refusal_turned_into_an_answer_lowers_true_refusal() -> None:
    answer = perfect_answer(make_case())
    assert METRICS["true_refusal"](make_case(), answer) == 1
    assert METRICS["true_refusal"](make_case(), {**answer, "outcome": "answered"}) == 0


@pytest.mark.parametrize("outcome", ["no_evidence", "declined", "clarify"])
def test_refusals_are_these_outcomes(outcome: str) -> None:
    assert METRICS["true_refusal"](make_case(), make_answer(outcome=outcome)) == 1


@pytest.mark.parametrize("outcome", ["answered", "partial", "error"])
def test_a_failure_is_no_refusal(outcome: str) -> None:
    assert METRICS["true_refusal"](make_case(), make_answer(outcome=outcome)) == 0
    assert METRICS["false_refusal"](make_case("r"), make_answer(outcome=outcome)) == 0


def test_a_refusal_cites_nothing_whatever_its_text() -> None:
    case = make_case("level-2023")
    answer = make_answer("level-2023", outcome="no_evidence")
    assert cited_reports(answer) == []
    assert METRICS["right_report"](case, answer) == 0
    assert METRICS["facts_present"](case, answer) == 0
    assert METRICS["report_precision"](case, answer) is None


def test_an_answer_without_citations_is_neither_precise_nor_valid() -> None:
    case, answer = make_case("level-2023"), make_answer(text="So it is.")
    values = measured(case, answer)
    assert values["report_precision"] == 0
    assert values["citation_validity"] == 0
    assert values["citation_coverage"] == 0
    assert values["quote_found"] is None


def test_cited_reports_go_by_the_text_and_not_by_the_list() -> None:
    answer = make_answer("level-2023", "heart-2024", "next-2024")
    answer["text"] = "So [2]. And so [1][2]."
    assert cited_reports(answer) == ["heart-2024", "level-2023"]


@pytest.mark.parametrize(
    ("alternatives", "text", "found"),
    [
        (("seven", "7"), "It has SEVEN findings.", True),
        (("seven", "7"), "It has 7 findings.", True),
        (("seven", "7"), "It dates from 2017, and so it is [7].", False),
        (("7",), "A share of 7.5 per cent.", False),
        (("7",), "There are 7.", True),
        (("52k",), "About 52k.", True),
        (("52k",), "About 152k.", False),
        (("what's next",), "In ‘What’s Next’ they ask", True),
        (("what’s next",), "In 'What's Next' they ask", True),
        (("long-term",), "a long–term plan", True),
        (("single budget",), "a single\n\nbudget", True),
        (("prevent",), "Prevention first.", True),
        (("ai ",), "They use AI.", True),
        (("ai ",), "They aim high.", False),
        (("a.b",), "axb", False),
    ],
)
def test_missing_facts(alternatives: tuple[str, ...], text: str, found: bool) -> None:
    case = make_case("level-2023", facts=(alternatives,))
    answer = make_answer("level-2023", text=text)
    assert (missing_facts(case, answer) == []) is found


@pytest.mark.parametrize(
    ("reports", "passages", "rank", "ndcg"),
    [
        (["a"], ["a", "a", "b"], 1, 1),
        (["a"], ["b", "a"], 1 / 2, 0.6309),
        (["a", "b"], ["a", "a", "b"], 1, 1.5 / 1.6309),
        (["a"], ["b"] * 10 + ["a"], 1 / 11, 0),
        (["a"], [], 0, 0),
    ],
)
def test_ranks(
    reports: list[str], passages: list[str], rank: float, ndcg: float
) -> None:
    answer = {"passages": [{"report": report} for report in passages]}
    case = make_case(*reports)
    assert METRICS["reciprocal_rank"](case, answer) == pytest.approx(rank)
    assert METRICS["ndcg_10"](case, answer) == pytest.approx(ndcg, abs=1e-4)


def test_several_quotes_of_one_passage_are_each_looked_for() -> None:
    case, answer = make_case("level-2023"), make_answer("level-2023")
    answer["citations"][0]["quote"] = "level-2023 … says  it"
    assert METRICS["quote_found"](case, answer) == 1
    answer["citations"][0]["quote"] = "level-2023 … denies it"
    assert METRICS["quote_found"](case, answer) == 0


def test_metrics_read_the_contract_of_the_assistant() -> None:
    answer = AssistantAnswer("q", "q", "error", "It failed.", id="case").as_json()
    assert answer.keys() == make_answer().keys()
    values = measured(make_case("level-2023"), answer)
    assert values["right_report"] == 0
    assert values["citation_validity"] is None


@pytest.mark.parametrize(
    ("due", "given", "value"),
    [("clarify", "clarify", 1), ("clarify", "no_evidence", 0), (None, "clarify", None)],
)
def test_outcome_right_holds_an_answer_to_the_outcome_that_is_due(
    due: str | None, given: str, value: float | None
) -> None:
    case = replace(make_case(), outcome=due)
    assert METRICS["outcome_right"](case, make_answer(outcome=given)) == value


def test_a_part_that_is_lacking_is_due_to_be_named() -> None:
    case = replace(make_case("a"), outcome="partial")
    assert METRICS["outcome_right"](case, make_answer("a")) == 0
    assert METRICS["outcome_right"](case, make_answer("a", outcome="partial")) == 1


def test_a_report_that_may_be_cited_too_is_neither_wrong_nor_needed() -> None:
    case = replace(make_case("level-2023"), also=("next-2024",))
    alone = make_answer("next-2024", text="There is a fact of level-2023.")
    assert METRICS["right_report"](case, alone) == 1
    assert METRICS["report_precision"](case, alone) == 1
    assert METRICS["report_recall"](case, alone) == 0
    both = make_answer("level-2023", "places-2013")
    assert METRICS["report_precision"](case, both) == 0.5


def test_right_section_reads_the_first_place_cited() -> None:
    case = make_case("level-2023")
    answer = make_answer("level-2023")
    assert METRICS["right_section"](case, answer) == 1
    answer["citations"][0]["section"] = "Elsewhere"
    assert METRICS["right_section"](case, answer) == 0
    answer["citations"][0]["quote"] = "So: level-2023 says it."
    assert METRICS["right_section"](case, answer) == 1
    refused = make_answer(text="No.", outcome="no_evidence")
    assert METRICS["right_section"](case, refused) == 0
    assert METRICS["right_section"](replace(case, evidence=()), answer) is None
