"""Takes the picture of README from the page itself: `make picture`.

An answer of the shipped shelf, quoting, with its sources, at the width of a laptop.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from assistant.composition import open_assistant
from assistant.settings import Settings
from tests.browser.fixtures import ARGUMENTS, PATIENCE
from tests.browser.page import ask
from tests.requirements import BROWSERS, find_browser
from tests.serving import served

PICTURE = Path(__file__).parents[1] / "docs" / "chat.png"
QUESTION = "What does Localis (2023) say about Oflog?"
WIDTH, HEIGHT = 1280, 860


def take(url: str, executable: str) -> bytes:
    """Ask the question on the page; return what is then seen, as PNG."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        ask(page, QUESTION, 1)
        page.locator("#answer-1").scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        picture = page.screenshot()
        browser.close()
    return picture


def main() -> int:
    """Take the picture, or say what is missing for it."""
    executable = find_browser()
    if executable is None:
        sys.stderr.write(f"None of {', '.join(BROWSERS)} is installed: make browser\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        with closing(open_assistant(settings)) as assistant, served(assistant) as url:
            picture = take(url, executable)
    # Few colours are enough for a page, and a quarter of the size.
    with Image.open(BytesIO(picture)) as image:
        image.quantize(128).save(PICTURE, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
