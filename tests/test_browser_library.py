"""The Library page in a real Chromium: browse, add a PDF, ask about it, remove it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.composition import Assistant, open_assistant
from assistant.settings import load_settings, shipped
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
def assistant(
    built_shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("library") / "data"
    settings = load_settings(
        data_dir=shutil.copytree(built_shelf, folder),
        corpus_dir=shipped("corpus"),
        writer="quoting",
    )
    with closing(open_assistant(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def url(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as url:
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


def test_a_pdf_is_added_asked_about_and_removed(
    chromium: Browser, url: str, assistant: Assistant, report: Path
) -> None:
    page = opened(chromium, url, 1280, "light")
    assert faults(page) == []
    page.get_by_role("button", name="Add a report").click()
    page.locator("#library-file input[type=file]").set_input_files(str(report))
    expect(page.locator("#library-file")).to_contain_text("weirs")
    page.locator("#read-file").click()
    say(page, "weirs.pdf was read. Check its details below")
    expect(page.get_by_role("heading", name="Details of the report")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Publisher")).to_have_value("Quill House")
    assert faults(page) == []
    page.get_by_label("Title").fill("")
    page.locator("#add").click()
    expect(page.get_by_role("alert")).to_have_text("Fill in the title.")
    page.get_by_label("Title").fill(TITLE)
    page.locator("#add").click()
    say(page, f"Added: {TITLE}.")
    expect(page.locator("#library-status")).to_be_focused()
    expect(page.locator("#library-list article h3").last).to_have_text(TITLE)
    assert faults(page) == []
    # What is to be read of it opens, and shows markup as text.
    article = page.locator("#library-list article").last
    article.locator("summary").last.click()
    with page.context.expect_page() as other:
        article.get_by_role("link", name="Care").click()
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
    page.get_by_role("button", name="Change or remove a report").click()
    page.get_by_label("The report").click()
    page.get_by_role("option", name=TITLE).click()
    page.locator("#remove-report").click()
    expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
    assert faults(page) == []
    page.get_by_role("button", name="Yes, remove it").click()
    say(page, f"Removed: {TITLE}.")
    assert TITLE not in {details.title for details in assistant.catalogue}
    page.context.close()


def test_the_page_is_accessible_when_narrow_and_dark(
    chromium: Browser, url: str
) -> None:
    page = opened(chromium, url, 320, "dark")
    page.get_by_role("button", name="Add a report").click()
    expect(page.locator("#read-file")).to_be_visible()
    page.locator("#read-file").click()
    expect(page.get_by_role("alert")).to_have_text("Choose a file first.")
    for summary in page.locator("#library-list summary, #thin summary").all():
        summary.click()
    assert faults(page) == []
    # The keyboard is enough to find a section and to go back to all reports.
    find = page.get_by_label("Find a report or a section")
    find.fill("data centres")
    find.press("Enter")
    about = page.locator("#library-about")
    expect(about).to_contain_text("found (4 on the shelf)", timeout=LONG)
    expect(page.locator("#library-list details[open] a").first).to_contain_text("data")
    find.fill("zebras")
    find.press("Enter")
    expect(about).to_contain_text("No report and no section", timeout=LONG)
    assert faults(page) == []
    page.context.close()


def test_who_may_only_read_sees_no_form(
    chromium: Browser, assistant: Assistant
) -> None:
    settings = assistant.settings.model_copy(update={"open_to_everyone": True})
    with served(replace(assistant, settings=settings)) as address:
        page = opened(chromium, address, 1280, "light")
        expect(page.locator("#thin details").first).to_be_visible(timeout=LONG)
        assert page.get_by_role("button", name="Add a report").count() == 0
        assert page.locator("#library-file").count() == 0
        page.context.close()
