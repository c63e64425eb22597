"""The site: its pages under one head, mounted on an application."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from assistant.web.ask_page import CONCURRENCY, TITLE, add_asking
from assistant.web.briefing_page import add_briefing
from assistant.web.conversation import AnswersQuestions
from assistant.web.gradio_import import gr
from assistant.web.theme import make_theme

# Questions that wait until one can be answered.
QUEUE_SIZE = 32

_STATIC = Path(__file__).parent / "static"


def make_page(assistant: AnswersQuestions) -> gr.Blocks:
    """Make the pages over an open assistant."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    add_asking(page, assistant)
    add_briefing(page, assistant)
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


def mount_page(app: FastAPI, assistant: AnswersQuestions) -> FastAPI:
    """Mount the page on an application, as its root."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        make_page(assistant),
        path="/",
        theme=make_theme(),
        head=_head(),
        favicon_path=str(_STATIC / "favicon.png"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        # Nothing on the page takes a file.
        max_file_size=1,
    )
    return mounted
