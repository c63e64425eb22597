"""Chooses the sentences of an answer from the candidates: the best one leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answering.attribution import attribute_quotation, report_name
from assistant.answering.draft import DraftSentence, Paragraph
from assistant.answering.retrieval.sentences import Candidate
from assistant.answering.switches import is_on
from assistant.answering.understanding.authorities import edition_name
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.wording import Form
from assistant.text.words import content_stems

MOST_SENTENCES = 3
# A question for one thing (a name, a date) gets its sentence and at most one more.
MOST_FOR_ONE_THING = 3
ONE_THING = ("who", "when", "how_many", "amount", "contact", "page")
# How far below the best a sentence may score: in its own section, and elsewhere.
MARGIN_SECTION, MARGIN_ELSEWHERE = 0.45, 0.20
MARGIN_ROW = 0.1
# The sentences of a short section belong together.
MARGIN_SHORT, SHORT = 0.95, 4
_ALIKE = 0.7
# What is asked often stands in the sentence after the one that holds its words.
_LEAST = 2


def without_repeats(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Drop sentences that say again what a better one of the same report says.

    Rows of two tables share their words, and yet say two things.
    """
    kept: list[Candidate] = []
    for candidate in candidates:
        own = content_stems(candidate.text)
        said = any(
            other.report == candidate.report
            and candidate.table == other.table
            and len(own & (theirs := content_stems(other.text)))
            >= _ALIKE * min(len(own), len(theirs))
            for other in kept
        )
        if not said:
            kept.append(candidate)
    return kept


def wanted(query: Query, form: Form, most: int = MOST_SENTENCES) -> int:
    """Return how many sentences are wanted at most."""
    if form.points or form.lines:
        return form.points or form.lines or most
    if form.words:
        return max(1, form.words // 15)
    return MOST_FOR_ONE_THING if query.kind in ONE_THING else most


def choose(
    query: Query, candidates: Sequence[Candidate], form: Form, most: int | None = None
) -> list[Candidate]:
    """Return the few sentences that answer best, the best first.

    Others join while they score near it: less near where they stand in its own section.
    A list that was asked for stands alone, and so does a sentence where one was wanted.
    """
    most = min(most or MOST_SENTENCES + 5, wanted(query, form))
    best = candidates[0]
    if best.is_list and query.kind == "list" and not form.points:
        most = 1
    wide = 2.0 if (form.points or 0) > MOST_SENTENCES or form.words else 1.0

    own = sum(c.section == best.section for c in candidates)

    def joins(candidate: Candidate) -> bool:
        if candidate.is_list and not best.is_list:
            return False
        margin = MARGIN_ELSEWHERE
        if candidate.is_row and not best.is_row and candidate.coverage < best.coverage:
            # The row of a table that says less goes with a sentence only if it is near.
            return candidate.score >= best.score - MARGIN_ROW
        if candidate.section == best.section:
            margin = MARGIN_SHORT if own <= SHORT else MARGIN_SECTION
        return candidate.score >= best.score - wide * margin

    candidates = _of_one_edition(best, candidates)
    others = [c for c in candidates if c is not best and (form.points or joins(c))]
    chosen = without_repeats([best, *others])[:most]
    if not (form.points or form.lines or form.words or best.is_list):
        chosen = _with_next(chosen, candidates, min(most, _LEAST))
    return _within(chosen, form.words) if form.words else _grouped(chosen)


def _with_next(
    chosen: list[Candidate], candidates: Sequence[Candidate], least: int
) -> list[Candidate]:
    """Add what follows the best sentence in its passage, where hardly any other joins it."""
    best = chosen[0]
    following = sorted(
        (
            c
            for c in candidates
            if c.passage.chunk.id == best.passage.chunk.id
            and c.order > best.order
            and c not in chosen
            and c.is_row == best.is_row
        ),
        key=lambda c: c.order,
    )
    return [*chosen, *following[: max(0, least - len(chosen))]]


def _of_one_edition(best: Candidate, all_: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what other editions of the paper that leads say: they differ by their year."""
    details = best.passage.chunk.details
    name = edition_name(details)
    return [
        c
        for c in all_
        if c.report == details.report
        or edition_name(c.passage.chunk.details) != name
        or not is_on("whose papers")
    ]


def _within(chosen: Sequence[Candidate], most_words: int) -> list[Candidate]:
    """Keep as many sentences as a number of words holds; one at least."""
    kept: list[Candidate] = []
    for candidate in chosen:
        told = sum(len(c.text.split()) for c in [*kept, candidate])
        if kept and told > most_words:
            break
        kept.append(candidate)
    return _grouped(kept)


def _grouped(chosen: Sequence[Candidate]) -> list[Candidate]:
    """Put the sentences of one report together; within each the best leads."""
    reports = list(dict.fromkeys(c.report for c in chosen))
    best = {report: next(c for c in chosen if c.report == report) for report in reports}
    return sorted(
        chosen,
        key=lambda c: (reports.index(c.report), c is not best[c.report], c.place),
    )


def quoted(candidate: Candidate, lead: str = "", *, attributed: bool) -> DraftSentence:
    """Return a candidate as a sentence of a draft, with its source behind it if asked."""
    details = candidate.passage.chunk.details
    text = (
        attribute_quotation(candidate.text, details) if attributed else candidate.text
    )
    return DraftSentence(text, (candidate.passage,), candidate.text, lead)


def paragraphs_of(chosen: Sequence[Candidate], form: Form) -> tuple[Paragraph, ...]:
    """Make one paragraph a report; its first sentence says whose it is.

    Bullets where they were asked for; a line led by its name for each of several.
    """
    found: dict[str, list[Candidate]] = {}
    for candidate in chosen:
        found.setdefault(candidate.report, []).append(candidate)
    if form.bullets or form.points:
        return tuple(
            tuple(quoted(c, "- ", attributed=n == 0) for n, c in enumerate(own))
            for own in found.values()
        )
    if len(found) > 1:
        return (tuple(s for own in found.values() for s in _led_by_name(own)),)
    return tuple(
        tuple(quoted(c, attributed=n == 0) for n, c in enumerate(own))
        for own in found.values()
    )


def _led_by_name(own: Sequence[Candidate]) -> Iterable[DraftSentence]:
    details = own[0].passage.chunk.details
    name = report_name([details], details.report)
    for place, candidate in enumerate(own):
        lead = "" if place else f"- {name}: "
        yield quoted(candidate, lead, attributed=False)
