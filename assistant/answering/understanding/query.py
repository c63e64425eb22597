"""The query: a question as the search understands it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.checking.evidence import names
from assistant.answering.understanding.asking import (
    asking_part,
    core_of,
    focus_of,
    leans_back,
)
from assistant.answering.understanding.concepts import Concept, find_concepts
from assistant.answering.understanding.follow_ups.conversation import Context
from assistant.answering.understanding.follow_ups.followup import standalone_from
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.naming import Named, find_reports
from assistant.answering.understanding.parts import parts_of
from assistant.answering.understanding.question import Kind, Scope, kind_of, scope_of
from assistant.answering.understanding.spelling import correct_spelling
from assistant.index.shelf import Shelf
from assistant.words import stem, stems, words

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
    silent_on: tuple[str, ...] = ()
    """Matters of local government that it is about and that no report mentions."""
    later: bool = False
    """True where it speaks of a year after every report on the shelf."""
    parts: tuple[Query, ...] = ()
    """What it asks, one thing each, where it asks several."""


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


def _speaks_of_later(question: str, shelf: Shelf) -> bool:
    """Tell whether a question holds a year that no report of the shelf lived to see."""
    years = [int(year) for year in re.findall(r"\b20\d\d\b", question)]
    newest = max((d.year for d in shelf.details if d.year), default=None)
    return newest is not None and any(
        year > newest and not shelf.lexical.holds_phrase(str(year)) for year in years
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


def _silent_on(
    matter: Sequence[str], glossary: Glossary, shelf: Shelf, reports: Sequence[str]
) -> tuple[str, ...]:
    """Return the matters in a question's words of which these reports say nothing.

    A phrase of the glossary is the reports' matter in other words, and no stranger.
    """
    if glossary.matters is None:
        return ()
    matter_stems = [stem(word) for word in matter]
    covered = {
        place
        for mention in glossary.mentions(matter_stems)
        for place in range(mention.start, mention.end)
    }
    found = [
        " ".join(matter[mention.start : mention.end])
        for mention in glossary.matters.mentions(matter_stems)
        if not covered.issuperset(range(mention.start, mention.end))
        and not any(
            shelf.lexical.search([phrase], 1, reports)
            for phrase in (mention.entry.term, *mention.entry.same)
        )
    ]
    return tuple(dict.fromkeys(found))


def make_query(
    question: str, shelf: Shelf, glossary: Glossary, reports: Sequence[str] = ()
) -> Query:
    """Take a standalone question apart, and each thing that it asks.

    Args:
        question: complete in itself.
        shelf: what can be searched.
        glossary: other words for the shelf's terms.
        reports: the user's own choice of reports; empty means all.
    """
    whole = _make_one(question, shelf, glossary, reports)
    parts: list[Query] = []
    context: Context | None = None
    named = whole.named.reports
    for text in parts_of(question):
        standalone = standalone_from(text, context, shelf.details)
        part = _make_one(standalone, shelf, glossary, reports)
        if named and not part.named.reports:
            told = replace(part.named, reports=named)
            part = replace(part, named=told, reports=whole.reports)
        parts.append(part)
        context = Context(standalone, named[0] if len(named) == 1 else None, named)
    return replace(whole, parts=tuple(parts))


def _make_one(
    question: str, shelf: Shelf, glossary: Glossary, reports: Sequence[str]
) -> Query:
    """Take one question apart.

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
    focus = focus_of(spelt)
    if focus != spelt:
        # A report may be named at the start of a long letter, and asked about at its end.
        named = replace(named, rest=find_reports(focus, catalogue).rest)
        question = spelt = focus
    concepts = find_concepts(named.rest, glossary, shelf.lexical)
    asking = asking_part(spelt)
    core = find_reports(core_of(spelt), catalogue)
    about = find_concepts(core.rest, glossary, shelf.lexical)
    kind = kind_of(asking)
    told = any(c.known and not c.framing for c in about)
    whole_report = kind == "summary" and core.reports
    if (told or whole_report) and not leans_back(core_of(spelt)):
        named, concepts = replace(named, rest=core.rest), about
    matter = " ".join(named.rest)
    in_report_words = _in_report_words(matter, concepts)
    # A named report's name would drown the matter; alone it is all there is.
    searches: tuple[str, ...] = (in_report_words, spelt)
    if named.reports and sum(not c.framing for c in concepts) > 1:
        searches = (in_report_words,)
    people = _names_in(question, named.rest, shelf)
    return Query(
        question=question,
        kind=kind if kind != "open" else kind_of(spelt),
        scope=scope_of(spelt, len(named.reports)),
        named=named,
        reports=named.reports or tuple(reports),
        concepts=concepts,
        matter=matter or spelt,
        searches=tuple(text for text in dict.fromkeys(searches) if text),
        names=people,
        outside=_outside(spelt, shelf, reports) if reports else (),
        strangers=not all(_stands(name, shelf, concepts) for name in people),
        later=_speaks_of_later(spelt, shelf),
        silent_on=_silent_on(core.rest, glossary, shelf, named.reports),
    )
