"""How a conversation goes on: steps, history, failures and stopping."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from assistant.schema import Turn
from assistant.web.ask.conversation import (
    Conversation,
    Exchange,
    converse,
    fault_of,
    history_of,
    stop,
)
from tests.browser.fakes import ANSWERED, FAILED, WRITING, FakeAssistant


def all_of(steps: AsyncIterator[Conversation]) -> list[Conversation]:
    async def collect() -> list[Conversation]:
        return [step async for step in steps]

    return asyncio.run(collect())


def ask(*questions: str) -> tuple[FakeAssistant, list[Conversation]]:
    """Ask one after the other; return the steps of the last."""
    assistant = FakeAssistant()
    steps: list[Conversation] = [()]
    for question in questions:
        steps = all_of(converse(assistant, steps[-1], question))
    return assistant, steps


def test_converse_shows_the_question_then_the_search_then_the_sentences() -> None:
    _, steps = ask("hubs?")
    latest = [conversation[-1] for conversation in steps]
    assert [exchange.standalone_question for exchange in latest[:2]] == [None, "hubs?"]
    assert [exchange.shown for exchange in latest[2:]] == [1, 2, None]
    assert latest[-1].answer is not None


def test_converse_shows_each_sentence_that_a_model_wrote() -> None:
    _, steps = ask("writes")
    latest = [conversation[-1] for conversation in steps]
    assert [exchange.growing for exchange in latest] == [False, False, True, False]
    assert latest[2].answer == WRITING
    assert latest[3].shown is None


def test_stop_keeps_what_was_checked() -> None:
    stopped = stop((Exchange(1, "a", answer=WRITING, growing=True),))
    assert (stopped[-1].answer, stopped[-1].growing) == (WRITING, False)
    assert stopped[-1].stopped
    assert history_of(stopped) == [Turn("user", "a"), Turn("assistant", WRITING.text)]


def test_converse_hands_on_the_history_and_the_reports() -> None:
    assistant, steps = ask("hubs?")
    all_of(converse(assistant, steps[-1], " and cost? ", ["old-2013"]))
    assert assistant.chain.inputs[-1] == {
        "question": "and cost?",
        "history": [Turn("user", "hubs?"), Turn("assistant", ANSWERED.text)],
        "reports": ["old-2013"],
    }


def test_history_of_leaves_failures_out() -> None:
    failed = Exchange(1, "a", answer=FAILED), Exchange(2, "b", failure="It broke.")
    assert history_of((*failed, Exchange(3, "c", stopped=True))) == []


def test_an_error_fit_to_show_is_shown() -> None:
    _, steps = ask("refuse this")
    assert steps[-1][-1].failure == "Ask for one thing at a time."


def test_any_other_error_is_logged_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        _, steps = ask("broken")
    failure = steps[-1][-1].failure or ""
    assert "secret" not in failure
    id_ = failure.rstrip(".").rpartition(" ")[2]
    assert id_ in caplog.text
    assert "a secret of this machine" in caplog.text


def test_converse_goes_on_after_a_failure() -> None:
    _, steps = ask("hubs?", "broken", "hubs?")
    assert [exchange.number for exchange in steps[-1]] == [1, 2, 3]
    assert steps[-1][-1].answer is not None


@pytest.mark.parametrize(
    ("typed", "searched", "shown"),
    [
        ("What of hubs?", "What of hubs?", None),
        ("  what of  hubs", "What of hubs?", None),
        ("and cost?", "What do hubs cost?", "What do hubs cost?"),
        ("and cost?", None, None),
    ],
)
def test_searched_for_is_told_where_it_differs(
    typed: str, searched: str | None, shown: str | None
) -> None:
    assert Exchange(1, typed, searched).searched_for == shown


def test_stop_keeps_an_answer_that_is_there_and_marks_one_that_is_not() -> None:
    answered = Exchange(1, "a", answer=ANSWERED, shown=1)
    pending = Exchange(2, "b")
    assert stop(()) == ()
    assert stop((answered,))[-1].shown is None
    assert stop((answered, pending))[-1].stopped
    ticked = stop((Exchange(1, "a", doing="Reading the question (0.2 s)"),))[-1]
    assert (ticked.stopped, ticked.doing) == (True, "")


@pytest.mark.parametrize(
    ("question", "reports", "fault"),
    [
        ("hubs?", ["a"], None),
        (" \n ", ["a"], "Type a question first."),
        ("x" * 51, ["a"], "Use at most 50 characters; this has 51."),
        ("hubs?", [], "Choose at least one report to ask."),
    ],
)
def test_fault_of_says_what_is_wrong(
    question: str, reports: list[str], fault: str | None
) -> None:
    assert fault_of(question, reports, 50) == fault
