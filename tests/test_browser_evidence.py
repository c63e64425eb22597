"""The evidence beside an answer in a real Chromium: sources, pages, sections, outcomes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answering.writers.state import Told
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.details import Given
from assistant.library.entries import Entry, make_entry
from assistant.library.files import StoredReport
from assistant.library.library import Library
from assistant.reading.catalogue import read_corpus
from assistant.reading.reader import read_file
from assistant.schema import Answer, Chunk, Nearest, Passage, ReportDetails
from assistant.settings import Settings, shipped
from tests.browser.fakes import (
    ANSWERED,
    BROKEN_OFF,
    CLARIFY,
    DECLINED,
    FAILED,
    NO_EVIDENCE,
    PARTIAL,
    FakeAssistant,
    FakeChain,
    citation,
)
from tests.browser.page import OpenPage, ask, faults, faults_in_every_look
from tests.documents import Text, paragraph, write_pdf
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser

CITED = (
    "It recommends that councils inspect each weir before the winter floods come down "
    "from the hills, and that they write down what they see."
)
PAGE = f"Quill House found that weirs need care in every year. {CITED} A weir costs £9,000."
DIGEST = "Localis argued in 2013 that the need to innovate and transform"


@dataclass
class Prepared(FakeChain):
    """Gives the answers handed over, by the question's first word."""

    answers: dict[str, Answer] | None = None

    async def astream(self, input: dict[str, object], /) -> AsyncIterator[Told]:
        question = str(input["question"])
        answer = replace(
            (self.answers or {})[question.split()[0]],
            question=question,
            standalone_question=question,
        )
        yield {"standalone_question": question}
        yield {"answer": answer}


def found(details: ReportDetails, section: str, text: str, page: int | None) -> Passage:
    label = str(page) if page else None
    chunk = Chunk(
        f"{details.report}-{section}", details, section, label, 0, text, (), page
    )
    return Passage(chunk, 1.0, 0.7)


def add_weirs(library: Library, folder: Path) -> Entry:
    title = Text("On Weirs", y=760, size=20, bold=True)
    pages = [
        [title, *paragraph("An opening to the report. " * 9)],
        [
            *paragraph(PAGE),
            *paragraph("More is said of gates and of locks. " * 40, 620),
        ],
    ]
    file = write_pdf(folder / "weirs.pdf", pages)
    read = read_candidate(
        Incoming(file, file.name, str(file)), known={}, read=read_file
    )
    assert isinstance(read, Candidate)
    given = Given(title="On Weirs", publisher="Quill House", published="2025-02")
    entry = make_entry(read, given)
    library.put(entry, file, read.extract.sections)
    return entry


def make_answers(entry: Entry, heading: str) -> dict[str, Answer]:
    [document] = [
        document
        for document in read_corpus(shipped("corpus"))
        if document.details.report == "changing-places-2013"
    ]
    section = document.sections[1]
    weirs = found(entry.details, heading, PAGE, 2)
    digest = found(document.details, section.heading, section.text, None)
    others = [
        found(document.details, other.heading, other.text, None)
        for other in document.sections[2:6]
    ]
    sentence = section.text.partition(". ")[0] + "."
    page = replace(citation(1, weirs, CITED), page_number=2)
    return {
        "weirs": replace(
            ANSWERED,
            text="Quill House (2025) recommends inspecting each weir. [1] Localis (2013) "
            "argued that councils must transform. [2]",
            citations=(page, citation(2, digest, sentence)),
            passages=(weirs, digest, *others),
        ),
        "nothing": replace(
            NO_EVIDENCE,
            passages=(digest, *others),
            nearest=(
                Nearest(
                    digest.chunk.details.report, "Changing Places", section.heading
                ),
                Nearest(entry.details.report, "On Weirs", heading),
            ),
        ),
        "answered": ANSWERED,
        "partial": PARTIAL,
        "clarify": CLARIFY,
        "declined": DECLINED,
        "failed": FAILED,
        "broken": BROKEN_OFF,
    }


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.model_construct(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def entry(shelf: Settings, tmp_path_factory: pytest.TempPathFactory) -> Entry:
    return add_weirs(Library(shelf.reports_dir), tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def url(shelf: Settings, entry: Entry) -> Iterator[str]:
    stored = StoredReport(entry, Library(shelf.reports_dir).folder_of(entry))
    chain = Prepared(answers=make_answers(entry, stored.sections[0].heading))
    with served(FakeAssistant(settings=shelf, chain=chain)) as url:
        yield url


def pictures_of(page: Page) -> list[str]:
    """Note the addresses of pictures that a page asks for from now on."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url) if "/picture" in request.url else None
        ),
    )
    return asked


def test_the_page_of_a_pdf_is_drawn_when_it_is_asked_for(open_page: OpenPage) -> None:
    page = open_page()
    asked = pictures_of(page)
    ask(page, "weirs", 1)
    page.locator("#answer-1 a.cite").first.press("Enter")
    source = page.locator("#answer-1-source-1")
    expect(source).to_be_focused()
    expect(source.locator("mark")).to_have_text(CITED)
    fold = source.get_by_text("Show page 2", exact=True)
    expect(fold).to_be_visible()
    assert asked == []
    fold.press("Enter")
    image = source.get_by_role("img", name="Page 2 of On Weirs, the cited words marked")
    expect(image).to_have_js_property("complete", True)
    expect(image).to_have_js_property("naturalWidth", 1200)
    expect(source.locator(".undrawn")).to_be_hidden()
    assert len(asked) == 1
    assert faults(page) == []
    source.get_by_role("link", name="Back to the answer").press("Enter")
    expect(page.locator("#answer-1 a.cite").first).to_be_focused()


def test_a_page_that_cannot_be_drawn_says_so(
    open_page: OpenPage, shelf: Settings, entry: Entry
) -> None:
    file = Library(shelf.reports_dir).file_of(entry)
    kept = file.read_bytes()
    file.write_bytes(b"%PDF-1.7 and no more")
    try:
        page = open_page(width=320)
        ask(page, "weirs", 1)
        source = page.locator("#answer-1-source-1")
        source.get_by_text("Show page 2", exact=True).click()
        told = source.get_by_role("status")
        expect(told).to_contain_text("This page cannot be shown as a picture")
        expect(source.locator("img")).to_be_hidden()
        assert faults(page) == []
    finally:
        file.write_bytes(kept)


def test_what_was_found_besides_is_folded(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "weirs", 1)
    expect(page.locator("#sources .source")).to_have_count(2)
    also = page.locator("#sources .also")
    expect(also.locator("li").first).to_be_hidden()
    also.locator("summary").press("Enter")
    expect(also.locator("li")).to_have_count(4)
    expect(also.locator("li").first).to_contain_text("Changing Places (Localis, 2013)")
    assert faults(page) == []


def opened_by(page: Page, name: str) -> Page:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=name).first.click()
    opened.value.wait_for_load_state()
    return opened.value


def test_the_nearest_sections_open_as_text(chromium: Browser, url: str) -> None:
    # The text's own policy forbids every script, the checker's too.
    context = chromium.new_context(
        viewport={"width": 320, "height": 800}, color_scheme="dark", bypass_csp=True
    )
    page = context.new_page()
    page.goto(url)
    ask(page, "nothing", 1)
    text = opened_by(page, "The need to innovate and transform")
    expect(text.get_by_role("heading", level=1)).to_have_text("Changing Places")
    expect(text.get_by_text("It is not the original.")).to_be_visible()
    assert faults_in_every_look(text) == []
    text.get_by_role("link", name="Next section").click()
    heading = text.get_by_role("heading", level=2)
    expect(heading).to_have_text("What the report looks at")
    text.get_by_role("link", name="All sections").click()
    expect(heading).to_have_count(23)
    assert faults_in_every_look(text) == []
    weirs = opened_by(page, "Opening")
    expect(weirs.get_by_role("main")).to_contain_text("weirs need care in every year")
    context.close()


def test_a_cited_section_opens_at_its_mark(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "weirs", 1)
    text = opened_by(page, "Open the section")
    expect(text.locator("mark")).to_contain_text(DIGEST)
    expect(text.locator("mark")).to_be_in_viewport()


OUTCOMES = "answered partial nothing clarify declined failed broken".split()


def test_every_outcome_looks_its_own(open_page: OpenPage) -> None:
    page = open_page(320, "dark")
    for number, outcome in enumerate(OUTCOMES, start=1):
        ask(page, outcome, number)
    page.evaluate(
        "document.querySelectorAll('#chat details').forEach((fold) => fold.open = true)"
    )
    headings = page.locator("#chat .answer > .outcome")
    expect(headings).to_have_text(
        [
            "Answer",
            "Part of an answer",
            "Not on the shelf",
            "Please say which",
            "Outside the shelf",
            "Not answered",
            "Broken off",
        ]
    )
    signs = headings.evaluate_all(
        "all => all.map((one) => getComputedStyle(one, '::before').maskImage)"
    )
    # Both failures have one sign; no other two share one.
    assert len(set(signs)) == len(OUTCOMES) - 1
    assert "none" not in signs
    assert faults_in_every_look(page) == []
