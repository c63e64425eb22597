"""The Briefing tab in a real Chromium: questions, a pack to download, faults told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from assistant.composition import Assistant
from tests.requirements import browser as browser_path
from tests.test_browser_page import ARGUMENTS, AXE, served

pytest_plugins = ("tests.shelf",)
pytestmark = pytest.mark.browser

AGENDA = "Growth Board\n\n1. Apologies\n2. Oflog and <b>performance</b> *data*\n"
# The pack is made on two cores that other tests share.
LONG = 60_000


@pytest.fixture(scope="module")
def page(assistant: Assistant) -> Iterator[Page]:
    with served(assistant) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=ARGUMENTS
        )
        page = browser.new_page()
        page.goto(f"{address}/briefing")
        yield page
        browser.close()


def test_the_questions_are_shown_to_be_changed(page: Page) -> None:
    page.locator("#agenda textarea").fill(AGENDA)
    page.locator("#show-questions").click()
    status = page.locator("#briefing-status")
    expect(status).to_contain_text("1 of 2 items", timeout=LONG)
    asked = page.locator("#agenda textarea").input_value()
    assert "   - What do the reports say about Oflog" in asked


def test_a_pack_is_made_shown_and_downloaded(page: Page, tmp_path: Path) -> None:
    page.locator("#agenda textarea").fill(AGENDA)
    page.locator("#make-pack").click()
    expect(page.locator("#pack h2").first).to_be_visible(timeout=LONG)
    expect(page.locator("#pack")).to_contain_text("<b>performance</b> *data*")
    assert page.locator("#pack b, #pack em").count() == 0
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    told = [p.text for p in docx.Document(str(file)).paragraphs]
    assert told[0] == "Briefing: Growth Board"


def test_the_tab_is_accessible(page: Page) -> None:
    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run()")
    serious = ("serious", "critical")
    assert not [v["id"] for v in found["violations"] if v["impact"] in serious]


def test_an_empty_agenda_is_told(page: Page) -> None:
    page.locator("#agenda textarea").fill("")
    page.locator("#make-pack").click()
    expect(page.get_by_role("alert")).to_contain_text("agenda is empty", timeout=LONG)
