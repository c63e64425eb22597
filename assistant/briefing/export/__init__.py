"""Writes a pack: one renderer a format over the same blocks, so that all say the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from assistant.briefing.export.blocks import Document
from assistant.briefing.export.layout import lay_out
from assistant.briefing.pack import Pack
from assistant.errors import AgendaError


class Format(NamedTuple):
    """A format of packs: what people call it, and what it is on the web."""

    name: str
    media_type: str


FORMATS = {
    ".docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".pdf": Format("PDF", "application/pdf"),
    ".html": Format("Web page", "text/html; charset=utf-8"),
    ".md": Format("Markdown", "text/markdown; charset=utf-8"),
    ".json": Format("JSON", "application/json"),
}
SUFFIXES = tuple(FORMATS)


def check_suffix(file: Path) -> str:
    """Return the format that a file's name asks for.

    Raises:
        AgendaError: there is no such format.
    """
    suffix = {".htm": ".html", ".markdown": ".md"}.get(file.suffix.lower())
    suffix = suffix or file.suffix.lower()
    if suffix not in SUFFIXES:
        raise AgendaError(
            f"A pack cannot be written as {file.name}. Name it with one of "
            f"{', '.join(SUFFIXES)}."
        )
    return suffix


def render(pack: Pack, suffix: str) -> bytes:
    """Return a pack as the bytes of a file of this format."""
    if suffix == ".json":
        from assistant.briefing.export.as_json import render_json

        return render_json(pack)
    paged = suffix in (".docx", ".pdf")
    return render_document(lay_out(pack, paged=paged), suffix)


def render_document(document: Document, suffix: str) -> bytes:
    """Return what is laid out as the bytes of a file of this format, JSON apart."""
    return _renderer(suffix)(document)


def _renderer(suffix: str) -> Callable[[Document], bytes]:
    """Import only the renderer that is asked for: the libraries are heavy."""
    match suffix:
        case ".docx":
            from assistant.briefing.export.word import render_word as found
        case ".html":
            from assistant.briefing.export.html import render_html as found
        case ".pdf":
            from assistant.briefing.export.pdf import render_pdf as found
        case ".md":
            from assistant.briefing.export.markdown import render_markdown as found
        case _:
            raise ValueError(f"There is no renderer of {suffix}.")
    return found
