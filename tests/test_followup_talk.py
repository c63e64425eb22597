"""Conversations as officers hold them: which report is meant, and what of it."""

from __future__ import annotations

import pytest
from assistant.answering.understanding.follow_ups.asked_back import (
    WHICH_REPORT,
    reports_offered,
    reports_picked,
)
from assistant.answering.understanding.follow_ups.followup import make_standalone
from assistant.answering.understanding.follow_ups.lists import items_listed

from assistant.schema import Turn
from tests.passages import shipped_catalogue

HEART, NEXT = "heart-of-the-matter-2024", "whats-next-2024"
LEVEL, CHANGING = "level-measures-2023", "changing-places-2013"
ASKED = (
    f"{WHICH_REPORT} Heart of the Matter (Localis, 2024), What's Next For Local "
    "Government (31ten, 2024), Level Measures (Localis, 2023) or Changing Places "
    "(Localis, 2013)?"
)
AUDIT = ("what does level measures say about audit", "Localis (2023) wants audit. [1]")
PILOTS = ("and changing places on pilots", "Localis (2013) recommends pilots. [1]")
PREVENTION = ("what does 31ten say about prevention", "31ten (2024) finds it pays. [1]")
BUDGET = (
    "what is a placemaking budget",
    "Localis (2023) in Level Measures wants one. [1]",
)
SECTIONS = (
    "what are the sections of heart of the matter",
    "Localis (2024) divides Heart of the Matter into three sections: section one on "
    "challenges; section two on trials; section three on a new settlement. [1]",
)
ASIDE = ("thanks", "I answer questions about the reports on the shelf. Ask me those.")


def talk(question: str, *said: str) -> str:
    history = [
        Turn("user" if number % 2 == 0 else "assistant", text)
        for number, text in enumerate(said)
    ]
    return make_standalone(question, history, shipped_catalogue(), lambda text: None)


@pytest.mark.parametrize(
    ("question", "said", "meant"),
    [
        # One Localis report was spoken of: that one. Several, or none: it stays open.
        (
            "What does the Localis report recommend?",
            AUDIT,
            "What does Level Measures recommend?",
        ),
        (
            "What does the Localis report recommend?",
            (*AUDIT, *PILOTS),
            "What does the Localis report recommend?",
        ),
        (
            "What does the Localis report recommend?",
            PREVENTION,
            "What does the Localis report recommend?",
        ),
        (
            "what does the localis report say?",
            PREVENTION,
            "what does Localis say about prevention?",
        ),
        (
            "what about the other report?",
            ("tell me about level measures", "It does. [1]"),
            "What is the report other than Level Measures about?",
        ),
        (
            "what did they find",
            ("Who did 31ten interview?", "Directors (31ten, 2024). [1]"),
            "what did 31ten find",
        ),
        (
            "and level measures?",
            PREVENTION,
            "what does Level Measures say about prevention?",
        ),
        ("and in 2013?", PREVENTION, "what does Changing Places say about prevention?"),
        (
            "compare them",
            (*PREVENTION, "and level measures?", "Localis (2023) does. [1]"),
            "How do What's Next For Local Government and Level Measures compare on prevention?",
        ),
        (
            "compare with level measures",
            PREVENTION,
            "How do What's Next For Local Government and Level Measures compare on prevention?",
        ),
        (
            "which is newer",
            (*PREVENTION, "and level measures?", "Localis (2023) does. [1]"),
            "When were What's Next For Local Government and Level Measures published?",
        ),
        (
            "and the other two?",
            (*PREVENTION, "and level measures?", "Localis (2023) does. [1]"),
            "what do Changing Places and Heart of the Matter say about prevention?",
        ),
        ("who chairs it", BUDGET, "who chairs placemaking budget in Level Measures?"),
        ("who wrote it", BUDGET, "who wrote Level Measures"),
        (
            "explain the second",
            SECTIONS,
            "What does Heart of the Matter say about section two on trials?",
        ),
        (
            "and the last one?",
            (*SECTIONS, "explain the second", "Localis (2024) says. [1]"),
            "What does Heart of the Matter say about section three on a new settlement?",
        ),
        (
            "next",
            (*SECTIONS, "the first", "Localis (2024) says. [1]", *ASIDE),
            "What does Heart of the Matter say about section two on trials?",
        ),
        ("what does it say?", AUDIT, "what does level measures say about audit?"),
        (
            "can you say that in one line?",
            AUDIT,
            "In short, what does level measures say about audit",
        ),
        (
            "back to level measures - who wrote it?",
            PREVENTION,
            "who wrote Level Measures?",
        ),
        (
            "and councils?",
            ("what are the lessons for firms in level measures", "Five. [1]"),
            "what are the lessons for councils in level measures",
        ),
        (
            "and what does it say on boards",
            (*AUDIT, *ASIDE),
            "what does Level Measures say on boards",
        ),
        (
            "I meant Changing Places",
            PREVENTION,
            "what does Changing Places say about prevention?",
        ),
        ("thx", AUDIT, "thx"),
    ],
)
def test_a_follow_up_is_understood(
    question: str, said: tuple[str, ...], meant: str
) -> None:
    assert talk(question, *said).casefold() == meant.casefold()


def test_the_report_that_answered_is_in_hand() -> None:
    silent = "Heart of the Matter does not speak of this; Changing Places does:\n\n"
    said = (
        "does heart of the matter mention data",
        f"{silent}Localis (2013) does. [1]",
    )
    assert talk("who wrote it?", *said) == "who wrote Changing Places?"


def test_the_older_of_those_compared_stays_in_hand() -> None:
    compared = (*PREVENTION, "and level measures?", "Localis (2023) does. [1]")
    told = (
        "Localis published Level Measures in 2023. [1]\n\n31ten (2024) came later. [2]"
    )
    said = (*compared, "which is older", told)
    assert talk("who paid for it", *said) == "who paid for Level Measures"


@pytest.mark.parametrize(
    ("reply", "picked"),
    [
        ("2", (NEXT,)),
        ("number 4 please", (CHANGING,)),
        ("the third", (LEVEL,)),
        ("the last one", (CHANGING,)),
        ("the oldest one", (CHANGING,)),
        ("31ten", (NEXT,)),
        ("the 2023 one", (LEVEL,)),
        ("the 2024 ones", (HEART, NEXT)),
        ("the Localis 2013 paper", (CHANGING,)),
        ("the first two", (HEART, NEXT)),
        ("all of them", (HEART, NEXT, LEVEL, CHANGING)),
        ("don't mind", (HEART, NEXT, LEVEL, CHANGING)),
        ("level measures or changing places", (LEVEL, CHANGING)),
        ("9", ()),
        ("what does 31ten say about prevention", ()),
        ("who wrote them?", ()),
    ],
)
def test_a_reply_picks_of_the_reports_offered(
    reply: str, picked: tuple[str, ...]
) -> None:
    offered = reports_offered(ASKED, shipped_catalogue())
    assert offered == (HEART, NEXT, LEVEL, CHANGING)
    assert reports_picked(reply, offered, shipped_catalogue()) == picked


def test_nothing_is_picked_where_nothing_was_offered() -> None:
    assert reports_offered("Localis says so. [1]", shipped_catalogue()) == ()
    assert reports_picked("the older one", (), shipped_catalogue()) == ()


def test_another_of_the_reports_offered_may_be_picked_next() -> None:
    said = ("who wrote the report?", ASKED, "the last one", "Steven Howell. [1]")
    assert talk("and the first", *said) == "Who wrote Heart of the Matter?"


def test_a_list_after_a_pick_is_counted_first() -> None:
    told = (
        "Localis (2024) has two recommendations: more money; more trust; more time. [1]"
    )
    said = ("what are the recommendations in the report?", ASKED, "1", told)
    assert "more trust" in talk("the second", *said)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("It makes two asks: money and trust.", ("money", "trust")),
        ("It makes three asks: money and trust.", ()),
        ("The principles are a; b c; and d.", ("a", "b c", "d")),
        ("The principles are a; b c; and was cut off he", ()),
        ("Nothing is listed here.", ()),
        ("", ()),
    ],
)
def test_items_listed_are_whole_or_none(text: str, items: tuple[str, ...]) -> None:
    assert items_listed(text) == items
