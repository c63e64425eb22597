"""Texts on a page, as Gradio's Markdown with all that we do not want turned off."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from assistant.web.gradio_import import gr

Options = dict[str, Any]
"""Arguments by name, for Gradio to check."""

# Of an event: no spinner over the parts that it changes, and no programs that call it.
QUIET: Options = {"show_progress": "hidden", "api_visibility": "private"}

# Two people's files are read at one time, whichever page they are sent to.
READING: Options = {
    **QUIET,
    "concurrency_limit": 2,
    "concurrency_id": "read",
    "trigger_mode": "once",
}
# Of a part that nobody sees: our scripts press it, or read it.
HIDDEN: Final = "hidden"


def put_text(html: str, **options: Any) -> gr.Markdown:
    """Put a text on the page; dollar signs in it are no formulas.

    Gradio's own part for HTML needs what our content security policy forbids.
    """
    return gr.Markdown(html, latex_delimiters=[], sanitize_html=True, **options)


def put_header(heading: str, purpose: str, notice: str = "") -> None:
    """Put a page's heading on it, what it is for, and how it works."""
    below = f'<p class="notice">{escape(notice)}</p>' if notice else ""
    put_text(
        f'<h1>{heading}</h1><p class="purpose">{purpose}</p>{below}',
        elem_id="page-header",
    )


def told(text: str, *, fault: bool = False) -> str:
    """Return a sentence that a screen reader says when it appears."""
    return f'<p role="{"alert" if fault else "status"}">{escape(text)}</p>'


def put_links() -> None:
    """Put the links to the other pages on a page; each needs its own."""
    gr.Navbar(main_page_name="Ask")  # type: ignore[attr-defined]
