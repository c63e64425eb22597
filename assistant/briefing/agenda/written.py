"""The parts of a file as the text of an agenda, each with the mark that it is shown with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.briefing.agenda.tables import lines_of_rows
from assistant.reading.blocks import FoundTable, Part


def text_of_parts(parts: Iterable[Part]) -> str:
    """Return the parts as lines: headings, paragraphs, items of lists, rows of tables."""
    return "\n".join(line for part in parts for line in _lines(part))


def _lines(part: Part) -> Iterator[str]:
    if isinstance(part, FoundTable):
        yield ""
        if part.caption:
            yield part.caption
        yield from lines_of_rows(part.grid)
        yield ""
    elif part.kind == "heading":
        yield from ("", f"{'#' * min(6, max(1, part.level))} {part.text}")
    elif part.kind == "item":
        yield part.text
    else:
        yield from ("", part.text)
