"""What the shelf does not hold is refused, whatever words of it the shelf knows."""

from __future__ import annotations

import pytest

from assistant.composition import Assistant

pytest_plugins = ("tests.shelf",)


@pytest.mark.parametrize(
    "question",
    [
        "What do the reports say about village halls?",
        "Does Level Measures mention coroners?",
        "What does 31ten recommend on taxi licensing?",
        "Who is the mayor?",
        "Who is the Secretary of State?",
        "How many employees does Localis have?",
        "What did the 2031 budget give councils?",
        "When was Oflog abolished?",
        "What has happened since the report came out?",
        "What did the government's white paper say about devolution?",
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
        ("What do the reports say about council tax and other revenue?", ""),
    ],
)
def test_what_is_near_to_it_is_answered(
    assistant: Assistant, question: str, held: str
) -> None:
    answer = assistant.answer(question)
    assert answer.outcome in ("answered", "partial")
    assert answer.citations


def test_a_matter_is_no_stranger_once_a_report_speaks_of_it(
    assistant: Assistant,
) -> None:
    from assistant.answering.pipeline import understand

    asked = "What do the reports say about parish councils?"
    assert understand(asked, (), assistant.parts).silent_on == ("parish councils",)
    told = "What do the reports say about integrated care systems?"
    assert understand(told, (), assistant.parts).silent_on == ()
