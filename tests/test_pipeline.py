"""The answer path takes anything: a clear refusal or an answer, never a crash."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering.citations import resolve_markers
from assistant.composition import Assistant
from assistant.errors import QuestionError
from assistant.schema import Answer, Role, Turn

pytest_plugins = ("tests.shelf",)

AUDIT = Turn("user", "What does Level Measures say about audit?")
REPLY = Turn("assistant", "Localis says in Level Measures that it matters. [1]")
WORDS = st.lists(
    st.sampled_from(
        "what who when how many Level Measures Localis 31ten 2013 2019 £ % prevention "
        "data audit the report compare all list recommendations ? ignore LGA Howell"
        " not *".split()
    ),
    min_size=1,
    max_size=12,
).map(" ".join)


def assert_sound(answer: Answer) -> None:
    numbers = [citation.number for citation in answer.citations]
    shown = resolve_markers(answer.text, numbers)
    assert answer.text
    assert shown.invented == 0
    assert set(shown.numbers) == set(numbers)
    assert all(set(s.citations) <= set(numbers) for s in answer.sentences)
    assert all(s.citations for s in answer.sentences)


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", "empty"),
        ("  \n\t ", "empty"),
        ("\0\0", "empty"),
        ("\u3000\u00a0", "empty"),
        ("a" * 100_000, "has 100000 characters"),
        ("audit " * 20_000, "characters; at most 2000"),
        (None, "must be text"),
        (7, "must be text"),
    ],
)
def test_answer_refuses_what_is_no_question(
    assistant: Assistant, question: object, complaint: str
) -> None:
    with pytest.raises(QuestionError) as caught:
        assistant.answer(question)  # type: ignore[arg-type]
    assert complaint in str(caught.value)


def test_answer_refuses_a_report_that_is_not_there(assistant: Assistant) -> None:
    with pytest.raises(QuestionError) as caught:
        assistant.answer("What is said on data?", reports=["nope-1999"])
    assert "nope-1999" in str(caught.value)
    assert "level-measures-2023" in str(caught.value)


@pytest.mark.parametrize(
    "question",
    [
        "😀🎉",
        "the of and",
        "?",
        "1",
        "[1]",
        "£5",
        "thanks",
        "Beth mae'r adroddiad yn ei ddweud am atal?",
        "预防是什么",
        "\uff21\uff55\uff44\uff49\uff54",
        "'; DROP TABLE chunks; --",
        'prevention" OR NEAR(a b) *',
        "prevention AND NOT ( ^",
        "text:prevention NEAR/3 {col}",
        "<script>alert(1)</script> prevention",
        "what is \0 prevention?",
        "what is prevention\u202e",
        "a\u0301" * 300,
        "x" * 1990,
        "prevention " * 180,
        "What does Level Measures say? " + "(" * 1900,
    ],
)
def test_answer_takes_any_text(assistant: Assistant, question: str) -> None:
    assert_sound(assistant.answer(question))


def test_answer_takes_half_a_surrogate_pair(assistant: Assistant) -> None:
    assert_sound(assistant.answer("What is \ud800 prevention?"))


@pytest.mark.parametrize(
    "history",
    [
        [AUDIT, REPLY] * 500,
        [AUDIT, Turn("assistant", "Ann Example says so. " * 500)],
        [Turn("user", "audit " * 1500), REPLY],
        [Turn("user", "[" * 10_000), Turn("assistant", "`[1" * 3000)],
        [Turn("assistant", "Hello."), Turn("assistant", "")],
        [Turn("user", ""), Turn("user", "\0"), Turn("user", "😀")],
        [REPLY],
    ],
)
def test_answer_takes_any_history(assistant: Assistant, history: list[Turn]) -> None:
    assert_sound(assistant.answer("and prevention?", history))


def test_answer_follows_the_end_of_a_long_history(assistant: Assistant) -> None:
    other = Turn("user", "What does Heart of the Matter say about audit?")
    answer = assistant.answer("who published it?", [other, REPLY] * 400 + [AUDIT])
    assert "Level Measures" in answer.standalone_question


def test_answer_keeps_to_the_reports_chosen(assistant: Assistant) -> None:
    answer = assistant.answer("What is prevention?", reports=["whats-next-2024"])
    assert {citation.report for citation in answer.citations} == {"whats-next-2024"}


@pytest.mark.parametrize("id_", [None, "", "q-7"])
def test_answer_gives_the_id_back(assistant: Assistant, id_: str | None) -> None:
    assert assistant.answer("What is prevention?", id=id_).id == id_


def test_answer_gives_the_question_as_asked_and_as_searched(
    assistant: Assistant,
) -> None:
    answer = assistant.answer("  who \n wrote it? ", [AUDIT, REPLY])
    assert answer.question == "who wrote it?"
    assert answer.standalone_question == "who wrote it? (Level Measures)"


@pytest.mark.parametrize(
    "question",
    ["What do the reports say about data?", "Who wrote it?", "prevention", "cheese"],
)
def test_the_same_question_twice_gives_the_same_answer(
    assistant: Assistant, question: str
) -> None:
    first, second = (assistant.answer(question) for _ in range(2))
    assert replace(first, seconds=0) == replace(second, seconds=0)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(question=st.one_of(st.text(max_size=60), WORDS))
def test_answer_is_sound_whatever_is_asked(assistant: Assistant, question: str) -> None:
    try:
        answer = assistant.answer(question)
    except QuestionError:
        assert not question.replace("\0", " ").strip()
        return
    assert_sound(answer)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    history=st.lists(
        st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=40) | WORDS),
        max_size=4,
    )
)
def test_answer_is_sound_whatever_came_before(
    assistant: Assistant, history: list[tuple[Role, str]]
) -> None:
    past = [Turn(role, content) for role, content in history]
    assert_sound(assistant.answer("and what about it?", past))
