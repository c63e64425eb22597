"""From a path to what may be added: files found, known ones told apart, read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assistant.errors import CorpusError
from assistant.reading.blocks import Extract, letters
from assistant.reading.kinds import SUFFIXES
from assistant.reading.limited import read_limited
from assistant.schema import Section

# Letters of a report: some 500 pages, or so many for each page that it has. Each thousand
# makes about two passages, which take a tenth of a second to index.
_MOST_TEXT, _MOST_OF_A_PAGE = 1_000_000, 5_000
UPLOADED = "uploaded: "
"""What stands before the name of a file as its source, where it has no place."""


class Incoming(NamedTuple):
    """A file to read, and what is known of where it came from."""

    file: Path
    name: str
    """Its name, for people."""
    source: str
    """The path or address that it came from."""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be added, and what was read of it."""

    file: Path
    name: str
    source: str
    file_hash: str
    extract: Extract
    address: str | None = None


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
    found: Incoming,
    *,
    known: Mapping[str, str],
    read: Callable[[Path], Extract] = read_limited,
) -> Candidate | str:
    """Read a file, or return the document that it already is.

    ``known`` has the documents of the hashes on the shelf. ``read`` works, as it stands,
    in a process with limits.

    Raises:
        CorpusError: it cannot be used.
    """
    file_hash = hash_file(found.file)
    if file_hash in known:
        return known[file_hash]
    extract = read(found.file)
    _check_size(extract, found.name)
    file, name, source, address = found
    same = known.get(hash_text(extract.sections))
    return same or Candidate(file, name, source, file_hash, extract, address)


def _check_size(extract: Extract, name: str) -> None:
    """Refuse more text than a report has."""
    size = sum(len(section.text) for section in extract.sections)
    most = max(_MOST_TEXT, (extract.pages or 0) * _MOST_OF_A_PAGE)
    if size > most:
        raise CorpusError(
            f"{name} holds {size / 1_000_000:.1f} million letters; {most / 1_000_000:.1f} "
            "million are taken for one report. Split it."
        )
