"""Candidate sentences: those of the passages, scored against the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.checking.evidence import names
from assistant.answering.checking.orders import addresses_assistant
from assistant.answering.understanding.concepts import Concept, coverage
from assistant.answering.understanding.forms import (
    counted_noun,
    holds_kind,
    numbered_item,
    numbers_of,
    role_asked,
)
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import SECTION_SEPARATOR, Passage
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, stem, stems, words

# Beside 1 for the cosine: near what `python -m evals calibrate` fits, rounded, and drawn
# back where the fit leant on few questions.
COVERAGE_WEIGHT = 0.8
PASSAGE_WEIGHT = 0.7
FUSED_WEIGHT = 0.6
KIND_BONUS = 0.30
LIST_BONUS = 0.65
ITEM_BONUS = 0.60
LIST_PENALTY = 0.08
ABOUT_PENALTY = 0.20
ABSENCE_PENALTY = 0.3
# The part of a document that speaks of the document: no answer on a matter, unless it
# covers this much of the question.
ABOUT_THE_TEXT = "About this report"
_ABOUT_COVERED = 0.7
_DATED_COVERED = 0.5

_ABSENCE = re.compile(
    r"\b(does not (say|name|state|give|set out|carry)|(is|are) not known|names no\b"
    r"|carries no\b|leaves? .{0,40}blank|no text\b.{0,20}\b(calls|names)|not stated|unknown)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with what speaks for it; ``score`` joins the rest."""

    text: str
    passage: Passage
    order: int
    cosine: float
    coverage: float
    holds_kind: bool
    is_list: bool
    score: float
    tells_absence: bool
    """True where the sentence says that the text does not hold what is asked."""

    @property
    def report(self) -> str:
        """The id of the report that the sentence stands in."""
        return self.passage.chunk.details.report

    @property
    def absolute(self) -> float:
        """The score without what is relative to its search: it compares anywhere."""
        return self.score - FUSED_WEIGHT * self.passage.score

    @property
    def place(self) -> tuple[str, int, int]:
        """Where the sentence stands, to put sentences in reading order."""
        chunk = self.passage.chunk
        return chunk.details.document_id, chunk.position, self.order


_ON_A_MATTER = ("open", "why", "list", "summary")
_OF_A_FORM = ("page", "names", "contact", "amount", "how_many", "when", "who")
_TOLD_BY_FORM = ("when", "how_many", "contact", "page")
# A number counts for a noun that stands at most this many characters from it.
_NEAR = 45


# "How many people work there?" is answered by a number of colleagues.
_PERSONS = frozenset(
    stems("people staff colleagues employees workers members officers")
)


def counts(text: str, noun: str, concepts: Sequence[Concept]) -> bool:
    """Tell whether a number stands near a counted noun or the shelf's word for it."""
    # The head of the phrase is what is counted: "new homes" are homes.
    wanted = {stem(w) for w in [w for w in words(noun) if w not in STOP_WORDS][-1:]}
    for concept in concepts:
        if wanted & set(concept.own):
            wanted |= {s for other in concept.alternatives for s in other.stems}
    if stem("people") in stems(noun):
        wanted |= _PERSONS
    return any(
        wanted & set(stems(text[max(0, start - 10) : end + _NEAR]))
        for start, end in numbers_of(text)
    )


def fits_kind(query: Query, sentence: str, headings: Sequence[str]) -> bool:
    """Tell whether a sentence holds the form of answer that the question asks for.

    Args:
        query: what is asked.
        sentence: a candidate.
        headings: those above it, the nearest last.
    """
    item = numbered_item(query.question)
    if item is not None:
        return headings[-1].split(" ")[0] == item
    if query.kind == "names":
        return bool(_new_names(query, sentence))
    if query.kind in ("how_many", "amount") and query.named.publishers:
        # Another company's number of staff is not the publisher's.
        told = f" {' '.join(words(' '.join([*headings, sentence])))} "
        wanted = [f" {' '.join(words(p))} " for p in query.named.publishers]
        if not any(publisher in told for publisher in wanted):
            return False
    if query.kind == "contact" and query.names:
        # Another's address is not that of the person or body asked for.
        said = set(words(sentence))
        if not any(set(words(name)[-1:]) & said for name in query.names):
            return False
    role = role_asked(query.question) if query.kind == "who" else None
    if role is not None and stem(role) not in stems(sentence):
        return False
    noun = counted_noun(query.question) if query.kind == "how_many" else None
    if noun is not None:
        return counts(sentence, noun, query.concepts)
    return holds_kind(sentence, query.kind)


def _new_names(query: Query, sentence: str) -> list[str]:
    """Return the names in a sentence that are news to whoever asked for names."""
    given = set(words(query.question))
    return [
        name
        for name in names(sentence)
        # Whoever opens a sentence is its speaker ("Ann Example says that…").
        if not sentence.startswith(name)
        and len(parts := words(name)) > 1
        and not set(parts) & (given | _SHELF_WORDS)
    ]


# Names that any report of the sector holds and that name nobody in particular.
_SHELF_WORDS = frozenset(
    words(
        "Localis local government council whitehall report department office association "
        "director directors chief executive executives january february march april may "
        "june july august september october november december measures places matter"
    )
)


def _tells_absence(query: Query, sentence: str) -> bool:
    """Tell whether the clause nearest to the question is one of absence.

    "The page names no author; Ann Example posted it" answers who Ann Example is.
    """
    clauses = [c for c in re.split(r"[;,]| but ", sentence) if c.strip()]
    if not _ABSENCE.search(sentence):
        return False
    told = [clause for clause in clauses if not _ABSENCE.search(clause)]
    if query.kind in _TOLD_BY_FORM and any(holds_kind(c, query.kind) for c in told):
        return False
    covered = [coverage(query.concepts, set(stems(clause))) for clause in clauses]
    nearest = clauses[covered.index(max(covered))]
    return _ABSENCE.search(nearest) is not None


def enumerates(sentence: str) -> bool:
    """Tell whether a sentence is a list: items parted by semicolons."""
    return sentence.count(";") >= 2


def score_sentences(
    query: Query, shelf: Shelf, passages: Sequence[Passage]
) -> list[Candidate]:
    """Score every sentence of the passages, best first, each text once.

    A sentence is embedded under its heading line, so that one which leans on its
    heading is still understood.
    """
    found: dict[str, tuple[Passage, int]] = {}
    for passage in passages:
        for order, sentence in enumerate(split_sentences(passage.chunk.text)):
            if not addresses_assistant(sentence):
                found.setdefault(sentence, (passage, order))
    if not found:
        return []
    lines = [f"{p.chunk.heading_line}: {s}" for s, (p, _) in found.items()]
    vectors = shelf.embedder.embed(lines)
    wanted = shelf.embedder.embed(query.searches)
    cosines = (vectors @ wanted.T).max(axis=1)
    candidates = [
        _candidate(query, sentence, passage, order, float(cosine))
        for (sentence, (passage, order)), cosine in zip(
            found.items(), cosines, strict=True
        )
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.place))


def _candidate(
    query: Query, sentence: str, passage: Passage, order: int, cosine: float
) -> Candidate:
    heading = passage.chunk.section.rsplit(SECTION_SEPARATOR, 2)[-2:]
    covered = coverage(
        query.concepts,
        set(stems(sentence)),
        set(stems(" ".join(heading))),
        set(stems(" ".join(passage.chunk.asked_as))),
    )
    fits = fits_kind(query, sentence, heading)
    if fits and query.kind == "when" and not query.named.reports and query.concepts:
        # A date answers only where it is the date of what is asked about.
        fits = covered >= _DATED_COVERED
    is_list = enumerates(sentence)
    score = cosine + COVERAGE_WEIGHT * covered + PASSAGE_WEIGHT * passage.cosine
    score += FUSED_WEIGHT * passage.score
    score += KIND_BONUS if fits and query.kind in _OF_A_FORM else 0.0
    about_itself = passage.chunk.section.startswith(ABOUT_THE_TEXT)
    if about_itself and query.kind in _ON_A_MATTER and covered < _ABOUT_COVERED:
        score -= ABOUT_PENALTY
    if numbered_item(query.question):
        score += ITEM_BONUS if fits else 0.0
    elif is_list and query.kind not in ("how_many", "summary"):
        score += LIST_BONUS if query.kind == "list" else -LIST_PENALTY
    absent = _tells_absence(query, sentence)
    score -= ABSENCE_PENALTY if absent else 0.0
    return Candidate(
        sentence, passage, order, cosine, covered, fits, is_list, score, absent
    )
