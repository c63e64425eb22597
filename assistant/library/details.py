"""The details of an added report: those given, else those found in the document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import count

from assistant.errors import CorpusError
from assistant.reading.blocks import Extract
from assistant.reading.front_page import title_of_name
from assistant.reading.markdown import parse_details
from assistant.schema import NO_PUBLISHER, ReportDetails

_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_RIGHTS = "Added by the team; its rights are its publisher's."


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a report; what is None is looked for in the document."""

    report: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    document_type: str | None = None
    aliases: tuple[str, ...] = field(default=())
    superseded_by: str | None = None


def make_details(
    extract: Extract, given: Given, name: str, taken: Collection[str] = ()
) -> ReportDetails:
    """Return the details of a report.

    Args:
        extract: what was read of the file.
        given: what the user says; it goes before what the document says.
        name: the file's name, for messages, and for a title where there is no other.
        taken: report ids that other reports have.

    Raises:
        CorpusError: a detail is not as it must be, or the id given is taken.
    """
    found = extract.found
    title = given.title or found.title or title_of_name(name)
    publisher = given.publisher or found.publisher or NO_PUBLISHER
    published = given.published or found.published
    report = given.report or _free_id(make_id(title, published), taken)
    if report in taken:
        raise CorpusError(
            f"There is a report {report} already. For its new version: assistant reports "
            f"update {report} FILE; for another report give --id."
        )
    details = parse_details(
        {
            "report": report,
            "document": "report",
            "title": title,
            "subtitle": found.subtitle,
            "publisher": publisher,
            "document_type": given.document_type or extract.kind,
            "url": given.url or "-",
            "rights": _RIGHTS,
            "authors": list(given.authors or found.authors),
            "aliases": list(given.aliases),
            "published": published,
            "published_precision": _PRECISIONS.get(len(published or "")),
            "superseded_by": given.superseded_by,
        },
        name,
    )
    # A file from a disk has no address; an empty one makes no link.
    return replace(details, url=given.url or "")


def _free_id(wanted: str, taken: Collection[str]) -> str:
    """Return an id that no other report has: another of one title gets a number."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return (
        wanted if wanted not in taken else next(n for n in numbered if n not in taken)
    )


def make_id(title: str, published: str | None) -> str:
    """Return a report's id: the first words of its title and its year.

    >>> make_id("What's Next for Local Government?", "2024-09-12")
    'whats-next-for-local-government-2024'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))[:8]
    year = re.findall(r"^\d{4}", published or "")
    return "-".join([*(words or ["report"]), *year])
