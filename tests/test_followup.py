"""Follow-ups become questions that are complete in themselves."""

from __future__ import annotations

import pytest
from assistant.answering.understanding.follow_ups.followup import make_standalone
from hypothesis import given
from hypothesis import strategies as st

from assistant.schema import Role, Turn
from assistant.words import words
from tests.passages import shipped_catalogue

AUDIT = (
    "What does Level Measures say about audit?",
    "One of the seven principles that Localis (2023) sets out in Level Measures is "
    "that external audit rest on outcomes. [1]",
)
SPONSOR = (
    "Who sponsored Changing Places?",
    "Civica supported the Localis (2013) project Changing Places. [1]",
)
WERRAN = (
    "What does Jonathan Werran say in Level Measures?",
    "Jonathan Werran, chief executive of Localis, says strong communities matter. [1]",
)
BUDGET = (
    "What is the placemaking budget in Level Measures?",
    "Localis recommends in Level Measures a single placemaking budget. [1]",
)


def turns(*texts: str) -> list[Turn]:
    roles: tuple[Role, Role] = ("user", "assistant")
    return [Turn(roles[i % 2], text) for i, text in enumerate(texts)]


def standalone(question: str, *texts: str, top: str | None = None) -> str:
    history = turns(*texts)
    return make_standalone(question, history, shipped_catalogue(), lambda text: top)


@pytest.mark.parametrize(
    ("question", "before", "holds", "lacks"),
    [
        ("and prevention?", AUDIT, "Level Measures prevention", "audit"),
        ("What about prevention?", AUDIT, "Level Measures prevention", "audit"),
        ("who wrote it?", AUDIT, "who wrote Level Measures", "audit"),
        ("and who wrote it?", AUDIT, "who wrote Level Measures", "audit"),
        ("when was it published?", AUDIT, "when published Level Measures", "audit"),
        ("when was that?", SPONSOR, "when Changing Places", "Level"),
        ("why?", AUDIT, "why audit Level Measures", ""),
        ("what about its date?", AUDIT, "what date Level Measures", "audit"),
        ("Now the same for councils.", AUDIT, "audit councils Level Measures", ""),
        ("does the Heart of the Matter agree?", AUDIT, "audit Heart Matter", "agree"),
        ("was that in Changing Places too?", AUDIT, "audit Changing Places", ""),
        ("why do councils find that hard?", AUDIT, "audit hard", ""),
        ("who said that?", AUDIT, "who external audit rest outcomes", ""),
        ("no, I meant the 31ten one", AUDIT, "audit What's Next", "Level"),
        ("I meant Changing Places", AUDIT, "audit Changing Places", "Level"),
        ("What about Heart of the Matter?", AUDIT, "audit Heart Matter", "Level"),
        (
            "what about the other one?",
            (*AUDIT, *SPONSOR),
            "sponsored Level",
            "Changing",
        ),
        ("any others?", AUDIT, "audit other than Level Measures", ""),
        ("Who else says that?", AUDIT, "audit other than Level Measures", ""),
        ("shorter please", AUDIT, "audit Level Measures", "shorter"),
        ("tell me more", AUDIT, "audit Level Measures", ""),
        ("how long should it last?", BUDGET, "how long placemaking budget Level", ""),
        ("what did he say?", WERRAN, "Jonathan Werran Level Measures", ""),
        ("Thanks. And prevention?", AUDIT, "Level Measures prevention", "audit"),
        ("and for central government?", AUDIT, "central government Level", ""),
    ],
)
def test_make_standalone_fills_in_what_it_leans_on(
    question: str, before: tuple[str, ...], holds: str, lacks: str
) -> None:
    found = words(standalone(question, *before))
    assert set(words(holds)) <= set(found)
    assert not set(words(lacks)) & set(found)


def test_make_standalone_puts_the_person_for_a_pronoun() -> None:
    found = standalone("what does he say about data?", *WERRAN)
    assert "Jonathan Werran" in found


@pytest.mark.parametrize(
    "question",
    [
        "How many recommendations does Heart of the Matter make?",
        "What does 31ten say about digital transformation and AI?",
        "What should councils do about homelessness services?",
        "Which revenue sources should central government examine?",
    ],
)
def test_make_standalone_leaves_a_full_question_alone(question: str) -> None:
    assert standalone(question, *AUDIT) == question


def test_make_standalone_drops_thanks_before_a_full_question() -> None:
    asked = "How many recommendations does Heart of the Matter make?"
    assert standalone(f"Thanks. {asked}", *AUDIT) == asked


@pytest.mark.parametrize(
    "question", ["and prevention?", "who wrote it?", "", "  why? "]
)
def test_make_standalone_without_a_history_is_the_question(question: str) -> None:
    assert standalone(question) == question.strip()


def test_make_standalone_without_a_question_before_is_the_question() -> None:
    greeting = [Turn("assistant", "Ask me about the reports.")]
    found = make_standalone("and audit?", greeting, shipped_catalogue(), lambda t: None)
    assert found == "and audit?"


def test_make_standalone_takes_the_report_that_answered() -> None:
    found = standalone(
        "who wrote it?", "What is said on AI?", "Much.", top="whats-next-2024"
    )
    assert found == "who wrote What's Next For Local Government?"


def test_make_standalone_follows_a_chain_of_follow_ups() -> None:
    found = standalone("who wrote it?", *AUDIT, "and prevention?", "It matters.")
    assert found == "who wrote Level Measures?"


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=40)),
        max_size=5,
    ),
)
def test_make_standalone_never_raises(
    question: str, history: list[tuple[Role, str]]
) -> None:
    past = [Turn(role, content) for role, content in history]
    make_standalone(question, past, shipped_catalogue(), lambda text: None)


def test_a_lone_why_asks_for_the_reason_of_what_was_said() -> None:
    before = ("What about pots?", "Yes, it wants them merged in one budget. [1]")
    asked = standalone("why?", *before, top="level-measures-2023")
    assert asked == "Why it wants them merged in one budget in Level Measures?"


def test_the_third_one_is_the_third_of_the_list_asked_for() -> None:
    before = (
        "What are the principles in Level Measures?",
        "Funding; trust; audit. [1]",
    )
    assert standalone("explain the third one", *before) == (
        "What does Level Measures say about audit?"
    )


def test_reports_are_counted_in_the_order_of_their_mention() -> None:
    before = (*SPONSOR, *AUDIT)
    assert "Changing Places" in standalone(
        "who wrote the first report you named?", *before
    )
    assert "Level Measures" in standalone("who wrote the second report?", *before)


def test_the_newer_one_is_the_newer_of_the_two_spoken_of() -> None:
    before = (
        "Which reports want shared data?",
        "Changing Places and Level Measures want it. [1][2]",
    )
    asked = standalone("What does the newer one propose?", *before)
    assert "Level Measures" in asked
    assert "shared data" in asked
    assert "Changing Places" in standalone("Who wrote the older one?", *before)
