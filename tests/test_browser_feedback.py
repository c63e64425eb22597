"""Feedback and the saving of a conversation, in a real Chromium."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from assistant.feedback.entry import Feedback
from assistant.feedback.store import open_store
from assistant.settings import Settings, load_settings
from tests.browser.fakes import FakeAssistant
from tests.browser.page import OpenPage, ask, faults_in_every_look
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    # The user's own settings are still there when a module's fixtures are made.
    return Settings.model_construct(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> FakeAssistant:
    return FakeAssistant(settings=settings)


def kept(settings: Settings) -> tuple[Feedback, ...]:
    store = open_store(settings)
    assert store is not None
    return store.all()


def test_each_state_is_accessible(open_page: OpenPage) -> None:
    page = open_page(320, "dark")
    ask(page, "hubs?", 1)
    page.get_by_role("button", name="Wrong").click()
    expect(
        page.get_by_role("radiogroup", name="What is wrong with it?")
    ).to_be_visible()
    expect(page.locator("#feedback-told [role=status]")).to_contain_text("Thank you")
    assert faults_in_every_look(page) == []
    page.get_by_label("A point is missing").check()
    page.locator("#feedback-details").get_by_role("button", name="Save").click()
    expect(page.locator("#feedback-details")).to_be_hidden()
    page.locator("#save-conversation").click()
    expect(page.get_by_role("button", name="Download for Word")).to_be_visible()
    assert faults_in_every_look(page) == []


def test_feedback_is_kept_by_the_keyboard_and_can_be_changed(
    open_page: OpenPage, settings: Settings
) -> None:
    before = len(kept(settings))
    page = open_page()
    ask(page, "hubs?", 1)
    page.get_by_role("button", name="Wrong").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("It cites the wrong report")).to_be_visible()
    # One press is enough: it is kept before more is said.
    [pressed] = kept(settings)[before:]
    assert (pressed.verdict, pressed.reason) == ("wrong", "other")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("It cites the wrong report")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("It cites the wrong page or section")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("It cites the wrong report")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("The answer as a whole")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("New Measures says it.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#feedback-details")).to_be_hidden()
    expect(page.get_by_role("button", name="Wrong")).to_be_focused()
    [latest] = kept(settings)[before:]
    assert (latest.question, latest.reason) == ("hubs?", "wrong_report")
    assert latest.sentence == "Localis (2013) recommends local hubs."
    assert latest.correction == "New Measures says it."
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.locator("#feedback-told")).to_contain_text("the answer is right")
    [changed] = kept(settings)[before:]
    assert (changed.id, changed.verdict) == (latest.id, "right")


def test_the_form_is_for_the_latest_answer_alone(
    open_page: OpenPage, settings: Settings
) -> None:
    before = len(kept(settings))
    page = open_page()
    question = page.get_by_text("Is this answer right?")
    expect(question).to_be_hidden()
    ask(page, "hubs?", 1)
    page.get_by_role("button", name="Wrong").click()
    page.get_by_label("What would be right?").fill("An old word")
    page.get_by_label("It is out of date").check()
    ask(page, "and cost?", 2)
    expect(page.locator("#feedback-details")).to_be_hidden()
    page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_label("What would be right?")).to_have_value("")
    expect(page.get_by_label("It is out of date")).not_to_be_checked()
    page.get_by_role("button", name="Right", exact=True).click()
    expect(page.locator("#feedback-told")).to_contain_text("Thank you")
    _, latest = kept(settings)[before:]
    assert (latest.question, len(latest.history)) == ("and cost?", 2)
    ask(page, "timeout", 3)
    expect(question).to_be_hidden()


def test_a_conversation_is_saved_and_older_files_go(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#save-conversation")).to_be_hidden()
    ask(page, "hubs?", 1)
    page.locator("#save-conversation").click()
    word = page.get_by_role("button", name="Download for Word")
    expect(word).to_be_visible()
    with page.expect_download() as download:
        word.click()
    assert download.value.suggested_filename.endswith(".docx")
    document = docx.Document(BytesIO(Path(download.value.path()).read_bytes()))
    assert "1. hubs?" in [p.text for p in document.paragraphs]
    ask(page, "and cost?", 2)
    expect(word).to_be_hidden()
    page.locator("#save-conversation").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download Markdown").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "## 2\\. and cost?" in text


def test_without_a_database_there_is_no_form_and_a_broken_one_is_told(
    open_page: OpenPage, tmp_path: Path
) -> None:
    off = FakeAssistant(settings=load_settings(feedback_database="off"))
    with served(off) as url:
        page = open_page(address=url)
        ask(page, "hubs?", 1)
        expect(page.locator("#save-conversation")).to_be_visible()
        assert page.get_by_text("Is this answer right?").count() == 0
    file = tmp_path / "feedback.sqlite"
    file.write_bytes(b"no database" * 100)
    address = f"sqlite:///{file}"
    broken = FakeAssistant(settings=load_settings(feedback_database=address))
    with served(broken) as url:
        page = open_page(address=url)
        ask(page, "hubs?", 1)
        page.get_by_role("button", name="Right", exact=True).click()
        alert = page.locator("#feedback-told [role=alert]")
        expect(alert).to_contain_text("could not be kept")
        assert "sqlite" not in alert.inner_text()
    assert file.read_bytes() == b"no database" * 100
