"""The writer that needs no model: it quotes the best sentences of the passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answering.answerability import THRESHOLD, answerability, read_signs
from assistant.answering.attribution import attribute, report_name
from assistant.answering.candidates import ABOUT_THE_TEXT, Candidate, score_sentences
from assistant.answering.draft import Draft, DraftSentence, nearest_sections
from assistant.answering.premise import correct_premise, from_another_report
from assistant.answering.query import Query
from assistant.answering.retrieval import reports_concerned, search_hybrid
from assistant.index.shelf import Shelf
from assistant.schema import Outcome, Passage
from assistant.words import content_words, stem

MOST_SENTENCES = 4
# A question for one thing (a name, a date) gets its sentence and at most one more.
MOST_FOR_ONE_THING = 2
_ONE_THING = ("who", "when", "how_many", "amount", "contact")
# How far below the best a sentence may score: same report, and another report.
MARGIN_SAME = 0.30
MARGIN_OTHER = 0.07
# How far below the best a sentence of the form asked for may score and still lead.
_FORM_MARGIN = 0.20
# Sentences of the best one's own section complete its point.
NEIGHBOUR_BONUS = 0.50
# A report speaks on a matter in a comparison when it comes this near to the best.
MARGIN_COMPARED = 0.40
COVERAGE_COMPARED = 0.55
NAMED_BAR = 0.2
# Several reports are several chances to be wrong: each must be surer than one alone.
UNNAMED_BAR = THRESHOLD + 0.05
_ALIKE = 0.7
# A whole list is what was asked for, even where one of its items scores higher.
MARGIN_LIST = 0.45

_BRIEF = re.compile(
    r"\b(brief( me|ing)?|note on|overview|summar\w+|sum up|one line|in a nutshell|gist)\b",
    re.IGNORECASE,
)
# What a summary of a report is made of.
_MOST_SUMMED_UP = 4
# Below this cosine of the best passage a brief on a report is on the report as a whole.
_A_MATTER = 0.55
_TOUCHED = 0.4
_NEAR = 0.6
_WHOLE = "aims main argument calls for key findings principles recommendations in brief"

NOTHING_FOUND = "The reports on the shelf do not say."
OFF_TOPIC = (
    "I answer questions about the reports on the shelf, from their text alone. "
    "Ask me what they say on a matter of local government."
)


def _stems_of(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def without_repeats(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Drop sentences that say again what a better one of the same report says."""
    kept: list[Candidate] = []
    for candidate in candidates:
        own = _stems_of(candidate.text)
        said = any(
            other.report == candidate.report
            and len(own & (theirs := _stems_of(other.text)))
            >= _ALIKE * min(len(own), len(theirs))
            for other in kept
        )
        if not said:
            kept.append(candidate)
    return kept


def _section(candidate: Candidate) -> tuple[str, str]:
    chunk = candidate.passage.chunk
    return chunk.details.document_id, chunk.section


def choose(
    query: Query, candidates: Sequence[Candidate], at_most: int = MOST_SENTENCES
) -> list[Candidate]:
    """Return the one to four sentences that answer the question best.

    The best leads; others join while they score near it: nearer when they stand in
    another report, less near when they stand in its own section.
    """
    fitting = [c for c in candidates if c.holds_kind] or list(candidates)
    near_best = candidates[0].score - _FORM_MARGIN
    best = fitting[0] if fitting[0].score > near_best else candidates[0]
    one_thing = query.kind in _ONE_THING
    most = min(at_most, MOST_FOR_ONE_THING if one_thing else MOST_SENTENCES)

    def worth(candidate: Candidate) -> float:
        near = _section(candidate) == _section(best)
        return candidate.score + (NEIGHBOUR_BONUS if near else 0.0)

    def joins(candidate: Candidate) -> bool:
        if candidate.is_list and not best.is_list:
            return False
        same = candidate.report == best.report
        if not same and candidate.coverage < 0.8 * best.coverage:
            return False
        margin = MARGIN_SAME if same else MARGIN_OTHER
        return worth(candidate) >= best.score - margin * (0.5 if one_thing else 1)

    others = sorted((c for c in candidates if c is not best), key=lambda c: -worth(c))
    chosen = without_repeats([best, *(c for c in others if joins(c))])[:most]
    return _in_reading_order(chosen, query)


def _in_reading_order(chosen: Sequence[Candidate], query: Query) -> list[Candidate]:
    """Group by report, the best one's first; a wanted name, date or number leads."""
    reports = list(dict.fromkeys(c.report for c in chosen))
    best = chosen[0]
    leads = query.kind in (*_ONE_THING, "list")
    return sorted(
        chosen,
        key=lambda c: (
            reports.index(c.report),
            c is not best if leads else False,
            # What a text says of itself comes after what it says.
            c.passage.chunk.section.startswith(ABOUT_THE_TEXT),
            c.place,
        ),
    )


def choose_list(query: Query, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentence that holds the whole list asked for, or nothing."""
    lists = [c for c in candidates if c.is_list]
    if query.kind != "list" or not lists:
        return []
    best = max(lists, key=lambda c: c.score)
    return [best] if best.score > candidates[0].score - MARGIN_LIST else []


def _paragraphs(
    chosen: Sequence[Candidate],
) -> tuple[tuple[DraftSentence, ...], ...]:
    """Make one paragraph a report; its first sentence gives publisher and year."""
    found: dict[str, list[DraftSentence]] = {}
    for candidate in chosen:
        lines = found.setdefault(candidate.report, [])
        details = candidate.passage.chunk.details
        shown = candidate.text if lines else attribute(candidate.text, details)
        lines.append(DraftSentence(shown, (candidate.passage,), candidate.text))
    return tuple(tuple(lines) for lines in found.values())


def _names_nothing_but_reports(query: Query) -> bool:
    return bool(query.named.reports) and all(c.framing for c in query.concepts)


def _wants_a_summary(query: Query) -> bool:
    """Tell whether a report as a whole is asked for.

    In "the gist of it in a few lines for the lift" the lift is no matter of the shelf.
    """
    if _names_nothing_but_reports(query):
        return query.kind in ("summary", "open")
    strange = all(c.framing or not c.known for c in query.concepts)
    return bool(query.named.reports) and strange and _asks_in_brief(query)


def _asks_in_brief(query: Query) -> bool:
    return query.kind == "summary" or _BRIEF.search(query.question) is not None


def refuse(query: Query, passages: Sequence[Passage]) -> Draft:
    """Say that the shelf does not hold the answer; declined where it is off topic."""
    relevant = any(c.known and not c.framing for c in query.concepts)
    near = max((p.cosine for p in passages), default=0.0)
    if near < 0.25 or (not relevant and not query.named.reports):
        return Draft("declined", opening=OFF_TOPIC)
    return Draft(
        "no_evidence", opening=NOTHING_FOUND, nearest=nearest_sections(passages)
    )


def _about_the_whole(query: Query) -> Query:
    """Return the query for a report as a whole, from its name and nothing else."""
    titles = " ".join(query.named.reports).replace("-", " ")
    return replace(query, kind="summary", searches=(f"{titles} {_WHOLE}",), concepts=())


def write_summary(query: Query, shelf: Shelf) -> Draft:
    """Sum up the reports named: how each opens, its lists, what it calls for."""
    whole = _about_the_whole(query)
    each = MOST_SENTENCES if len(query.reports) == 1 else 2
    chosen: list[Candidate] = []
    for report in query.reports[:_MOST_SUMMED_UP]:
        passages = search_hybrid(whole, shelf, 60, [report])
        found = [
            c
            for c in score_sentences(whole, shelf, passages)
            if not c.passage.chunk.section.startswith(ABOUT_THE_TEXT)
        ]
        lead = sorted(found, key=lambda c: c.place)[:1]
        lists = sorted((c for c in found if c.is_list), key=lambda c: -c.cosine)
        best = without_repeats([*lead, *lists[: each // 2], *found])[:each]
        chosen += sorted(best, key=lambda c: c.place)
    return Draft("answered", _paragraphs(chosen)) if chosen else refuse(query, ())


def write_single(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Answer from the best sentences, or say that the shelf does not."""
    empty = all(concept.label.isdigit() for concept in query.concepts)
    if empty and not query.named.reports:
        return refuse(query, ())
    if _wants_a_summary(query):
        return write_summary(query, shelf)
    candidates = score_sentences(query, shelf, passages)
    if not candidates:
        return refuse(query, passages)
    # "In a few lines for the lift": nothing there is a matter of the shelf.
    nearest = max(p.cosine for p in passages)
    if query.named.reports and _asks_in_brief(query) and nearest < _A_MATTER:
        return write_summary(query, shelf)
    sure = answerability(read_signs(query, candidates))
    if sure < THRESHOLD and not _names_nothing_but_reports(query):
        return refuse(query, passages)
    chosen = choose_list(query, candidates) or choose(query, candidates)
    outcome: Outcome = "no_evidence" if chosen[0].tells_absence else "answered"
    return Draft(
        outcome,
        _paragraphs(chosen),
        nearest=nearest_sections(passages) if outcome == "no_evidence" else (),
    )


def _touches(best: Candidate) -> bool:
    """Tell whether a report's best sentence has to do with the matter at all."""
    return best.coverage >= _TOUCHED or best.passage.cosine >= _NEAR


def write_comparison(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Give each report concerned its say, and name those that are silent."""
    reports = reports_concerned(query, shelf)
    titled = () if query.named.publishers else query.named.reports
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
    best = max(found[0].score for found in heard.values())
    covered = max(found[0].coverage for found in heard.values())
    speaking = {
        report: found
        for report, found in heard.items()
        if (
            _touches(found[0])
            if report in titled
            else found[0].score >= best - MARGIN_COMPARED
            and found[0].coverage >= COVERAGE_COMPARED * covered
        )
    }
    if not speaking:
        return refuse(query, passages)
    each = {1: 3, 2: 2, 3: 2}.get(len(speaking), 1)
    chosen = [
        c
        for _, found in sorted(speaking.items(), key=lambda item: -item[1][0].score)
        for c in choose(query, [c for c in found if not c.is_list] or found, each)
    ]
    silent = [r for r in reports if r not in speaking]
    closing = ""
    if silent:
        names = ", ".join(report_name(shelf.details, report) for report in silent)
        closing = f"Nothing on this found in: {names}."
    return Draft("answered", _paragraphs(chosen), closing=closing)


def _not_chosen(query: Query, shelf: Shelf) -> Draft:
    """Say that the report asked about is not among those chosen to be asked."""
    names = ", ".join(report_name(shelf.details, report) for report in query.outside)
    return Draft(
        "no_evidence",
        opening=f"{names} is not among the reports chosen. Choose it, or ask all.",
    )


def write_quoting(query: Query, shelf: Shelf, passages: Sequence[Passage]) -> Draft:
    """Write an answer from quotations alone."""
    if query.outside:
        return _not_chosen(query, shelf)
    corrected = correct_premise(query, shelf, write_single)
    if corrected is not None:
        return corrected
    framing = all(concept.framing for concept in query.concepts)
    if query.scope == "compare" and query.kind == "summary" and framing:
        reports = reports_concerned(query, shelf)
        return write_summary(replace(query, reports=reports), shelf)
    if query.scope == "compare":
        return write_comparison(query, shelf, passages)
    draft = write_single(query, shelf, passages)
    if draft.outcome in ("no_evidence", "declined") and not draft.paragraphs:
        return from_another_report(query, shelf) or draft
    return draft
