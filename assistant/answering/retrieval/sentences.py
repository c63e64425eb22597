"""The sentences of the passages found, scored against the question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.checking.orders import addresses_assistant
from assistant.answering.switches import is_on
from assistant.answering.understanding.concepts import coverage
from assistant.answering.understanding.forms import fits_kind, numbered_item
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import SECTION_SEPARATOR, Passage
from assistant.text.quotable import is_ended, split_labels, split_quotable
from assistant.text.words import content_stems, stem, stems, words

# What joins the score; only ratios matter. Set on the development cases and rounded:
# refitted on other shelves they move, and the answers hardly do.
COSINE, COSINE_UNDER_HEADING = 0.5, 0.5
OVERLAP, COVERAGE = 0.3, 0.5
PASSAGE, FUSED = 0.5, 0.5
OF_THE_FORM, OF_THE_NUMBER, A_LIST = 0.3, 0.6, 0.6
PREFERRED, ABOUT_ITSELF = 0.25, 0.2
# A paper's own question is hardly the answer to one.
A_QUESTION = 1.0
# Parts the caption of a table's row from its cells.
CELLS = " — "
# The part of a document that speaks of the document: no answer on a matter, unless it
# covers this much of the question.
ABOUT_THE_TEXT = "About this report"
_ABOUT_COVERED, _TOLD = 0.7, 0.2
_QUESTION = re.compile(r"\?[\"'”’)]*$")
_OF_A_FORM = ("page", "names", "contact", "amount", "how_many", "when", "who")
_IN_A_LABEL = ("who", "when", "contact", "names")
# What is asked of a text itself, beside its title.
_OF_A_TEXT = frozenset(
    stem(word)
    for word in "published publisher publication wrote written writer author authored made"
    " produced issued released came added dated date year month day page pages"
    " length long old recent age sponsored sponsor funded paid contact email report paper"
    " document study".split()
)
_ON_A_MATTER = ("open", "why", "list", "summary")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with what speaks for it; ``score`` joins the rest."""

    text: str
    passage: Passage
    order: int
    cosine: float
    cosine_under_heading: float
    overlap: float
    coverage: float
    holds_kind: bool
    is_list: bool
    score: float

    @property
    def report(self) -> str:
        """The id of the report that the sentence stands in."""
        return self.passage.chunk.details.report

    @property
    def section(self) -> tuple[str, str]:
        """The document and the section that it stands in."""
        return self.passage.chunk.details.document_id, self.passage.chunk.section

    @property
    def absolute(self) -> float:
        """The score without what is relative to its search: it compares anywhere."""
        return self.score - FUSED * self.passage.score

    @property
    def is_row(self) -> bool:
        """Whether it is the row of a table."""
        return CELLS in self.text

    @property
    def table(self) -> str:
        """The caption of the table that it is a row of; empty for a sentence."""
        row, _, cells = self.text.partition(CELLS)
        return row.rpartition(": ")[0] if cells else ""

    @property
    def place(self) -> tuple[str, int, int]:
        """Where the sentence stands, to put sentences in reading order."""
        chunk = self.passage.chunk
        return chunk.details.document_id, chunk.position, self.order


def enumerates(sentence: str) -> bool:
    """Tell whether a sentence is a list: items parted by semicolons, no row of a table."""
    return sentence.count(";") >= 2 and CELLS not in sentence


def score_sentences(
    query: Query, shelf: Shelf, passages: Sequence[Passage]
) -> list[Candidate]:
    """Score every sentence of the passages, best first, each text once.

    A sentence is compared by itself and under its heading line, so that one which leans
    on its heading is still understood.
    """
    found: dict[str, tuple[Passage, int]] = {}
    for passage in passages:
        for order, sentence in enumerate(_quotable(query, passage)):
            if not (
                addresses_assistant(sentence)
                or _is_title(sentence, passage)
                or _is_beside(sentence, passage, query)
            ):
                found.setdefault(sentence, (passage, order))
    if not found:
        return []
    shelf.recall(passage.chunk for passage in passages)
    lines = [passage.chunk.under_heading(s) for s, (passage, _) in found.items()]
    wanted = shelf.embedder.embed(query.searches).T
    bare = (shelf.embedder.embed(list(found)) @ wanted).max(axis=1)
    headed = (shelf.embedder.embed(lines) @ wanted).max(axis=1)
    weights = _telling({s: p for s, (p, _) in found.items()}, query)
    candidates = [
        _candidate(query, weights, sentence, passage, order, float(one), float(other))
        for (sentence, (passage, order)), one, other in zip(
            found.items(), bare, headed, strict=True
        )
    ]
    return sorted(candidates, key=lambda c: (-c.score, c.place))


def _telling(found: Mapping[str, Passage], query: Query) -> dict[str, float]:
    """Return how much each stem of the question tells one of these sentences from another.

    A word that most of them hold, or the title of their report, tells little; one that
    none holds tells nothing.
    """
    held = Counter(
        one
        for sentence, passage in found.items()
        for one in set(stems(f"{sentence} {passage.chunk.details.title}"))
    )
    own = content_stems(query.matter)
    return {w: math.log((len(found) + 1) / (held[w] + 0.5)) for w in own if held[w]}


def _is_title(sentence: str, passage: Passage) -> bool:
    return set(words(sentence)) <= set(words(passage.chunk.details.title))


def _is_beside(sentence: str, passage: Passage, query: Query) -> bool:
    """Tell whether the details of a report would answer a question on its matter."""
    chunk = passage.chunk
    if chunk.section != ABOUT_THE_TEXT:
        return False
    told = stems(f"{chunk.details.title} {chunk.details.publisher} {sentence}")
    own = content_stems(query.matter)
    return is_on("about the text") and not own <= _OF_A_TEXT.union(told)


def _quotable(query: Query, passage: Passage) -> list[str]:
    """Return what may be quoted; labels ("Author: …"), too, where a detail is asked."""
    units = split_quotable(passage.chunk.text)
    if passage.chunk.position == 0:
        # A title page has lines that are as long as sentences, and are none.
        units = [unit for unit in units if is_ended(unit)]
    if query.kind in _IN_A_LABEL:
        units += split_labels(passage.chunk.text)
    return units


def _candidate(
    query: Query,
    weights: Mapping[str, float],
    sentence: str,
    passage: Passage,
    order: int,
    cosine: float,
    headed: float,
) -> Candidate:
    chunk = passage.chunk
    heading = chunk.section.rsplit(SECTION_SEPARATOR, 2)[-2:]
    held = set(stems(sentence))
    covered = coverage(
        query.concepts,
        held,
        set(stems(" ".join(heading))),
        set(stems(" ".join(chunk.asked_as))),
    )
    told = sum(weight for word, weight in weights.items() if word in held)
    overlap = told / (sum(weights.values()) or 1.0)
    fits = fits_kind(query.asked, query.kind, query.concepts, sentence, heading)
    is_list = enumerates(sentence)
    score = COSINE * cosine + COSINE_UNDER_HEADING * headed
    score += OVERLAP * overlap + COVERAGE * covered * is_on("coverage")
    score += PASSAGE * passage.cosine + FUSED * passage.score
    if numbered_item(query.asked):
        score += OF_THE_NUMBER if fits else 0.0
    elif fits and query.kind in _OF_A_FORM:
        score += OF_THE_FORM
    elif is_list and query.kind == "list":
        score += A_LIST
    if _QUESTION.search(sentence) and stem("question") not in stems(query.asked):
        score -= A_QUESTION
    if chunk.details.report in query.preferred and is_on("preferred reports"):
        score += PREFERRED
    if chunk.details.report in query.older and is_on("preferred reports"):
        score -= PREFERRED
    about_itself = chunk.section.startswith(ABOUT_THE_TEXT)
    about_itself = about_itself and is_on("about the text")
    if about_itself and query.kind in _ON_A_MATTER:
        score -= ABOUT_ITSELF * (covered < _ABOUT_COVERED)
        if chunk.section == ABOUT_THE_TEXT and overlap < _TOLD:
            # Made of details: a title in a question is in every sentence there.
            score -= 2 * ABOUT_ITSELF
    return Candidate(
        sentence, passage, order, cosine, headed, overlap, covered, fits, is_list, score
    )
