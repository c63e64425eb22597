"""Reads an agenda from a text, Markdown or Word file."""

from __future__ import annotations

from pathlib import Path

from assistant.briefing.agenda.word import read_word_agenda
from assistant.errors import AgendaError

MOST_BYTES = 20_000_000
_TEXTS = (".txt", ".md", ".markdown", ".text", "")
# Compound files: encrypted Office documents, and the .doc of before 2007.
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


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
    if data.startswith(_OLD_OR_LOCKED):
        raise AgendaError(
            f"{file.name} is protected with a password, or is of Word before 2007. Open it "
            "in Word, save it as .docx without a password, or paste its text."
        )
    if file.suffix.lower() == ".docx":
        return read_word_agenda(file)
    if file.suffix.lower() == ".pdf":
        raise AgendaError(
            f"{file.name} is a PDF, from which items are not told apart safely. Copy its "
            "text and paste it, or give the agenda as Word (.docx) or text."
        )
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
