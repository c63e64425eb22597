"""The lexical index: SQLite FTS5 over the chunks, derived from the store."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from assistant.schema import Chunk
from assistant.words import stem, words

_SCHEMA = """
CREATE TABLE IF NOT EXISTS chunk (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, report TEXT NOT NULL,
    document TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS chunk_place ON chunk (document, position);
CREATE VIRTUAL TABLE IF NOT EXISTS chunk_words USING fts5 (
    heading, text, asked_as, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TABLE IF NOT EXISTS word (
    word TEXT PRIMARY KEY, chunks INTEGER NOT NULL, texts INTEGER NOT NULL);
"""


def match_expression(terms: Iterable[str]) -> str:
    """Return an FTS5 query for any of the terms; every term is quoted.

    >>> match_expression(["e-4711", "audit"])
    '"e-4711" OR "audit"'
    """
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)


def _searchable(text: str) -> str:
    """Return the words of a text as a question's words are made."""
    return " ".join(words(text))


def _word_rows(heading: str, text: str, asked_as: str) -> list[tuple[str, int]]:
    """Return each word of a chunk, and 1 where its text or heading holds it."""
    told = set(words(f"{heading} {text}"))
    return [(word, word in told) for word in told | set(words(asked_as))]


class LexicalIndex:
    """Finds chunks by their words and knows how rare each word is."""

    def __init__(self, file: Path) -> None:
        """Open or make the index; it can always be rebuilt from the chunk store."""
        self._file = file
        # One connection serves the threads of one process: SQLite serialises them.
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def check(self) -> None:
        """Read a little of everything.

        Raises:
            sqlite3.DatabaseError: the file is damaged.
        """
        for columns, table in (
            ("id, report, document, position", "chunk"),
            ("heading, text, asked_as", "chunk_words"),
            ("word, chunks, texts", "word"),
        ):
            self._db.execute(f"SELECT {columns} FROM {table} LIMIT 1").fetchone()

    def count(self) -> int:
        """Return the number of chunks."""
        return int(self._db.execute("SELECT count(*) FROM chunk").fetchone()[0])

    def update(self, removed: Iterable[str], added: Sequence[Chunk]) -> None:
        """Remove and add chunks in one transaction."""
        with self._db:
            for id_ in removed:
                self._remove(id_)
            for chunk in added:
                self._remove(chunk.id)
                self._add(chunk)
        self.__dict__.pop("_stem_counts", None)
        self.__dict__.pop("vocabulary", None)
        self.__dict__.pop("_told_stems", None)

    def rebuild(self, chunks: Iterable[Chunk]) -> None:
        """Make the index anew from all chunks."""
        with self._db:
            for table in ("chunk", "chunk_words", "word"):
                self._db.execute(f"DELETE FROM {table}")
        self.update((), list(chunks))

    def _add(self, chunk: Chunk) -> None:
        number = self._db.execute(
            "INSERT INTO chunk (id, report, document, position) VALUES (?, ?, ?, ?)",
            (
                chunk.id,
                chunk.details.report,
                chunk.details.document_id,
                chunk.position,
            ),
        ).lastrowid
        parts = [
            _searchable(part)
            for part in (chunk.heading_line, chunk.text, " ".join(chunk.asked_as))
        ]
        self._db.execute(
            "INSERT INTO chunk_words (rowid, heading, text, asked_as) "
            "VALUES (?, ?, ?, ?)",
            (number, *parts),
        )
        self._db.executemany(
            "INSERT INTO word VALUES (?1, 1, ?2) ON CONFLICT (word) "
            "DO UPDATE SET chunks = chunks + 1, texts = texts + ?2",
            _word_rows(*parts),
        )

    def _remove(self, id_: str) -> None:
        row = self._db.execute(
            "SELECT number, heading, text, asked_as FROM chunk JOIN chunk_words "
            "ON chunk_words.rowid = number WHERE id = ?",
            (id_,),
        ).fetchone()
        if row is None:
            return
        number, *parts = row
        self._db.execute("DELETE FROM chunk WHERE number = ?", (number,))
        self._db.execute("DELETE FROM chunk_words WHERE rowid = ?", (number,))
        self._db.executemany(
            "UPDATE word SET chunks = chunks - 1, texts = texts - ?2 WHERE word = ?1",
            _word_rows(*parts),
        )
        self._db.execute("DELETE FROM word WHERE chunks <= 0")

    def search(
        self, terms: Sequence[str], top_k: int, reports: Sequence[str] = ()
    ) -> dict[str, float]:
        """Return the BM25 scores (higher is better) of chunks with any of the terms.

        Args:
            terms: words or phrases, stop-words already taken out.
            top_k: how many at most.
            reports: report ids to narrow the search to; none means all.
        """
        return self._match(match_expression(terms), top_k, reports) if terms else {}

    def _match(
        self, expression: str, top_k: int, reports: Sequence[str]
    ) -> dict[str, float]:
        places = ", ".join("?" for _ in reports)
        narrowed = f"AND report IN ({places})" if reports else ""
        rows = self._db.execute(
            "SELECT id, bm25(chunk_words, 0.5, 1.0, 0.7) AS rank FROM chunk_words "
            "JOIN chunk ON number = chunk_words.rowid "
            f"WHERE chunk_words MATCH ? {narrowed} ORDER BY rank LIMIT ?",
            (expression, *reports, top_k),
        )
        return {id_: -rank for id_, rank in rows}

    def holds_phrase(self, phrase: str, reports: Sequence[str] = ()) -> bool:
        """Tell whether any chunk of these reports (none: of all) holds a phrase."""
        within = f"{{heading text}} : {match_expression([_searchable(phrase)])}"
        return bool(self._match(within, 1, reports))

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every word of the shelf with the number of chunks that hold it."""
        return dict(self._db.execute("SELECT word, chunks FROM word"))

    @cached_property
    def _stem_counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for word, chunks in self.vocabulary.items():
            counts[stem(word)] += chunks
        return counts

    @cached_property
    def _told_stems(self) -> frozenset[str]:
        rows = self._db.execute("SELECT word FROM word WHERE texts > 0")
        return frozenset(stem(word) for (word,) in rows)

    def tells_stem(self, stemmed: str) -> bool:
        """Tell whether a text or heading holds a word of this stem."""
        return stemmed in self._told_stems

    def knows_stem(self, stemmed: str) -> bool:
        """Tell whether a chunk, or a question it is asked as, holds this stem."""
        return stemmed in self._stem_counts

    def idf(self, stemmed: str) -> float:
        """Return the inverse document frequency of a stem, ln(1 + N / (0.5 + n))."""
        chunks = min(self._stem_counts[stemmed], self.count())
        return math.log(1 + self.count() / (0.5 + chunks))


def open_lexical(file: Path) -> LexicalIndex:
    """Open the index of a file; a damaged one is thrown away, to be made again."""
    try:
        lexical = LexicalIndex(file)
        lexical.check()
        return lexical
    except sqlite3.DatabaseError:
        file.unlink(missing_ok=True)
        return LexicalIndex(file)
