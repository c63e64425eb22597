"""A conversation in a real Chromium: changed, repeated, copied, kept and opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.schema import Turn
from tests.browser.fakes import ANSWERED, NEW, FakeAssistant
from tests.browser.page import OpenPage, ask, faults, faults_in_every_look
from tests.serving import served

pytest_plugins = ("tests.browser.fixtures",)
pytestmark = pytest.mark.browser

Start = Callable[[], tuple[Page, FakeAssistant]]


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def start(open_page: OpenPage, assistant: FakeAssistant) -> Start:
    """Open a page whose assistant remembers nothing of other tests."""

    def started() -> tuple[Page, FakeAssistant]:
        assistant.chain.inputs.clear()
        return open_page(), assistant

    return started


def questions(page: Page) -> list[str]:
    texts = page.locator("#chat .question").all_text_contents()
    return [text.removeprefix("You asked: ") for text in texts]


def tool(page: Page, number: int, kind: str) -> Locator:
    return page.locator(f":has(> #answer-{number}) .tool.{kind}")


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    """Wait for what the page does not show."""
    for _ in range(600):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It did not happen.")


def test_an_earlier_question_is_changed_and_asked_again(start: Start) -> None:
    page, assistant = start()
    for number, question in enumerate(["hubs?", "and cost?", "football?"], start=1):
        ask(page, question, number)
    box = page.get_by_label("Your question")
    page.get_by_role("button", name="Change question 2").press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value("and cost?")
    expect(page.locator("#editing [role=status]")).to_have_text(
        "Changing question 2. Sending it drops its answer and the question after it."
    )
    assert faults_in_every_look(page) == []
    page.get_by_role("button", name="Leave it as it is").click()
    expect(page.locator("#editing")).to_be_hidden()
    expect(box).to_have_value("")
    assert len(questions(page)) == 3
    page.get_by_role("button", name="Change question 2").click()
    expect(box).to_have_value("and cost?")
    box.fill("Who shares hubs?")
    box.press("Enter")
    expect(page.locator("#chat .question")).to_have_count(2)
    expect(page.locator("#answer-2.answered:not(.growing)")).to_be_visible()
    assert questions(page) == ["hubs?", "Who shares hubs?"]
    expect(page.locator("#editing")).to_be_hidden()
    history = assistant.chain.inputs[-1]["history"]
    assert history == [Turn("user", "hubs?"), Turn("assistant", ANSWERED.text)]
    # The next one is asked after it, not in its place.
    ask(page, "and cost?", 3)


def test_the_latest_question_is_asked_again(start: Start) -> None:
    page, assistant = start()
    ask(page, "hubs?", 1)
    ask(page, "timeout", 2)
    page.get_by_label("Your question").fill("half a thou")
    expect(page.locator("#chat .retry")).to_have_count(1)
    tool(page, 2, "retry").press("Enter")
    # The first answer of the two looks the same: it is the chain that knows of another.
    wait_until(page, lambda: len(assistant.chain.inputs) == 3)
    expect(page.locator("#answer-2.error:not(.growing)")).to_be_visible()
    expect(page.locator("#chat .question").last).to_be_focused()
    asked = [inputs["question"] for inputs in assistant.chain.inputs]
    assert asked == ["hubs?", "timeout", "timeout"]
    assert len(assistant.chain.inputs[-1]["history"]) == 2  # type: ignore[arg-type]
    assert questions(page) == ["hubs?", "timeout"]
    expect(page.get_by_label("Your question")).to_have_value("half a thou")


def test_follow_ups_and_choices_ask_themselves(start: Start) -> None:
    page, _ = start()
    ask(page, "hubs?", 1)
    follow_ups = page.locator("#follow-ups button:visible")
    expect(follow_ups).to_have_text(
        ["What do hubs cost?", "Who shares data?", "Why are hubs useful?"]
    )
    follow_ups.nth(1).press("Enter")
    expect(page.locator("#answer-2.answered:not(.growing)")).to_be_visible()
    expect(page.locator("#chat .question").last).to_be_focused()
    expect(follow_ups).to_have_text(["What do hubs cost?", "Why are hubs useful?"])
    ask(page, "which?", 3)
    choices = page.locator("#choices button:visible")
    expect(choices).to_have_text(
        ["What does Old Places say on hubs?", "What does New Measures say?"]
    )
    expect(follow_ups).to_have_count(0)
    assert faults_in_every_look(page) == []
    choices.first.click()
    expect(page.locator("#answer-4.answered:not(.growing)")).to_be_visible()
    assert questions(page)[-1] == "What does Old Places say on hubs?"
    expect(choices).to_have_count(0)


def test_whoever_pressed_what_goes_late_is_put_at_the_question(start: Start) -> None:
    page, _ = start()
    ask(page, "hubs?", 1)
    expect(page.locator("#follow-ups button:visible")).to_have_count(3)
    page.evaluate(
        """() => {
            const button = document.querySelector("#follow-ups button");
            button.focus();
            window.askPage.arrive();
            setTimeout(() => button.remove(), 700);
        }"""
    )
    expect(page.locator("#chat .question").last).to_be_focused()


CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type) => (await item.getType(type)).text();
    return [await read("text/plain"), await read("text/html")];
}"""
COPIED = """Localis (2013) recommends local hubs. [1]

31ten (2026) finds that seven in ten councils share data. [2] \
Funding is the obstacle, 31ten (2026) says. [2]

Sources
[1] Old Places, Localis, 15 October 2013. Key recommendations › 8 Local hubs. \
Digest of the report's web page, not the original. https://example.org/old
[2] New Measures, 31ten, March 2026. Findings › 2 Data, page 12. \
https://example.org/new"""


@pytest.mark.parametrize("missing", [False, True], ids=["clipboard", "command"])
def test_an_answer_is_copied_with_its_citations(start: Start, missing: bool) -> None:
    page, _ = start()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('before')")
    if missing:
        # As on an address without HTTPS, where a browser has none.
        page.evaluate("delete Clipboard.prototype.write; delete window.ClipboardItem")
    ask(page, "hubs?", 1)
    copy = page.get_by_role("button", name="Copy with citations of answer 1")
    copy.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_have_text("Copied")
    expect(page.locator("#chat .copied")).to_have_text("Copied")
    expect(copy).to_be_focused()
    text, html = page.evaluate(CLIPBOARD)
    assert text.replace("\r\n", "\n") == COPIED
    assert "<em>New Measures</em>, 31ten, March 2026" in html
    assert "recommends local hubs. [1]" in html


def said(page: Page) -> list[str]:
    return list(page.evaluate("window.said"))


def listen(page: Page) -> None:
    """Keep whatever is put into a live region, in the order of its coming."""
    page.evaluate("""() => {
        window.said = [];
        const live = '[aria-live]:not([aria-live="off"]), [role=log], [role=status]';
        const note = (records) => records.forEach((record) => {
            const node = record.target.parentElement ?? record.target;
            const region = node.closest(live) ?? record.target.closest?.(live);
            const off = region?.ariaLive === "off";
            const text = [...record.addedNodes].map((n) => n.textContent).join("");
            if (region && !off && text.trim()) window.said.push(text.trim());
        });
        new MutationObserver(note)
            .observe(document.body, { childList: true, subtree: true });
    }""")


def test_a_new_answer_is_announced_once(start: Start) -> None:
    page, _ = start()
    ask(page, "writes", 1)
    expect(page.get_by_role("log")).to_contain_text("Funding is the obstacle")
    listen(page)
    ask(page, "writes hubs", 2)
    expect(page.locator("#follow-ups button").first).to_be_visible()
    answers = [text for text in said(page) if "recommends local hubs" in text]
    assert len(answers) == 1
    assert "Funding is the obstacle" in answers[0]


def listed(page: Page) -> Locator:
    history = page.locator("#history-list")
    expect(history.locator(".found")).not_to_be_empty()
    return history


def begin_anew(page: Page) -> None:
    page.locator("#again").click()
    expect(page.locator("#chat .question")).to_have_count(0)


def wait_until_kept(page: Page, *questions: int) -> None:
    """Wait until the browser keeps conversations of so many questions: no more is due."""
    page.wait_for_function(
        """questions => {
            const keys = Object.keys(localStorage);
            const kept = keys.filter((key) => key.startsWith("ask-the-shelf."));
            const counts = kept.map((key) => JSON.parse(localStorage[key]).questions);
            return String(counts.sort()) === String(questions);
        }""",
        arg=list(questions),
    )


def test_conversations_outlive_a_restart_of_the_server(chromium: Browser) -> None:
    before, after = FakeAssistant(), FakeAssistant(corpus_version="fedcba987654")
    page = chromium.new_context().new_page()
    with served(before) as address:
        page.goto(address)
        ask(page, "hubs?", 1)
        page.get_by_role("button", name="Asking").click()
        page.get_by_label("Old Places").uncheck()
        ask(page, "breaks off", 2)
        panel = page.locator("#sources .panel").inner_text()
        answers = page.locator("#chat .answer").all_inner_texts()
        wait_until_kept(page, 2)
        begin_anew(page)
        expect(page.get_by_label("Your question")).to_be_focused()
        ask(page, "potholes?", 1)
        wait_until_kept(page, 1, 2)
        before.chain.release.set()
    with served(after, port=urlsplit(address).port or 0):
        page.goto(address)
        history = listed(page)
        expect(history.locator(".open")).to_have_text(["potholes?", "hubs?"])
        expect(history.locator(".when").last).to_contain_text("2 questions")
        assert faults(page) == []
        history.get_by_role("link", name="hubs?", exact=True).press("Enter")
        expect(page.locator("#chat .question").last).to_be_focused()
        expect(page.locator("#chat .question")).to_have_count(2)
        assert page.locator("#chat .answer").all_inner_texts() == answers
        assert page.locator("#sources .panel").inner_text() == panel
        expect(page.locator("#chat .older-shelf")).to_have_count(2)
        expect(page.locator("#opening")).to_be_hidden()
        page.locator("#answer-1 a.cite").first.click()
        expect(page.locator("#answer-1-source-1")).to_be_focused()
        page.get_by_role("button", name="Asking").click()
        expect(page.get_by_label("Old Places")).not_to_be_checked()
        expect(page.locator("#follow-ups button").first).to_be_visible()
        assert faults(page) == []
        ask(page, "and cost?", 3)
        asked = after.chain.inputs[-1]
        assert asked["reports"] == ["new-2026"]
        assert asked["history"] == [
            Turn("user", "hubs?"),
            Turn("assistant", ANSWERED.text),
        ]
        expect(page.locator("#answer-3 + .older-shelf")).to_have_count(0)
        expect(history.locator(".open")).to_have_text(["hubs?", "potholes?"])
        expect(history.locator(".when").first).to_contain_text("3 questions")
    page.context.close()


def test_a_page_that_stays_open_goes_on_after_a_restart(chromium: Browser) -> None:
    before, after = FakeAssistant(), FakeAssistant()
    page = chromium.new_context().new_page()
    with served(before) as address:
        page.goto(address)
        history = listed(page)
        ask(page, "hubs?", 1)
        expect(history.locator(".open")).to_have_count(1)
        # Where something is still to come, Gradio loads the page anew.
        expect(page.locator("#follow-ups button").first).to_be_visible()
    with served(after, port=urlsplit(address).port or 0):
        ask(page, "and cost?", 2)
        assert questions(page) == ["hubs?", "and cost?"]
        assert len(after.chain.inputs[-1]["history"]) == 2  # type: ignore[arg-type]
        expect(history.locator(".when")).to_contain_text("2 questions")
        expect(history.locator(".open")).to_have_text(["hubs?"])
    page.context.close()


def test_a_stopped_answer_is_kept_once_as_far_as_it_came(chromium: Browser) -> None:
    assistant = FakeAssistant()
    with served(assistant) as address:
        page = chromium.new_context().new_page()
        page.goto(address)
        page.get_by_label("Your question").fill("slow writes")
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#answer-1.growing")).to_contain_text("local hubs")
        expect(page.locator("#chat .tool:visible")).to_have_count(0)
        page.keyboard.press("Escape")
        history = listed(page)
        expect(history.locator(".open")).to_have_text(["slow writes"])
        begin_anew(page)
        assistant.chain.release.set()
        history.locator(".open").click()
        expect(page.locator("#answer-1")).to_contain_text("Answer so far, stopped here")
        expect(history.locator(".open")).to_have_text(["slow writes"])
        ask(page, "hubs?", 2)
        expect(history.locator(".when")).to_contain_text("2 questions")
        expect(history.locator(".open")).to_have_text(["slow writes"])
        page.context.close()


def test_conversations_are_deleted_one_by_one_and_all(start: Start) -> None:
    page, _ = start()
    history = listed(page)
    expect(history).to_contain_text("None yet.")
    for question in ("hubs?", "and cost?", "potholes?"):
        ask(page, question, 1)
        expect(history.locator("li").first.locator("[aria-current]")).to_have_count(1)
        begin_anew(page)
    history.get_by_role("button", name="Delete and cost?").press("Enter")
    expect(history.get_by_role("button", name="Undo")).to_be_focused()
    expect(history.locator(".open")).to_have_text(["potholes?", "hubs?"])
    page.keyboard.press("Enter")
    expect(history.locator(".open")).to_have_count(3)
    page.reload()
    history = listed(page)
    expect(history.locator(".open")).to_have_count(3)
    ask(page, "hubs again", 1)
    history.get_by_role("button", name="Clear all").press("Enter")
    expect(history.get_by_role("button", name="Keep them")).to_be_focused()
    assert faults_in_every_look(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    history.get_by_role("button", name="Delete all").click()
    expect(history).to_contain_text("None yet.")
    expect(page.locator("#chat .question")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).length") == stored_by_gradio(page)


def test_two_tabs_on_one_conversation_lose_nothing(start: Start) -> None:
    page, _ = start()
    ask(page, "hubs?", 1)
    expect(listed(page).locator(".when")).to_contain_text("1 question")
    other = page.context.new_page()
    other.goto(page.url)
    listed(other).get_by_role("link", name="hubs?", exact=True).click()
    expect(other.locator("#chat .question")).to_have_count(1)
    ask(page, "and cost?", 2)
    expect(page.locator("#history-list .when")).to_contain_text("2 questions")
    ask(other, "potholes?", 2)
    told = other.locator("#history-told [role=status]")
    expect(told).to_contain_text("went on in another tab")
    # Each goes on in its own, and finds both in its list.
    ask(page, "football?", 3)
    ask(other, "timeout", 3)
    ask(other, "which?", 4)
    for tab in (page, other):
        expect(tab.locator("#history-list .when")).to_contain_text(
            ["4 questions", "3 questions"]
        )
        expect(tab.locator("#history-list .open")).to_have_text(["hubs?", "hubs?"])
    kept = page.locator("#history-list .open")
    kept.first.click()
    expect(page.locator("#chat .question")).to_have_count(4)
    assert questions(page) == ["hubs?", "potholes?", "timeout", "which?"]
    kept.last.click()
    expect(page.locator("#chat .question")).to_have_count(3)
    assert questions(page) == ["hubs?", "and cost?", "football?"]


def stored_by_gradio(page: Page) -> int:
    keys = page.evaluate("Object.keys(localStorage)")
    return sum(not key.startswith("ask-the-shelf.") for key in keys)


FORGE = """([text, title]) => {
    const key = Object.keys(localStorage).find((k) => k.startsWith("ask-the-shelf."));
    const prefix = key.slice(0, key.lastIndexOf(".") + 1);
    const kept = JSON.parse(localStorage.getItem(key));
    const put = (name, value) => localStorage.setItem(prefix + name, value);
    put("broken", "{not JSON");
    put("foreign", JSON.stringify({ ...kept, questions: "<b>3</b>" }));
    put("huge", JSON.stringify({ ...kept, text: "x".repeat(600000) }));
    put("forged", JSON.stringify({ ...kept, title, text: kept.text + text }));
}"""


def test_a_damaged_store_is_dropped_and_a_forged_text_refused(start: Start) -> None:
    page, _ = start()
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    ask(page, "hubs?", 1)
    history = listed(page)
    expect(history.locator(".open")).to_have_count(1)
    title = "<img src=x onerror=alert(1)>"
    page.evaluate(FORGE, ["x", title])
    begin_anew(page)
    page.reload()
    history = listed(page)
    expect(history.locator(".open")).to_have_count(2)
    assert history.locator("img").count() == 0
    history.get_by_role("link", name=title, exact=True).click()
    alert = page.locator("#history-told [role=alert]")
    expect(alert).to_contain_text("This conversation cannot be opened.")
    expect(page.locator("#chat .question")).to_have_count(0)
    assert faults(page) == []
    assert errors == []


def test_the_oldest_conversations_go_when_the_store_is_full(start: Start) -> None:
    page, _ = start()
    ask(page, "hubs?", 1)
    history = listed(page)
    expect(history.locator(".open")).to_have_count(1)
    page.evaluate("""() => {
        const keys = Object.keys(localStorage);
        const key = keys.find((k) => k.startsWith("ask-the-shelf."));
        const kept = JSON.parse(localStorage.getItem(key));
        for (const year of [2021, 2022, 2023, 2024, 2025]) {
            const old = { ...kept, title: `Of ${year}`, asked: `${year}-01-01` };
            old.text = "x".repeat(480000);
            localStorage.setItem(`${key}${year}`, JSON.stringify(old));
        }
    }""")
    ask(page, "and cost?", 2)
    expect(history.locator(".open")).to_have_text(
        ["hubs?", "Of 2025", "Of 2024", "Of 2023", "Of 2022"]
    )


def test_the_filter_shows_the_shelf_as_it_is_now(chromium: Browser) -> None:
    assistant = FakeAssistant()
    with served(assistant) as address:
        page = chromium.new_context().new_page()
        page.goto(address)
        page.get_by_role("button", name="Asking").click()
        expect(page.get_by_label("Old Places")).to_be_checked()
        added = replace(NEW, report="added-2026", title="Just Added")
        assistant.catalogue = (*assistant.catalogue, added)
        page.reload()
        page.get_by_role("button", name="Asking").click()
        expect(page.get_by_label("Just Added")).to_be_checked()
        page.get_by_label("Old Places").uncheck()
        ask(page, "hubs?", 1)
        assert assistant.chain.inputs[-1]["reports"] == ["new-2026", "added-2026"]
        page.context.close()
