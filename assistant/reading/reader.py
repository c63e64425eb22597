"""Reads one file of a team's shelf; run as a program, in a process with limits.

``python -m assistant.reading.reader FILE MEMORY SECONDS`` writes one JSON object:
``{"extract": …}`` or ``{"problem": "…"}``. With ``parts`` behind it the extract holds what
the sections are made of in their place.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, CorpusError
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


def limit_this_process(memory: int, seconds: int) -> None:
    """Bound what this process may use: bytes of memory, seconds of work, no writing."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> None:
    """Read the file named, under the limits given, and write what was found."""
    file, memory, seconds = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    limit_this_process(memory, seconds)
    try:
        extract = read_file(file)
        if arguments[3:] == ["parts"]:
            extract = replace(extract, sections=())
        else:
            extract = replace(extract, parts=(), outline=())
        result: dict[str, object] = {"extract": asdict(extract)}
    except AssistantError as error:
        result = {"problem": str(error)}
    except (MemoryError, RecursionError):
        result = {"problem": f"{file.name} takes more memory than a report should."}
    sys.stdout.buffer.write(json.dumps(result).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
