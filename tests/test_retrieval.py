"""Hybrid retrieval: normalised, fused, and balanced over the reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.pipeline import find_passages
from assistant.answering.retrieval.hybrid import fuse, min_max
from assistant.composition import Assistant
from assistant.schema import Passage
from assistant.text.words import words

pytest_plugins = ("tests.shelf",)

SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-10, 10))


def search(assistant: Assistant, question: str, *reports: str) -> list[Passage]:
    return find_passages(question, reports, assistant.parts)


def reports_of(passages: list[Passage]) -> set[str]:
    return {passage.chunk.details.report for passage in passages}


@pytest.mark.parametrize(
    ("scores", "scaled"),
    [
        ({}, {}),
        ({"a": 3.0}, {"a": 1.0}),
        ({"a": 0.0}, {"a": 1.0}),
        ({"a": 2.0, "b": 2.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 2.0, "b": 4.0, "c": 3.0}, {"a": 0.0, "b": 1.0, "c": 0.5}),
        ({"a": -1.0, "b": 1.0}, {"a": 0.0, "b": 1.0}),
    ],
)
def test_min_max_scales_to_nought_and_one(
    scores: dict[str, float], scaled: dict[str, float]
) -> None:
    assert min_max(scores) == scaled


def test_fuse_adds_halves_as_worked_by_hand() -> None:
    # Scaled: a 1, b .5, c 0 by words; b 1, d .25, e 0 by meaning.
    lexical = {"a": 12.0, "b": 7.0, "c": 2.0}
    dense = {"b": 0.9, "d": 0.3, "e": 0.1}
    fused = fuse(lexical, dense)
    assert fused == pytest.approx({"b": 0.75, "a": 0.5, "d": 0.125, "c": 0.0, "e": 0.0})
    assert list(fused) == ["b", "a", "d", "c", "e"]


def test_fuse_of_one_side_keeps_its_order() -> None:
    assert list(fuse({}, {"x": 0.1, "y": 0.9})) == ["y", "x"]
    assert fuse({}, {}) == {}


@given(SCORES, SCORES)
def test_fuse_ranks_within_nought_and_one(
    lexical: dict[str, float], dense: dict[str, float]
) -> None:
    fused = fuse(lexical, dense)
    assert set(fused) == set(lexical) | set(dense)
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(0 <= score <= 1 for score in fused.values())


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("What does Level Measures say about external audit?", "5 External audit"),
        ("Who wrote Changing Places?", "About this report › Author"),
        ("Why should staff jump the queue at the Commissioning Academy?", "9 The Comm"),
        ("silver bullets for town halls", "No panacea"),
        ("What does 31ten find on AI?", "4 Digital transformation"),
    ],
)
def test_retrieve_puts_the_right_section_near_the_top(
    assistant: Assistant, question: str, section: str
) -> None:
    found = search(assistant, question)[:3]
    assert any(section in passage.chunk.section for passage in found)


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        (
            "Compare Level Measures and Changing Places on data",
            {"level-measures-2023", "changing-places-2013"},
        ),
        (
            "How do 31ten and Heart of the Matter differ on prevention?",
            {"whats-next-2024", "heart-of-the-matter-2024"},
        ),
    ],
)
def test_retrieve_hears_every_report_of_a_comparison(
    assistant: Assistant, question: str, reports: set[str]
) -> None:
    assert reports_of(search(assistant, question)) == reports


def test_a_comparison_hears_its_reports_in_turn(assistant: Assistant) -> None:
    found = search(assistant, "Compare What's Next and Level Measures on prevention.")
    first = [passage.chunk.details.report for passage in found[:4]]
    assert first == ["whats-next-2024", "level-measures-2023"] * 2


def test_retrieve_hears_the_whole_shelf_where_all_are_asked(
    assistant: Assistant,
) -> None:
    found = search(assistant, "What do the reports say about prevention?")
    assert reports_of(found) == set(assistant.parts.shelf.reports)


def test_retrieve_narrows_to_the_report_named(assistant: Assistant) -> None:
    found = search(assistant, "What does Changing Places say about prevention?")
    assert reports_of(found) == {"changing-places-2013"}


def test_retrieve_narrows_to_the_reports_chosen(assistant: Assistant) -> None:
    found = search(assistant, "What is said about prevention?", "whats-next-2024")
    assert reports_of(found) == {"whats-next-2024"}


def test_retrieve_keeps_to_the_users_choice_against_a_name(
    assistant: Assistant,
) -> None:
    question = "What does Level Measures say about prevention?"
    found = search(assistant, question, "whats-next-2024")
    assert reports_of(found) <= {"whats-next-2024"}


@pytest.mark.parametrize(
    "question",
    ["What is said about data?", "What do the reports say about data?", "Compare all"],
)
def test_retrieve_gives_each_passage_once_and_not_too_many(
    assistant: Assistant, question: str
) -> None:
    found = search(assistant, question)
    ids = [passage.chunk.id for passage in found]
    assert len(ids) == len(set(ids)) > 0
    assert len(ids) <= assistant.parts.top_k
    assert all(words(passage.chunk.text) for passage in found)
    assert all(-1.001 <= passage.cosine <= 1.001 for passage in found)
