"""The files of the team's shelf: each report's original and its text, in one folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from assistant.errors import CorpusError
from assistant.library.entries import Entry
from assistant.reading.reader import section_of
from assistant.schema import ReportDetails, Section

_SECTIONS = "sections.json"


class StoredReport:
    """A report of the team's shelf as a source to index; its text is read when asked."""

    def __init__(self, entry: Entry, folder: Path) -> None:
        """Take the entry and the folder that keeps its text."""
        self.entry = entry
        self._folder = folder

    @property
    def details(self) -> ReportDetails:
        """See Source."""
        return self.entry.details

    @cached_property
    def content_hash(self) -> str:
        """See Source."""
        return self.entry.content_hash

    @property
    def sections(self) -> tuple[Section, ...]:
        """See Source.

        Raises:
            CorpusError: the kept text is missing or damaged.
        """
        try:
            data = (self._folder / _SECTIONS).read_bytes()
            return tuple(map(section_of, json.loads(data)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            name = self.details.report
            raise CorpusError(
                f"The kept text of {name} is missing or damaged. Add its file again: "
                f"assistant reports update {name} FILE"
            ) from error


def folder_of(root: Path, entry: Entry) -> Path:
    """Return the folder that keeps an entry's file and text."""
    return root / _folder_name(entry.file_hash)


def original_of(root: Path, entry: Entry) -> Path:
    """Return the kept copy of an entry's file."""
    return folder_of(root, entry) / _original_name(entry)


def keep(root: Path, entry: Entry, file: Path, sections: Sequence[Section]) -> None:
    """Put a file and its text in place under a name of their own, whole or not at all.

    Raises:
        OSError: the folder cannot be written, or there is no room.
    """
    folder = folder_of(root, entry)
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        shutil.copyfile(file, draft / _original_name(entry))
        text = json.dumps([asdict(s) for s in sections], ensure_ascii=False)
        (draft / _SECTIONS).write_text(text, encoding="utf-8")
        for kept in draft.iterdir():
            _to_disk(kept)
        if folder.exists():
            # Read anew from the same file: swap the text, keep the file.
            (draft / _SECTIONS).replace(folder / _SECTIONS)
        else:
            draft.rename(folder)
        _to_disk(root)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def faults_of(root: Path, entry: Entry) -> Iterator[str]:
    """Read an entry's file and text, and yield what is wrong with them."""
    try:
        data = original_of(root, entry).read_bytes()
        if hashlib.sha256(data).hexdigest() != entry.file_hash:
            yield "its kept file has changed"
        if not StoredReport(entry, folder_of(root, entry)).sections:
            yield "its kept text is empty"
    except OSError:
        yield "its kept file is missing"
    except CorpusError:
        yield "its kept text is missing or damaged"


def remove_all_but(root: Path, file_hashes: Iterable[str]) -> None:
    """Remove the folders of all other files."""
    needed = {_folder_name(file_hash) for file_hash in file_hashes}
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def _folder_name(file_hash: str) -> str:
    return file_hash[:32]


def _original_name(entry: Entry) -> str:
    suffix = Path(entry.name).suffix.lower()
    return f"original{suffix if suffix[1:].isalnum() and len(suffix) <= 10 else ''}"


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
