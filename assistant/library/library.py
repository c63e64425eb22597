"""The team's shelf: what was added, listed in one small database, and its files.

A change is one transaction of that database, after the files it needs are in place: a
process killed at any moment leaves the shelf as it was or as it was to be.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.disk import is_full, no_room
from assistant.errors import CorpusError
from assistant.library import files
from assistant.library.entries import Entry, entry_of
from assistant.library.files import StoredReport
from assistant.library.listing import RECOVER, Listing, note
from assistant.schema import Section

Rows = tuple[list[tuple[str, ...]], ...]
"""All that is listed, table by table."""

log = logging.getLogger(__name__)


class Library:
    """The team's shelf under one folder."""

    def __init__(self, root: Path) -> None:
        """Look at a folder; nothing is made before the first change."""
        self.root = root
        self.listing = Listing(root)

    def folder_of(self, entry: Entry) -> Path:
        """Return the folder that keeps an entry's file and text."""
        return files.folder_of(self.root, entry)

    def file_of(self, entry: Entry) -> Path:
        """Return the kept copy of an entry's file."""
        return files.original_of(self.root, entry)

    def entries(self) -> list[Entry]:
        """Return what the team added, by document id.

        Raises:
            CorpusError: the list is lost, or cannot be read.
        """
        return self._entries(
            self.listing.read("SELECT entry FROM report ORDER BY document")
        )

    def _entries(self, rows: Sequence[tuple[str, ...]]) -> list[Entry]:
        try:
            return [entry_of(text) for (text,) in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise self.listing.damaged(error) from error

    def find(self, name: str) -> list[Entry]:
        """Return the documents of a report's or a document's id.

        Raises:
            CorpusError: the team added none.
        """
        found = [
            entry
            for entry in self.entries()
            if name in (entry.details.report, entry.details.document_id)
        ]
        if not found:
            raise CorpusError(
                f"The team added no report {name}, or it was removed meanwhile. "
                "`assistant reports list` shows what is there; shipped reports stay "
                "(ASSISTANT_CORPUS_DIR sets others)."
            )
        return found

    def documents(self) -> list[StoredReport]:
        """Return the same as sources to index."""
        return [StoredReport(e, self.folder_of(e)) for e in self.entries()]

    def left_out(self) -> frozenset[str]:
        """Return the shipped documents that the team's own take the place of."""
        rows = self.listing.read("SELECT document FROM left_out")
        return frozenset(document for (document,) in rows)

    def known_hashes(self) -> dict[str, str]:
        """Return the document of each file hash and of each text hash."""
        rows = self.listing.read("SELECT file_hash, text_hash, document FROM report")
        return {h: document for one, two, document in rows for h in (one, two)}

    def problems(self) -> list[tuple[Entry, str]]:
        """Read every kept file and text, and return what is wrong with any."""
        return [
            (entry, fault)
            for entry in self.entries()
            for fault in files.faults_of(self.root, entry)
        ]

    def unlisted(self) -> list[Path]:
        """Return the folders of reports that the list does not know at all.

        There are none, unless an older list was put in the place of a lost one.
        """
        with self.listing.changing() as db:
            rows = db.execute("SELECT file_hash FROM kept").fetchall()
        known = {files.folder_name(file_hash) for (file_hash,) in rows}
        return [f for f in files.stored_folders(self.root) if f.name not in known]

    def put(self, entry: Entry, file: Path, sections: Sequence[Section]) -> None:
        """Keep a file with its text, in the place of an older version if there is one.

        Raises:
            CorpusError: the folder cannot be written, or there is no room.
        """
        with self.listing.changing() as db:
            # From here on its folder is ours, and removed if it is not listed.
            db.execute("INSERT OR IGNORE INTO kept VALUES (?)", (entry.file_hash,))
        try:
            files.keep(self.root, entry, file, sections)
        except OSError as error:
            if is_full(error):
                raise CorpusError(no_room(self.root)) from error
            raise CorpusError(
                f"{entry.name} cannot be kept in {self.root}: {error.strerror}. "
                "Nothing was changed."
            ) from error
        self.write(entry)

    def write(self, entry: Entry) -> None:
        """List an entry whose files are in place, in one step."""
        with self.listing.changing() as db:
            db.execute(
                "INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?)", entry.as_row()
            )
            note(db, "put", entry.details.document_id)

    def amend(self, entry: Entry) -> None:
        """List an entry with other details; its file and its text stay."""
        files.keep_entry(self.root, entry)
        self.write(entry)

    def take_off(self, entries: Sequence[Entry]) -> None:
        """Take documents off; a digest that one stood in for comes back."""
        for entry in entries:
            self.remove(entry.details.document_id)
        reports = {entry.details.report for entry in entries}
        back = [d for d in self.left_out() if d.split("/")[0] in reports]
        self.leave_out(back, out=False)

    def remove(self, document: str) -> None:
        """Take a document off the shelf; its files go with the next ``tidy``."""
        with self.listing.changing() as db:
            db.execute("DELETE FROM report WHERE document = ?", (document,))
            note(db, "remove", document)

    def leave_out(self, documents: Sequence[str], *, out: bool = True) -> None:
        """Leave shipped documents out of the index, or take them in again."""
        with self.listing.changing() as db:
            for document in documents:
                query = "INSERT OR IGNORE INTO left_out VALUES (?)"
                if not out:
                    query = "DELETE FROM left_out WHERE document = ?"
                db.execute(query, (document,))
                note(db, "leave out" if out else "take in", document)
        files.keep_left_out(self.root, self.left_out())

    def rows(self) -> Rows:
        """Return all that is listed, to be put back with ``restore``.

        Raises:
            CorpusError: the list is lost, or cannot be read: it must not be changed.
        """
        reports = self.listing.read("SELECT * FROM report ORDER BY document")
        self._entries([(text,) for *_, text in reports])
        return (
            reports,
            self.listing.read("SELECT * FROM left_out ORDER BY document"),
        )

    def restore(self, rows: Rows) -> None:
        """Make the list what it was, in one step."""
        reports, left_out = rows
        with self.listing.changing() as db:
            db.execute("DELETE FROM report")
            db.execute("DELETE FROM left_out")
            db.executemany("INSERT INTO report VALUES (?, ?, ?, ?)", reports)
            db.executemany("INSERT INTO left_out VALUES (?)", left_out)
            note(db, "take back", "")
        for entry in self.entries():
            files.keep_entry(self.root, entry)
        files.keep_left_out(self.root, self.left_out())

    def tidy(self) -> None:
        """Remove the files that no entry needs (call it with no change under way).

        Only what the list knows that we put there is removed.
        """
        if not self.root.is_dir():
            return
        files.remove_drafts(self.root)
        for entry in self.entries():
            if not files.has_entry(self.root, entry):
                files.keep_entry(self.root, entry)
        gone = "SELECT file_hash FROM kept EXCEPT SELECT file_hash FROM report"
        with self.listing.changing() as db:
            unneeded = db.execute(gone).fetchall()
            files.remove(self.root, (file_hash for (file_hash,) in unneeded))
            db.executemany("DELETE FROM kept WHERE file_hash = ?", unneeded)
        if unlisted := self.unlisted():
            log.warning(
                "%s keeps %d reports that are not on its list. They stay; to list them: "
                "%s",
                self.root,
                len(unlisted),
                RECOVER,
            )
