"""The concepts of a question, and how much of them a text covers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answering.understanding.glossary import Glossary, Mention
from assistant.index.lexical import LexicalIndex
from assistant.text.words import STOP_WORDS, stem, stems

# Words that frame a question rather than say what it is about.
_FRAMING = frozenset(
    stem(word)
    for word in """
    report paper study document publication release text shelf article item piece story
    website page web summary say tell talk recommend recommendation suggest argue
    argument think believe view opinion thought stance position line discuss mention
    describe explain state claim cover reckon propose call ask question answer
    main key point brief briefing summarise sum overview note slide panel speech list
    bullet name set full total overall general specific particular exact altogether
    council local government authority sector director leader member minister cabinet
    councillor trainee audience
    committee scrutiny meeting officer chief boss guy people person someone
    today currently present old new good bad right wrong best better useful important
    importance help support idea kind sort way part side thing stuff bit lot issue matter
    topic area approach case example reason word sentence line short simple simply quick
    want need try start stop end make take put pick come go look find found read
    hear know see show happen include involve contain relate regard concern mean use
    work working suppose expect bother like love seem per according actual actually
    really just even maybe possible able pls thx cheers hi compare comparison differ
    difference different versus vs v common agree disagree contrast phrase version
    """.split()
)
# "We're", "hasn't": no matter of anything.
_CONTRACTED = re.compile(r"['’](?:re|ve|m|ll|d|t)$")
_FRAMING_WEIGHT = 0.25
_MOST_WEIGHT = 6.0
# A word that the shelf lacks tells that much against it, however rare it would be.
_UNKNOWN_WEIGHT = 4.0
_EVERYDAY_CREDIT = 0.85
_NEAR_CREDIT = 0.7
_HEADING_CREDIT = 0.75
_ASKED_CREDIT = 0.6


def is_framing(stemmed: str) -> bool:
    """Tell whether a stem frames a question rather than says what it is about."""
    return stemmed in _FRAMING


class Alternative(NamedTuple):
    """Other words for a concept, and the credit (0 to 1) of a text that holds them."""

    stems: tuple[str, ...]
    credit: float
    text: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that the question is about, with the glossary's other words for it."""

    label: str
    own: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    weight: float
    known: bool
    told: bool
    """True where the reports' own text holds it, not only a question it is asked as."""
    framing: bool


def _alternatives(
    own: Sequence[str], mentions: Sequence[Mention]
) -> tuple[Alternative, ...]:
    found: dict[tuple[str, ...], Alternative] = {}
    for mention in mentions:
        entry = mention.entry
        credit = 1.0 if mention.exact else _EVERYDAY_CREDIT
        phrases = [(phrase, credit) for phrase in (entry.term, *entry.same)]
        if mention.exact:
            phrases += [(phrase, _NEAR_CREDIT) for phrase in entry.everyday]
        for phrase, worth in phrases:
            key = tuple(stems(phrase))
            if key != tuple(own):
                found.setdefault(key, Alternative(key, worth, phrase))
    return tuple(found.values())


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
        if place in covered or word in STOP_WORDS or _CONTRACTED.search(word):
            continue
        if len(word) > 1 or word.isdigit():
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
        phrases = [own, *(stems(m.entry.term) for m in found)]
        phrases += [stems(same) for m in found for same in m.entry.same]
        known = any(all(lexical.knows_stem(s) for s in phrase) for phrase in phrases)
        told = any(all(lexical.tells_stem(s) for s in phrase) for phrase in phrases)
        weight = min(max(rare), _MOST_WEIGHT if known else _UNKNOWN_WEIGHT) * (
            _FRAMING_WEIGHT if framing else 1.0
        )
        concepts[tuple(own)] = Concept(
            " ".join(matter[start:end]),
            tuple(own),
            _alternatives(own, found),
            weight,
            known,
            told,
            framing,
        )
    return tuple(concepts.values())


def credit_of(
    concept: Concept,
    text: Collection[str],
    heading: Collection[str] = (),
    asked_as: Collection[str] = (),
) -> float:
    """Return how far (0 to 1) a text holds a concept in any of its words."""
    best = 0.0
    for phrase, credit in [(concept.own, 1.0), *(a[:2] for a in concept.alternatives)]:
        held = sum(
            1.0
            if s in text
            else _HEADING_CREDIT
            if s in heading
            else _ASKED_CREDIT
            if s in asked_as
            else 0.0
            for s in phrase
        ) / len(phrase)
        # Half of a two-word name is not that name.
        best = max(best, credit * (held if held >= _ASKED_CREDIT else held * 0.5))
    return best


def coverage(
    concepts: Sequence[Concept],
    text: Collection[str],
    heading: Collection[str] = (),
    asked_as: Collection[str] = (),
) -> float:
    """Return the idf-weighted share (0 to 1) of the concepts that a text covers.

    Args:
        concepts: of the question; none gives 0.
        text: the stems of the text.
        heading: the stems of the heading above it, which count a little less.
        asked_as: the stems of the questions its section is asked as; less again.
    """
    total = sum(concept.weight for concept in concepts)
    if not total:
        return 0.0
    return (
        sum(c.weight * credit_of(c, text, heading, asked_as) for c in concepts) / total
    )


def widened_terms(concepts: Sequence[Concept]) -> tuple[list[str], list[str]]:
    """Return the terms of the concepts themselves, and the glossary's for them."""
    own = [
        word
        for concept in concepts
        for word in concept.label.split()
        if word not in STOP_WORDS
    ]
    other = [a.text for concept in concepts for a in concept.alternatives]
    return own, other
