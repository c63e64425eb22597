"""Typing errors are put right towards the shelf's words, real words are left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.understanding.spelling import correct_spelling, correct_word
from assistant.composition import Assistant

pytest_plugins = ("tests.shelf",)

SHELF = {"prevention": 9, "council": 30, "councils": 40, "audit": 3, "trust": 5}
ENGLISH = {"cancel", "adult", "crust", "invention", "trusty"}


def fixed(text: str) -> str:
    return correct_spelling(text, SHELF, ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("prevetion", "prevention"),
        ("prevnetion", "prevention"),
        ("preventoin", "prevention"),
        ("prevension", "prevention"),
        ("coucil", "council"),
        ("auidt", "audit"),
    ],
)
def test_correct_word_puts_a_slip_right(typed: str, meant: str) -> None:
    assert correct_word(typed, SHELF, ENGLISH.__contains__) == meant


@pytest.mark.parametrize(
    "word",
    ["prevention", "cancel", "adult", "crust", "what", "zzzz", "qudit", "council"],
)
def test_correct_word_leaves_a_real_or_unlike_word(word: str) -> None:
    assert correct_word(word, SHELF, ENGLISH.__contains__) == word


def test_correct_word_takes_the_commoner_of_equally_near_words() -> None:
    assert correct_word("councill", SHELF, ENGLISH.__contains__) == "councils"


def test_correct_spelling_leaves_all_else_as_it_was() -> None:
    text = "  Is prevetion — “the audit’s” [1] 50% (COVID)?\n"
    assert fixed(text) == text.replace("prevetion", "prevention")


def test_correct_spelling_keeps_the_possessive() -> None:
    assert fixed("the coucil's trust") == "the council's trust"
    assert fixed("the coucil’s trust") == "the council's trust"


def test_correct_spelling_of_an_empty_vocabulary_changes_nothing() -> None:
    assert correct_spelling("prevetion", {}, lambda word: False) == "prevetion"


def test_correct_spelling_over_the_shelf(assistant: Assistant) -> None:
    shelf = assistant.parts.shelf
    text = "devolutoin and preventoin for councls in Swindon"
    found = correct_spelling(text, shelf.lexical.vocabulary, shelf.embedder.knows_word)
    assert found == "devolution and prevention for councils in Swindon"


@given(st.text(max_size=80))
def test_correct_spelling_twice_is_once(text: str) -> None:
    once = fixed(text)
    assert fixed(once) == once
