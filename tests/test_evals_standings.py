"""Worse ways to answer, on the real shelf: they are what they say they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.composition import Assistant
from assistant.schema import Turn
from evals.cases import load_cases
from evals.comparing.recipe import split_text
from evals.comparing.standings import OURS, RECIPE, TWO, standings, standings_table
from evals.comparing.variants import FUSIONS, StockRecipe
from evals.gate import load_thresholds
from evals.run import ask_with
from tests.test_evals_metrics import make_answer, make_case

pytest_plugins = ("tests.shelf",)


@pytest.fixture(scope="module")
def recipe(assistant: Assistant) -> StockRecipe:
    shelf = assistant.parts.shelf
    return StockRecipe.of(shelf.documents, shelf.embedder)


def test_fusions_rank_passages_as_they_say() -> None:
    lexical, dense = {"a": 9.0, "b": 4.0, "c": 1.0}, {"c": 0.9, "b": 0.8, "d": 0.1}
    found = {name: list(fusion(lexical, dense)) for name, fusion in FUSIONS.items()}
    assert found["lexical only"] == ["a", "b", "c"]
    assert found["dense only"] == ["c", "b", "d"]
    assert found["RRF"][0] == "c"
    assert found["min-max fusion"][0] == "b"


def test_the_stock_recipe_quotes_four_whole_chunks_and_never_refuses(
    recipe: StockRecipe,
) -> None:
    case = replace(make_case(), question="Who won the cup final?")
    answer: Any = recipe.ask(case)
    assert answer.keys() >= make_answer().keys()
    assert answer["outcome"] == "answered"
    assert len(answer["passages"]) == 4
    assert [c["quote"] for c in answer["citations"]] == [
        p["text"] for p in answer["passages"]
    ]
    assert max(map(len, recipe.chunks)) <= 1000
    follow_up = replace(case, history=(Turn("user", "Hi"), Turn("assistant", "Hello.")))
    assert recipe.ask(follow_up)["passages"] == answer["passages"]


def test_standings_hold_every_way_to_the_gate(assistant: Assistant) -> None:
    cases = load_cases(held_out=False)[::80]
    found = standings(ask_with(assistant.parts), cases, assistant.parts)
    assert next(iter(found)) == OURS
    assert {RECIPE, "constant answer", TWO} <= found.keys()
    assert all(
        scores.keys() == {case.id for case in cases} for scores in found.values()
    )
    rows = standings_table(cases, found, load_thresholds()).splitlines()
    assert len(rows) == len(found) + 2
    assert "FAIL" in next(row for row in rows if row.startswith("constant answer"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("one two three", ["one two", "three"]),
        ("one\n\ntwo three four", ["one", "two three", "four"]),
        ("abcdefghijkl", ["abcdefghij", "ijkl"]),
    ],
)
def test_split_text_cuts_where_it_hurts_least(text: str, pieces: list[str]) -> None:
    assert split_text(text, size=10, overlap=2) == pieces


@given(st.text(alphabet="ab \n", max_size=200), st.integers(2, 40), st.data())
def test_split_text_keeps_to_the_size_and_loses_no_letter(
    text: str, size: int, data: Any
) -> None:
    overlap = data.draw(st.integers(0, size - 1))
    pieces = split_text(text, size, overlap)
    assert all(0 < len(piece) <= size for piece in pieces)
    kept = "".join("".join(pieces).split())
    wanted = "".join(text.split())
    # An overlap may say a letter twice, and nothing is left out.
    letters = iter(kept)
    assert all(letter in letters for letter in wanted)
