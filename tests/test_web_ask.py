"""The Ask page's events and texts, without a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.requests import Request

from assistant.schema import Answer
from assistant.serving.access.people import KEY, Person
from assistant.web.ask.asking import STILL, Asking, editing_notice
from assistant.web.ask.choosing import chosen_of, left_out_of, report_choices
from assistant.web.ask.conversation import (
    Conversation,
    Exchange,
    before,
    converse,
    questions_of,
)
from assistant.web.ask.copying import as_html, as_text, cite, render_copy
from assistant.web.ask.following import Following
from assistant.web.ask.history import History
from assistant.web.ask.keeping import KEPT_APART, Keeping
from assistant.web.ask.own_papers import OwnPapers
from assistant.web.ask.runs import Runs
from assistant.web.ask.suggestions import Suggesting, offer
from assistant.web.ask.view import messages_of, render_older, render_tools
from assistant.web.ask.widgets import Editing, Hidden, Paper, Suggested, Widgets
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

AT = datetime(2026, 5, 3, 9, tzinfo=UTC)
THREE = tuple(
    Exchange(n, f"q{n}", answer=ANSWERED, asked_at=AT.replace(hour=n))
    for n in (1, 2, 3)
)
KEY_OF_TESTS = "k" * 64


def parts() -> Widgets:
    """Return parts that are their names: what an event changes can be looked up."""
    names: dict[str, Any] = {name: name for name in Widgets._fields}
    for name, most in (("openings", 5), ("choices", 5), ("follow_ups", 3)):
        buttons: Any = [f"{name} {n}" for n in range(most)]
        names[name] = Suggested(names[name], buttons)
    for kind in (Editing, Paper, Hidden):
        own: Any = kind
        name = own.__name__.lower()
        names[name] = own(*(f"{name} {part}" for part in own._fields))
    return Widgets(**names)


W = parts()


def events_of(assistant: FakeAssistant | None = None) -> Events:
    assistant = assistant or FakeAssistant()
    following = Following(W, Runs(), History(KEY_OF_TESTS))
    own = OwnPapers(cast(Any, assistant))
    asking = Asking(assistant, following, own)
    keeping = Keeping(assistant, following, own)
    return Events(asking, keeping, Suggesting(assistant, W))


def request_of(name: str | None, query: str = "", page: str = "p") -> gr.Request:
    scope = {"type": "http", "query_string": query.encode(), KEY: Person(name)}
    request = Request(scope | {OWNER: name or "a browser"})
    return gr.Request(request=request, session_hash=page)


def all_of(steps: AsyncIterator[Any]) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in steps]

    return asyncio.run(collect())


def states_of(steps: list[Any]) -> list[Conversation]:
    return [step["conversation"] for step in steps if "conversation" in step]


def record_in(step: Any) -> str:
    """Return the conversation's text that a step hands to the browser."""
    text = re.search(r"text&quot;: &quot;([^&]*)&quot;", step["hidden record"])
    assert text
    return text[1]


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
    assert all("Copy text" in html for html in tools)


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
    [(3, "its answer."), (2, "the question after it."), (1, "2 questions after")],
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
    assert events_of().asking.edit(number, THREE, "", "", request_of(None)) == {}


def test_edit_puts_the_question_into_the_box() -> None:
    asking = events_of().asking
    shown = asking.edit("2", THREE, "", "", request_of(None))
    assert (shown[W.question], shown[W.edited]) == ("q2", 2)
    assert shown[W.editing.row]["visible"]
    assert 'role="status"' in shown[W.editing.text]


def test_ask_typed_drops_what_follows_the_question_that_is_changed() -> None:
    assistant = FakeAssistant()
    steps = all_of(
        events_of(assistant).asking.ask(
            "hubs?", 2, THREE, "", "", ["new-2026"], ("a",), "", False, request_of(None)
        )
    )
    assert [one.question for one in states_of(steps)[-1]] == ["q1", "hubs?"]
    assert steps[0]["question"] == ""
    assert assistant.chain.inputs[-1]["reports"] == ["new-2026"]


def test_ask_typed_says_what_is_wrong_and_asks_nothing() -> None:
    assistant = FakeAssistant()
    asking = events_of(assistant).asking.ask
    (step,) = all_of(
        asking("  ", 0, (), "", "", ["a"], ("a",), "", False, request_of(None))
    )
    assert step == {"fault": '<p role="status">Type a question first.</p>'}
    assert assistant.chain.inputs == []


def test_ask_again_asks_the_latest_question_in_its_place() -> None:
    assistant = FakeAssistant()
    again, request = events_of(assistant).asking.ask, request_of(None)
    steps = all_of(again(None, None, THREE, "", "", ["a"], ("a",), "", False, request))
    assert [one.question for one in states_of(steps)[-1]] == ["q1", "q2", "q3"]
    assert len(assistant.chain.inputs) == 1
    assert (
        all_of(again(None, None, (), "", "", ["a"], ("a",), "", False, request)) == []
    )


def test_a_growing_answer_resends_neither_its_sources_nor_the_rest() -> None:
    pressing = events_of().asking.ask
    steps = all_of(
        pressing("hubs?", None, (), "", "", ["a"], ("a",), "", False, request_of(None))
    )
    shown = [step for step in steps if "chat" in step]
    sent = [step for step in shown if "panel" in step]
    assert len(shown) > len(sent)
    # With the question, and with the first sentence.
    assert len(sent) <= 2
    assert all("edited" not in step for step in steps[1:])


def test_the_question_is_kept_before_its_answer_and_the_answer_after_it() -> None:
    events = events_of()
    history = events.keeping.following.history
    steps = all_of(
        events.asking.ask(
            "hubs?", None, (), "", "", ["a"], ("a",), "", False, request_of("ann")
        )
    )
    kept = [history.read(record_in(s), "ann") for s in steps if "hidden record" in s]
    assert [one.conversation[0].question for one in kept] == ["hubs?", "hubs?"]
    assert [one.conversation[0].answer is None for one in kept] == [True, False]
    assert len({one.id for one in kept} | {steps[0]["kept_id"]}) == 1


def slow_and_then(
    meanwhile: Callable[[Events, Any], Awaitable[Any]],
) -> tuple[list[Any], Any]:
    """Ask a slow question; do something before it is answered; return both."""
    assistant = FakeAssistant()
    events = events_of(assistant)

    async def run() -> tuple[list[Any], Any]:
        steps = events.asking.ask(
            "slow hubs?", None, (), "", "", ["a"], ("a",), "", False, request_of("ann")
        )
        first = await anext(steps)
        done = await meanwhile(events, first)
        assistant.chain.release.set()
        return [first, *[step async for step in steps]], done

    return asyncio.run(run())


def test_a_page_that_comes_back_in_mid_answer_sees_it_to_its_end() -> None:
    async def reload(events: Events, first: Any) -> Any:
        opening = events.keeping.open
        again = opening(record_in(first), ("a",), request_of("ann", page="new"))
        assert [one.question for one in (await anext(again))[W.conversation]] == [
            "slow hubs?"
        ]
        task = asyncio.create_task(_rest(again))
        events.asking.assistant.chain.release.set()  # type: ignore[attr-defined]
        return await task

    _, seen = slow_and_then(reload)
    assert states_of(seen)[-1][-1].answer is not None
    assert "hidden record" in seen[-1]


async def _rest(steps: AsyncIterator[Any]) -> Any:
    return [step async for step in steps]


def test_an_answer_that_nobody_looks_at_goes_on() -> None:
    async def leave(events: Events, first: Any) -> Any:
        events.keeping.start_again((), "", request_of("ann"))
        events.asking.assistant.chain.release.set()  # type: ignore[attr-defined]
        run = events.keeping.following.runs.find(("ann", first["kept_id"]))
        assert run is not None
        return [state async for state in run.states()]

    steps, states = slow_and_then(leave)
    assert states[-1][-1].answer is not None
    # The page, which shows another conversation by now, hears no more of it.
    assert states_of(steps[1:]) == []


def test_nobody_else_comes_back_to_an_answer() -> None:
    async def steal(events: Events, first: Any) -> Any:
        opening = events.keeping.open
        return [
            step async for step in opening(record_in(first), ("a",), request_of("bob"))
        ]

    _, (told,) = slow_and_then(steal)
    assert "cannot be opened" in told["told"]


def test_a_page_asks_one_thing_at_a_time_and_may_stop_it() -> None:
    async def press_again(events: Events, first: Any) -> Any:
        pressing, request = events.asking.ask, request_of("ann")
        (told,) = await _rest(
            pressing("and?", None, (), "", "", ["a"], ("a",), "", False, request)
        )
        assert await events.asking.stop((), request) == {}
        return told

    steps, told = slow_and_then(press_again)
    assert STILL in told["fault"]
    last = states_of(steps)[-1][-1]
    assert (last.stopped, last.answer) == (True, None)


def test_suggest_offers_choices_or_follow_ups() -> None:
    suggest = events_of().suggesting.suggest

    def visible(*conversation: Exchange) -> set[object]:
        updates = suggest(conversation)
        return {part for part, update in updates.items() if update["visible"]}

    asked = Exchange(1, "What do hubs cost?", answer=ANSWERED)
    assert visible(asked) == {"follow_ups", "follow_ups 0", "follow_ups 1"}
    assert suggest((asked,))[W.follow_ups.buttons[0]]["value"] == "Who shares data?"
    asked_back = Exchange(1, "which?", answer=CLARIFY)
    assert visible(asked_back) == {"choices", "choices 0", "choices 1"}
    growing = Exchange(1, "q", answer=ANSWERED, growing=True)
    for nothing in ((), (Exchange(1, "q", failure="x"),), (growing,)):
        assert visible(*nothing) == set()


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
    suggesting = events_of(Silent()).suggesting
    for offered in (suggesting.open_with(["a"], ()), suggesting.suggest(THREE)):
        assert not any(update["visible"] for update in offered.values())
    assert "no openings" in caplog.text
    assert "no follow-ups" in caplog.text


def test_offer_shows_no_more_than_there_are_buttons() -> None:
    offered = offer(W.follow_ups, ["a", "b", "c", "d"])
    assert offered[W.follow_ups.group]["visible"]
    assert [offered[b]["value"] for b in W.follow_ups.buttons] == ["a", "b", "c"]
    assert not offer(W.follow_ups, [])[W.follow_ups.group]["visible"]


def test_openings_are_of_the_chosen_reports_and_only_at_the_start() -> None:
    asked: list[Sequence[str]] = []

    class Noting(FakeAssistant):
        def openings(self, reports: Sequence[str] = ()) -> list[str]:
            asked.append(reports)
            return ["What of it?"]

    events = events_of(Noting())
    assert events.suggesting.open_with(["new-2026"], THREE) == {}
    events.suggesting.open_with(["new-2026"], ())
    events.suggesting.open_with(["new-2026", "old-2013"], ())
    assert asked == [("new-2026",), ()]


def test_load_reads_the_shelf_as_it_is_then() -> None:
    assistant = FakeAssistant()
    events = events_of(assistant)
    assistant.catalogue = (NEW,)
    loaded = events.keeping.load(request_of(None))
    assert loaded[W.offered] == ("new-2026",)
    assert loaded[W.reports]["value"] == ["new-2026"]
    assert "1 report on the shelf" in loaded[W.home]
    assert "Old Places" not in loaded[W.home]
    owner = events.keeping.following.history.name_of("a browser")
    assert owner in loaded[W.hidden.record]


def test_the_chip_says_how_many_are_asked_and_the_answer_which_were_not() -> None:
    keeping = events_of().keeping
    offered = ("old-2013", "new-2026")
    assert keeping.choose(["new-2026"], offered)[W.filter]["label"] == (
        "Asking 1 of 2 reports"
    )
    assert left_out_of((OLD, NEW), ["new-2026"]) == (
        "Left out by your choice: Old Places (Localis, 2013)."
    )
    assert left_out_of((OLD, NEW), []) == ""
    many = [replace(OLD, report=f"r{n}", title=f"R{n}") for n in range(9)]
    assert left_out_of((*many, NEW), ["new-2026"]) == (
        "Asked: New Measures (31ten, 2026). 9 reports were left out by your choice."
    )


def opened(events: Events, text: str, person: str | None) -> Any:
    (step,) = all_of(
        events.keeping.open(text, ("old-2013", "new-2026"), request_of(person))
    )
    return step


def test_open_hands_a_conversation_to_its_own_person() -> None:
    events = events_of()
    text = events.keeping.following.history.write("0" * 32, THREE, "ann")
    shown = opened(events, text, "ann")
    assert (shown["conversation"], shown["kept_id"]) == (THREE, "0" * 32)
    assert list(told := opened(events, text, "bob")) == ["told"]
    assert "cannot be opened" in told["told"]


def test_a_page_that_outlived_its_server_goes_on_where_it_was() -> None:
    kept = events_of().keeping.following.record("0" * 32, THREE, "ann")
    record = kept[W.hidden.record]
    after = events_of()
    ann, bob = request_of("ann"), request_of("bob")
    for ask in (
        after.asking.ask("hubs?", 0, (), "", record, ["a"], ("a",), "", False, ann),
        after.asking.ask("hubs?", None, (), "", record, ["a"], ("a",), "", False, ann),
    ):
        after.keeping.following.runs.__init__()  # type: ignore[misc]
        steps = all_of(ask)
        state = states_of(steps)[-1]
        assert [one.question for one in state] == ["q1", "q2", "q3", "hubs?"]
        assert steps[0]["kept_id"] == "0" * 32
    assert after.asking.edit("2", (), "", record, ann)[W.question] == "q2"
    assert after.asking.edit("2", (), "", record, bob) == {}


def test_a_conversation_that_went_on_in_another_tab_gets_an_id_of_its_own() -> None:
    events = events_of()
    asked = events.asking.ask
    for page, id_ in (("one", "0" * 32), ("other", None)):
        request = request_of("ann", page=page)
        steps = all_of(
            asked("hubs?", None, THREE, "0" * 32, "", ["a"], ("a",), "", False, request)
        )
        assert (steps[0]["kept_id"] == "0" * 32) == (id_ is not None)
        assert (KEPT_APART in steps[0]["told"]) == (id_ is None)


def test_another_tab_of_an_earlier_server_is_told_by_the_browser() -> None:
    keeping = events_of().keeping
    record = keeping.following.record("0" * 32, THREE, "ann")[W.hidden.record]
    # The second way is that of a page whose server forgot what stands on it.
    for on_page in (THREE, ()):
        apart = keeping.keep_apart(on_page, record, request_of("ann"))
        assert KEPT_APART in apart[W.told]
        kept = keeping.following.history.regain(apart[W.hidden.record], "ann")
        assert kept is not None
        assert kept.id == apart[W.kept_id] != "0" * 32
        assert kept.conversation == THREE


def test_open_leaves_out_reports_that_are_gone() -> None:
    events = events_of()
    chosen: Conversation = (replace(THREE[0], reports=("gone", "old-2013")),)
    text = events.keeping.following.history.write("0" * 32, chosen, "a browser")
    for offered, ticked in (
        (("old-2013", "new-2026"), ["old-2013"]),
        (("new-2026",), ["new-2026"]),
    ):
        (shown,) = all_of(events.keeping.open(text, offered, request_of(None)))
        assert shown["reports"]["value"] == ticked


def test_start_again_keeps_nothing_on_the_page() -> None:
    shown = events_of().keeping.start_again((), "", request_of(None))
    assert (shown[W.chat], shown[W.conversation], shown[W.kept_id]) == ([], (), "")


def test_the_key_of_histories_stands_in_the_data_folder(tmp_path: Path) -> None:
    first = History.from_folder(tmp_path / "new")
    assert History.from_folder(tmp_path / "new") == first


def test_what_came_between_two_looks_is_shown() -> None:
    asked = Exchange(1, "hubs?", asked_at=AT)
    growing = replace(asked, answer=WRITING, growing=True)

    async def steps() -> AsyncIterator[Conversation]:
        # Nobody gets a turn in between.
        yield (growing,)
        yield (replace(growing, doing="Writing (0.2 s)"),)
        await asyncio.sleep(0.05)

    async def run() -> list[Any]:
        following = Following(W, Runs(), History(KEY_OF_TESTS))
        begun = following.runs.begin(("ann", "0"), "p", (asked,), steps())
        return [step async for step in following.follow(begun, "p", "any")]

    seen = [step for step in asyncio.run(run()) if "chat" in step]
    assert "Localis (2013) recommends local hubs." in seen[1]["chat"][-1]["content"]
    assert seen[1]["progress"] == "Writing (0.2 s)"
    assert seen[-1]["conversation"][-1].stopped
