"""The Ask page's events and texts, without a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from assistant.schema import Answer
from assistant.web.access.people import KEY, Person
from assistant.web.ask.asking import Asking, editing_notice
from assistant.web.ask.choosing import chosen_of, report_choices
from assistant.web.ask.conversation import (
    Conversation,
    Exchange,
    before,
    converse,
    questions_of,
)
from assistant.web.ask.copying import as_html, as_text, cite, render_copy
from assistant.web.ask.history import History
from assistant.web.ask.keeping import KEPT_APART, Keeping
from assistant.web.ask.suggestions import Suggesting, offer
from assistant.web.ask.view import messages_of, render_older, render_tools
from assistant.web.ask.wiring import Events
from assistant.web.gradio_import import gr
from assistant.web.wall.owners import OWNER
from tests.browser.fakes import (
    ANSWERED,
    BROKEN_OFF,
    CLARIFY,
    HOSTILE,
    NEW,
    NO_EVIDENCE,
    OLD,
    WRITING,
    FakeAssistant,
)

THREE = tuple(Exchange(n, f"q{n}", answer=ANSWERED) for n in (1, 2, 3))
KEY_OF_TESTS = "k" * 64


def events_of(assistant: FakeAssistant | None = None) -> Events:
    assistant, history = assistant or FakeAssistant(), History(KEY_OF_TESTS)
    asking, keeping = Asking(assistant, history), Keeping(assistant, history)
    return Events(asking, keeping, Suggesting(assistant))


def request_of(name: str | None, query: str = "") -> gr.Request:
    scope = {"type": "http", "query_string": query.encode(), KEY: Person(name)}
    return gr.Request(request=Request(scope | {OWNER: name or "a browser"}))


def all_of(steps: AsyncIterator[Any]) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in steps]

    return asyncio.run(collect())


def is_skipped(update: object) -> bool:
    return isinstance(update, dict) and update == gr.skip()


# Copying


def test_cite_names_what_is_known_of_a_source() -> None:
    old, new = ANSWERED.citations
    assert cite(new) == (
        "New Measures, 31ten, March 2026. Findings › 2 Data, page 12. "
        "https://example.org/new"
    )
    assert "page" not in cite(replace(old, digest_of=None))
    assert "date unknown" in cite(replace(new, published=None))


def test_as_text_holds_the_markers_and_their_sources() -> None:
    text = as_text(ANSWERED)
    assert text.startswith(ANSWERED.text)
    sources = text.partition("\n\nSources\n")[2].splitlines()
    assert [line[:4] for line in sources] == ["[1] ", "[2] "]
    assert set(re.findall(r"\[\d\]", ANSWERED.text)) == {"[1]", "[2]"}


def test_as_text_of_a_failure_keeps_both_lists_of_sources_apart() -> None:
    own, quoted = as_text(BROKEN_OFF).split("From quotations, without the model:")
    assert own.count("\nSources\n") == quoted.count("\nSources\n") == 1
    assert "New Measures" not in own
    assert "New Measures" in quoted


def test_as_text_of_a_refusal_names_the_nearest_sections() -> None:
    assert as_text(NO_EVIDENCE).endswith(
        "The nearest sections:\n- Old Places: Key recommendations › 8 Local hubs"
    )


def test_what_is_copied_is_escaped_and_on_one_line() -> None:
    hostile = replace(ANSWERED, text=f"{HOSTILE}\n\nand [1] more\r\n\r\n- [2]")
    html = render_copy(hostile)
    assert "\n" not in html
    assert "\r" not in html
    assert "<img" not in html
    assert "<script" not in html
    assert "[1]" in as_html(hostile)


# What is shown


def test_the_latest_answer_alone_can_be_asked_again() -> None:
    tools = [render_tools(one, latest=one.number == 3) for one in THREE]
    assert ["retry" in html for html in tools] == [False, False, True]
    assert all("Copy with citations" in html for html in tools)


def test_an_answer_that_is_not_whole_has_no_buttons() -> None:
    growing = Exchange(1, "q", answer=WRITING, growing=True)
    assert render_tools(growing, latest=True) == ""
    assert render_tools(replace(growing, growing=False, shown=1), latest=True) == ""
    failed = render_tools(Exchange(1, "q", failure="It broke."), latest=True)
    assert "retry" in failed
    assert "Copy" not in failed


def test_an_answer_of_an_older_shelf_says_so() -> None:
    at = datetime(2026, 5, 3, 9, tzinfo=UTC)
    exchange = replace(THREE[0], corpus_version="old", asked_at=at)
    assert "Answered on 3 May 2026; the reports" in render_older(exchange, "new")
    assert render_older(exchange, "old") == ""
    assert render_older(THREE[0], "new") == ""


def test_messages_of_leave_no_blank_line_and_no_foreign_tag() -> None:
    exchange = Exchange(1, f"{HOSTILE}\n\nmore", answer=ANSWERED)
    for message in messages_of((exchange,), "any"):
        assert "\n\n" not in message["content"]
        assert "<img" not in message["content"]


# What happens


@pytest.mark.parametrize(
    ("ticked", "asked"),
    [(["a", "b"], ()), (["b", "a"], ()), (["a"], ("a",)), (["a", "b", "new"], ())],
)
def test_chosen_of_asks_all_where_all_that_were_offered_are_ticked(
    ticked: list[str], asked: tuple[str, ...]
) -> None:
    assert chosen_of(ticked, ("a", "b")) == asked


def test_report_choices_name_each_report_once() -> None:
    twice = replace(OLD, document="summary", title="Old Places, in short")
    assert report_choices((OLD, twice, NEW)) == [
        ("Old Places (Localis, 2013)", "old-2013"),
        ("New Measures (31ten, 2026)", "new-2026"),
    ]


@pytest.mark.parametrize(
    ("number", "rest"),
    [(3, "its answer will"), (2, "the question after it"), (1, "2 questions after")],
)
def test_editing_notice_says_what_is_dropped(number: int, rest: str) -> None:
    assert rest in editing_notice(number, THREE)


def test_before_drops_a_question_and_what_follows() -> None:
    assert before(THREE, 2) == THREE[:1]
    assert before(THREE, 1) == before(THREE, -5) == ()


def test_questions_of_are_those_typed_and_those_searched_for() -> None:
    follow_up = Exchange(2, "and cost?", "What do hubs cost?", answer=ANSWERED)
    assert questions_of((THREE[0], follow_up)) == [
        "q1",
        "and cost?",
        "What do hubs cost?",
    ]


def test_converse_notes_when_what_and_which_shelf_was_asked() -> None:
    steps = all_of(converse(FakeAssistant(), (), "hubs?", ["old-2013"]))
    exchange = steps[-1][-1]
    assert exchange.corpus_version == FakeAssistant().corpus_version
    assert exchange.reports == ("old-2013",)
    assert exchange.asked_at.tzinfo is UTC


def test_questions_within_a_second_keep_their_order() -> None:
    first, second = (
        all_of(converse(FakeAssistant(), (), question, []))[-1][-1].asked_at
        for question in ("hubs?", "and cost?")
    )
    assert first < second


@pytest.mark.parametrize("number", ["0", "4", "-1", "", "x", "²", "9" * 5000])
def test_edit_takes_only_the_number_of_a_question(number: str) -> None:
    assert all(
        map(is_skipped, events_of().asking.edit(number, THREE, "", request_of(None)))
    )


def test_edit_puts_the_question_into_the_box() -> None:
    shown, notice, question, place = events_of().asking.edit(
        "2", THREE, "", request_of(None)
    )
    assert (question, place, shown["visible"]) == ("q2", 2, True)
    assert 'role="status"' in notice


def test_ask_typed_drops_what_follows_the_question_that_is_changed() -> None:
    assistant = FakeAssistant()
    steps = all_of(
        events_of(assistant).asking.ask_typed(
            "hubs?", THREE, "", ["new-2026"], ("a",), 2, request_of(None)
        )
    )
    state = [step[2] for step in steps if not is_skipped(step[2])][-1]
    assert [one.question for one in state] == ["q1", "hubs?"]
    assert assistant.chain.inputs[-1]["reports"] == ["new-2026"]


def test_ask_typed_says_what_is_wrong_and_asks_nothing() -> None:
    assistant = FakeAssistant()
    asking = events_of(assistant).asking.ask_typed
    (step,) = all_of(asking("  ", (), "", ["a"], ("a",), 0, request_of(None)))
    told = [update for update in step if not is_skipped(update)]
    assert told == ['<p role="status">Type a question first.</p>']
    assert assistant.chain.inputs == []


def test_ask_again_asks_the_latest_question_in_its_place() -> None:
    assistant = FakeAssistant()
    again, request = events_of(assistant).asking.ask_again, request_of(None)
    steps = all_of(again(THREE, "", ["a"], ("a",), request))
    state = [step[2] for step in steps if not is_skipped(step[2])][-1]
    assert [one.question for one in state] == ["q1", "q2", "q3"]
    assert len(assistant.chain.inputs) == 1
    assert all_of(again((), "", ["a"], ("a",), request)) == []


def test_a_growing_answer_resends_neither_its_sources_nor_the_rest() -> None:
    pressing = events_of().asking.ask_pressed
    steps = all_of(pressing((), "", ["a"], ("a",), "hubs?", request_of(None)))
    shown = [step for step in steps if not is_skipped(step[0])]
    sent = [step for step in shown if not is_skipped(step[1])]
    # With the question, with what is searched for, and with the first sentence.
    assert len(shown) > len(sent)
    assert len(sent) <= 3
    for step in steps[1:]:
        assert all(map(is_skipped, step[4:]))


def test_suggest_offers_choices_or_follow_ups() -> None:
    events = events_of()
    answered = events.suggesting.suggest(
        (Exchange(1, "What do hubs cost?", answer=ANSWERED),)
    )
    assert [update.get("visible") for update in answered] == (
        [False] * 6 + [True, True, True, False]
    )
    assert answered[7]["value"] == "Who shares data?"
    asked_back = events.suggesting.suggest((Exchange(1, "which?", answer=CLARIFY),))
    assert [update.get("visible") for update in asked_back] == (
        [True, True, True] + [False] * 7
    )
    growing = Exchange(1, "q", answer=ANSWERED, growing=True)
    for nothing in ((), (Exchange(1, "q", failure="x"),), (growing,)):
        assert not any(
            update["visible"] for update in events.suggesting.suggest(nothing)
        )


@dataclass
class Silent(FakeAssistant):
    """Has nothing to suggest, and says so by failing."""

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        raise RuntimeError("no openings")

    def follow_ups(
        self, answer: Answer, asked: Sequence[str], reports: Sequence[str] = ()
    ) -> list[str]:
        raise RuntimeError("no follow-ups")


def test_the_page_works_without_suggestions(caplog: pytest.LogCaptureFixture) -> None:
    events = events_of(Silent())
    assert not any(
        update["visible"] for update in events.suggesting.open_with(["a"], ())
    )
    assert not any(update["visible"] for update in events.suggesting.suggest(THREE))
    assert "no openings" in caplog.text
    assert "no follow-ups" in caplog.text


def test_offer_shows_no_more_than_there_are_buttons() -> None:
    group, *buttons = offer(["a", "b", "c"], 2)
    assert group["visible"]
    assert [button["value"] for button in buttons] == ["a", "b"]
    assert not offer([], 2)[0]["visible"]


def test_openings_are_of_the_chosen_reports_and_only_at_the_start() -> None:
    asked: list[Sequence[str]] = []

    class Noting(FakeAssistant):
        def openings(self, reports: Sequence[str] = ()) -> list[str]:
            asked.append(reports)
            return ["What of it?"]

    events = events_of(Noting())
    assert all(map(is_skipped, events.suggesting.open_with(["new-2026"], THREE)))
    events.suggesting.open_with(["new-2026"], ())
    events.suggesting.open_with(["new-2026", "old-2013"], ())
    assert asked == [("new-2026",), ()]


def test_load_reads_the_shelf_as_it_is_then() -> None:
    assistant = FakeAssistant()
    events = events_of(assistant)
    assistant.catalogue = (NEW,)
    filter_, offered, record = events.keeping.load(request_of(None))
    assert offered == ("new-2026",)
    assert filter_["value"] == ["new-2026"]
    assert events.keeping.history.name_of("a browser") in record


def test_keep_and_open_hand_a_conversation_to_its_own_person() -> None:
    events = events_of()
    record, kept_id = events.keeping.keep(THREE, "", "", request_of("ann"))
    text = re.search(r"text&quot;: &quot;([^&]*)&quot;", record)
    assert text
    assert events.keeping.keep(THREE, kept_id, "", request_of("ann"))[1] == kept_id
    opened = events.keeping.open(text[1], ("old-2013",), request_of("ann"))
    assert opened[2] == THREE
    assert kept_id in opened
    *skipped, told = events.keeping.open(text[1], ("old-2013",), request_of("bob"))
    assert all(map(is_skipped, skipped))
    assert "cannot be opened" in told
    assert len(skipped) + 1 == len(opened)


def test_a_page_that_outlived_its_server_goes_on_where_it_was() -> None:
    before_restart, assistant = events_of(), FakeAssistant()
    record, kept_id = before_restart.keeping.keep(THREE, "", "", request_of("ann"))
    after = events_of(assistant)
    ann, bob = request_of("ann"), request_of("bob")
    for asked in (
        after.asking.ask_typed("hubs?", (), record, ["a"], ("a",), 0, ann),
        after.asking.ask_pressed((), record, ["a"], ("a",), "hubs?", ann),
    ):
        state = [step[2] for step in all_of(asked) if not is_skipped(step[2])][-1]
        assert [one.question for one in state] == ["q1", "q2", "q3", "hubs?"]
        assert after.keeping.keep(state, "", record, ann)[1] == kept_id
    assert after.asking.edit("2", (), record, ann)[2] == "q2"
    assert is_skipped(after.asking.edit("2", (), record, bob)[2])
    assert after.keeping.keep(THREE, "", record, bob)[1] != kept_id


def test_a_conversation_that_went_on_in_another_tab_gets_an_id_of_its_own() -> None:
    keeping = events_of().keeping
    record, kept_id = keeping.keep(THREE, "", "", request_of("ann"))
    # The second way is that of a page whose server forgot what stands on it.
    for on_page in (THREE, ()):
        apart, id_, told = keeping.keep_apart(on_page, record, request_of("ann"))
        assert id_ != kept_id
        assert KEPT_APART in told
        kept = keeping.history.regain(apart, "ann")
        assert kept is not None
        assert (kept.id, kept.conversation) == (id_, THREE)


def test_open_leaves_out_reports_that_are_gone() -> None:
    events = events_of()
    chosen: Conversation = (replace(THREE[0], reports=("gone", "old-2013")),)
    for offered, ticked in (
        (("old-2013", "new-2026"), ["old-2013"]),
        (("new-2026",), ["new-2026"]),
    ):
        text = events.keeping.history.write("0" * 32, chosen, "a browser")
        opened = events.keeping.open(text, offered, request_of(None))
        values = [u["value"] for u in opened if isinstance(u, dict) and "value" in u]
        assert ticked in values


def test_start_again_keeps_nothing_on_the_page() -> None:
    chat, _, state, *rest = events_of().keeping.start_again(request_of(None))
    assert (chat, state) == ([], ())
    assert 0 in rest


def test_the_key_of_histories_stands_in_the_data_folder(tmp_path: Path) -> None:
    first = History.from_folder(tmp_path / "new")
    assert History.from_folder(tmp_path / "new") == first
