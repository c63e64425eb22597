"""The Library page in a real Chromium: browse, add a PDF, ask about it, remove it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.composition import Assistant
from assistant.feedback.entry import Feedback
from assistant.feedback.store import open_store
from tests.browser.fakes import HOSTILE
from tests.browser.page import faults
from tests.documents import Text, paragraph, write_pdf
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures", "tests.shelf")
pytestmark = pytest.mark.browser

# Reading, indexing and answering share two cores with other tests.
LONG = 120_000
TITLE = "On Weirs and their Upkeep"


@pytest.fixture(scope="module")
def url(own_assistant: Assistant) -> Iterator[str]:
    with served(own_assistant) as url:
        yield url


@pytest.fixture
def report(tmp_path: Path) -> Path:
    pages = [
        [
            Text(TITLE, y=780, size=24),
            *paragraph("Published by Quill House, March 2024"),
        ],
        [
            Text(f"Care {HOSTILE}"[:60], y=780, size=16),
            *paragraph(
                "Quill House found that painting each weir costs £47,300 a year."
            ),
        ],
    ]
    return write_pdf(tmp_path / "weirs.pdf", pages, title=TITLE)


def opened(browser: Browser, url: str, width: int, scheme: Any) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(f"{url}/library")
    expect(page.locator("#library-list article").first).to_be_visible(timeout=LONG)
    return page


def say(page: Page, text: str) -> None:
    """Wait until the page says so."""
    expect(page.locator("#library-status")).to_contain_text(text, timeout=LONG)


def ask(page: Page, question: str) -> str:
    """Ask on the Ask page; return the answer."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    answer = page.locator("#answer-1:not(.pending, .growing)")
    expect(answer).to_be_visible(timeout=LONG)
    return answer.inner_text()


def upload(page: Page, *files: Path) -> None:
    page.locator("#library-file input[type=file]").set_input_files(
        list(map(str, files))
    )


def test_a_pdf_is_added_asked_about_and_removed(
    chromium: Browser, url: str, own_assistant: Assistant, report: Path
) -> None:
    page = opened(chromium, url, 1280, "light")
    assert faults(page) == []
    page.get_by_role("button", name="Add reports").click()
    note, bad = report.with_name("Care of ferries.txt"), report.with_name("bad.docx")
    note.write_text("Ferries need a coat of tar in every spring, and a bell.\n")
    bad.write_bytes(b"PK\x03\x04 broken")
    upload(page, report, note, bad)
    say(page, "2 files read.")
    expect(page.get_by_role("alert")).to_contain_text("bad.docx is damaged")
    expect(page.get_by_role("heading", name="Look these over")).to_be_focused()
    first, second = page.locator("#library-drafts tbody tr").all()
    expect(first.get_by_label("Title")).to_have_value(TITLE)
    expect(first.get_by_label("Publisher")).to_have_value("Quill House")
    expect(second.get_by_label("Title")).to_have_value("Care of ferries")
    assert faults(page) == []
    first.get_by_label("Title").fill("")
    second.get_by_label("Add").uncheck()
    page.get_by_role("button", name="Put the 2 on the shelf").click()
    expect(page.locator("#library-drafts [role=alert]")).to_contain_text("a title")
    page.locator("#library-drafts").get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Put it on the shelf").click()
    say(page, f"Added: {TITLE}")
    expect(page.locator("#library-status")).to_be_focused()
    row = page.locator("#library-list article").last
    expect(row.get_by_role("heading")).to_have_text(TITLE)
    expect(page.locator("#library-drafts table")).to_have_count(0)
    assert faults(page) == []
    # What is to be read of it opens, and shows markup as text.
    row.locator("summary", has_text="Details").click()
    with page.context.expect_page() as other:
        row.get_by_role("link", name="Care <").click()
    expect(other.value.locator("body")).to_contain_text("£47,300")
    other.value.close()
    # The next question is answered from it, with no restart.
    with page.context.expect_page() as other:
        page.locator("#library-status").get_by_role("link", name="Ask about it").click()
    asking = other.value
    expect(asking.get_by_label("Your question")).to_be_visible(timeout=LONG)
    asking.get_by_role("button", name="Asking").click()
    ticked = asking.locator("#reports input:checked")
    expect(ticked).to_have_count(1, timeout=LONG)
    assert "£47,300" in ask(asking, "What does painting a weir cost?")
    asking.close()
    row.locator("summary", has_text="Change").click()
    row.get_by_label("Publisher").fill("")
    assert faults(page) == []
    row.get_by_label("Publisher").press("Enter")
    say(page, f"Changed: {TITLE}.")
    expect(row.locator(".details")).to_have_text("Publisher not known, March 2024")
    row.locator("summary", has_text="Remove").click()
    assert faults(page) == []
    row.get_by_role("button", name="Yes, remove it").click()
    say(page, f"Removed: {TITLE}.")
    assert TITLE not in {details.title for details in own_assistant.catalogue}
    page.context.close()


@pytest.mark.parametrize("width", [375, 320])
def test_the_page_is_accessible_when_narrow_and_dark(
    chromium: Browser, url: str, report: Path, width: int
) -> None:
    page = opened(chromium, url, width, "dark")
    page.get_by_role("button", name="Add reports").click()
    upload(page, report)
    say(page, "1 file read.")
    for summary in page.locator("#library-list summary, #library-drafts summary").all():
        summary.click()
    assert faults(page) == []
    page.get_by_role("button", name="Do not add").click()
    say(page, "Nothing was added.")
    # The list follows each letter that is typed.
    find = page.get_by_label("Find a report or a section")
    find.press_sequentially("data cent")
    about = page.locator("#library-about")
    expect(about).to_contain_text("found (4 on the shelf)", timeout=LONG)
    expect(page.locator("#library-list details[open] a").first).to_contain_text("data")
    find.press_sequentially(" zebras")
    expect(about).to_contain_text("No report and no section", timeout=LONG)
    expect(find).to_have_value("data cent zebras")
    assert faults(page) == []
    page.context.close()


def test_who_may_only_read_sees_no_form(
    chromium: Browser, own_assistant: Assistant
) -> None:
    settings = own_assistant.settings.model_copy(update={"open_to_everyone": True})
    with served(replace(own_assistant, settings=settings)) as address:
        page = opened(chromium, address, 1280, "light")
        assert page.get_by_role("button", name="Add reports").count() == 0
        assert page.locator("#library-list button").count() == 0
        assert page.locator("#library-file").count() == 0
        page.context.close()


def test_what_was_said_of_answers_is_read_here(
    chromium: Browser, url: str, own_assistant: Assistant
) -> None:
    store = open_store(own_assistant.settings)
    assert store
    kept = {"answer": {"text": "Nine."}, "kept_at": "2026-03-01T09:00:00+00:00"}
    asked = dict.fromkeys(("question", "standalone_question"), "How many weirs?")
    store.keep(Feedback(id="f1", verdict="wrong", correction="Ten.", **asked, **kept))  # type: ignore[arg-type]
    page = opened(chromium, url, 320, "light")
    page.get_by_role("button", name="Feedback on answers").press("Enter")
    said = page.locator("#said")
    expect(said).to_contain_text("How many weirs?")
    expect(said).to_contain_text("Instead: Ten.")
    assert faults(page) == []
    page.context.close()
