"""A report that the team added, as it is listed: made of its file, or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from assistant.library.candidates import Candidate, hash_text
from assistant.library.details import (
    NOTHING,
    Given,
    check_given,
    given_in,
    make_details,
)
from assistant.reading.markdown import precision_of
from assistant.schema import NO_PUBLISHER, ReportDetails
from assistant.sealed import sealed, unsealed

# What a document may say of itself.
_FOUND = ("title", "publisher", "published", "authors")
# What else a new version takes over from the old one.
_KEPT = ("report", "url", "document_type", "aliases", "superseded_by")

# Part of each report's content hash: raise it whenever the readers read otherwise.
READER_VERSION = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that the team added."""

    details: ReportDetails
    file_hash: str
    text_hash: str
    name: str
    """The file's own name, to be shown; it is never used as a path."""
    source: str
    """Where it came from: a path or an address."""
    kind: str
    pages: int | None
    added: str
    """ISO date and time, UTC."""
    added_by: str | None = None
    """Who added it, where people are asked who they are."""
    given: tuple[str, ...] = ()
    """The names of the details that a user set: a new version leaves them alone."""
    asked_by: str | None = None
    """The model that wrote how people may ask for its sections; None where none did."""
    asked_hash: str = ""
    """Of what it wrote."""

    @property
    def content_hash(self) -> str:
        """Another hash, another text or other details."""
        key = f"{READER_VERSION}\0{self.file_hash}\0{self.text_hash}\0{self.details!r}"
        # Those of earlier versions stay as they were.
        key += f"\0{self.asked_hash}" if self.asked_hash else ""
        return hashlib.sha256(key.encode()).hexdigest()

    def as_json(self) -> str:
        """The entry as text, which ``entry_of`` reads."""
        return sealed(asdict(self))

    def as_row(self) -> tuple[str, str, str, str]:
        """The entry as a row of the database."""
        name = self.details.document_id
        return name, self.file_hash, self.text_hash, self.as_json()


def entry_of(text: str | bytes) -> Entry:
    """Make an entry from its JSON.

    Raises:
        ValueError, TypeError, KeyError: it is none, or is damaged.
    """
    values = unsealed(text)
    details = ReportDetails.from_json(values.pop("details"))
    # Earlier versions did not note who said what.
    given = tuple(values.pop("given", ()))
    return Entry(details=details, given=given, **values)


def make_entry(
    candidate: Candidate,
    given: Given = NOTHING,
    taken: Collection[str] = (),
    *,
    old: Entry | None = None,
    who: str | None = None,
) -> Entry:
    """Make the entry of a report, or of the new version of an old one.

    A new version keeps its id and what a user set of the old one; the rest is what the
    new file says, else what was known. ``taken`` are the ids of other reports; ``who``
    adds it, where people are asked who they are.

    Raises:
        CorpusError: a detail is not as it must be, or the id given is taken.
    """
    if old is not None:
        given = given.else_(given_in(old.details, old.given))
    details = make_details(
        candidate.extract, _filled(candidate, given, old), candidate.name, taken
    )
    entry = Entry(
        details=details,
        file_hash=candidate.file_hash,
        text_hash=hash_text(candidate.extract.sections),
        name=candidate.name,
        source=candidate.source,
        kind=candidate.extract.kind,
        pages=candidate.extract.pages,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
        added_by=who,
        given=tuple(sorted(given.said - {"report"})),
    )
    if old is None:
        return entry
    entry = replace(entry, details=replace(details, document=old.details.document))
    if old.file_hash == entry.file_hash:
        return replace(entry, added=old.added, added_by=old.added_by)
    return entry


def _filled(candidate: Candidate, given: Given, old: Entry | None) -> Given:
    """Return what is given, and what else does not come from the document."""
    if old is None:
        return given.else_(Given(url=candidate.address))
    found = candidate.extract.found
    unsaid = [name for name in _FOUND if not getattr(found, name)]
    kept = given_in(old.details, [*unsaid, *_KEPT])
    if old.details.document_type == old.kind:
        kept = replace(kept, document_type=None)
    filled = given.else_(Given(url=candidate.address)).else_(kept)
    return replace(filled, report=old.details.report)


def amend_entry(old: Entry, given: Given) -> Entry:
    """Return an entry with other details; its file is not read again.

    Raises:
        CorpusError: a detail is not as it must be.
    """
    check_given(given, old.name)
    values: dict[str, Any] = {
        name: getattr(given, name) or None for name in given.said - {"report"}
    }
    if "published" in values:
        values["published_precision"] = precision_of(values["published"] or "")
    unknown = {
        "publisher": NO_PUBLISHER, "document_type": old.kind, "url": "", "authors": (),
        "aliases": (),
    }  # fmt: skip
    values = {k: v or unknown.get(k) for k, v in values.items()}
    said = {*old.given, *given.said} - {"report"}
    return replace(
        old, details=replace(old.details, **values), given=tuple(sorted(said))
    )
