"""The evidence check: a sentence is shown only when its cited passages carry it.

Every number, date, amount, percentage and quoted string must stand in the passages
(or, for years and names, in the report's own details); every name must stand there; a
sentence that names a report or publisher must cite it; and its meaning must be close
(``rules``). A sentence in other words than the passage's is besides judged by signs of
what the passage does not carry (``judgement``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.checking.claims import make_claims, without_source
from assistant.answering.checking.judgement import is_doubted, read_signs
from assistant.answering.checking.mentions import names, quotations
from assistant.answering.checking.rules import Claimed, folded, misplaced, missing
from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.sentences import split_sentences
from assistant.words import words

if TYPE_CHECKING:
    from assistant.index.embeddings import Embedder

# Below this closeness of meaning a sentence is withheld.
MIN_SUPPORT = 0.40

__all__ = [
    "Similarity",
    "Verdict",
    "check_sentence",
    "names",
    "quotations",
    "similarity_with",
    "support_of",
]

Similarity = Callable[[str, Sequence[str]], float]
"""Closeness (0 to 1) of a sentence to the nearest of some texts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: how close the evidence is, and what is missing."""

    support: float
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where the sentence may be shown."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules say of a sentence.

    ``open`` is what they leave to judgement: None for a sentence that stands word for
    word in its passages, or that a rule withholds.
    """

    support: float
    problems: tuple[str, ...]
    open: Claimed | None = None


def check_sentence(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    similarity: Similarity,
) -> Verdict:
    """Check one sentence against the passages that it cites.

    Args:
        text: the sentence; citation markers in it are passed over.
        passages: the passages it cites.
        catalogue: the details of every report on the shelf.
        similarity: closeness of meaning; not asked where the words themselves stand.
    """
    ruled = check_rules(text, passages, catalogue, similarity)
    problems = list(ruled.problems)
    if ruled.open is not None:
        signs, findings = read_signs(ruled.open, similarity)
        if is_doubted(signs):
            problems += findings or ["the cited passage does not carry it"]
    return Verdict(round(ruled.support, 3), tuple(problems))


def check_rules(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    similarity: Similarity,
) -> Ruled:
    """Put one sentence to the rules alone; arguments as for ``check_sentence``."""
    bare = strip_markers(text).strip()
    if not passages:
        return Ruled(0.0, ("cites no passage",))
    problems = missing(bare, passages, catalogue)
    support = support_of(bare, passages, similarity)
    if support < MIN_SUPPORT:
        problems.append("its meaning is not close to the cited passage")
    claimed = None
    if MIN_SUPPORT <= support < 1:
        claimed = _take_apart(without_source(bare), passages, similarity)
        problems += misplaced(claimed)
    return Ruled(support, tuple(problems), None if problems else claimed)


def _take_apart(
    text: str, passages: Sequence[Passage], similarity: Similarity
) -> Claimed:
    """Take a sentence apart and find the evidence of each clause."""
    claims = make_claims(
        text,
        [passage.chunk.text for passage in passages],
        lambda one, other: similarity(one, [other]),
        {word for p in passages for word in words(p.chunk.details.publisher)},
    )
    return Claimed(text, tuple(claims), tuple(passages))


def support_of(text: str, passages: Sequence[Passage], similarity: Similarity) -> float:
    """Return how close (0 to 1) a sentence is to its passages; 1 where it stands there.

    An attribution in brackets at its end or after a name, such as ``(2023)``, is not
    part of what must stand there.
    """
    forms = [
        folded(text),
        folded(without_source(text)),
        folded(_unnamed(text, passages)),
    ]
    told = [folded(passage.chunk.text) for passage in passages]
    if any(form.strip() and form in passage for form in forms for passage in told):
        return 1.0
    return max(0.0, min(1.0, similarity(text, _evidence_texts(passages))))


def _unnamed(text: str, passages: Sequence[Passage]) -> str:
    """Return a sentence with "the report" again where attribution names it."""
    for publisher in {passage.chunk.details.publisher for passage in passages}:
        named = rf"\b([Tt]he) {re.escape(publisher)} (\w+) \((?:\d{{4}}|date unknown)\)"
        text = re.sub(named, r"\1 \2", text)
    return without_source(text)


def _evidence_texts(passages: Sequence[Passage]) -> list[str]:
    """Return the sentences of the passages, and each passage as a whole."""
    return [s for p in passages for s in (*split_sentences(p.chunk.text), p.chunk.text)]


def similarity_with(embedder: Embedder) -> Similarity:
    """Return the similarity that an embedding model gives: the highest cosine."""

    def similarity(text: str, texts: Sequence[str]) -> float:
        vectors = embedder.embed([text, *texts])
        return float((vectors[1:] @ vectors[0]).max(initial=0.0))

    return similarity
