"""The evidence check: a sentence is shown only when its cited passages carry it.

Every number, date, amount, percentage and quoted string must stand in the passages
(or, for years and names, in the report's own details); every name must stand there; a
sentence that names a report or publisher must cite it; and its meaning must be close.
A sentence in other words than the passage's must besides agree with it clause by clause:
in what is denied, in direction, in obligation and extent, in who says it and who does
what to whom; and it may say nothing that no word of the passage accounts for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.citations import strip_markers
from assistant.answering.claims import Claim, make_claims, without_source
from assistant.answering.counts import miscounted
from assistant.answering.coverage import beyond, coverage
from assistant.answering.mentions import names, quotations
from assistant.answering.polarity import (
    degrees,
    denials,
    extents,
    obligations,
    opposed,
    rebound,
)
from assistant.answering.quantities import missing_quantities
from assistant.answering.roles import swapped
from assistant.answering.speakers import wrong_places, wrong_speakers
from assistant.schema import Passage, ReportDetails
from assistant.sentences import split_sentences
from assistant.words import plain, words

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

# Words that only say that somebody says it.
_SAYING = frozenset(
    """
    say says said argue argues argued find finds found note notes noted recommend
    recommends recommended describe describes described advise advises advised want
    wants wanted call calls called ask asks asked hold holds set sets think thinks urge
    urges urged suggest suggests suggested reason reasons report reports according view
    """.split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: how close the evidence is, and what is missing."""

    support: float
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where the sentence may be shown."""
        return not self.problems


def _folded(text: str) -> str:
    return " " + " ".join(words(text)) + " "


def _name_stands(name: str, evidence: str) -> bool:
    if f" {' '.join(words(name))} " in evidence:
        return True
    # "Localis and Capita" may stand apart: then each part must.
    parts = re.split(r" (?:and|of|for|the|&) ", name)
    return len(parts) > 1 and all(f" {' '.join(words(p))} " in evidence for p in parts)


def _details_text(details: ReportDetails) -> str:
    parts = (
        details.title, details.subtitle, details.publisher, *details.authors,
        *details.supporters, details.published, str(details.year or ""),
    )  # fmt: skip
    return " . ".join(part for part in parts if part)


def _wrong_report(
    text: str, passages: Sequence[Passage], catalogue: Sequence[ReportDetails]
) -> list[str]:
    """Return the titles and publishers that the sentence names and does not cite."""
    folded = _folded(text)
    cited = {passage.chunk.details.report for passage in passages}
    publishers = {passage.chunk.details.publisher for passage in passages}
    evidence = _folded(" ".join(passage.chunk.text for passage in passages))
    missing = []
    for details in catalogue:
        title = f" {' '.join(words(details.title))} "
        if title in folded and details.report not in cited:
            missing.append(details.title)
        publisher = f" {' '.join(words(details.publisher))} "
        if (
            publisher in folded
            and details.publisher not in publishers
            and publisher not in evidence
        ):
            missing.append(details.publisher)
    return list(dict.fromkeys(missing))


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
    bare = strip_markers(text).strip()
    if not passages:
        return Verdict(0.0, ("cites no passage",))
    sections = [f"{p.chunk.section}. {p.chunk.text}" for p in passages]
    details = [_details_text(passage.chunk.details) for passage in passages]
    # With and without what looks like a marker: "[2]" may be the passage's own.
    told = [*sections, *(strip_markers(section) for section in sections), *details]
    evidence = plain(" \n ".join(told))
    folded = _folded(evidence)
    problems = [
        f"the number or date {item} is not in the cited passage"
        for item in missing_quantities(bare, evidence)
    ]
    problems += [
        f"the words '{quote}' are not in the cited passage"
        for quote in quotations(bare)
        if _folded(quote).strip() not in folded
    ]
    problems += [
        f"the name {name} is not in the cited passage"
        for name in dict.fromkeys(names(bare))
        if not _name_stands(name, folded)
    ]
    problems += [
        f"it names {name} and does not cite it"
        for name in _wrong_report(bare, passages, catalogue)
    ]
    support = support_of(bare, passages, similarity)
    if support < MIN_SUPPORT:
        problems.append("its meaning is not close to the cited passage")
    elif support < 1:
        problems += _disagreements(bare, passages, similarity, support)
    return Verdict(round(support, 3), tuple(problems))


def _disagreements(
    text: str, passages: Sequence[Passage], similarity: Similarity, support: float
) -> list[str]:
    """Return where a sentence in other words says something else than its passages."""
    details = [passage.chunk.details for passage in passages]
    claims = make_claims(
        without_source(text),
        [passage.chunk.text for passage in passages],
        lambda one, other: similarity(one, [other]),
        {word for d in details for word in words(d.publisher)},
    )
    if not claims:
        return []
    whole = " . ".join(
        f"{p.chunk.section} . {p.chunk.text} . {_details_text(p.chunk.details)}"
        for p in passages
    )
    texts = _evidence_texts(passages)
    named = {word for name in names(text) for word in words(name)}
    sentence = claims[0].sentence
    matched = list(dict.fromkeys(e for claim in claims for e in claim.evidence))
    problems = [p for claim in claims for p in _turned(claim, named)]
    problems += [
        f"{who} is not who says it in the cited passage"
        for who in wrong_speakers(without_source(text), matched, details)
    ]
    problems += [
        f"it gives as {publisher}'s what another says"
        for claim in claims
        for publisher in _other_publishers(claim, passages)
    ]
    problems += [
        f"the cited passage does not place {who}" for who in wrong_places(text, whole)
    ]
    problems += [
        f"the cited passage gives the number {number} to something else"
        for number in miscounted(
            sentence, " . ".join(p.chunk.text for p in passages), named
        )
    ]
    problems += [
        f"it swaps what stands before and after '{word}'"
        for word in swapped(sentence, matched, named | _SAYING)[:1]
    ]
    problems += [
        f"nothing in the cited passage accounts for '{word}'"
        for word in beyond(
            without_source(text),
            coverage(sentence, whole, named | _SAYING),
            support,
            lambda one: similarity(one, texts),
        )
    ]
    return list(dict.fromkeys(problems))


def _other_publishers(claim: Claim, passages: Sequence[Passage]) -> list[str]:
    """Return the publishers that a clause names, none of whom its evidence is from."""
    clause = f" {' '.join(token.word for token in claim.tokens)} "
    publishers = {p.chunk.details.publisher for p in passages}
    named = {p for p in publishers if f" {' '.join(words(p))} " in clause}
    told = {
        p.chunk.details.publisher
        for p in passages
        if any(text in p.chunk.text for text in claim.evidence)
    }
    return sorted(named) if named and not named & told else []


def _turned(claim: Claim, named: set[str]) -> list[str]:
    """Return the small words by which a clause turns its evidence round."""
    found = [
        f"it denies or affirms '{key}' where the passage does not"
        for key in denials(claim, named)[:1]
    ]
    found += [
        f"'{key}' is the opposite of what the passage says" for key in opposed(claim)
    ]
    found += [
        f"the passage speaks of too much, not of more: '{key}'"
        for key in degrees(claim)
    ]
    found += [f"the passage has '{key}' the other way round" for key in rebound(claim)]
    if word := obligations(claim):
        found.append(f"'{word}' is not how the passage puts it")
    found += [f"the passage does not say '{word}' of it" for word in extents(claim)]
    return found


def support_of(text: str, passages: Sequence[Passage], similarity: Similarity) -> float:
    """Return how close (0 to 1) a sentence is to its passages; 1 where it stands there.

    An attribution in brackets at its end or after a name, such as ``(2023)``, is not
    part of what must stand there.
    """
    forms = [
        _folded(text),
        _folded(without_source(text)),
        _folded(_unnamed(text, passages)),
    ]
    told = [_folded(passage.chunk.text) for passage in passages]
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
