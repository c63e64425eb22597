"""Sets reports side by side: each concerned gets its say, or is named as silent."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft
from assistant.answering.finding.answerability import answerability, read_signs
from assistant.answering.finding.candidates import Candidate, score_sentences
from assistant.answering.finding.retrieval import reports_concerned
from assistant.answering.quoting.choosing import choose, paragraphs_of
from assistant.answering.refusing import refuse
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import Passage

# A report speaks on a matter in a comparison when it comes this near to the best.
MARGIN_COMPARED = 0.50
COVERAGE_COMPARED = 0.4
NAMED_BAR = 0.2
# Lower than for one report: the margins below part those that speak from the rest.
UNNAMED_BAR = 0.37
_TOUCHED = 0.2
_NEAR = 0.55


def _touches(best: Candidate) -> bool:
    """Tell whether a report's best sentence has to do with the matter at all."""
    return best.coverage >= _TOUCHED or best.passage.cosine >= _NEAR


def write_comparison(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Give each report concerned its say, and name those that are silent."""
    reports = reports_concerned(query, shelf)
    # "Localis" alone names three reports, and asks for none of them by name.
    by_name = query.named.years or not query.named.publishers
    titled = query.named.reports if by_name else ()
    heard: dict[str, list[Candidate]] = {}
    for report in reports:
        own = [p for p in passages if p.chunk.details.report == report]
        scored = score_sentences(query, shelf, own)
        candidates = [c for c in scored if not c.tells_absence]
        # A report that was asked for by name is heard sooner than one that was not.
        bar = NAMED_BAR if report in titled else UNNAMED_BAR
        if candidates and answerability(read_signs(query, candidates)) >= bar:
            heard[report] = candidates
    if not heard:
        return refuse(query, passages)
    best = max(found[0].absolute for found in heard.values())
    covered = max(found[0].coverage for found in heard.values())
    speaking = {
        report: found
        for report, found in heard.items()
        if (
            _touches(found[0])
            if report in titled
            else found[0].absolute >= best - MARGIN_COMPARED
            and found[0].coverage >= COVERAGE_COMPARED * covered
        )
    }
    if not speaking:
        return refuse(query, passages)
    each = {1: 3, 2: 2, 3: 2}.get(len(speaking), 1)
    chosen = [
        c
        for _, found in sorted(speaking.items(), key=lambda item: -item[1][0].absolute)
        for c in choose(query, [c for c in found if not c.is_list] or found, each)
    ]
    silent = [r for r in reports if r not in speaking]
    closing = ""
    if silent:
        names = ", ".join(report_name(shelf.details, report) for report in silent)
        closing = f"Nothing on this found in: {names}."
    return Draft("answered", paragraphs_of(chosen), closing=closing)
