"""Parts that a test may need and a machine may lack."""

from __future__ import annotations

import os
import shutil

import pytest

# The same names as in the Makefile's target `browser`.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def require(what: str, found: bool) -> None:
    """Skip the test if a part is missing; fail it in CI, where none may be."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI skips no test", pytrace=False)
    pytest.skip(f"{what} is missing")


def browser() -> str:
    """Return the path of Chromium, or skip as `require` does."""
    path = find_browser()
    require("Chromium (make browser)", path is not None)
    return str(path)


def find_browser() -> str | None:
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
