"""What each family of rules brings."""

from __future__ import annotations

from assistant.answering.switches import RULES
from evals.ablate import FAMILIES, MEASURES, effect, lines_of, means_of
from tests.test_evals_metrics import make_answer, make_case


def test_every_family_is_measured_and_its_lines_are_found() -> None:
    assert FAMILIES.keys() == RULES
    assert all(lines_of(family) > 0 for family, parts in FAMILIES.items() if parts)
    assert lines_of("names of reports") > lines_of("spelling") > 20


def test_an_effect_is_in_points_and_better_is_more() -> None:
    cases = [make_case("level-2023"), make_case()]
    refusal = make_answer(outcome="no_evidence", text="No.")
    good = means_of(cases, [make_answer("level-2023"), refusal])
    bad = means_of(cases, [refusal, make_answer("level-2023")])
    assert list(good) == list(MEASURES)
    assert effect(good, bad).split() == ["+100.0"] * 4
    assert effect(bad, good).split() == ["-100.0"] * 4
    assert effect(good, good).split() == ["."] * 4
