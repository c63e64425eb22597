"""From a path to what is to be added: files found, known ones told apart, read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import CorpusError
from assistant.library.details import Given, make_details
from assistant.library.entries import Entry
from assistant.reading.blocks import Extract, letters
from assistant.reading.kinds import SUFFIXES
from assistant.reading.limited import read_limited
from assistant.schema import Section

# Sections that are shown before a report is added.
_SHOWN = 30
# Letters of a report: some 500 pages, or so many for each page that it has. Each thousand
# makes about two passages, which take a tenth of a second to index.
_MOST_TEXT, _MOST_OF_A_PAGE = 1_000_000, 5_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be added, and what was read of it."""

    file: Path
    name: str
    source: str
    file_hash: str
    extract: Extract


def find_files(path: Path) -> list[Path]:
    """Return a file itself, or the files of a folder that may be reports.

    Hidden files and links to elsewhere are passed over.

    Raises:
        CorpusError: there is nothing there.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise CorpusError(f"There is no file or folder {path}.")
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and file.is_file()
        and not file.is_symlink()
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        raise CorpusError(f"{path} holds no reports ({kinds}).")
    return found


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file's content.

    Raises:
        CorpusError: it cannot be read.
    """
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise CorpusError(f"{file.name} cannot be read: {error.strerror}.") from error


def hash_text(sections: tuple[Section, ...]) -> str:
    """Return a hash of the words alone: the same report saved anew has the same."""
    words = "\0".join(letters(section.text) for section in sections)
    return hashlib.sha256(words.encode()).hexdigest()


def read_candidate(
    file: Path,
    *,
    name: str,
    source: str,
    known: Mapping[str, str],
    read: Callable[[Path], Extract] = read_limited,
) -> Candidate | str:
    """Read a file; return the document that it already is, where it is one.

    Args:
        file: where it lies now.
        name: its name, for people.
        source: the path or address that it came from.
        known: the documents of the hashes on the shelf.
        read: reads it; as it stands, in a process with limits.

    Raises:
        CorpusError: it cannot be used.
    """
    file_hash = hash_file(file)
    if file_hash in known:
        return known[file_hash]
    extract = read(file)
    check_size(extract, name)
    same = known.get(hash_text(extract.sections))
    return same or Candidate(file, name, source, file_hash, extract)


def check_size(extract: Extract, name: str) -> None:
    """Refuse more text than a report has.

    Raises:
        CorpusError: it is too much.
    """
    size = sum(len(section.text) for section in extract.sections)
    most = max(_MOST_TEXT, (extract.pages or 0) * _MOST_OF_A_PAGE)
    if size > most:
        raise CorpusError(
            f"{name} holds {size / 1_000_000:.1f} million letters; {most / 1_000_000:.1f} "
            "million are taken for one report. Split it."
        )


def make_entry(candidate: Candidate, given: Given, taken: frozenset[str]) -> Entry:
    """Make the entry of a candidate; see ``make_details``."""
    extract = candidate.extract
    return Entry(
        details=make_details(extract, given, candidate.name, taken),
        file_hash=candidate.file_hash,
        text_hash=hash_text(extract.sections),
        name=candidate.name,
        source=candidate.source,
        kind=extract.kind,
        pages=extract.pages,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def renew_entry(old: Entry, candidate: Candidate, given: Given) -> Entry:
    """Make the entry of a report's new version: its id and what was given stay."""
    was = old.details
    kept = Given(
        report=was.report,
        title=given.title or candidate.extract.found.title or was.title,
        publisher=given.publisher or candidate.extract.found.publisher or was.publisher,
        published=given.published or candidate.extract.found.published or was.published,
        authors=given.authors or candidate.extract.found.authors or was.authors,
        url=given.url or was.url or None,
        document_type=given.document_type or was.document_type,
        aliases=given.aliases or was.aliases,
        superseded_by=given.superseded_by or was.superseded_by,
    )
    entry = make_entry(candidate, kept, frozenset())
    return replace(entry, details=replace(entry.details, document=was.document))


def preview(candidate: Candidate, entry: Entry) -> Iterator[str]:
    """Yield what is to be indexed, line by line, for people to look at first."""
    details = entry.details
    yield f"{entry.name}: {entry.kind}" + (
        f", {entry.pages} pages" if entry.pages else ""
    )
    yield f"  id         {details.report}"
    yield f"  title      {details.title}"
    yield f"  publisher  {details.publisher}"
    yield f"  authors    {', '.join(details.authors) or 'not found; give --author'}"
    yield f"  published  {details.published or 'not found; give --published'}"
    sections = candidate.extract.sections
    yield f"  {len(sections)} sections:"
    for section in sections[:_SHOWN]:
        page = f", page {section.page}" if section.page else ""
        words = len(section.text.split())
        yield f"    {section.heading[:90]}{page} ({words} words)"
    if len(sections) > _SHOWN:
        yield f"    … and {len(sections) - _SHOWN} more"
