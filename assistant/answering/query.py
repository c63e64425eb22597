"""The query: a question as the search understands it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.concepts import Concept, find_concepts
from assistant.answering.glossary import Glossary
from assistant.answering.naming import Named, find_reports
from assistant.answering.question import Kind, Scope, kind_of, scope_of
from assistant.answering.spelling import correct_spelling
from assistant.index.shelf import Shelf


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


def _in_report_words(matter: str, concepts: Sequence[Concept]) -> str:
    """Return the matter with the reports' terms for its everyday words added."""
    added = [
        " ".join(phrase)
        for concept in concepts
        for phrase, credit in concept.alternatives[1:3]
        if credit > 0.8
    ]
    return f"{matter} {' '.join(dict.fromkeys(added))}" if added else matter


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
    matter = " ".join(named.rest)
    matter_form = _in_report_words(matter, concepts)
    searches = (matter_form,) if named.reports and concepts else (spelt, matter_form or spelt)
    return Query(
        question=question,
        kind=kind_of(spelt),
        scope=scope_of(spelt, len(named.reports)),
        named=named,
        reports=named.reports or tuple(reports),
        concepts=concepts,
        matter=matter or spelt,
        searches=tuple(dict.fromkeys(searches)),
    )
