"""The evidence check: a sentence is shown only when its cited passages carry it.

Every number, date, amount, percentage and quoted string must stand in the passages
(or, for years and names, in the report's own details); every name must stand there; a
sentence that names a report or publisher must cite it; and its meaning must be close.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.citations import strip_markers
from assistant.answering.quantities import MONTHS, missing_quantities
from assistant.schema import Passage, ReportDetails
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, number_value, plain, stem, words

if TYPE_CHECKING:
    from assistant.index.embeddings import Embedder

# Below this closeness of meaning a sentence is withheld.
MIN_SUPPORT = 0.55

Similarity = Callable[[str, Sequence[str]], float]
"""Closeness (0 to 1) of a sentence to the nearest of some texts."""

_QUOTED = re.compile(r'"([^"]{2,})"|(?<!\w)\'([^\'].*?[^s\s]|[^\'].*?)\'(?!\w)')
_NAME = re.compile(
    r"\b(?:[A-Z][\w&'-]*|31ten)(?:(?: (?:of|and|for|the|&))* (?:[A-Z][\w&'-]*|31ten))*"
)
# Capitalised words that open a sentence without naming anybody.
_OPENERS = frozenset(
    stem(word)
    for word in """
    councils council local central government governments authorities leaders ministers
    residents reports report services funding devolution prevention public private
    according however among better greater key new
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


def quotations(text: str) -> list[str]:
    """Return the quoted strings of a text (double, or single around whole words)."""
    found = [double or single for double, single in _QUOTED.findall(plain(text))]
    return [quote.strip(" .,;:!?…") for quote in found if quote.strip(" .,;:!?…")]


def names(text: str) -> list[str]:
    """Return the capitalised names of a text, a plain opening word left out."""
    found = []
    folded = plain(text)
    for match in _NAME.finditer(folded):
        name = match.group().removesuffix("'s").removesuffix("'")
        parts = name.split()
        before = folded[: match.start()].rstrip(" \"'([")
        opening = not before or before[-1] in ".!?:"
        while parts and (_is_number(parts[0]) or (opening and _is_plain(parts[0]))):
            parts = parts[1:]
            while parts and parts[0] in ("of", "and", "for", "the", "&"):
                parts = parts[1:]
        if parts and not re.fullmatch(r"I(?:'\w+)?", parts[0]):
            found.append(" ".join(parts))
    return found


def _is_number(word: str) -> bool:
    """Tell whether a capitalised word is a number or a month: the numbers' business."""
    lower = word.lower()
    return number_value(lower) is not None or lower in MONTHS


def _is_plain(word: str) -> bool:
    lower = words(word)
    return bool(lower) and (lower[0] in STOP_WORDS or stem(lower[0]) in _OPENERS)


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
    return Verdict(round(support, 3), tuple(problems))


def support_of(text: str, passages: Sequence[Passage], similarity: Similarity) -> float:
    """Return how close (0 to 1) a sentence is to its passages; 1 where it stands there.

    An attribution in brackets at its end or after a name, such as ``(2023)``, is not
    part of what must stand there.
    """
    bare = _folded(re.sub(r"\s\([^()]*\b(?:19|20)\d\d\)", "", text)).strip()
    if any(bare and bare in _folded(passage.chunk.text) for passage in passages):
        return 1.0
    texts = [
        s for p in passages for s in (*split_sentences(p.chunk.text), p.chunk.text)
    ]
    return max(0.0, min(1.0, similarity(text, texts)))


def similarity_with(embedder: Embedder) -> Similarity:
    """Return the similarity that an embedding model gives: the highest cosine."""

    def similarity(text: str, texts: Sequence[str]) -> float:
        vectors = embedder.embed([text, *texts])
        return float((vectors[1:] @ vectors[0]).max(initial=0.0))

    return similarity
