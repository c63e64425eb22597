"""The concepts of a question, and how much of them a text covers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answering.glossary import Glossary, Mention
from assistant.index.lexical import LexicalIndex
from assistant.words import STOP_WORDS, stem, stems

# Words that frame a question rather than say what it is about.
_FRAMING = frozenset(
    stem(word)
    for word in """
    report reports paper study document publication say tell recommend recommendation
    suggest argue argument think believe view position line talk discuss mention describe
    explain state claim cover key main point points brief briefing summary summarise sum
    overview council councils local government authority authorities list name set
    question answer meeting director leader member members minister cabinet committee
    scrutiny panel note tomorrow today useful idea good support help people thing word
    words sentence line lines busy short want wants need call calls ask asks propose
    proposal issue matter topic area approach work working important importance
    per according news article item piece story website page web actually sort kind
    """.split()
)
_FRAMING_WEIGHT = 0.25
_EVERYDAY_CREDIT = 0.85
_HEADING_CREDIT = 0.75


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that the question is about, with other words for it.

    ``alternatives`` pairs a phrase's stems with the credit (0 to 1) for holding it.
    """

    label: str
    alternatives: tuple[tuple[tuple[str, ...], float], ...]
    weight: float
    known: bool


def _alternatives(
    own: Sequence[str], mentions: Sequence[Mention]
) -> tuple[tuple[tuple[str, ...], float], ...]:
    found: dict[tuple[str, ...], float] = {tuple(own): 1.0}
    for mention in mentions:
        entry = mention.entry
        for phrase in (entry.term, *entry.same):
            credit = 1.0 if mention.exact else _EVERYDAY_CREDIT
            found.setdefault(tuple(stems(phrase)), credit)
        if mention.exact:
            for phrase in entry.everyday:
                found.setdefault(tuple(stems(phrase)), _EVERYDAY_CREDIT * 0.8)
    return tuple(found.items())


def find_concepts(
    matter: Sequence[str], glossary: Glossary, lexical: LexicalIndex
) -> tuple[Concept, ...]:
    """Return the concepts of a question, in order.

    Args:
        matter: the question's words, names of reports taken out.
        glossary: other words for the shelf's terms.
        lexical: says how rare a word is (its idf is the concept's weight).
    """
    matter_stems = [stem(word) for word in matter]
    mentions = glossary.mentions(matter_stems)
    spans: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions:
        spans.setdefault((mention.start, mention.end), []).append(mention)
    covered = {place for start, end in spans for place in range(start, end)}
    for place, word in enumerate(matter):
        if place not in covered and word not in STOP_WORDS:
            spans[(place, place + 1)] = []
    concepts: dict[tuple[str, ...], Concept] = {}
    for (start, end), found in sorted(spans.items()):
        own = matter_stems[start:end]
        rare = [
            lexical.idf(s)
            for s, word in zip(own, matter[start:end], strict=True)
            if word not in STOP_WORDS
        ]
        if not rare:
            continue
        framing = all(s in _FRAMING for s in own)
        known = bool(found) or any(lexical.knows_stem(s) for s in own)
        weight = max(rare) * (_FRAMING_WEIGHT if framing and not found else 1.0)
        concepts[tuple(own)] = Concept(
            " ".join(matter[start:end]), _alternatives(own, found), weight, known
        )
    return tuple(concepts.values())


def _credit(
    concept: Concept, text: Collection[str], heading: Collection[str]
) -> float:
    best = 0.0
    for phrase, credit in concept.alternatives:
        held = sum(
            1.0 if s in text else _HEADING_CREDIT if s in heading else 0.0
            for s in phrase
        ) / len(phrase)
        # Half of a two-word name is not that name.
        best = max(best, credit * (held if held > 0.7 else held * 0.5))
    return best


def coverage(
    concepts: Sequence[Concept], text: Collection[str], heading: Collection[str] = ()
) -> float:
    """Return the idf-weighted share (0 to 1) of the concepts that a text covers.

    Args:
        concepts: of the question; none gives 0.
        text: the stems of the text.
        heading: the stems of the heading above it, which count a little less.
    """
    total = sum(concept.weight for concept in concepts)
    if not total:
        return 0.0
    return sum(c.weight * _credit(c, text, heading) for c in concepts) / total


def widened_terms(concepts: Sequence[Concept]) -> tuple[list[str], list[str]]:
    """Return the terms of the concepts themselves, and the glossary's for them."""
    own = [
        word
        for concept in concepts
        for word in concept.label.split()
        if word not in STOP_WORDS
    ]
    other = [
        " ".join(phrase)
        for concept in concepts
        for phrase, _ in concept.alternatives[1:]
    ]
    return own, other
