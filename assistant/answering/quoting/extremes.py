"""Answers which row of a table holds the most or the least of what a question asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import paragraphs_of
from assistant.answering.quoting.doubting import holds_year
from assistant.answering.quoting.refusing import UNSURE
from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.retrieval.sentences import CELLS, Candidate, score_sentences
from assistant.answering.search import Found
from assistant.answering.understanding.authorities import years_in
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf
from assistant.text.words import content_stems, stem

_MOST = re.compile(
    r"\b(?:most|highest|largest|biggest|greatest|longest|oldest|busiest|dearest)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:least|fewest|lowest|smallest|shortest|youngest|cheapest)\b(?<!at least)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-\u2212]?\d[\d,]*(?:\.\d+)?")
_SUMS = frozenset(map(stem, "total subtotal overall average mean".split()))
# A row must be among so many candidates for its table to be what is asked about.
_NEAR = 6
_PASSAGES = 60
_LEAST_ROWS, _MOST_SHOWN = 3, 3


@dataclass(frozen=True, slots=True)
class _Row:
    candidate: Candidate
    cells: dict[str, float]
    """The numbers of the row by the name of their column."""


def write_extreme(found: Found, shelf: Shelf, form: Form) -> Draft | None:
    """Quote the row with the most or the least; None where no table tells it."""
    query = found.query
    highest = _MOST.search(query.asked) is not None
    if highest == (_LEAST.search(query.asked) is not None) or query.scope != "one":
        return None
    near = [c for c in found.candidates[:_NEAR] if c.is_row]
    if not near or not found.answers:
        return None
    years = years_in(query.asked)
    # Of two tables alike that of the year asked for.
    dated = [c for c in near if all(holds_year(c.text, year) for year in years)]
    rows = _table_of((dated or near)[0], found, shelf)
    column = _column_asked(query.asked, rows)
    if column is None or len(rows) < _LEAST_ROWS:
        return None
    rows = [row for row in rows if not _is_total(row, column, rows)]
    values = [row.cells[column] for row in rows]
    wanted = max(values) if highest else min(values)
    chosen = [row.candidate for row in rows if row.cells[column] == wanted]
    if len(chosen) > _MOST_SHOWN:
        return None
    paragraphs = paragraphs_of(chosen, form)
    if found.sure:
        return Draft("answered", paragraphs)
    return Draft("partial", paragraphs, opening=UNSURE)


def _table_of(near: Candidate, found: Found, shelf: Shelf) -> list[_Row]:
    """Return all rows of the table that a row stands in: those with its caption and columns."""
    own = found.query.put_to([near.report])
    passages = search_hybrid(own, shelf, _PASSAGES, own.reports)
    members = [p for p in passages if p.chunk.section == near.passage.chunk.section]
    columns = _cells(near.text).keys()
    every = (c for c in score_sentences(own, shelf, members) if c.is_row)
    read = [_Row(c, _numbers(c.text)) for c in sorted(every, key=lambda c: c.place)]
    return [
        row
        for row in read
        if row.candidate.table == near.table
        and _cells(row.candidate.text).keys() == columns
    ]


def _cells(text: str) -> dict[str, str]:
    """Return the cells of a row by their column: ``Rugby — Need: 407; Share: 9%``."""
    cells = text.partition(CELLS)[2].split("; ")
    return {name: value for name, _, value in (cell.rpartition(": ") for cell in cells)}


def _numbers(text: str) -> dict[str, float]:
    found = {name: _NUMBER.search(value) for name, value in _cells(text).items()}
    return {
        name: float(match.group().replace(",", "").replace("\u2212", "-"))
        for name, match in found.items()
        if match
    }


def _column_asked(asked: str, rows: Sequence[_Row]) -> str | None:
    """Return the column of numbers that a question names best, or the only one.

    Of changes up and down only a word ("shrank most") tells which way is meant: none.
    """
    if not rows:
        return None
    numeric = [
        n for n in rows[0].cells if all(row.cells.get(n, -1) >= 0 for row in rows)
    ]
    if len(numeric) == 1:
        return numeric[0]
    named = {name: _named(name, asked) for name in numeric}
    best = [name for name, count in named.items() if count == max(named.values())]
    return best[0] if len(best) == 1 and named[best[0]][0] else None


def _named(column: str, asked: str) -> tuple[int, float]:
    """Return how many words of a column's name a question holds, and which share."""
    own = content_stems(column)
    held = len(own & content_stems(asked))
    return held, held / (len(own) or 1)


def _is_total(row: _Row, column: str, rows: Sequence[_Row]) -> bool:
    """Tell whether a row adds up others, by its name or by its numbers."""
    if _SUMS & content_stems(
        row.candidate.text.partition(CELLS)[0].rpartition(": ")[2]
    ):
        return True
    others = sum(r.cells[column] for r in rows if r is not row)
    return abs(row.cells[column] - others) <= 0.01 * abs(others)
