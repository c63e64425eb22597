"""What tests do with a page: ask, wait for the answer, look for faults of access."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Literal

from playwright.sync_api import Page, TimeoutError, expect

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

Scheme = Literal["light", "dark"]
OpenPage = Callable[..., Page]

# What a page must hold in: the width of a desk and of a telephone, by day and by night.
LOOKS: tuple[tuple[int, Scheme], ...] = (
    (1280, "light"),
    (1280, "dark"),
    (320, "dark"),
    (320, "light"),
)


def ask(page: Page, question: str, number: int) -> None:
    """Ask, and wait until the answer of this number is whole."""
    begin(page, question, number)
    expect(page.locator(f"#answer-{number}:not(.pending, .growing)")).to_be_visible()


def begin(page: Page, question: str, number: int) -> None:
    """Ask, once the page takes a question: on a busy machine it is seen before that."""
    box = page.get_by_label("Your question")
    box.fill(question)
    for _ in range(20):
        box.press("Enter")
        try:
            page.locator("#chat .question").nth(number - 1).wait_for(timeout=3000)
            return
        except TimeoutError:
            if not box.input_value():
                return


def faults(page: Page) -> list[str]:
    """Run axe; also tell of a page that is wider than its window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = [
        f"{fault['id']}: {node['target']}"
        for fault in page.evaluate("axe.run()")["violations"]
        for node in fault["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    return found


def faults_in_every_look(page: Page) -> list[str]:
    """Look for faults in each width and colour; leave the page narrow and light."""
    found = []
    for width, scheme in LOOKS:
        look(page, width, scheme)
        found += [f"{width} {scheme}: {fault}" for fault in faults(page)]
    return found


def look(page: Page, width: int, scheme: Scheme) -> None:
    """Give the page a width and a colour, and wait until it has taken them."""
    page.set_viewport_size({"width": width, "height": 800})
    # No colour is measured on its way from one to the other.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(
        """([width, dark]) => innerWidth === width && (
            !document.querySelector(".gradio-container")
            || document.body.classList.contains("dark") === dark)""",
        arg=[width, scheme == "dark"],
    )
