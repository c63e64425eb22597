"""The lexical index: SQLite FTS5 over the chunks, derived from the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.disk import is_full, is_readable_only, no_room
from assistant.errors import IndexStateError
from assistant.index.lexical_tables import (
    add_chunk,
    connect,
    empty_log,
    faults_of,
    purge,
    remove_chunk,
    remove_file,
    searchable,
)
from assistant.index.manifest import read_manifest
from assistant.index.seals import LEXICAL, broken
from assistant.index.word_counts import WordCounts
from assistant.schema import Chunk
from assistant.text.words import stem, words

# Set when all chunks of the store are in: a new file is not whole yet.
_WHOLE = 1
# Chunks that the terms of one search may hold together, beyond the rarest term's own.
_MOST_POSTINGS = 6000
# SQLite takes 32,766 parameters; this many ids are asked for at once.
_PAGE = 5000


def match_expression(terms: Iterable[str]) -> str:
    """Return an FTS5 query for any of the terms; every term is quoted.

    >>> match_expression(["e-4711", "audit"])
    '"e-4711" OR "audit"'
    """
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)


class LexicalIndex(WordCounts):
    """Finds chunks by their words, knows how rare each word is, and which chunks live.

    A chunk lives from the transaction that adds it here to the one that removes it: a
    new version of a report replaces the old one in one step, for every reader at once.
    """

    known: frozenset[str] | None = None
    """The documents that the reader knows; chunks of others do not exist for it yet."""
    superseded: frozenset[str] = frozenset()
    """Reports that are searched only where a search names them."""

    def __init__(self, file: Path) -> None:
        """Open or make the index; it can always be rebuilt from the chunk store."""
        self._file = file
        super().__init__(connect(file))

    def close(self) -> None:
        """Close the file; a thread that comes later meets an error."""
        self._db.close()

    def reopened(self) -> LexicalIndex:
        """Open the same file once more, as it is now.

        Raises:
            IndexStateError: it cannot be read.
        """
        try:
            return LexicalIndex(self._file)
        except sqlite3.DatabaseError as error:
            raise _unreadable(self._file, error) from error

    def pin(self) -> None:
        """Read on from the index as it is now, whatever others write from here on."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        # The snapshot begins with the first look.
        self._db.execute("SELECT count(*) FROM chunk").fetchone()

    @contextmanager
    def unpinned(self) -> Iterator[None]:
        """Let go of that moment: for when nobody writes and the log is emptied."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        try:
            yield
        finally:
            self.pin()

    def settle(self, *, purging: bool) -> bool:
        """Write all into the file itself; tell whether that was possible.

        ``purging`` also leaves no trace of chunks that were removed.
        """
        if purging:
            purge(self._db)
        return empty_log(self._db)

    def check_thoroughly(self) -> list[str]:
        """Read all of the file and return what SQLite finds wrong with it."""
        return faults_of(self._db)

    @property
    def is_whole(self) -> bool:
        """False for a file just made, until its first rebuild has ended."""
        return bool(self._db.execute("PRAGMA user_version").fetchone()[0] == _WHOLE)

    def ids_of(self, document: str) -> set[str]:
        """Return the ids of a document's chunks."""
        rows = self._db.execute("SELECT id FROM chunk WHERE document = ?", (document,))
        return {id_ for (id_,) in rows}

    def all_ids(self) -> set[str]:
        """Return the ids of all chunks."""
        return {id_ for (id_,) in self._db.execute("SELECT id FROM chunk")}

    def ids_of_report(self, report: str) -> list[str]:
        """Return the ids of a report's chunks that this reader knows, sorted."""
        rows = self._db.execute(
            "SELECT id, document FROM chunk WHERE report = ? ORDER BY id", (report,)
        )
        return [id_ for id_, document in rows if self._knows(document)]

    def count_of(self, reports: Sequence[str]) -> int:
        """Return the number of chunks of these reports."""
        rows = self._db.execute(
            f"SELECT count(*) FROM chunk WHERE report IN ({', '.join('?' * len(reports))})",
            tuple(reports),
        )
        return int(rows.fetchone()[0])

    def living(self, ids: Sequence[str]) -> dict[str, str]:
        """Return, of these chunks, those that live, each with its report."""
        found: dict[str, str] = {}
        for start in range(0, len(ids), _PAGE):
            part = ids[start : start + _PAGE]
            places = ", ".join("?" for _ in part)
            found.update(
                (id_, report)
                for id_, report, document in self._db.execute(
                    f"SELECT id, report, document FROM chunk WHERE id IN ({places})",
                    part,
                )
                if self._knows(document)
            )
        return found

    def _knows(self, document: str) -> bool:
        return self.known is None or document in self.known

    def update(self, removed: Iterable[str], added: Sequence[Chunk]) -> None:
        """Remove and add chunks in one transaction."""
        with self._db:
            for id_ in removed:
                remove_chunk(self._db, id_)
            for chunk in added:
                remove_chunk(self._db, chunk.id)
                add_chunk(self._db, chunk)
        self.refresh()

    def rebuild(self, chunks: Iterable[Chunk]) -> None:
        """Make the index anew from all chunks."""
        with self._db:
            for table in ("chunk", "chunk_words", "word"):
                self._db.execute(f"DELETE FROM {table}")
            for chunk in chunks:
                add_chunk(self._db, chunk)
            self._db.execute(f"PRAGMA user_version = {_WHOLE}")
        self.refresh()

    def search(
        self, terms: Sequence[str], top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the BM25 scores (higher is better) of chunks with any of the terms.

        Stop-words are taken out already; no report ids mean all reports.
        """
        telling = self._telling(terms)
        return self._match(match_expression(telling), top_k, reports) if terms else {}

    def _telling(self, terms: Sequence[str]) -> list[str]:
        """Leave out the commonest terms where a shelf is large and others are rarer.

        Each chunk that holds a term costs time, and what every second chunk holds
        hardly tells one from another. A shelf of some reports leaves out none.
        """
        if self._size <= _MOST_POSTINGS:
            return list(terms)
        counts = {
            term: min((self._stem_counts[stem(w)] for w in words(term)), default=0)
            for term in terms
        }
        kept: list[str] = []
        total = 0
        for term in sorted(counts, key=counts.__getitem__):
            total += counts[term]
            if kept and total > _MOST_POSTINGS:
                break
            kept.append(term)
        return kept

    def _match(
        self, expression: str, top_k: int, reports: Sequence[str]
    ) -> dict[str, float]:
        named = reports or tuple(self.superseded)
        places = ", ".join("?" for _ in named)
        narrowed = f"AND report {'IN' if reports else 'NOT IN'} ({places})"
        rows = self._db.execute(
            "SELECT id, document, bm25(chunk_words, 0.5, 1.0, 0.7) AS rank "
            "FROM chunk_words JOIN chunk ON number = chunk_words.rowid "
            f"WHERE chunk_words MATCH ? {narrowed if named else ''} "
            "ORDER BY rank LIMIT ?",
            (expression, *named, top_k),
        )
        return {id_: -rank for id_, document, rank in rows if self._knows(document)}

    def holds_phrase(self, phrase: str, reports: Sequence[str] = ()) -> bool:
        """Tell whether any chunk of these reports (none: of all) holds a phrase."""
        within = f"{{heading text}} : {match_expression([searchable(phrase)])}"
        return bool(self._match(within, 1, reports))


def open_lexical(file: Path) -> LexicalIndex:
    """Open the index of a file; a damaged one is thrown away, to be made again."""
    try:
        return LexicalIndex(file)
    except sqlite3.OperationalError as error:
        raise cannot_open(file, error) from error
    except sqlite3.DatabaseError:
        remove_file(file)
        return LexicalIndex(file)


def cannot_open(file: Path, error: Exception) -> IndexStateError:
    """Return the error for an index that is locked, unwritable or without space.

    Nothing is wrong with what is in it.
    """
    if is_full(error):
        return IndexStateError(no_room(file.parent))
    return IndexStateError(
        f"{file} cannot be opened ({error}). Check its rights and the free space."
    )


def count_chunks(folder: Path) -> dict[str, int]:
    """Return the number of chunks of each document of an index; empty if there is none.

    Only reads, so that nobody has to wait for it.

    Raises:
        IndexStateError: there is one, and its words cannot be read.
    """
    manifest = read_manifest(folder)
    file = folder / LEXICAL
    if manifest is None and not file.exists():
        return {}
    seals = {} if manifest is None or manifest.pending else manifest.seals or {}
    try:
        if any(broken(folder, {n: s for n, s in seals.items() if n == LEXICAL})):
            raise sqlite3.DatabaseError("it is damaged or missing")
        try:
            return _counts(file, is_still=is_readable_only(folder))
        except sqlite3.OperationalError as error:
            # Where there is no room for what SQLite keeps beside it, nobody writes.
            if not is_full(error):
                raise
            return _counts(file, is_still=True)
    except sqlite3.DatabaseError as error:
        raise _unreadable(file, error) from error


def _counts(file: Path, *, is_still: bool) -> dict[str, int]:
    mode = "immutable=1" if is_still else "mode=ro"
    with closing(sqlite3.connect(f"{file.as_uri()}?{mode}", uri=True, timeout=5)) as db:
        return dict(
            db.execute("SELECT document, count(*) FROM chunk GROUP BY document")
        )


def _unreadable(file: Path, error: Exception) -> IndexStateError:
    return IndexStateError(f"{file} cannot be read ({error}). Run: assistant index")
