"""The papers of an agenda pack on the Briefing page: offered, added, and heard first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.composition import Assistant
from evals.agenda_pack import make_pack
from tests.browser.page import faults, faults_in_every_look
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures", "tests.shelf")
pytestmark = pytest.mark.browser

# Reading, indexing and answering share two cores with other tests.
LONG = 180_000
TITLE = "Prevention and Early Help Strategy 2025 - 2030"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    file = tmp_path / "public pack.pdf"
    file.write_bytes(make_pack())
    return file


def read_pack(browser: Browser, address: str, pack: Path) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(f"{address}/briefing")
    page.locator("#briefing input[type=file]").set_input_files(pack)
    expect(page.locator("#review ol")).to_be_visible(timeout=LONG)
    return page


def test_papers_are_put_on_the_shelf_and_heard_first(
    chromium: Browser, own_assistant: Assistant, pack: Path
) -> None:
    with served(own_assistant) as address:
        page = read_pack(chromium, address, pack)
        papers, status = page.locator("#papers"), page.locator("#papers-status")
        expect(papers.get_by_role("checkbox")).to_have_count(5)
        assert faults_in_every_look(page) == []
        page.get_by_role("button", name="Put them on the shelf").click()
        expect(status.get_by_role("alert")).to_contain_text("Tick at least one")
        papers.get_by_label(f"Item 4: {TITLE} (pages 9 to 26)").check()
        page.get_by_role("button", name="Put them on the shelf").click()
        expect(status).to_contain_text(f"Added: {TITLE}", timeout=LONG)
        expect(papers.get_by_role("checkbox")).to_have_count(4)
        assert TITLE in {details.title for details in own_assistant.catalogue}
        for row in page.locator("#review ol > li").all():
            item = row.get_by_role("textbox").first.input_value()
            row.get_by_label("Brief").set_checked(item == TITLE)
        page.locator("#make-pack").click()
        told = page.locator("#pack .pack")
        expect(told).to_contain_text("What your paper says", timeout=LONG)
        assert faults(page) == []
        page.context.close()


def test_whoever_may_only_read_is_offered_none(
    chromium: Browser, own_assistant: Assistant, pack: Path
) -> None:
    settings = own_assistant.settings.model_copy(update={"open_to_everyone": True})
    with served(replace(own_assistant, settings=settings)) as address:
        page = read_pack(chromium, address, pack)
        assert page.locator("#papers").count() == 0
        page.context.close()
