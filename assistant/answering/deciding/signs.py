"""What speaks for and against an answer: signs that need no list of words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.answering.retrieval.sentences import Candidate
from assistant.answering.understanding.concepts import Concept
from assistant.answering.understanding.forms import (
    numbered_item,
    source_asked,
)
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.text.words import STOP_WORDS, plain, stem, stems, words

# The kinds whose answer must hold a thing of a certain form.
_STRICT = ("amount", "how_many", "when", "contact", "page", "names", "who")
# A sentence this much below the best does not lend it the form asked for.
_CLOSE = 0.5
_BEST = 3
# From this credit on other words are the very matter, and not something near it.
_THE_SAME = 0.8
_MANY_NAMES, _MANY_WORDS = 2, 10
# Capitals within a sentence, acronyms and figures name something in particular.
_CAPITAL = r"[A-Z][\w’'&-]*"
_NAMES = re.compile(
    rf"(?:{_CAPITAL})(?: (?:(?:of|for|and|the|on|in) )*{_CAPITAL})+"
    rf"|(?<=[\w,;'\"(] ){_CAPITAL}|\b[A-Z]{{2,}}\w*\b|\b\d[\d,.]*\d\b"
)


class Signs(NamedTuple):
    """What is known of a question once it was searched; each about 0 to 1."""

    cosine: float
    """Best cosine of the three best sentences to the question."""
    headed: float
    """The same under their headings."""
    first: float
    """Cosine of the best sentence."""
    overlap: float
    """Share of the question's words in the best sentence."""
    coverage: float
    """Share of its matters that one of the three covers, in any words known for them."""
    passage: float
    """Best cosine of a passage, or of a question that its section is asked as."""
    score: float
    """The best sentence's score."""
    margin: float
    """How far it stands before the third."""
    form: float
    """1 where the thing asked for is there (a date, an amount), or none is."""
    strict: float
    """1 where a thing of some form is asked for."""
    lacking: float
    """Weight of the question's words that the best sentence's section lacks."""
    lacking_sentence: float
    """The same of the best sentence."""
    lacking_best: float
    """The same of the three best together."""
    unknown: float
    """The same of the whole shelf."""
    absent: float
    """Weight of its matters that the reports searched hold in no words."""
    rarest_absent: float
    """The rarest of them."""
    rarest_lacking: float
    """The rarest word that the section lacks."""
    names_lacking: float
    """Names and figures of the question that the section lacks."""
    names_absent: float
    """Names and figures that the reports searched lack."""
    foreign: float
    """1 where the words of a source are asked for that the reports searched lack."""
    pairs: float
    """Share of its neighbouring words that stand together in the reports searched."""
    length: float
    """How many telling words the question has."""
    named: float
    """1 where it names a report."""
    absent_of_named: float
    """What is absent of a report that was asked by name."""
    prepared: float
    """1 where a section found is one that somebody wrote questions for (`asked as`)."""
    framing: float
    """Share of its words that are of any report, council or meeting."""


def form_held(query: Query, candidates: Sequence[Candidate]) -> bool:
    """Tell whether the best sentences hold the form of answer asked for."""
    close = [c for c in candidates if c.score >= candidates[0].score - _CLOSE]
    return not is_strict(query) or any(c.holds_kind for c in close)


def is_strict(query: Query) -> bool:
    """Tell whether only a thing of a certain form answers."""
    return query.kind in _STRICT or numbered_item(query.asked) is not None


def read_signs(query: Query, candidates: Sequence[Candidate], shelf: Shelf) -> Signs:
    """Return the signs of a question's candidates, best first."""
    telling = [w for w in dict.fromkeys(words(query.matter)) if w not in STOP_WORDS]
    if not candidates:
        return Signs(*(0.0 for _ in Signs._fields))._replace(lacking=1.0, absent=1.0)
    best, top = candidates[:_BEST], candidates[0]
    weights = {word: shelf.embedder.rarity(word) for word in telling}
    total = sum(weights.values()) or 1.0
    tells = {word: shelf.lexical.tells_stem(stem(word)) for word in telling}

    def lacks(text: Collection[str]) -> float:
        return sum(w for word, w in weights.items() if stem(word) not in text) / total

    reports = query.reports
    chunk = top.passage.chunk
    section = set(stems(f"{chunk.section} {chunk.text}"))
    together = {s for c in best for s in stems(f"{c.text} {c.passage.chunk.section}")}
    names = _names_in(query, telling)
    lacking_names = [n for n in names if not set(stems(n)) <= section]
    absent_names = [n for n in names if not shelf.lexical.holds_phrase(n, reports)]
    absent = {
        concept: max(
            (shelf.embedder.rarity(w) for w in concept.label.split()), default=0
        )
        for concept in query.matters
        if not _is_held(concept, shelf, reports)
    }
    pairs = [
        f"{one} {two}"
        for one, two in pairwise(query.matter.split())
        if one not in STOP_WORDS and two not in STOP_WORDS
    ]
    held = [pair for pair in pairs if shelf.lexical.holds_phrase(pair, reports)]
    framing = sum(c.framing for c in query.concepts)
    return Signs(
        cosine=max(c.cosine for c in best),
        headed=max(c.cosine_under_heading for c in best),
        first=top.cosine,
        overlap=top.overlap,
        coverage=max(c.coverage for c in best),
        passage=max(c.passage.cosine for c in best),
        score=top.absolute,
        margin=top.score - best[-1].score,
        form=float(form_held(query, candidates)),
        strict=float(is_strict(query)),
        lacking=lacks(section),
        lacking_sentence=lacks(set(stems(top.text))),
        lacking_best=lacks(together),
        unknown=sum(w for word, w in weights.items() if not tells[word]) / total,
        absent=sum(absent.values()) / total,
        rarest_absent=max(absent.values(), default=0.0),
        rarest_lacking=max(
            (w for x, w in weights.items() if stem(x) not in section), default=0.0
        ),
        names_lacking=min(_MANY_NAMES, len(lacking_names)) / _MANY_NAMES,
        names_absent=min(_MANY_NAMES, len(absent_names)) / _MANY_NAMES,
        foreign=float(_asks_foreign(query, shelf)),
        pairs=len(held) / len(pairs) if pairs else 0.5,
        length=min(_MANY_WORDS, len(telling)) / _MANY_WORDS,
        named=float(bool(query.named.reports)),
        absent_of_named=bool(query.named.reports) * sum(absent.values()) / total,
        prepared=float(any(c.passage.chunk.asked_as for c in best)),
        framing=framing / max(1, len(query.concepts)),
    )


def _is_held(concept: Concept, shelf: Shelf, reports: Sequence[str]) -> bool:
    """Tell whether the reports searched hold a matter, in any words known for it."""
    same = (a.text for a in concept.alternatives if a.credit >= _THE_SAME)
    phrases = [concept.label, *same]
    return any(shelf.lexical.holds_phrase(phrase, reports) for phrase in phrases)


def _asks_foreign(query: Query, shelf: Shelf) -> bool:
    """Tell whether a question asks for the words of a source that is not there."""
    source = source_asked(query.asked)
    if source is None or find_reports(source, shelf.details).places:
        return False
    return not shelf.lexical.holds_phrase(source, query.reports)


def holds_any_matter(query: Query, shelf: Shelf, reports: Sequence[str]) -> bool:
    """Tell whether reports hold a word of what is asked about, or of words near to it."""
    phrases = {p for c in query.matters for p in (*c.label.split(), c.label)}
    phrases |= {a.text for c in query.matters for a in c.alternatives}
    telling = [p for p in phrases if p not in STOP_WORDS]
    return any(shelf.lexical.holds_phrase(phrase, reports) for phrase in telling)


def _names_in(query: Query, telling: Sequence[str]) -> list[str]:
    """Return the names and figures in a question that are part of its matter."""
    found = _NAMES.findall(plain(query.asked))
    kept = [n for n in found if set(words(n)) - STOP_WORDS <= set(telling)]
    return [n for n in dict.fromkeys(kept) if set(words(n)) - STOP_WORDS]
