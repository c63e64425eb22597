"""Makes the list of the team's reports again, from what is kept beside each original."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.errors import CorpusError
from assistant.library.entries import Entry
from assistant.library.files import entry_in, read_left_out, stored_folders
from assistant.library.library import Library
from assistant.library.listing import ListLostError, note


@dataclass
class Recovered:
    """What was listed, and what could not be."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """One sentence for each folder that could not be listed."""


def recover(library: Library) -> Recovered:
    """List every report that is kept and is not on the list.

    A list that cannot be read is put aside and made anew. What is listed already stays
    as it is.

    Raises:
        CorpusError: the folder cannot be written, or there is no room.
    """
    try:
        listed = library.entries()
        folders = library.unlisted()
        left_out: Sequence[str] = ()
    except ListLostError:
        listed, folders = [], stored_folders(library.root)
        left_out = read_left_out(library.root)
        _put_aside(library)
    recovered = Recovered()
    found: list[Entry] = []
    for folder in folders:
        try:
            found.append(entry_in(folder))
        except CorpusError as error:
            recovered.problems.append(str(error))
    # Of two versions of a document the later one counts.
    newest = {e.details.document_id: e for e in sorted(found, key=lambda e: e.added)}
    have = {entry.details.document_id for entry in listed}
    recovered.entries = [e for name, e in sorted(newest.items()) if name not in have]
    with library.listing.beginning() as db:
        db.executemany(
            "INSERT OR IGNORE INTO kept VALUES (?)", [(e.file_hash,) for e in found]
        )
        for entry in recovered.entries:
            db.execute("INSERT INTO report VALUES (?, ?, ?, ?)", entry.as_row())
            note(db, "recover", entry.details.document_id)
        db.executemany(
            "INSERT OR IGNORE INTO left_out VALUES (?)", [(d,) for d in left_out]
        )
    return recovered


def _put_aside(library: Library) -> None:
    """Keep a list that cannot be read: somebody may get more out of it."""
    file = library.listing.file
    try:
        if file.exists():
            os.replace(file, file.with_name(f"{file.name}.damaged"))
        # What a broken-off change left belongs to the file that is gone.
        file.with_name(f"{file.name}-journal").unlink(missing_ok=True)
    except OSError as error:
        raise CorpusError(f"{file} cannot be put aside: {error.strerror}.") from error
