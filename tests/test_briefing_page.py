"""The Briefing page in a real Chromium: items, stopping, a pack to download."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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


def titled(part: Locator, number: int) -> Locator:
    return part.get_by_role("textbox", name=f"Item {number}", exact=True)


def test_the_items_are_looked_over_and_the_pack_is_of_them(page: Page) -> None:
    page.locator("#agenda textarea").fill(f"{AGENDA}3. Devolution\n4. Prevention\n")
    page.locator("#show-items").click()
    rows = page.locator("#review ol > li")
    expect(rows).to_have_count(4, timeout=LONG)
    expect(page.locator("#review h2")).to_be_focused()
    expect(page.locator("#briefing-status")).to_contain_text("3 of 4 items")
    apologies, oflog, devolution, _ = rows.all()
    expect(apologies.get_by_label("Brief")).not_to_be_checked()
    expect(apologies.get_by_label("Questions")).not_to_be_visible()
    asked = oflog.get_by_label("Questions").input_value()
    assert asked.startswith("What do the reports say about Oflog")
    assert faults(page) == []
    devolution.get_by_label("Questions").fill("What is a growth board?\n")
    titled(devolution, 3).fill("Growth <i>boards</i>")
    oflog.get_by_label("Brief").uncheck()
    # Order is changed by keys alone.
    devolution.get_by_role("button", name="Down").press("Enter")
    expect(page.locator("#review .moved")).to_have_text("Now at place 4 of 4.")
    down = rows.nth(3).get_by_role("button", name="Down")
    expect(down).to_be_disabled()
    expect(rows.nth(3).get_by_role("button", name="Up")).to_be_focused()
    page.reload()
    expect(rows).to_have_count(4, timeout=LONG)
    expect(titled(rows.nth(3), 3)).to_have_value("Growth <i>boards</i>")
    expect(rows.nth(1).get_by_label("Brief")).not_to_be_checked()
    assert page.evaluate("scrollY") == 0
    page.locator("#make-pack").click()
    pack = page.locator("#pack .pack")
    expect(pack).to_be_visible(timeout=LONG)
    titles = pack.locator("h4").all_inner_texts()
    assert titles == ["4. Prevention", "3. Growth <i>boards</i>"]
    expect(pack).to_contain_text("No briefing needed: 1. Apologies; 2. Oflog")
    expect(rows.nth(3).get_by_label("Questions")).to_have_value(
        "What is a growth board?"
    )


def test_an_agenda_that_was_changed_is_read_anew(page: Page) -> None:
    field, changed = page.locator("#agenda textarea"), page.locator("#review .changed")
    expect(changed).not_to_be_visible()
    kept = field.input_value()
    field.fill(f"{kept}5. Data")
    expect(changed).to_be_visible()
    field.fill(kept)
    expect(changed).not_to_be_visible()
    field.fill("1. Prevention")
    page.locator("#make-pack").click()
    expect(page.locator("#review ol > li")).to_have_count(1, timeout=LONG)
    expect(page.locator("#pack .pack h4")).to_have_text("1. Prevention", timeout=LONG)
    expect(changed).not_to_be_visible()


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
    expect(status).to_contain_text("1 of 2 items", timeout=LONG)
    expect(titled(page.locator("#review"), 2)).to_have_value("Oflog")
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
    page.locator("#hear > button").click()
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
    page.locator("#show-items").press("Enter")
    expect(page.locator("#review ol")).to_be_visible(timeout=LONG)
    assert faults(page) == []
    page.get_by_label("Full:").check()
    page.locator("#make-pack").press("Enter")
    expect(page.locator("#pack h2").first).to_be_visible(timeout=LONG)
    assert faults(page) == []
    context.close()
