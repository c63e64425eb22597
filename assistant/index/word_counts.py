"""How common each word of the shelf is, read from the lexical index when asked."""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from functools import cached_property

from assistant.text.words import stem


class WordCounts:
    """The words of an open lexical index; read once, until ``refresh``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the open database."""
        self._db = db

    def refresh(self) -> None:
        """Forget what was read of the words: another process may have changed them."""
        for name in ("_stem_counts", "vocabulary", "_told_stems", "_size"):
            self.__dict__.pop(name, None)

    def count(self) -> int:
        """Return the number of chunks."""
        return int(self._db.execute("SELECT count(*) FROM chunk").fetchone()[0])

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
        chunks = min(self._stem_counts[stemmed], self._size)
        return math.log(1 + self._size / (0.5 + chunks))

    @cached_property
    def _size(self) -> int:
        return self.count()
