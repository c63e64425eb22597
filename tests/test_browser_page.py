"""The page in a real Chromium: answers, links, keyboard, accessibility, no traffic."""

from __future__ import annotations

import shutil
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from assistant.composition import open_assistant
from assistant.library.candidates import Candidate, Incoming, read_candidate
from assistant.library.details import Given
from assistant.library.entries import make_entry
from assistant.library.library import Library
from assistant.settings import load_settings, shipped
from tests.browser.fakes import HOSTILE, FakeAssistant
from tests.browser.page import OpenPage, ask, faults, faults_in_every_look
from tests.documents import Labels, paragraph, write_pdf
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


def test_the_page_is_accessible(open_page: OpenPage) -> None:
    page = open_page(320, "dark")
    assert faults_in_every_look(page) == []
    questions = ["hubs?", "potholes?", "and cost?", "which?", "football?", "refuse"]
    for number, question in enumerate(questions, start=1):
        ask(page, question, number)
        if number == 1:
            assert faults_in_every_look(page) == []
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#question-fault")).to_have_text("Type a question first.")
    page.get_by_role("button", name="Asking").click()
    expect(page.get_by_label("Old Places")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#history-list .open")).to_have_text(["hubs?"])
    assert faults_in_every_look(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Change question 3").click()
    expect(page.locator("#editing")).to_be_visible()
    assert faults_in_every_look(page) == []


def test_a_citation_leads_to_its_source_and_back(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    citation = page.locator("#answer-1").get_by_role("link", name="2").first
    citation.click()
    source = page.locator("#answer-1-source-2")
    expect(source).to_be_focused()
    expect(source.locator("mark").first).to_have_text(
        "31ten finds that seven in ten councils share data."
    )
    source.get_by_role("link", name="Back to the answer").click()
    expect(citation).to_be_focused()


def test_an_earlier_citation_opens_its_folded_source(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    ask(page, "and cost?", 2)
    source = page.locator("#answer-1-source-1")
    expect(source).to_be_hidden()
    page.locator("#answer-1 a.cite").first.click()
    expect(source).to_be_visible()
    expect(source).to_be_in_viewport()


def test_the_keyboard_is_enough(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Your question").focus()
    page.keyboard.type("hubs?")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Asking all 2 reports")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    citation = page.locator("#answer-1 a.cite").first
    expect(citation).to_be_visible()
    citation.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer-1-source-1")).to_be_focused()


COVERED = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return null;
    const { left, top, width, height } = focused.getBoundingClientRect();
    const at = document.elementFromPoint(left + Math.min(width / 2, 40), top + height / 2);
    const free = at && (focused.contains(at) || at.contains(focused));
    return [focused.id || focused.textContent || focused.type, !free];
}"""


def test_at_400_percent_nothing_covers_what_has_the_focus(open_page: OpenPage) -> None:
    page = open_page()
    # 1280 by 1024 pixels, each four times as wide.
    page.set_viewport_size({"width": 320, "height": 256})
    ask(page, "hubs?", 1)
    expect(page.locator("#follow-ups button").first).to_be_visible()
    page.get_by_role("button", name="Asking").click()
    page.get_by_role("button", name="Change question 1").click()
    expect(page.locator("#editing")).to_be_visible()
    # The first control of a page that has no others beside it.
    page.get_by_role("button", name="Change question 1").focus()
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(COVERED)
        if focused is None:
            break
        reached.append(focused)
    assert [name for name, covered in reached if covered] == []
    names = " ".join(name for name, _ in reached)
    for control in ("Copy", "Who shares data?", "textarea", "send", "Back to"):
        assert control in names


def test_a_contrast_theme_shows_what_is_ticked(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(forced_colors="active")
    page.get_by_role("button", name="Asking").click()
    box = page.get_by_label("Old Places")
    ticked = box.screenshot()
    box.uncheck()
    expect(box).not_to_be_checked()
    page.get_by_label("New Measures").focus()
    assert box.screenshot() != ticked


def test_an_example_asks_itself(open_page: OpenPage) -> None:
    page = open_page()
    example = page.locator("#opening button").first
    text = example.inner_text()
    example.click()
    expect(page.locator("#answer-1.answered:not(.growing)")).to_be_visible()
    expect(page.locator("#chat .question")).to_contain_text(text)
    expect(page.locator("#chat .question")).to_be_focused()
    expect(page.locator("#opening")).to_be_hidden()


def test_the_latest_answer_is_read_from_its_beginning(open_page: OpenPage) -> None:
    page = open_page()
    for number in range(1, 5):
        ask(page, "hubs?", number)
    expect(page.locator("#chat .question").last).to_be_in_viewport(ratio=1)
    expect(page.locator("#answer-4")).to_be_in_viewport(ratio=1)


def test_answers_are_announced_and_the_search_is_told(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    ask(page, "and cost?", 2)
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#answer-2 .searched")).to_have_text(
        "Searched for: and cost? (in full)"
    )
    # Gradio would have it read out as HTML.
    assert page.locator("#chat [data-testid][aria-label]").count() == 0


def test_stop_lets_the_user_ask_on(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Your question").fill("slow")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#answer-1.stopped")).to_be_visible()
    ask(page, "hubs?", 2)


def test_a_question_sent_in_mid_answer_is_not_lost(open_page: OpenPage) -> None:
    page = open_page()
    box = page.get_by_label("Your question")
    box.fill("slow")
    box.press("Enter")
    expect(page.locator("#answer-1.pending")).to_be_attached()
    box.fill("hubs?")
    box.press("Enter")
    expect(page.locator("#question-fault")).to_contain_text("Wait for this answer")
    expect(box).to_have_value("hubs?")
    page.get_by_role("button", name="Stop").click()
    box.press("Enter")
    expect(page.locator("#answer-2.answered:not(.growing)")).to_be_visible()
    expect(page.locator("#chat .question")).to_have_count(2)
    expect(box).to_have_value("")


def test_an_answer_grows_as_a_model_writes_it(
    open_page: OpenPage, assistant: FakeAssistant
) -> None:
    page = open_page()
    page.get_by_label("Your question").fill("slow writes")
    page.get_by_label("Your question").press("Enter")
    growing = page.locator("#answer-1.growing")
    expect(growing).to_contain_text(
        "Localis (2013) recommends local hubs. [source 1, Old Places, Localis]"
    )
    expect(page.locator("#progress")).to_contain_text(" s)")
    expect(growing.locator(".withheld summary")).to_have_text("1 sentence withheld")
    expect(page.locator("#answer-1-source-1")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Stop").click()
    stopped = page.locator("#answer-1:not(.growing)")
    expect(stopped).to_contain_text("Localis (2013) recommends local hubs.")
    expect(stopped).to_contain_text("Answer so far, stopped here")
    ask(page, "writes", 2)
    expect(page.locator("#answer-2")).to_contain_text("Funding is the obstacle")


def test_where_the_model_fails_the_quotations_stand_beside(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "breaks off", 1)
    answer = page.locator("#answer-1.error")
    expect(answer).to_contain_text("Broken off")
    expect(answer).to_contain_text("The model did not go on. Ask again.")
    quotations = page.locator("#answer-1-quotations")
    expect(quotations).to_contain_text("Funding is the obstacle")
    quotations.get_by_role("link", name="2").first.click()
    expect(page.locator("#answer-1-quotations-source-2")).to_be_focused()
    assert faults(page) == []


def test_only_the_chosen_reports_are_asked(
    open_page: OpenPage, assistant: FakeAssistant
) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    assert assistant.chain.inputs[-1]["reports"] == []
    page.get_by_role("button", name="Asking").click()
    page.get_by_label("Old Places").uncheck()
    ask(page, "hubs?", 2)
    assert assistant.chain.inputs[-1]["reports"] == ["new-2026"]
    expect(page.get_by_role("button", name="Asking 1 of 2 reports")).to_be_visible()
    expect(page.locator("#chat .left-out")).to_have_text(
        "Left out by your choice: Old Places (Localis, 2013)."
    )
    page.get_by_role("button", name="Asking").click()
    page.get_by_label("New Measures").uncheck()
    page.get_by_label("Your question").fill("hubs?")
    page.get_by_role("button", name="Send").click()
    fault = page.locator("#question-fault [role=status]")
    expect(fault).to_have_text("Choose at least one report to ask.")


def test_a_hostile_question_is_only_text(open_page: OpenPage) -> None:
    page = open_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    question = f"hubs {HOSTILE} ![x](http://192.0.2.1/x.png) $$x$$"
    ask(page, question, 1)
    ask(page, "hubs?", 2)
    expect(page.locator("#chat .question").first).to_contain_text(question)
    assert page.locator("#chat img, #chat script, #sources img").count() == 0
    assert not dialogs


def test_the_page_honours_reduced_motion(open_page: OpenPage) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    moving = """
        [...document.querySelectorAll(".gradio-container *")].filter((element) => {
          const style = getComputedStyle(element);
          return style.animationName !== "none" || style.transitionDuration !== "0s";
        }).length
    """
    assert page.evaluate(moving) == 0


@pytest.fixture
def one_report(tmp_path: Path) -> Path:
    """A corpus of one shipped report: the whole shelf takes long to index."""
    corpus = shipped("corpus")
    (tmp_path / "reports").mkdir()
    for name in ("glossary.yaml", "reports/level-measures-2023.md"):
        shutil.copy(corpus / name, tmp_path / name)
    return tmp_path


@pytest.mark.slow
def test_the_real_assistant_answers_an_example(
    open_page: OpenPage, one_report: Path
) -> None:
    assistant = open_assistant(load_settings(corpus_dir=one_report))
    with closing(assistant), served(assistant) as url:
        page = open_page(address=url)
        opening = page.locator("#opening button").first
        question = opening.inner_text()
        opening.click()
        expect(page.locator("#chat .question").first).to_contain_text(question)
        answer = page.locator("#answer-1:is(.answered, .partial):not(.growing)")
        expect(answer).to_contain_text("Level Measures")
        expect(page.locator("#follow-ups button").first).to_be_visible()
        answer.locator("a.cite").first.click()
        source = page.locator("#answer-1-source-1")
        expect(source).to_be_focused()
        expect(source).to_contain_text("Level MeasuresLocalis, 5 July 2023")
        expect(source.locator("blockquote mark").first).not_to_be_empty()
        assert faults(page) == []


def test_a_citation_leads_to_the_marked_page_of_an_added_report(
    open_page: OpenPage, one_report: Path, tmp_path: Path
) -> None:
    settings = load_settings(corpus_dir=one_report)
    weirs = "Quill House recommends that councils inspect every weir before the floods."
    pages = [paragraph(text) for text in ("The opening. " * 9, "Contents. " * 9, weirs)]
    file = write_pdf(tmp_path / "weirs.pdf", pages, labels=[Labels(0, "r")])
    found = read_candidate(Incoming(file, file.name, str(file)), known={})
    assert isinstance(found, Candidate)
    given = Given(title="On Weirs", publisher="Quill House")
    entry = make_entry(found, given)
    Library(settings.reports_dir).put(entry, file, found.extract.sections)
    assistant = open_assistant(settings)
    with closing(assistant), served(assistant) as url:
        page = open_page(address=url)
        ask(page, "What does Quill House recommend on weirs?", 1)
        page.locator("#answer-1 a.cite").first.click()
        source = page.locator("#answer-1-source-1")
        expect(source).to_be_focused()
        link = source.get_by_role("link", name="Open page iii in the document")
        expect(link).to_have_attribute("target", "_blank")
        # Gradio's cleaning of HTML adds the referrer's part.
        assert "noopener" in str(link.get_attribute("rel"))
        address = link.evaluate("link => link.href")
        assert address.startswith(f"{url}/documents/on-weirs/report?")
        assert address.endswith("#page=3")
        assert faults(page) == []
        response = page.request.get(address)
    third = PdfReader(BytesIO(response.body())).pages[2]
    marks = list(third.annotations or [])
    assert [mark.get_object()["/Subtype"] for mark in marks] == ["/Highlight"]
