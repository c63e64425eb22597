"""A report that the team added, as it is listed."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from assistant.schema import ReportDetails
from assistant.sealed import sealed, unsealed

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

    @property
    def content_hash(self) -> str:
        """Another hash, another text or other details."""
        key = f"{READER_VERSION}\0{self.file_hash}\0{self.text_hash}\0{self.details!r}"
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
    return Entry(details=details, **values)
