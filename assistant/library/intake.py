"""From files to entries of the shelf: what the command line and the page share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.errors import CorpusError
from assistant.schema import NO_PUBLISHER

if TYPE_CHECKING:
    from assistant.library.adding import Candidate
    from assistant.library.changes import Workplace
    from assistant.library.entries import Entry
    from assistant.library.library import Library


class Found(NamedTuple):
    """A file to read, and what is known of where it came from."""

    file: Path
    name: str
    source: str
    address: str | None = None


@dataclass(frozen=True)
class Staged:
    """An entry ready to be put on the shelf."""

    entry: Entry
    candidate: Candidate


@dataclass
class Shelved:
    """What is on the shelf or about to be: to tell what is new."""

    known: dict[str, str]
    """The document of each hash."""
    by_source: dict[str, Entry]
    taken: set[str]
    """The ids of all reports."""

    @classmethod
    def of(cls, place: Workplace) -> Shelved:
        """Look at the shelf."""
        return cls(
            known=place.library.known_hashes(),
            by_source={entry.source: entry for entry in place.library.entries()},
            taken=report_ids(place),
        )

    def take(self, entry: Entry) -> None:
        """Note that an entry is about to be added."""
        self.taken.add(entry.details.report)
        for key in (entry.file_hash, entry.text_hash):
            self.known[key] = entry.details.document_id


def report_ids(place: Workplace) -> set[str]:
    """Return the ids of all reports on the shelf."""
    from assistant.library.shelf import read_shelf

    shelf = read_shelf(place.corpus_dir, place.reports_dir)
    return {document.details.report for document in shelf}


def lend_publishers(
    staged: Iterable[Staged], known: dict[Path, Counter[str]]
) -> list[Staged]:
    """Give papers that do not say their publisher that of most others of their folder.

    Args:
        staged: what is about to be added.
        known: the publishers of each folder so far; those of ``staged`` are counted in.
    """
    ready = list(staged)
    for one in ready:
        if one.entry.details.publisher != NO_PUBLISHER:
            own = known.setdefault(one.candidate.file.parent, Counter())
            own[one.entry.details.publisher] += 1
    lent: list[Staged] = []
    for one in ready:
        details, own = (
            one.entry.details,
            known.get(one.candidate.file.parent, Counter()),
        )
        for name, count in own.most_common(1):
            if details.publisher == NO_PUBLISHER and 2 <= count > own.total() / 2:
                details = replace(details, publisher=name)
        lent.append(Staged(replace(one.entry, details=details), one.candidate))
    return lent


def put_staged(library: Library, staged: Iterable[Staged]) -> None:
    """Put what is ready on the team's shelf."""
    for one in staged:
        library.put(one.entry, one.candidate.file, one.candidate.extract.sections)


def find_entries(library: Library, name: str) -> list[Entry]:
    """Return the team's documents of a report's or a document's id.

    Raises:
        CorpusError: the team added none.
    """
    found = [
        entry
        for entry in library.entries()
        if name in (entry.details.report, entry.details.document_id)
    ]
    if not found:
        raise CorpusError(
            f"The team added no report {name}. `assistant reports list` shows what is "
            "there; shipped reports stay (ASSISTANT_CORPUS_DIR sets others)."
        )
    return found


def take_off(library: Library, entries: Iterable[Entry]) -> None:
    """Take documents off the team's shelf.

    A digest that the original stood in for comes back with that gone.
    """
    reports = {entry.details.report for entry in entries}
    for entry in entries:
        library.remove(entry.details.document_id)
    library.leave_out(
        [d for d in library.left_out() if d.split("/")[0] in reports], out=False
    )


def check_unchanged(library: Library, document: str, before: Entry | None) -> None:
    """Refuse a change that was prepared when the shelf held something else.

    Args:
        library: the team's shelf.
        document: the document's id.
        before: what the shelf held of it then; None where it held nothing.

    Raises:
        CorpusError: somebody else has changed it since.
    """
    now = {entry.details.document_id: entry for entry in library.entries()}
    if now.get(document) == before:
        return
    raise CorpusError(
        f"Somebody else has changed {document.split('/')[0]} since you opened it. Look "
        "at the list of reports again, and begin again if it is still needed."
    )
