"""The site: its pages under one head, mounted on an application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from fastapi import FastAPI
from starlette.routing import Mount

from assistant.serving.limits import asker_of, uploads_an_hour
from assistant.serving.rates import Rates
from assistant.web.ask.page import CONCURRENCY, TITLE, add_asking
from assistant.web.briefing.page import lay_out_briefing
from assistant.web.compare.page import lay_out_comparing
from assistant.web.gradio_import import gr
from assistant.web.library.page import lay_out_library
from assistant.web.site import Site
from assistant.web.texts import put_links
from assistant.web.theme import make_theme
from assistant.web.wall.held import held
from assistant.web.wall.queue import Queue
from assistant.web.wall.steps import inputs_of
from assistant.web.wall.uploads import add_uploads
from assistant.web.wall.wall import Wall

if TYPE_CHECKING:
    from assistant.composition import Assistant

# Questions that wait until one can be answered.
QUEUE_SIZE = 128
# Gradio's jobs at one time; an answer mostly waits for its model.
_JOBS = 160
# Open pages that are remembered; whichever was not used for longest is forgotten. Its
# conversation is in its browser.
_SESSIONS = 300

# Each hour, files that came or were made a day ago are removed (seconds).
_FORGET_FILES = (3600, 86_400)

_PAGES = {
    "Briefing": lay_out_briefing,
    "Compare": lay_out_comparing,
    "Library": lay_out_library,
}
_STATIC = Path(__file__).parent / "static"


def make_page(assistant: Assistant) -> gr.Blocks:
    """Make the pages over an open assistant."""
    page = Site(
        title=TITLE,
        analytics_enabled=False,
        fill_width=True,
        delete_cache=_FORGET_FILES,
    )
    add_asking(page, assistant)
    # An assistant without an open shelf answers questions, and no more.
    pages = _PAGES if hasattr(assistant, "parts") else {}
    with page:
        if pages:
            put_links()
    for name, lay_out in pages.items():
        with page.route(name, name.lower()):
            put_links()
            lay_out(page, assistant)
    page.max_threads = _JOBS
    page.state_session_capacity = _SESSIONS
    page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=CONCURRENCY)
    return page


def _files(suffix: str) -> str:
    return "".join(
        file.read_text(encoding="utf-8") for file in sorted(_STATIC.glob(f"*{suffix}"))
    )


def _head() -> str:
    """Return our styles and scripts for the page's head.

    Gradio's own parameter for CSS takes selectors apart at their commas, and so breaks
    ``:is()`` and what stands in a media query.
    """
    return f"<style>{_files('.css')}</style><script>{_files('.js')}</script>"


def _largest_file(assistant: Assistant) -> int:
    """Return the bytes of the largest file taken; without a library, none is."""
    has_library = hasattr(assistant, "parts")
    return int(assistant.settings.upload_mb * 1_000_000) if has_library else 1


def mount_page(app: FastAPI, assistant: Assistant) -> None:
    """Mount the page on an application, as its root, behind our own wall."""
    page, files = make_page(assistant), held(assistant.settings)
    files.sweep()
    largest = _largest_file(assistant)
    # Before Gradio's own, which keeps files of the same content as one, and whose they
    # are nowhere.
    limit = uploads_an_hour(assistant.settings.uploads_per_hour)
    rates: Rates = app.state.answers.rates
    add_uploads(
        app,
        files,
        largest,
        lambda scope, count: rates.take(limit, asker_of(scope).key, count=count),
    )
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=make_theme(),
        head=_head(),
        favicon_path=str(_STATIC / "favicon.png"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=largest,
    )
    # Gradio checks which files it takes and hands out only where it was launched, and a
    # mounted application never is.
    page.has_launched = True
    (mount,) = (r for r in app.routes if isinstance(r, Mount) and r.path == "")
    cast(FastAPI, mount.app).add_middleware(
        Wall,
        pages=[route for route, *_ in page.pages if route],
        inputs=inputs_of(page),
        held=files,
        queue=Queue(page),
    )
