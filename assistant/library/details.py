"""The details of an added report: those given, else those found in the document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import CorpusError
from assistant.reading.blocks import Extract
from assistant.reading.front_page import title_of_name
from assistant.reading.markdown import parse_details, precision_of
from assistant.schema import NO_PUBLISHER, ReportDetails

_RIGHTS = "Added by the team; its rights are its publisher's."
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a report.

    What is None is looked for in the document; what is empty is not known, whatever the
    document says.
    """

    report: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    authors: tuple[str, ...] | None = None
    url: str | None = None
    document_type: str | None = None
    aliases: tuple[str, ...] | None = None
    superseded_by: str | None = None

    @property
    def said(self) -> frozenset[str]:
        """The names of the details that the user says something of."""
        return frozenset(
            f.name for f in fields(self) if getattr(self, f.name) is not None
        )

    def else_(self, other: Given) -> Given:
        """Return the same, and of another what this leaves open."""
        own = {name: getattr(self, name) for name in self.said}
        return replace(other, **own)


NOTHING = Given()


def given_in(details: ReportDetails, names: Collection[str]) -> Given:
    """Return details that are known as if a user said them."""
    known: dict[str, Any] = {name: getattr(details, name) or "" for name in names}
    for name in {"authors", "aliases"} & known.keys():
        known[name] = known[name] or ()
    if known.get("publisher") == NO_PUBLISHER:
        known["publisher"] = ""
    return Given(**known)


def given_otherwise(typed: Mapping[str, str], known: ReportDetails) -> Given:
    """Return the details that somebody typed and that are not as they are known.

    Authors are parted by semicolons.
    """
    said: dict[str, Any] = {name: " ".join(t.split()) for name, t in typed.items()}
    if "authors" in said:
        names = (name.strip() for name in said["authors"].split(";"))
        said["authors"] = tuple(name for name in names if name)
    was = given_in(known, said)
    return Given(**{k: v for k, v in said.items() if v != getattr(was, k)})


def check_given(given: Given, name: str) -> None:
    """Refuse what cannot be a detail, wherever it was said.

    Raises:
        CorpusError: what is wrong with which.
    """
    for key in given.said:
        value = getattr(given, key)
        what = f"{name}: the {key.replace('_', ' ')}"
        for text in (value,) if isinstance(value, str) else value:
            if len(text) > _LONGEST:
                raise CorpusError(f"{what} is longer than {_LONGEST} letters.")
            if not text.isprintable():
                raise CorpusError(f"{what} holds signs that cannot be shown.")
    if given.title is not None and not given.title.strip():
        raise CorpusError(f"{name}: give it a title.")
    if given.published and not precision_of(given.published):
        raise CorpusError(f"{name}: give the date as 2024-09-12, 2024-09 or 2024.")
    if given.url and not _is_web(given.url):
        raise CorpusError(f"{name}: the address must begin with https:// or http://.")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def make_details(
    extract: Extract, given: Given, name: str, taken: Collection[str] = ()
) -> ReportDetails:
    """Return the details of a report; what is given goes before what the file says.

    ``name`` is the file's, for messages, and for a title where there is no other;
    ``taken`` are the ids of other reports.

    Raises:
        CorpusError: a detail is not as it must be, or the id given is taken.
    """
    check_given(given, name)
    found = extract.found
    title = given.title or found.title or title_of_name(name)
    publisher = found.publisher if given.publisher is None else given.publisher
    published = found.published if given.published is None else given.published
    authors = found.authors if given.authors is None else given.authors
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
            "publisher": publisher or NO_PUBLISHER,
            "document_type": given.document_type or extract.kind,
            "url": given.url or "-",
            "rights": _RIGHTS,
            "authors": list(authors),
            "aliases": list(given.aliases or ()),
            "published": published or None,
            "published_precision": precision_of(published or ""),
            "superseded_by": given.superseded_by or None,
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
