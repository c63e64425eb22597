"""Reads an agenda from a file: PDF, Word, a web page, a mail, text or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from assistant.briefing.agenda.agenda import parse_agenda
from assistant.briefing.agenda.papers import Paper, find_papers
from assistant.briefing.agenda.written import text_of_parts
from assistant.errors import AgendaError, CorpusError
from assistant.reading.kinds import find_kind
from assistant.reading.limited import read_parts_limited
from assistant.reading.plain import decode

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


@dataclass(frozen=True, slots=True)
class AgendaFile:
    """An agenda as text that ``parse_agenda`` reads, and the reports bound up with it."""

    text: str
    papers: tuple[Paper, ...] = ()


def read_agenda_file(file: Path) -> AgendaFile:
    """Return the agenda of a file, its marks (numbers, bullets, headings) kept.

    Of an agenda pack only the agenda is read; the reports in it are named.

    Raises:
        AgendaError: it cannot be read, or is of another kind.
    """
    if file.suffix.lower() == ".eml":
        return AgendaFile(_text_of_mail(_bytes(file)))
    try:
        kind = find_kind(file)
        if kind in ("text", "markdown"):
            return AgendaFile(decode(_bytes(file), file.name))
        read = read_parts_limited(file)
    except CorpusError as error:
        raise AgendaError(str(error)) from error
    if kind != "pdf":
        return AgendaFile(text_of_parts(read.parts).strip())
    parts, papers = find_papers(read)
    text = text_of_parts(parts).strip()
    return AgendaFile(text, tuple(_titled(papers, text)))


def _titled(papers: Iterable[Paper], text: str) -> Iterator[Paper]:
    """Give each paper the whole title of its item, by which the pack knows it again."""
    try:
        titles = {item.number: item.title for item in parse_agenda(text).items}
    except AgendaError:
        titles = {}
    for paper in papers:
        yield paper._replace(title=titles.get(paper.item, paper.title))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise AgendaError(f"{file.name} cannot be opened: {error.strerror}.") from error


def _text_of_mail(data: bytes) -> str:
    """Return a mail as one would paste it: its head, and its text rather than its HTML."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    body = mail.get_body(("plain", "html"))
    if body is None:
        raise AgendaError("The mail holds no text. Save its attachment and give that.")
    heads = [f"{name}: {mail[name]}" for name in _HEADERS if mail[name]]
    if body.get_content_subtype() == "html":
        return str(body.get_content())
    return "\n".join([*heads, "", str(body.get_content())])
