"""Candidate sentences: those of the passages, scored against the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.concepts import coverage
from assistant.answering.query import Query
from assistant.answering.question import holds_kind
from assistant.index.shelf import Shelf
from assistant.schema import SECTION_SEPARATOR, Passage
from assistant.sentences import split_sentences
from assistant.words import stems

# Set on the development cases (evals/README.md says how).
COVERAGE_WEIGHT = 0.5
KIND_BONUS = 0.10
LIST_PENALTY = 0.08

_ABSENCE = re.compile(
    r"\b(does not (say|name|state|give|set out|carry)|(is|are) not known|names no\b"
    r"|carries no\b|leaves? .{0,40}blank|no text (calls|names)|not stated|unknown)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with what speaks for it; ``score`` joins the rest."""

    text: str
    passage: Passage
    order: int
    cosine: float
    coverage: float
    holds_kind: bool
    is_list: bool
    score: float

    @property
    def report(self) -> str:
        """The id of the report that the sentence stands in."""
        return self.passage.chunk.details.report

    @property
    def place(self) -> tuple[str, int, int]:
        """Where the sentence stands, to put sentences in reading order."""
        chunk = self.passage.chunk
        return chunk.details.document_id, chunk.position, self.order

    @property
    def tells_absence(self) -> bool:
        """True where the sentence says that the text does not hold a thing."""
        return _ABSENCE.search(self.text.split(",")[0]) is not None


def enumerates(sentence: str) -> bool:
    """Tell whether a sentence is a list: items parted by semicolons."""
    return sentence.count(";") >= 2


def score_sentences(
    query: Query, shelf: Shelf, passages: Sequence[Passage]
) -> list[Candidate]:
    """Score every sentence of the passages, best first, each text once.

    A sentence is embedded under its heading line, so that one which leans on its
    heading is still understood.
    """
    found: dict[str, tuple[Passage, int]] = {}
    for passage in passages:
        for order, sentence in enumerate(split_sentences(passage.chunk.text)):
            found.setdefault(sentence, (passage, order))
    if not found:
        return []
    lines = [f"{p.chunk.heading_line}: {s}" for s, (p, _) in found.items()]
    vectors = shelf.embedder.embed(lines)
    wanted = shelf.embedder.embed(query.searches)
    cosines = (vectors @ wanted.T).max(axis=1)
    candidates = [
        _candidate(query, sentence, passage, order, float(cosine))
        for (sentence, (passage, order)), cosine in zip(
            found.items(), cosines, strict=True
        )
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.place))


def _candidate(
    query: Query, sentence: str, passage: Passage, order: int, cosine: float
) -> Candidate:
    heading = passage.chunk.section.rsplit(SECTION_SEPARATOR, 2)[-2:]
    covered = coverage(
        query.concepts, set(stems(sentence)), set(stems(" ".join(heading)))
    )
    fits = holds_kind(sentence, query.kind)
    is_list = enumerates(sentence)
    score = cosine + COVERAGE_WEIGHT * covered
    score += KIND_BONUS if fits and query.kind not in ("open", "list") else 0.0
    if is_list:
        score += KIND_BONUS if query.kind == "list" else -LIST_PENALTY
    return Candidate(
        sentence, passage, order, cosine, covered, fits, is_list, score
    )
