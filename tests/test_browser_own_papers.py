"""A paper dropped into the question's box: on the shelf, or this conversation's alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from assistant.composition import Assistant
from assistant.library.adding import Intake, put_on_shelf
from assistant.library.candidates import Candidate, Incoming, read_candidate
from tests.browser.page import ask, faults_in_every_look, look
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures", "tests.shelf")
pytestmark = pytest.mark.browser

# Reading, indexing and answering share two cores with other tests.
LONG = 180_000
MARKER = "zebra7731"
PAPER = f"""# Weirs of Ashford

Ashford Parish Council, March 2025

## Repairs

The parish council repaired nine weirs in 2024. The {MARKER} of weirs stands up north.
"""
QUESTION = "How many weirs were repaired?"
# Another one, which nobody puts on the shelf.
OWN = PAPER.replace("Weirs", "Ferries").replace("weirs", "ferries")
OF_OWN = "How many ferries were repaired?"
SHELVED = PAPER.replace("Weirs", "Mills").replace("weirs", "mills")
# What a browser does when a file is let go over the page, or pasted.
HAND = """([kind, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/markdown" }));
    const told = kind === "paste" ? { clipboardData: data } : { dataTransfer: data };
    const make = kind === "paste" ? ClipboardEvent : DragEvent;
    const event = new make(kind, { ...told, bubbles: true, cancelable: true });
    document.querySelector("#question textarea").dispatchEvent(event);
}"""


@pytest.fixture
def reader_url(own_assistant: Assistant) -> Iterator[str]:
    """Where those who may only read are served."""
    settings = own_assistant.settings.model_copy(update={"open_to_everyone": True})
    with served(replace(own_assistant, settings=settings)) as address:
        yield address


@pytest.fixture
def page_files() -> Path:
    """Where the files of all pages of this process lie."""
    return Path(os.environ["GRADIO_TEMP_DIR"])


def open_in(browser: Browser, address: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(LONG)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_label("Your question")).to_be_visible()
    return page


def holding(folder: Path) -> list[Path]:
    """Return the files below a folder that hold what stands in the reader's paper alone."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [
        file for file in files if f"{MARKER} of ferries".encode() in file.read_bytes()
    ]


def put_on(own_assistant: Assistant, file: Path) -> None:
    """Put a paper on the shelf, as whoever may add would."""
    file.write_text(SHELVED)
    intake = Intake(own_assistant.workplace)
    found = read_candidate(Incoming(file, file.name, str(file)), known=intake.known)
    assert isinstance(found, Candidate)
    put_on_shelf(own_assistant.workplace, [intake.stage(found)])


def choose(page: Page, name: str, content: bytes) -> None:
    field = page.locator("#buttons input[type=file]")
    field.set_input_files(FilePayload(name=name, mimeType="", buffer=content))


def test_whoever_may_add_puts_it_on_the_shelf_and_asks_it(
    chromium: Browser, own_assistant: Assistant
) -> None:
    with served(own_assistant) as address:
        page = open_in(chromium, address)
        told, box = page.locator("#paper-told"), page.get_by_label("Your question")
        box.fill(QUESTION)
        page.evaluate(HAND, ["drop", "weirs.md", PAPER])
        # Sent while it is read, the question waits for it.
        box.press("Enter")
        expect(page.locator("#answer-1.answered")).to_contain_text("nine weirs")
        expect(page.locator("#filter")).to_contain_text("Asking 1 of 5 reports")
        assert "weirs-of-ashford-2025" in {d.report for d in own_assistant.catalogue}
        page.evaluate(HAND, ["paste", "again.md", PAPER])
        expect(told).to_contain_text("On the shelf already: Weirs of Ashford")
        assert faults_in_every_look(page) == []
        page.context.close()


def test_what_cannot_be_read_says_why_and_the_question_is_asked(
    chromium: Browser, own_assistant: Assistant
) -> None:
    settings = own_assistant.settings.model_copy(update={"upload_mb": 1.0})
    with served(replace(own_assistant, settings=settings)) as address:
        page = open_in(chromium, address)
        page.get_by_label("Your question").fill("What is Oflog?")
        choose(page, "broken.pdf", b"%PDF-1.7 and nothing more")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#answer-1.answered")).to_be_visible()
        alert = page.locator("#paper-told [role=alert]")
        expect(alert).to_contain_text("Not taken")
        expect(alert).to_contain_text("broken.pdf")
        expect(page.locator("#filter")).to_contain_text("Asking all")
        choose(page, "large.pdf", b"%PDF-1.7" + bytes(1_100_000))
        expect(page.locator("#paper-refused")).to_contain_text("maximum allowed size")
        expect(page.locator(".toast-body")).to_have_count(0)
        assert faults_in_every_look(page) == []
        page.context.close()


def test_of_a_reader_it_is_the_conversations_alone_and_goes_with_it(
    chromium: Browser, own_assistant: Assistant, reader_url: str, page_files: Path
) -> None:
    page, other = (open_in(chromium, reader_url) for _ in range(2))
    before = own_assistant.corpus_version
    told = page.locator("#paper-told")
    choose(page, "ferries.md", OWN.encode())
    expect(told).to_contain_text("Your paper is asked first: Ferries of Ashford")
    assert faults_in_every_look(page) == []
    look(page, 1280, "light")
    ask(page, OF_OWN, 1)
    answer = page.locator("#answer-1.answered")
    expect(answer).to_contain_text("nine ferries")
    expect(answer.locator("h4.part")).to_have_text(
        ["What your paper says", "What the reports say"]
    )
    assert faults_in_every_look(page) == []
    look(page, 1280, "light")
    # No address opens it, and nobody is asked whether the answer is right.
    assert page.locator("#sources a[href*='documents/own']").count() == 0
    assert page.locator("#sources .source").first.locator("a.open").count() == 0
    expect(page.locator("#feedback")).to_be_hidden()
    assert holding(page_files)
    assert not holding(own_assistant.settings.data_dir)
    # Nobody else: not by asking, and not by the conversation's address.
    other.goto(page.url)
    expect(other.locator("#address-told")).to_be_visible()
    ask(other, OF_OWN, 1)
    expect(other.locator("#answer-1")).not_to_contain_text("nine ferries")
    assert own_assistant.corpus_version == before
    # Its own reader comes back to it.
    page.reload()
    expect(told).to_contain_text("Your paper is asked first")
    page.get_by_label("Ask my paper alone").check()
    expect(page.locator("#filter")).to_be_hidden()
    ask(page, "Where does the zebra7731 stand?", 2)
    expect(page.locator("#answer-2.answered")).to_contain_text("up north")
    expect(page.locator("#answer-2 h4.part")).to_have_count(0)
    expect(page.locator("#chat")).to_contain_text("Asked of your paper alone")
    page.locator("#history-list .delete").click()
    expect(told.locator(".own")).to_have_count(0)
    for _ in range(100):
        if not holding(page_files):
            break
        page.wait_for_timeout(100)
    assert not holding(page_files)
    page.context.close()
    other.context.close()


def test_one_that_is_put_away_is_no_more_asked(
    chromium: Browser, own_assistant: Assistant, reader_url: str, tmp_path: Path
) -> None:
    put_on(own_assistant, tmp_path / "shelved.md")
    page = open_in(chromium, reader_url)
    choose(page, "ferries.md", OWN.encode())
    expect(page.locator("#paper-told .own")).to_be_visible()
    # One that is on the shelf already is told of, and asked beside this one.
    choose(page, "shelved.md", SHELVED.encode())
    told = page.locator("#paper-told")
    expect(told).to_contain_text("On the shelf already: Mills of Ashford")
    expect(told.locator(".own")).to_contain_text("Ferries of Ashford")
    page.get_by_role("button", name="Remove it").press("Enter")
    expect(page.locator("#paper-told")).to_contain_text("was removed")
    expect(page.locator("#filter")).to_contain_text("Asking 1 of")
    # On a telephone all of the composer's buttons stand in one line.
    look(page, 375, "light")
    names = ("Add a paper", "Send")
    boxes = [page.get_by_role("button", name=n).bounding_box() for n in names]
    middles = {round(b["y"] + b["height"] / 2) for b in boxes if b}
    assert len(middles) == 1
    ask(page, OF_OWN, 1)
    expect(page.locator("#answer-1")).not_to_contain_text("nine ferries")
    page.context.close()
