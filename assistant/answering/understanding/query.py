"""The query: a reading of a question, taken apart for the search and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.switches import is_on
from assistant.answering.understanding.authorities import (
    older_editions,
    places_in,
    spoken_of,
    years_in,
)
from assistant.answering.understanding.concepts import Concept, find_concepts
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.naming import Catalogue, Named, find_reports
from assistant.answering.understanding.question import Kind, Scope, kind_of, scope_of
from assistant.answering.understanding.reading import Reading
from assistant.answering.understanding.spelling import correct_spelling
from assistant.index.shelf import Shelf
from assistant.text.words import STOP_WORDS

# Only what surely means the same is added, and only to a word that says something.
_ADDED_CREDIT = 0.8
_ADDED_WEIGHT = 2.0
# A word in the papers of so many publishers is no name of one of them.
_WIDESPREAD = 3


@dataclass(frozen=True, slots=True)
class Query:
    """One reading of a question as the search understands it.

    ``reports`` narrow the search (empty: the whole shelf), ``preferred`` are only heard
    sooner; ``searches`` are the texts to embed, best of any.
    """

    question: str
    asked: str
    matter: str
    kind: Kind
    scope: Scope
    named: Named
    concepts: tuple[Concept, ...]
    searches: tuple[str, ...]
    reports: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    """Reports of the authority that it speaks of: nobody else's paper answers for it."""
    places: frozenset[str] = frozenset()
    """The words that tell that authority."""
    older: frozenset[str] = frozenset()
    """Reports with a later edition on the shelf, where the question has no year."""
    outside: tuple[str, ...] = ()
    """Reports that it names and that the asker's choice leaves out."""
    prior: float = 0.0
    told: frozenset[str] = field(default=frozenset())
    own: tuple[str, ...] = ()
    """The telling words of a follow-up itself: an answer must be to them."""

    @property
    def matters(self) -> list[Concept]:
        """What it is about, beside reports, councils and the like."""
        return [concept for concept in self.concepts if not concept.framing]

    def put_to(self, reports: Sequence[str], scope: Scope = "one") -> Query:
        """Return the same put to other reports."""
        return replace(
            self, reports=tuple(reports), preferred=(), spoken=(), scope=scope
        )

    def without(self, word: str) -> Query:
        """Return the same without a word that no report is asked to hold."""
        kept = [w for w in self.matter.split() if w != word]
        return replace(
            self,
            matter=" ".join(kept),
            concepts=tuple(c for c in self.concepts if c.label != word),
            searches=tuple(s.replace(word, "").strip() for s in self.searches),
        )


_WHERE_TO_ASK = "contact officer, author of the report, telephone, e-mail, enquiries"


def make_query(
    reading: Reading, shelf: Shelf, glossary: Glossary, chosen: Sequence[str] = ()
) -> Query:
    """Take a reading apart.

    Args:
        reading: of the question.
        shelf: what can be searched.
        glossary: other words for the shelf's terms.
        chosen: the asker's own choice of reports; empty means all.
    """
    lexical, knows = shelf.lexical, shelf.embedder.knows_word

    def is_common(word: str) -> bool:
        return knows(word) or _is_widespread(word, shelf)

    spelt = correct_spelling(reading.matter, lexical.vocabulary, knows)
    asked = correct_spelling(reading.asked, lexical.vocabulary, knows)
    named = find_reports(spelt, shelf.details)
    by_year = bool(named.reports) and not named.by_name
    told_by_year = by_year and set(reading.reports) <= set(named.reports)
    reports = reading.reports or named.reports
    outside = tuple(r for r in reports if chosen and r not in chosen)
    near = reading.preferred
    spoken: tuple[str, ...] = ()
    places = places_in(reading.question, shelf.details, is_common)
    unnamed = told_by_year or (len(reports) != 1 and not reading.reports)
    if unnamed and is_on("authorities"):
        spoken = spoken_of(reading.question, shelf.details, is_common)
        near = (*near, *spoken)
        if told_by_year and places:
            # "Ashmere (2023/24) and Penbury (2022/23)" are years of a figure.
            reports = ()
    if spoken and not reports:
        # Whose papers are meant is known; every second sentence there has the name, so
        # that the words searched for are without it (the meaning is not).
        left = [word for word in named.rest if word not in places]
        if any(word not in STOP_WORDS for word in left):
            named = replace(named, rest=tuple(left))
    concepts = find_concepts(named.rest, glossary, lexical)
    matter = " ".join(named.rest)
    in_report_words = _in_report_words(matter, concepts)
    # A named report's name would drown the matter; alone it is all there is.
    searches: tuple[str, ...] = (in_report_words, spelt)
    if named.reports and sum(not c.framing for c in concepts) > 1:
        searches = (in_report_words,)
    kind = kind_of(asked)
    if kind == "contact":
        # What it is about is hardly said where the address stands.
        searches = (*searches, _WHERE_TO_ASK)
    by_year = by_year and bool(reports) and not reading.reports
    titled = not (named.publishers or by_year) or len(set(named.years)) > 1
    if by_year or _is_one_name(reports, shelf):
        # Of several councils' papers of one title, or of one year, those of its own.
        reports = tuple(r for r in reports if r in near) or reports
    titled = titled and len(reports) > 1
    compares = reading.compares
    if compares is None:
        several = 1 if by_year else len(reports)
        compares = titled or scope_of(asked, several) == "compare"
    compares = compares and is_on("comparing")
    return Query(
        question=reading.question,
        asked=asked,
        matter=matter or spelt,
        kind=kind,
        scope="compare" if compares else "one",
        named=replace(named, reports=reports),
        concepts=concepts,
        searches=tuple(text for text in dict.fromkeys(searches) if text),
        reports=tuple(r for r in reports if r not in outside) or tuple(chosen),
        preferred=tuple(r for r in dict.fromkeys(near) if r not in reports),
        spoken=() if reports else spoken,
        places=places,
        older=_older(reading.question, shelf.details),
        outside=outside if len(outside) == len(reports) else (),
        prior=reading.prior,
        told=reading.told,
        own=reading.own,
    )


def _older(question: str, catalogue: Catalogue) -> frozenset[str]:
    """Return the reports to be heard after their later edition: none where a year chooses."""
    asked = years_in(question)
    if any(asked & years_in(details.title) for details in catalogue):
        return frozenset()
    return older_editions(catalogue)


def _is_widespread(word: str, shelf: Shelf) -> bool:
    """Tell whether several bodies write of a word: "devolution" in a title is no name."""
    papers: dict[str, list[str]] = {}
    for details in shelf.details:
        papers.setdefault(details.publisher, []).append(details.report)
    held = (shelf.lexical.holds_phrase(word, reports) for reports in papers.values())
    return sum(held) >= _WIDESPREAD


def _is_one_name(reports: Sequence[str], shelf: Shelf) -> bool:
    """Tell whether several reports share their title, so that it names none of them."""
    titles = {d.title for d in shelf.details if d.report in reports}
    return len(reports) > 1 and len(titles) == 1


def _in_report_words(matter: str, concepts: Sequence[Concept]) -> str:
    """Return the matter with the reports' terms for its everyday words added."""
    added = [
        other.text
        for concept in concepts
        for other in concept.alternatives[:2]
        if other.credit >= _ADDED_CREDIT and concept.weight >= _ADDED_WEIGHT
    ]
    return f"{matter} {' '.join(dict.fromkeys(added))}" if added else matter
