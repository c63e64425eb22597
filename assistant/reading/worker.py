"""Works on one file, in a process with limits that ``limited`` starts.

``python -m assistant.reading.worker WHAT FILE MEMORY SECONDS …`` writes what comes of it.
``read`` and ``parts`` write one JSON object, ``{"extract": …}`` or ``{"problem": "…"}``;
of the extract the one leaves out what its sections are made of, the other the sections.
``mark`` and ``take`` write a PDF and ``draw`` a PNG, or nothing where there is none.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path

from assistant.errors import AssistantError


def limit_this_process(memory: int, seconds: int) -> None:
    """Bound what this process may use: bytes of memory, seconds of work, no writing."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(file: Path, *, parts: bool) -> bytes:
    from assistant.reading.reader import read_file

    try:
        whole = read_file(file)
        without_sections = replace(whole, sections=())
        without_parts = replace(whole, parts=(), outline=())
        extract = asdict(without_sections if parts else without_parts)
        result: dict[str, object] = {"extract": extract}
    except AssistantError as error:
        result = {"problem": str(error)}
    except (MemoryError, RecursionError):
        result = {"problem": f"{file.name} takes more memory than a report should."}
    return json.dumps(result).encode()


def _take(file: Path, first: int, last: int) -> bytes:
    """Return the pages from one to another, counted from 1, as a PDF of their own."""
    from pypdfium2 import PdfDocument

    made = BytesIO()
    with PdfDocument(file) as whole, PdfDocument.new() as part:
        part.import_pages(whole, list(range(first - 1, last)))
        part.save(made)
    return made.getvalue()


def _work(what: str, file: Path, more: Sequence[str]) -> bytes:
    match what, *more:
        case "mark", page, quotes:
            from assistant.reading.pdf_marks import mark_quotes

            return mark_quotes(file, int(page), quotes) or b""
        case "draw", page, quotes, marked:
            from assistant.reading.page_picture import draw_page

            return draw_page(file, int(page), quotes, marked=marked == "yes")
        case "take", first, last:
            return _take(file, int(first), int(last))
        case _:
            return _read(file, parts=what == "parts")


def main(arguments: Sequence[str]) -> None:
    """Do what is named to the file named, under the limits given."""
    what, file, memory, seconds, *more = arguments
    limit_this_process(int(memory), int(seconds))
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    sys.stdout.buffer.write(_work(what, Path(file), more))


if __name__ == "__main__":
    main(sys.argv[1:])
