"""The files of the team's shelf: each report's original and its text, in one folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from assistant.disk import write_whole
from assistant.errors import CorpusError
from assistant.library.entries import Entry, entry_of
from assistant.reading.about import about
from assistant.reading.reader import sections_of
from assistant.schema import ReportDetails, Section
from assistant.sealed import sealed, unsealed

_SECTIONS = "sections.json"
_ENTRY = "entry.json"
_LEFT_OUT = "left-out.json"
_FOLDER = re.compile(r"[0-9a-f]{32}")


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
        """See Source: its text, and what its details say of it.

        Raises:
            CorpusError: the kept text is missing or damaged.
        """
        return (*self.kept, about(self.details, self.entry.pages))

    @property
    def kept(self) -> tuple[Section, ...]:
        """Its text as it was read when it was added.

        Raises:
            CorpusError: the kept text is missing or damaged.
        """
        try:
            data = (self._folder / _SECTIONS).read_bytes()
            # Earlier versions kept the list alone, without a seal.
            kept = json.loads(data) if data[:1] == b"[" else unsealed(data)["sections"]
            return sections_of(kept)
        except (OSError, ValueError, KeyError, TypeError) as error:
            name = self.details.report
            raise CorpusError(
                f"The kept text of {name} is missing or damaged. Add its file again: "
                f"assistant reports update {name} FILE"
            ) from error


def folder_of(root: Path, entry: Entry) -> Path:
    """Return the folder that keeps an entry's file and text."""
    return root / folder_name(entry.file_hash)


def original_of(root: Path, entry: Entry) -> Path:
    """Return the kept copy of an entry's file."""
    return folder_of(root, entry) / _original_name(entry)


def keep(root: Path, entry: Entry, file: Path, sections: Sequence[Section]) -> None:
    """Put a file and its text in place under a name of their own, whole or not at all.

    Its entry lies beside them, so that a list that is lost can be made again.

    Raises:
        OSError: the folder cannot be written, or there is no room.
    """
    folder = folder_of(root, entry)
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        shutil.copyfile(file, draft / _original_name(entry))
        text = sealed({"sections": [asdict(s) for s in sections]})
        (draft / _SECTIONS).write_text(text, encoding="utf-8")
        (draft / _ENTRY).write_text(entry.as_json(), encoding="utf-8")
        for kept in draft.iterdir():
            _to_disk(kept)
        if folder.exists():
            # Read anew from the same file; the kept copy may have been damaged.
            for kept in draft.iterdir():
                kept.replace(folder / kept.name)
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
        if not StoredReport(entry, folder_of(root, entry)).kept:
            yield "its kept text is empty"
    except OSError:
        yield "its kept file is missing"
    except CorpusError:
        yield "its kept text is missing or damaged"


def keep_entry(root: Path, entry: Entry) -> None:
    """Put an entry beside its file, in the place of another one."""
    write_whole(folder_of(root, entry) / _ENTRY, entry.as_json())


def has_entry(root: Path, entry: Entry) -> bool:
    """Tell whether an entry lies beside its file; earlier versions kept none."""
    return (folder_of(root, entry) / _ENTRY).is_file()


def stored_folders(root: Path) -> list[Path]:
    """Return the folders that keep a report's file, whether it is listed or not."""
    if not root.is_dir():
        return []
    return sorted(f for f in root.iterdir() if _FOLDER.fullmatch(f.name) and f.is_dir())


def entry_in(folder: Path) -> Entry:
    """Return the entry that a folder keeps, its file and text being whole.

    Raises:
        CorpusError: it keeps none, or something of it is missing or damaged.
    """
    try:
        entry = entry_of((folder / _ENTRY).read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"{folder} keeps no details of its report, or damaged ones. Add its file "
            "again: assistant reports add FILE"
        ) from error
    if folder_name(entry.file_hash) != folder.name:
        raise CorpusError(f"{folder} keeps the details of another report's file.")
    for fault in faults_of(folder.parent, entry):
        raise CorpusError(
            f"{folder} ({entry.details.report}): {fault}. Add its file again: assistant "
            "reports add FILE"
        )
    return entry


def keep_left_out(root: Path, documents: Iterable[str]) -> None:
    """Keep which shipped documents are left out, in case the list of them is lost."""
    write_whole(root / _LEFT_OUT, sealed({"documents": sorted(documents)}))


def read_left_out(root: Path) -> list[str]:
    """Return their ids; none where none are kept, or the file is damaged."""
    try:
        return list(map(str, unsealed((root / _LEFT_OUT).read_bytes())["documents"]))
    except (OSError, ValueError, KeyError, TypeError):
        return []


def remove(root: Path, file_hashes: Iterable[str]) -> None:
    """Remove the folders of these files."""
    for file_hash in file_hashes:
        shutil.rmtree(root / folder_name(file_hash), ignore_errors=True)


def remove_drafts(root: Path) -> None:
    """Remove what was being put in place when a process was killed."""
    for draft in root.glob("*.new"):
        shutil.rmtree(draft, ignore_errors=True)


def folder_name(file_hash: str) -> str:
    """Return the name of the folder that keeps a file."""
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
