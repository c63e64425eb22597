"""Reads an agenda from a text, Markdown or Word file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from assistant.errors import AgendaError

MOST_BYTES = 20_000_000
_MOST_UNPACKED = 100_000_000
_TEXTS = (".txt", ".md", ".markdown", ".text", "")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_agenda_file(file: Path) -> str:
    """Return the text of an agenda, its marks (numbers, bullets, headings) kept.

    Raises:
        AgendaError: it cannot be read, is too large, or is of another kind.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise AgendaError(
                f"{file.name} is larger than 20 MB: give the agenda alone."
            )
        data = file.read_bytes()
    except OSError as error:
        raise AgendaError(f"{file} cannot be opened: {error.strerror}.") from error
    if file.suffix.lower() == ".docx":
        return _read_word(file)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if file.suffix.lower() not in _TEXTS or (b"\0" in data and not wide):
        raise AgendaError(
            f"{file.name} is no agenda that can be read. Give a text, Markdown or Word "
            "(.docx) file, or - to type it in."
        )
    return decode(data)


def decode(data: bytes) -> str:
    """Return the text of a file, whichever of the usual encodings it has."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _read_word(file: Path) -> str:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise AgendaError(f"{file.name} unpacks to more than 100 MB.")
        document = docx.Document(str(file))
        return "\n".join(_paragraphs(document))
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError) as error:
        raise AgendaError(
            f"{file.name} is no readable Word document. Open it in Word or LibreOffice "
            "and save it again as .docx, or paste its text."
        ) from error


def _paragraphs(document: Any) -> list[str]:
    from docx.table import Table

    lines: list[str] = []
    counts: dict[str, int] = {}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [_row(row) for row in block.rows]
            continue
        text = " ".join(block.text.split())
        if not text:
            lines.append("")
            continue
        lines.append(_mark(block, counts) + text)
    return lines


def _row(row: Any) -> str:
    """Return a table's row as a line: its number first, merged cells once."""
    cells = [" ".join(cell.text.split()) for cell in row.cells]
    kept = [text for text in dict.fromkeys(cells) if text]
    number = kept[0].rstrip(".)") if kept else ""
    if number.isdigit() and len(kept) > 1:
        return f"{number}. {kept[1]}"
    return " ".join(kept)


def _mark(paragraph: Any, counts: dict[str, int]) -> str:
    """Return the mark that Word shows before a paragraph and does not keep as text."""
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if style == "Title":
        return "# "
    if style.startswith("Heading "):
        return f"## {_number(paragraph, counts, 'heading')}"
    if style.startswith("List Bullet"):
        return "- "
    if style.startswith("List Number"):
        return _number(paragraph, counts, style, always=True)
    return _number(paragraph, counts, "list")


def _number(
    paragraph: Any, counts: dict[str, int], kind: str, *, always: bool = False
) -> str:
    properties = paragraph._p.find(f"{_W}pPr/{_W}numPr")
    if properties is None and not always:
        return ""
    level = properties.find(f"{_W}ilvl") if properties is not None else None
    deep = level is not None and level.get(f"{_W}val") not in (None, "0")
    if deep or kind[-1:] in "23":
        return "- "
    counts[kind] = counts.get(kind, 0) + 1
    return f"{counts[kind]}. "
