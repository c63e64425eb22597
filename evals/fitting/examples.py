"""What the decision learns from: questions put to shelves that do and do not answer."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answering.deciding.signs import read_signs
from assistant.answering.pipeline import Parts
from assistant.answering.retrieval.hybrid import retrieve
from assistant.answering.retrieval.sentences import Candidate, score_sentences
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.query import Query, make_query
from assistant.answering.understanding.readings import read_turn
from evals.cases import Case
from evals.measuring.answers import states
from evals.sets import SETS
from evals.shelves import KEPT, open_parts

# What is settled before the decision is asked, or by something else.
_SETTLED = ("injection", "off-topic", "language")
# A fact among the best sentences of a made example: the reports hold it, too.
_BEST = 5
# Each set, and whether the vocabulary is there: a shelf that nobody prepared has none.
ASKED = (
    ("development", "digests", True),
    ("development", "bare", False),
    ("fresh development", "digests", True),
    ("fresh development", "bare", False),
    ("papers development", "papers", True),
    ("plain development", "plain", True),
)
Kind = Literal["asked", "made"]


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it was searched: its signs, its vector, and whether it is answered.

    A ``made`` one is an answerable question put to reports that do not hold the facts.
    """

    id: str
    group: str
    kind: Kind
    signs: tuple[float, ...]
    vector: NDArray[np.float32]
    answerable: bool


def examples(folder: Path = KEPT) -> Iterator[Example]:
    """Yield every example, those of a set and shelf together."""
    for seed, (name, shelf, prepared) in enumerate(ASKED):
        with open_parts(shelf, folder) as opened:
            glossary = opened.glossary if prepared else Glossary(())
            parts = replace(opened, glossary=glossary)
            cases = [c for c in SETS[name].cases(parts.shelf.reports) if _is_asked(c)]
            group = f"{name} ({shelf})"
            yield from _as_asked(cases, group, parts)
            yield from _made(cases, group, parts, random.Random(seed))


def _is_asked(case: Case) -> bool:
    """Tell whether the decision is what settles a case, on its words alone."""
    return (
        case.primary_tag not in _SETTLED
        and case.outcome != "clarify"
        and (not case.history or case.standalone is not None)
    )


def _query(case: Case, parts: Parts) -> Query | None:
    """Return the likeliest reading of one thing asked of one report."""
    turned = read_turn(case.standalone or case.question, (), parts.shelf.details)
    if not turned.asks:
        return None
    query = make_query(turned.asks[0].readings[0], parts.shelf, parts.glossary)
    return query if query.scope == "one" else None


def _searched(query: Query, parts: Parts) -> list[Candidate]:
    passages = retrieve(query, parts.shelf, parts.top_k)
    return score_sentences(query, parts.shelf, passages)


def _example(
    case: Case,
    group: str,
    kind: Kind,
    query: Query,
    candidates: Sequence[Candidate],
    parts: Parts,
) -> Example:
    return Example(
        case.id,
        group,
        kind,
        tuple(read_signs(query, candidates, parts.shelf)),
        parts.shelf.embedder.embed([query.question])[0],
        case.answerable and kind == "asked",
    )


def _as_asked(cases: Iterable[Case], group: str, parts: Parts) -> Iterator[Example]:
    for case in cases:
        if (query := _query(case, parts)) is not None:
            candidates = _searched(query, parts)
            yield _example(case, group, "asked", query, candidates, parts)


def _made(
    cases: Iterable[Case], group: str, parts: Parts, chance: random.Random
) -> Iterator[Example]:
    """Put answerable questions to reports that need not be cited."""
    for case in cases:
        others = [r for r in parts.shelf.reports if r not in case.welcome]
        if not case.answerable or len(case.reports) != 1 or not others:
            continue
        if (query := _query(case, parts)) is None:
            continue
        asked = [chance.choice(others)] if query.named.reports else others
        moved = query.put_to(asked)
        if query.named.reports:
            moved = replace(moved, named=replace(moved.named, reports=tuple(asked)))
        candidates = _searched(moved, parts)
        best = " ".join(c.text for c in candidates[:_BEST])
        if not all(states(best, fact) for fact in case.facts):
            yield _example(case, group, "made", moved, candidates, parts)
