"""Texts on a page, as Gradio's Markdown with all that we do not want turned off."""

from __future__ import annotations

from html import escape
from typing import Any

from assistant.web.gradio_import import gr


def put_text(html: str, **options: Any) -> gr.Markdown:
    """Put a text on the page; dollar signs in it are no formulas.

    Gradio's own part for HTML needs what our content security policy forbids.
    """
    return gr.Markdown(html, latex_delimiters=[], sanitize_html=True, **options)


def told(text: str, *, fault: bool = False) -> str:
    """Return a sentence that a screen reader says when it appears."""
    return f'<p role="{"alert" if fault else "status"}">{escape(text)}</p>'


def put_links() -> None:
    """Put the links to the other pages on a page; each needs its own."""
    gr.Navbar(main_page_name="Ask")  # type: ignore[attr-defined]
