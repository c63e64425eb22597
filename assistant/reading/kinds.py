"""What a file is, by its content, and what is refused before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from assistant.errors import CorpusError

Kind = Literal["pdf", "docx", "html", "markdown", "text"]
SUFFIXES = frozenset({".pdf", ".docx", ".html", ".htm", ".md", ".markdown", ".txt"})
# A report with its pictures; far above what think-tanks publish.
MOST_BYTES = 100_000_000
_MOST_UNPACKED = 300_000_000
# Text shrinks to a tenth or so; what shrinks to a hundredth holds nothing to read.
_MOST_RATIO = 100
_MOST_MEMBERS = 5000
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls, .ppt). Save it as .docx or PDF",
    b"{\\rtf": "rich text (RTF). Save it as .docx or PDF",
    b"\x89PNG": "a picture. Add the document itself",
    b"\xff\xd8\xff": "a picture. Add the document itself",
    b"GIF8": "a picture. Add the document itself",
    b"\x1f\x8b": "a compressed file. Unpack it and add what is in it",
    b"7z\xbc\xaf": "an archive. Unpack it and add what is in it",
    b"Rar!": "an archive. Unpack it and add what is in it",
    b"%!PS": "PostScript. Convert it to PDF",
    b"\x7fELF": "a program, no report",
    b"MZ": "a program, no report",
    b"SQLite format 3": "a database, no report",
}


def find_kind(file: Path) -> Kind:
    """Return what a file is by its first bytes; its name decides between texts only.

    Raises:
        CorpusError: it is empty, too large, of another kind, or a packed bomb.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as handle:
            head = handle.read(2048)
    except OSError as error:
        raise CorpusError(f"{file.name} cannot be read: {error.strerror}.") from error
    if not head.strip(b"\0\t\n\r "):
        raise CorpusError(f"{file.name} is empty. Export or download it again.")
    if size > MOST_BYTES:
        raise CorpusError(
            f"{file.name} has {size // 1_000_000} MB; at most "
            f"{MOST_BYTES // 1_000_000} MB are read. Split it or shrink its pictures."
        )
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _check_zip(file)
    return _text_kind(file, head)


def _text_kind(file: Path, head: bytes) -> Kind:
    for mark, what in _OTHERS.items():
        if head.startswith(mark):
            raise CorpusError(f"{file.name} is {what}.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")):
        return "html"
    suffix = file.suffix.lower()
    if suffix in (".html", ".htm"):
        return "html"
    if suffix in (".pdf", ".docx"):
        raise CorpusError(
            f"{file.name} is no {suffix[1:].upper()} file, whatever its name says. "
            "Export or download it again."
        )
    return "markdown" if suffix in (".md", ".markdown") else "text"


def _check_zip(file: Path) -> Kind:
    """Look into a zip without unpacking it."""
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CorpusError(
            f"{file.name} is damaged or incomplete. Download or export it again."
        ) from error
    unpacked = sum(member.file_size for member in members)
    bomb = unpacked > _MOST_UNPACKED or len(members) > _MOST_MEMBERS
    for member in members:
        large = member.file_size > 1_000_000
        bomb |= large and member.file_size > _MOST_RATIO * max(1, member.compress_size)
    if bomb:
        raise CorpusError(
            f"{file.name} unpacks to {unpacked // 1_000_000} MB, which no report does. "
            "Save it again from the program that made it."
        )
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise CorpusError(f"{file.name} is encrypted. Save a copy without a password.")
    if "word/document.xml" not in names:
        raise CorpusError(
            f"{file.name} is an archive or an Office file other than a Word document. "
            "Save it as .docx or PDF."
        )
    return "docx"
