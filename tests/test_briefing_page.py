"""The Briefing page in a real Chromium: questions, stopping, a pack to download."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.composition import Assistant
from tests.browser.page import faults
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures", "tests.shelf")
pytestmark = pytest.mark.browser

AGENDA = "Growth Board\n\n1. Apologies\n2. Oflog and <b>performance</b> *data*\n"
# The pack is made on two cores that other tests share.
LONG = 90_000
MANY = "\n".join(f"{n}. Councils and matter {n} of devolution" for n in range(1, 56))


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield f"{address}/briefing"


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    expect(page.locator("#agenda textarea")).to_be_visible(timeout=LONG)
    yield page
    page.close()


def test_the_questions_are_shown_to_be_changed(page: Page) -> None:
    page.locator("#agenda textarea").fill(AGENDA)
    page.locator("#show-questions").click()
    status = page.locator("#briefing-status")
    expect(status).to_contain_text("1 of 2 items", timeout=LONG)
    asked = page.locator("#agenda textarea").input_value()
    assert "   - What do the reports say about Oflog" in asked


def test_a_file_is_read_into_the_agenda(page: Page, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Growth Board", style="Title")
    document.add_paragraph("Apologies", style="List Number")
    document.add_paragraph("Oflog", style="List Number")
    document.save(str(tmp_path / "agenda.docx"))
    with page.expect_file_chooser() as chosen:
        page.locator("#read-agenda").click()
    chosen.value.set_files(tmp_path / "agenda.docx")
    status = page.locator("#briefing-status")
    expect(status).to_contain_text("was read", timeout=LONG)
    assert page.locator("#agenda textarea").input_value().split("\n") == [
        "# Growth Board",
        "1. Apologies",
        "2. Oflog",
    ]


def test_a_pack_is_made_shown_and_downloaded(page: Page, tmp_path: Path) -> None:
    page.locator("#agenda textarea").fill(AGENDA)
    page.get_by_label("Full:").check()
    page.locator("#make-pack").click()
    expect(page.locator("#pack h2").first).to_be_visible(timeout=LONG)
    expect(page.locator("#stop-pack")).not_to_be_visible()
    expect(page.locator("#pack")).to_contain_text("<b>performance</b> data")
    assert page.locator("#pack b, #pack em").count() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Word", exact=True).click()
    assert download.value.suggested_filename == "briefing-growth-board.docx"
    assert "/gradio_api/file=made/" in download.value.url
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    told = [p.text for p in docx.Document(str(file)).paragraphs]
    assert told[0] == "Briefing: Growth Board"
    assert faults(page) == []


def test_a_reference_is_reached_and_left_by_keyboard(page: Page) -> None:
    cited = page.locator("#pack a.cite").first
    cited.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ref-1"
    assert page.url.endswith("/briefing")


def test_a_run_that_is_stopped_leaves_what_is_done(page: Page) -> None:
    page.locator("#agenda textarea").fill(MANY)
    page.locator("#make-pack").click()
    status = page.locator("#briefing-status")
    expect(status).to_contain_text("of 55 items done", timeout=LONG)
    assert status.get_attribute("aria-live") == "polite"
    page.locator("#stop-pack").click()
    expect(status).to_contain_text("Stopped after", timeout=LONG)
    expect(page.locator("#pack")).to_contain_text("This pack is not complete")
    expect(page.locator("#pack-files button").first).to_be_visible()


def test_no_report_chosen_and_no_agenda_are_told(page: Page) -> None:
    page.locator("#filter > button").click()
    expect(page.locator("#reports input").last).to_be_visible(timeout=LONG)
    for box in page.locator("#reports input").all():
        box.uncheck()
    page.locator("#agenda textarea").fill(AGENDA)
    page.locator("#make-pack").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Choose at least one", timeout=LONG)
    page.locator("#reports input").first.check()
    page.locator("#agenda textarea").fill("")
    page.locator("#make-pack").click()
    expect(alert).to_contain_text("agenda is empty", timeout=LONG)


def test_the_page_is_accessible_when_narrow_and_dark(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(address)
    page.locator("#agenda textarea").fill(AGENDA)
    assert faults(page) == []
    page.get_by_label("Full:").check()
    page.locator("#make-pack").press("Enter")
    expect(page.locator("#pack h2").first).to_be_visible(timeout=LONG)
    assert faults(page) == []
    context.close()
