"""The Ask page's habits: addresses, the list, the citation in place, keys, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.fakes import FakeAssistant
from tests.browser.page import OpenPage, ask, faults, faults_in_every_look

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


def test_an_address_leads_back_by_reload_back_and_in_another_tab(
    open_page: OpenPage,
) -> None:
    page = open_page()
    home = page.url
    questions = page.locator("#chat .question")
    expect(page.locator("#home")).to_contain_text("2 reports on the shelf")
    ask(page, "hubs?", 1)
    expect(page.locator("#home")).to_be_hidden()
    address = page.url
    assert "?c=" in address
    page.locator("#again").click()
    expect(page.locator("#home")).to_be_visible()
    expect(questions).to_have_count(0)
    assert page.url == home
    page.go_back()
    expect(questions).to_have_count(1)
    expect(page.locator("#answer-1.answered")).to_be_visible()
    page.go_forward()
    expect(questions).to_have_count(0)
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator("#answer-1.answered")).to_be_visible()
    other.goto(f"{home}?c={'0' * 32}")
    expect(other.get_by_role("alert")).to_contain_text("not kept in this browser")


def test_a_telephone_shows_the_page_from_its_top(open_page: OpenPage) -> None:
    page = open_page(375)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_role("heading", name="Ask the shelf")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Conversations")).to_be_in_viewport()


def test_a_reload_in_mid_answer_loses_neither_question_nor_answer(
    open_page: OpenPage, assistant: FakeAssistant
) -> None:
    page = open_page()
    page.get_by_label("Your question").fill("slow hubs?")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#answer-1.pending")).to_be_attached()
    page.wait_for_url("**?c=*")
    page.reload()
    expect(page.locator("#chat .question")).to_contain_text("slow hubs?")
    assistant.chain.release.set()
    expect(page.locator("#answer-1.answered:not(.growing)")).to_be_visible()
    asked = [one["question"] for one in assistant.chain.inputs]
    assert asked.count("slow hubs?") == 1
    assistant.chain.release.clear()


def test_a_conversation_is_named_and_found(open_page: OpenPage) -> None:
    page = open_page()
    for question in ("hubs?", "and cost?"):
        ask(page, question, 1)
        page.locator("#again").click()
        expect(page.locator("#chat .question")).to_have_count(0)
    history = page.locator("#history-list")
    expect(history.locator("h3")).to_have_text(["Today"])
    history.get_by_role("button", name="Rename hubs?").press("Enter")
    name = history.get_by_label("Name of this conversation")
    expect(name).to_be_focused()
    name.fill("For the board")
    name.press("Enter")
    expect(history.get_by_role("link", name="For the board")).to_be_focused()
    history.get_by_label("Search conversations").fill("BOARD hubs")
    expect(history.locator(".open")).to_have_text(["For the board"])
    assert faults(page) == []
    history.get_by_label("Search conversations").fill("weirs")
    expect(history).to_contain_text("Nothing found for “weirs”.")


def test_on_a_phone_a_citation_opens_as_a_sheet_and_leads_back(
    open_page: OpenPage,
) -> None:
    page = open_page(375)
    ask(page, "hubs?", 1)
    word = page.locator("#answer-1 a.cite").nth(1)
    for leave in ("Escape", "tap"):
        word.click()
        sheet = page.get_by_role("dialog", name="Source")
        expect(sheet).to_be_focused()
        expect(sheet.locator("mark").first).to_contain_text("seven in ten councils")
        expect(sheet).to_contain_text("page 12")
        assert faults(page) == []
        if leave == "tap":
            page.mouse.click(100, 60)
        else:
            page.keyboard.press(leave)
        expect(sheet).to_be_hidden()
        expect(word).to_be_focused()


def test_the_source_stands_beside_the_word_that_has_the_pointer_or_the_focus(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    card = page.locator("#cite-card")
    page.locator("#answer-1 a.cite").first.hover()
    expect(card).to_contain_text("Older report")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.keyboard.press("Tab")
    page.locator("#answer-1 .withheld summary").focus()
    page.keyboard.press("Shift+Tab")
    expect(card).to_contain_text("Funding is the obstacle.")
    page.keyboard.press("Enter")
    expect(page.locator("#answer-1-source-2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#answer-1 a.cite").last).to_be_focused()


def test_keys_are_told_and_can_be_turned_off(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    assert faults_in_every_look(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("#answer-1-source-1")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#answer-1-source-2")).to_be_focused()
    page.keyboard.press("?")
    keys.get_by_label("Use the single letters").uncheck()
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    expect(page.locator("#chat .question")).to_have_count(1)


def test_on_paper_stand_the_conversation_and_each_answers_sources(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, "hubs?", 1)
    ask(page, "and cost?", 2)
    expect(page.locator("#answer-1-source-2")).to_be_hidden()
    page.emulate_media(media="print")
    for shown in ("#answer-1", "#answer-2", "#answer-1-source-2", "#answer-2-source-1"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in ("#asking", "#sidebar", "#feedback", "#chat .tools", "#saving"):
        expect(page.locator(hidden).first).to_be_hidden()
