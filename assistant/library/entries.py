"""A report that the team added, as it is listed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from assistant.schema import ReportDetails

# Part of each report's content hash: raise it whenever the readers read otherwise.
READER_VERSION = 2


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

    def as_row(self) -> tuple[str, str, str, str]:
        """The entry as a row of the database."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        return self.details.document_id, self.file_hash, self.text_hash, text


def entry_of(text: str) -> Entry:
    """Make an entry from its JSON."""
    values: dict[str, Any] = json.loads(text)
    details = ReportDetails.from_json(values.pop("details"))
    return Entry(details=details, **values)
