"""A question that asks several things is taken apart; one that does not is left alone."""

from __future__ import annotations

import pytest
from assistant.answering.understanding.asking import asking_part, focus_of
from assistant.answering.understanding.parts import MOST_PARTS, parts_of
from hypothesis import given
from hypothesis import strategies as st

from assistant.composition import Assistant
from assistant.words import words

pytest_plugins = ("tests.shelf",)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who wrote Changing Places and what does it recommend?",
            ("Who wrote Changing Places", "what does it recommend"),
        ),
        (
            "How many roundtables were held, and who attended?",
            ("How many roundtables were held", "who attended"),
        ),
        (
            "When did it come out? Who paid for it?",
            ("When did it come out?", "Who paid for it?"),
        ),
        (
            "Briefing on Level Measures, please: why it was written, the main asks.",
            ("why it was written", "the main asks"),
        ),
        ("What does Level Measures say about trust and what works?", None),
        ("In Changing Places, what is said of pilots?", ()),
        ("Who and when?", ()),
        ("devolution", ()),
    ],
)
def test_parts(question: str, parts: tuple[str, ...] | None) -> None:
    if parts is not None:
        assert parts_of(question) == parts


@given(st.text(max_size=300))
def test_any_text_has_few_parts_made_of_its_own_words(text: str) -> None:
    parts = parts_of(text)
    assert len(parts) != 1
    assert len(parts) <= MOST_PARTS
    assert {w for part in parts for w in words(part)} <= set(words(text))


def test_each_part_is_answered(assistant: Assistant) -> None:
    answer = assistant.answer(
        "Who wrote Changing Places, and how many roundtables did Level Measures hold?"
    )
    assert "Steven Howell" in answer.text
    assert "seven regional roundtables" in answer.text
    assert {c.report for c in answer.citations} >= {
        "changing-places-2013",
        "level-measures-2023",
    }


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("I'm in cabinet, what is Oflog?", "what is Oflog?"),
        (
            "Summary of Changing Places for a busy councillor",
            "Summary of Changing Places",
        ),
        ("With that cleared up, who wrote it?", "who wrote it?"),
        ("Thanks. I am new here. What is Oflog?", "What is Oflog?"),
        ("prevention", "prevention"),
    ],
)
def test_setting_and_audience_are_not_what_is_asked(question: str, asked: str) -> None:
    assert asking_part(question) == asked


def test_a_letter_asks_in_a_sentence_or_two() -> None:
    letter = " ".join(["We met on the train and spoke of gardens."] * 8)
    letter += " A report by Localis speaks of boards. Who should sit on them?"
    assert focus_of(letter) == (
        "A report by Localis speaks of boards. Who should sit on them?"
    )
    assert focus_of("Who should sit on placemaking boards?").startswith("Who")


@given(st.text(max_size=600))
def test_the_focus_of_any_text_is_some_of_its_words(text: str) -> None:
    assert set(words(focus_of(text))) <= set(words(text))
