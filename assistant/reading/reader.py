"""Reads one file of a team's shelf, whatever its kind."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import CorpusError
from assistant.reading.blocks import Extract
from assistant.reading.kinds import find_kind
from assistant.schema import Section

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def read_file(file: Path) -> Extract:
    """Read a file of any kind that is known.

    Raises:
        CorpusError: it cannot be read, or holds no text.
    """
    kind = find_kind(file)
    if kind == "pdf":
        from assistant.reading.pdf import read_pdf

        extract = read_pdf(file)
    elif kind == "docx":
        from assistant.reading.word import read_word

        extract = read_word(file)
    else:
        extract = _read_text(file, kind)
    if not extract.sections:
        raise CorpusError(f"{file.name} holds no text to read.")
    return extract


def _read_text(file: Path, kind: str) -> Extract:
    from assistant.reading.plain import decode, read_markdown_notes, read_plain

    text = decode(file.read_bytes(), file.name)
    if kind == "html":
        from assistant.reading.webpage import read_webpage

        return read_webpage(text, file.name)
    return read_markdown_notes(text) if kind == "markdown" else read_plain(text)


def extract_of(values: object) -> Extract:
    """Make an extract of its JSON."""
    from pydantic import TypeAdapter

    return TypeAdapter(Extract).validate_python(values)


def sections_of(values: object) -> tuple[Section, ...]:
    """Make sections of their JSON."""
    return _sections().validate_python(values)


@cache
def _sections() -> TypeAdapter[tuple[Section, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Section, ...])
