"""The feedback form and the saving of a conversation, without a browser."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import docx
import pytest
from starlette.requests import Request

from assistant.errors import FeedbackError
from assistant.feedback.entry import MOST_CHARS, Feedback
from assistant.feedback.store import FeedbackStore, open_store
from assistant.settings import load_settings
from assistant.web.access.people import KEY, Person
from assistant.web.ask.conversation import Exchange
from assistant.web.ask.export_menu import ExportEvents, transcript_of
from assistant.web.ask.feedback_form import FeedbackEvents, Rated, rated_of
from assistant.web.faults import NO_ROOM
from assistant.web.gradio_import import gr
from assistant.web.limits import feedback_an_hour
from tests.browser.fakes import ANSWERED, FAILED, NEW, NO_EVIDENCE, OLD, FakeAssistant
from tests.disk import small_disk

FIRST = Exchange(1, "hubs?", "hubs?", ANSWERED)
SECOND = Exchange(
    2,
    "and cost?",
    "What do hubs cost?",
    replace(NO_EVIDENCE, standalone_question="What do hubs cost?"),
    asked_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    corpus_version="abc",
    reports=("old-2013",),
)


@pytest.fixture
def store() -> FeedbackStore:
    found = open_store(load_settings())
    assert found is not None
    return found


@pytest.fixture
def events(store: FeedbackStore) -> FeedbackEvents:
    return FeedbackEvents(store, feedback_an_hour(3))


def request(name: str | None = None) -> gr.Request:
    scope = {"type": "http", "headers": [], KEY: Person(name)}
    return gr.Request(Request(scope))


def rated() -> Rated:
    found = rated_of((FIRST, SECOND))
    assert found is not None
    return found


def test_the_latest_answer_is_rated_with_what_was_said_before() -> None:
    found = rated()
    assert found.exchange is SECOND
    assert [turn.role for turn in found.history] == ["user", "assistant"]


@pytest.mark.parametrize(
    "latest",
    [
        Exchange(1, "hubs?"),
        Exchange(1, "hubs?", failure="It failed."),
        Exchange(1, "hubs?", answer=FAILED),
        replace(FIRST, growing=True),
        replace(FIRST, shown=1),
        replace(FIRST, stopped=True),
    ],
)
def test_what_is_no_whole_answer_is_not_rated(latest: Exchange) -> None:
    assert rated_of((latest,)) is None


def test_right_keeps_all_that_asking_again_needs(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    told, _ = events.keep_right(rated(), request("Ann"))
    assert 'role="status"' in told
    assert "Thank you" in told
    [kept] = store.all()
    assert (kept.verdict, kept.person, kept.reports) == ("right", "Ann", ("old-2013",))
    assert kept.standalone_question == "What do hubs cost?"
    assert (kept.corpus_version, kept.model) == ("abc", "quoting")
    assert kept.answer["outcome"] == "no_evidence"
    assert kept.history[0].content == "hubs?"


def test_it_can_be_changed_until_the_next_question(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    about = rated()
    events.keep_right(about, request())
    events.keep_wrong(about, "other", None, " hubs ", "", request())
    [kept] = store.all()
    assert (kept.verdict, kept.reason, kept.correction) == ("wrong", "other", "hubs")
    events.keep_right(rated_of((FIRST,)), request())
    assert len(store.all()) == 2


def test_wrong_needs_a_reason_and_keeps_to_bounds(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    told, _ = events.keep_wrong(rated(), None, None, "", "", request())
    assert "Choose what is wrong" in told
    long = "x" * (MOST_CHARS + 1)
    told, _ = events.keep_wrong(rated(), "other", None, long, "", request())
    assert "2,000" in told
    assert store.all() == ()


def test_begin_empties_the_form_for_another_answer_alone(
    events: FeedbackEvents,
) -> None:
    shown, _, told, _, sentences, *_, about = events.begin((FIRST,), None)
    assert shown["visible"]
    assert told == ""
    assert [value for _, value in sentences["choices"]] == [
        "",
        "Localis (2013) recommends local hubs.",
    ]
    assert {str(update) for update in events.begin((FIRST,), about)} == {str(gr.skip())}
    assert events.begin((FIRST, SECOND), about)[-1].exchange is SECOND
    assert not events.begin((), about)[0]["visible"]


class Broken:
    """A store whose disk is full."""

    def keep(self, feedback: Feedback) -> None:
        raise FeedbackError("/secret/feedback.sqlite cannot be written (disk full).")


def test_what_cannot_be_kept_is_told_without_the_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = FeedbackEvents(cast(FeedbackStore, Broken()), feedback_an_hour(3))
    told, _ = events.keep_right(rated(), request())
    assert 'role="alert"' in told
    assert "could not be kept" in told
    assert "secret" not in told
    assert "disk full" in caplog.text


def test_feedback_is_on_a_sentence_of_the_answer(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    told, _ = events.keep_wrong(rated(), "other", "x" * 9_000_000, "", "", request())
    assert "no answer to give feedback on" in told
    assert store.all() == ()


def test_much_feedback_in_an_hour_is_refused(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    tries = [replace(rated(), id=str(number)) for number in range(4)]
    told = [events.keep_right(one, request("Ann"))[0] for one in tries]
    assert "Thank you" in told[2]
    assert "save it in 60 minutes" in told[3]
    assert len(store.all()) == 3


def test_a_full_disk_is_told_where_feedback_is_kept(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        store = open_store(load_settings(data_dir=disk / "data"))
        assert store is not None
        events = FeedbackEvents(store, feedback_an_hour(3))
        assert "Thank you" in events.keep_right(rated(), request())[0]
        with suppress(OSError), (disk / "rest").open("wb", buffering=0) as rest:
            while True:
                rest.write(b"x" * 1000)
        told = events.keep_right(replace(rated(), id="other"), request())[0]
    assert escape(NO_ROOM) in told


def test_a_transcript_has_what_is_whole_with_titles() -> None:
    going = Exchange(3, "more?")
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    found = transcript_of((FIRST, SECOND, going), (OLD, NEW), now, "Ann")
    assert [one.question for one in found.asked] == ["hubs?", "and cost?"]
    assert found.asked[0].searched_for is None
    assert found.asked[1].searched_for == "What do hubs cost?"
    assert found.asked[1].reports == ("Old Places",)
    assert found.asked[1].corpus_version == "abc"


@pytest.fixture
def page_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "page-files"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


def save(*exchanges: Exchange) -> tuple[Any, ...]:
    return ExportEvents(FakeAssistant()).save(exchanges, request("Ann"))


def test_files_are_made_among_the_askers_own(page_files: Path) -> None:
    told, row, word, markdown = save(FIRST, SECOND)
    assert "2 questions" in told
    assert row["visible"]
    assert "Saved by:** Ann" in Path(markdown).read_text("utf-8")
    text = [p.text for p in docx.Document(BytesIO(Path(word).read_bytes())).paragraphs]
    assert "2. and cost?" in text
    assert Path(word).is_relative_to(page_files)
    assert Path(word).parents[1].name == "made"


def test_an_empty_conversation_makes_no_file(page_files: Path) -> None:
    told, row, word, markdown = save()
    assert not page_files.exists()
    assert "nothing to save" in told
    assert (row["visible"], word, markdown) == (False, None, None)


def test_a_failure_is_told_by_its_number(
    page_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page_files.write_text("in the way")
    told, *_ = save(FIRST)
    assert 'role="alert"' in told
    assert page_files.name not in told
    assert "Failure" in caplog.text
