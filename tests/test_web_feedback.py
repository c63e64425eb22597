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
from pypdf import PdfReader
from starlette.requests import Request

from assistant.errors import FeedbackError
from assistant.feedback.entry import MOST_CHARS, Feedback
from assistant.feedback.store import FeedbackStore, open_store
from assistant.serving.access.people import KEY, Person
from assistant.serving.faults import NO_ROOM
from assistant.serving.limits import feedback_an_hour
from assistant.settings import load_settings
from assistant.web.ask.conversation import Exchange
from assistant.web.ask.export_menu import ExportEvents, Saving, transcript_of
from assistant.web.ask.feedback_form import FeedbackEvents, Form
from assistant.web.ask.rating import Rated, rated_of
from assistant.web.gradio_import import gr
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


NAMES: Any = Form._fields
FORM = Form(*NAMES)


@pytest.fixture
def events(store: FeedbackStore) -> FeedbackEvents:
    return FeedbackEvents(store, FORM, feedback_an_hour(5))


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
    said = events.right(rated(), request("Ann"))[FORM.told]
    assert 'role="status"' in said
    assert "Thank you" in said
    [kept] = store.all()
    assert (kept.verdict, kept.person, kept.reports) == ("right", "Ann", ("old-2013",))
    assert kept.standalone_question == "What do hubs cost?"
    assert (kept.corpus_version, kept.model) == ("abc", "quoting")
    assert kept.answer["outcome"] == "no_evidence"
    assert kept.history[0].content == "hubs?"


def test_wrong_is_kept_at_once_and_more_may_be_said(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    about = rated()
    events.right(about, request())
    pressed = events.wrong(about, request())
    assert pressed[FORM.details]["visible"]
    assert [(one.verdict, one.reason) for one in store.all()] == [("wrong", "other")]
    events.say_more(about, "out_of_date", None, " hubs ", request())
    [kept] = store.all()
    assert (kept.verdict, kept.reason, kept.correction) == (
        "wrong",
        "out_of_date",
        "hubs",
    )
    events.right(rated_of((FIRST,)), request())
    assert len(store.all()) == 2


def test_what_is_said_keeps_to_bounds(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    long = "x" * (MOST_CHARS + 1)
    assert (
        "2,000" in events.say_more(rated(), "other", None, long, request())[FORM.told]
    )
    assert "no answer" in events.right(None, request())[FORM.told]
    assert store.all() == ()


def test_begin_empties_the_form_for_another_answer_alone(
    events: FeedbackEvents,
) -> None:
    begun = events.begin((FIRST,), None)
    assert begun[FORM.form]["visible"]
    assert begun[FORM.told] == ""
    assert [value for _, value in begun[FORM.sentence]["choices"]] == [
        "",
        "Localis (2013) recommends local hubs.",
    ]
    about = begun[FORM.rated]
    assert events.begin((FIRST,), about) == {}
    assert events.begin((FIRST, SECOND), about)[FORM.rated].exchange is SECOND
    assert not events.begin((), about)[FORM.form]["visible"]


class Broken:
    """A store whose disk is full."""

    def keep(self, feedback: Feedback) -> None:
        raise FeedbackError("/secret/feedback.sqlite cannot be written (disk full).")


def test_what_cannot_be_kept_is_told_without_the_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = FeedbackEvents(cast(FeedbackStore, Broken()), FORM, feedback_an_hour(3))
    said = events.right(rated(), request())[FORM.told]
    assert 'role="alert"' in said
    assert "could not be kept" in said
    assert "secret" not in said
    assert "disk full" in caplog.text


def test_feedback_is_on_a_sentence_of_the_answer(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    huge = "x" * 9_000_000
    said = events.say_more(rated(), "other", huge, "", request())[FORM.told]
    assert "no answer to give feedback on" in said
    assert store.all() == ()


def test_much_feedback_in_an_hour_is_refused(
    events: FeedbackEvents, store: FeedbackStore
) -> None:
    for _ in range(5):
        assert "Thank you" in events.right(rated(), request("Ann"))[FORM.told]
    said = events.wrong(rated(), request("Ann"))[FORM.told]
    assert 'role="alert"' in said
    assert "save it in 60 minutes" in said
    assert len(store.all()) == 5


def test_a_full_disk_is_told_where_feedback_is_kept(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
        store = open_store(load_settings(data_dir=disk / "data"))
        assert store is not None
        events = FeedbackEvents(store, FORM, feedback_an_hour(3))
        assert "Thank you" in events.right(rated(), request())[FORM.told]
        with suppress(OSError), (disk / "rest").open("wb", buffering=0) as rest:
            while True:
                rest.write(b"x" * 1000)
        said = events.right(replace(rated(), id="other"), request())[FORM.told]
    assert escape(NO_ROOM) in said


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


def save(*exchanges: Exchange) -> dict[Any, Any]:
    names: Any = ("told", "row", ("word", "pdf", "markdown"))
    parts = Saving(*names)
    return ExportEvents(FakeAssistant(), parts).save(exchanges, request("Ann"))


def test_files_are_made_among_the_askers_own(page_files: Path) -> None:
    saved = save(FIRST, SECOND)
    assert "2 questions" in saved["told"]
    assert saved["row"]["visible"]
    assert "Saved by:** Ann" in Path(saved["markdown"]).read_text("utf-8")
    word = Path(saved["word"])
    text = [p.text for p in docx.Document(BytesIO(word.read_bytes())).paragraphs]
    assert "2. and cost?" in text
    pdf = "".join(page.extract_text() for page in PdfReader(saved["pdf"]).pages)
    assert "2. and cost?" in pdf
    assert word.is_relative_to(page_files)
    assert word.parents[1].name == "made"


def test_an_empty_conversation_makes_no_file(page_files: Path) -> None:
    saved = save()
    assert not page_files.exists()
    assert "nothing to save" in saved["told"]
    assert not saved["row"]["visible"]
    assert {saved[part] for part in ("word", "pdf", "markdown")} == {None}


def test_a_failure_is_told_by_its_number(
    page_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page_files.write_text("in the way")
    said = save(FIRST)["told"]
    assert 'role="alert"' in said
    assert page_files.name not in said
    assert "Failure" in caplog.text
