"""The query: a question as the search understands it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.concepts import Concept, find_concepts
from assistant.answering.evidence import names
from assistant.answering.glossary import Glossary
from assistant.answering.naming import Named, find_reports
from assistant.answering.question import (
    Kind,
    Scope,
    core_of,
    kind_of,
    leans_back,
    scope_of,
)
from assistant.answering.spelling import correct_spelling
from assistant.index.shelf import Shelf
from assistant.words import stems, words

# Only what surely means the same is added, and only to a word that says something.
_ADDED_CREDIT = 0.8
_ADDED_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Query:
    """A standalone question taken apart.

    ``reports`` narrows the search (empty: the whole shelf); ``matter`` is the question
    without the names of reports; ``searches`` are the texts to embed, best of any.
    """

    question: str
    kind: Kind
    scope: Scope
    named: Named
    reports: tuple[str, ...]
    concepts: tuple[Concept, ...]
    matter: str
    searches: tuple[str, ...]
    names: tuple[str, ...] = ()
    """The persons and organisations it speaks of."""
    outside: tuple[str, ...] = ()
    """Reports that it names and that the user's choice leaves out."""
    strangers: bool = False
    """True where one of them stands nowhere on the shelf."""


def _in_report_words(matter: str, concepts: Sequence[Concept]) -> str:
    """Return the matter with the reports' terms for its everyday words added."""
    added = [
        other.text
        for concept in concepts
        for other in concept.alternatives[:2]
        if other.credit >= _ADDED_CREDIT and concept.weight >= _ADDED_WEIGHT
    ]
    return f"{matter} {' '.join(dict.fromkeys(added))}" if added else matter


# Capitalised in questions without naming anybody.
_NOT_NAMES = frozenset(
    "i ai january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday whitehall england "
    "english british uk britain council councils cabinet scrutiny leader leaders minister "
    "ministers cllr mr mrs ms sir dear hi hello thanks".split()
)


def _names_in(question: str, rest: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    """Return the persons and organisations that a question speaks of.

    Args:
        question: as typed.
        rest: its words without the names of reports.
        shelf: knows names typed in small letters, from the reports' details.
    """
    opening = re.compile(r"(?:^|[.?!:;,–-]\s+)[\"'(]*([A-Z][a-z]+)\b(?! [A-Z])")
    openers = {match[1] for match in opening.finditer(question)}
    found = [name for name in names(question) if name not in openers]
    known = {
        name
        for details in shelf.details
        for name in (*details.authors, *details.supporters, details.publisher)
    }
    folded = f" {' '.join(words(question))} "
    found += [name for name in sorted(known) if f" {' '.join(words(name))} " in folded]
    titles = {w for d in shelf.details for w in words(f"{d.title} {d.subtitle or ''}")}
    return tuple(
        name
        for name in dict.fromkeys(found)
        if (parts := words(name))
        and set(parts) <= set(rest)
        and not set(parts) <= titles
        and not set(parts) <= _NOT_NAMES
    )


def _outside(question: str, shelf: Shelf, reports: Sequence[str]) -> tuple[str, ...]:
    named = find_reports(question, shelf.details).reports
    return named if named and not set(named) & set(reports) else ()


def _stands(name: str, shelf: Shelf, concepts: Sequence[Concept]) -> bool:
    """Tell whether the shelf holds a name, in its own or the glossary's form."""
    own = tuple(stems(name))
    forms = [name]
    for concept in concepts:
        if concept.own == own:
            forms += [other.text for other in concept.alternatives if other.credit == 1]
    return any(shelf.lexical.holds_phrase(form) for form in forms)


def make_query(
    question: str, shelf: Shelf, glossary: Glossary, reports: Sequence[str] = ()
) -> Query:
    """Take a standalone question apart.

    Args:
        question: complete in itself.
        shelf: what can be searched.
        glossary: other words for the shelf's terms.
        reports: the user's own choice of reports; empty means all.
    """
    spelt = correct_spelling(
        question, shelf.lexical.vocabulary, shelf.embedder.knows_word
    )
    catalogue = [d for d in shelf.details if not reports or d.report in reports]
    named = find_reports(spelt, catalogue)
    concepts = find_concepts(named.rest, glossary, shelf.lexical)
    core = find_reports(core_of(spelt), catalogue).rest
    about = find_concepts(core, glossary, shelf.lexical)
    told = [c for c in about if c.known and not c.framing]
    if told and not leans_back(core_of(spelt)):
        named, concepts = replace(named, rest=core), about
    matter = " ".join(named.rest)
    in_report_words = _in_report_words(matter, concepts)
    # A named report's name would drown the matter; alone it is all there is.
    searches: tuple[str, ...] = (in_report_words, spelt)
    if named.reports and sum(not c.framing for c in concepts) > 1:
        searches = (in_report_words,)
    people = _names_in(question, named.rest, shelf)
    return Query(
        question=question,
        kind=kind_of(spelt),
        scope=scope_of(spelt, len(named.reports)),
        named=named,
        reports=named.reports or tuple(reports),
        concepts=concepts,
        matter=matter or spelt,
        searches=tuple(text for text in dict.fromkeys(searches) if text),
        names=people,
        outside=_outside(spelt, shelf, reports) if reports else (),
        strangers=not all(_stands(name, shelf, concepts) for name in people),
    )
