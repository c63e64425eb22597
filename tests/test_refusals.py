"""What the shelf does not hold is refused, whatever words of it the shelf knows."""

from __future__ import annotations

import pytest

from assistant.composition import Assistant

pytest_plugins = ("tests.shelf",)


@pytest.mark.parametrize(
    "question",
    [
        "What do the reports say about village halls?",
        "What does 31ten recommend on taxi licensing?",
        "Who is the mayor?",
        "Who is the Secretary of State?",
        "What did the 2031 budget give councils?",
        "When was Oflog abolished?",
        "Why does Heart of the Matter recommend closing libraries?",
        "Why does Changing Places call for regional parliaments?",
    ],
)
def test_it_is_refused(assistant: Assistant, question: str) -> None:
    assert assistant.answer(question).outcome in ("no_evidence", "declined")


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Why does Level Measures want external audit changed?", "level-measures-2023"),
        ("How many people work for Capita?", "level-measures-2023"),
        ("Who leads Localis?", "heart-of-the-matter-2024"),
    ],
)
def test_what_is_near_to_it_is_answered(
    assistant: Assistant, question: str, held: str
) -> None:
    answer = assistant.answer(question)
    assert answer.outcome in ("answered", "partial")
    assert answer.citations
