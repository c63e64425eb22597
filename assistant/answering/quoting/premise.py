"""Corrects a false premise from the report's details instead of repeating it.

Three kinds: there is no such report; the report is not of that year; the report does
not speak of the person or organisation that the question puts into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.attribution import report_name
from assistant.answering.draft import Draft, DraftSentence, nearest_sections
from assistant.answering.finding.candidates import Candidate, score_sentences
from assistant.answering.finding.retrieval import search_hybrid
from assistant.answering.quoting.elsewhere import (
    answered_elsewhere,
    details_of,
    drafted,
    from_another_report,
)
from assistant.answering.understanding.boundaries import asks_beyond_the_shelf
from assistant.answering.understanding.concepts import coverage
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import Outcome, Passage
from assistant.words import stems, words

WriteSingle = Callable[[Query, Shelf, Sequence[Passage]], Draft]

_SAYING = re.compile(
    r"\b(say|said|says|argue\w*|think|thought|recommend\w*|talk\w*|comment\w*|view)\b",
    re.IGNORECASE,
)
# A claim in the question, which the answer would seem to confirm.
_GRANTED = re.compile(
    r"\bwhy (?:does|do|did|has|have|is|are|was|were|should)\b"
    r"|\b(?:says?|said|recommend(?:s|ed)|demand(?:s|ed)|argue[sd]|call(?:s|ed) for"
    r"|proposes?d?|claim(?:s|ed)|was built on|rests on)\b"
    r"[^?]{0,90}[.,;] ?(?:what|why|who|how|which|on)\b",
    re.IGNORECASE,
)
_GRANTED_COVERAGE = 0.25


def correct_premise(
    query: Query, shelf: Shelf, write_single: WriteSingle
) -> Draft | None:
    """Return a correcting draft where the question's premise is false, else None."""
    if query.named.impossible:
        return _no_such_report(query, shelf)
    if query.scope == "compare" or len(query.reports) != 1:
        return None
    report = query.reports[0]
    year = _wrong_year(query, shelf, report)
    if year is not None:
        return _not_of_that_year(query, shelf, report, year)
    stranger = _stranger(query, shelf, report)
    if stranger is not None:
        corrected = _not_in_report(query, shelf, report, stranger, write_single)
        if corrected is not None:
            return corrected
    if _takes_for_granted(query, shelf):
        return from_another_report(query, shelf) or _does_not_say(query, shelf, report)
    return answered_elsewhere(query, shelf, report)


def _takes_for_granted(query: Query, shelf: Shelf) -> bool:
    """Tell whether a question builds on a claim of which the report says nothing.

    "Why does it recommend abolishing districts?" takes the recommendation for granted.
    """
    if not _GRANTED.search(query.question):
        return False
    matters = [c for c in query.concepts if not c.framing]
    passages = search_hybrid(query, shelf, 6, query.reports)
    best = score_sentences(query, shelf, passages)[:3]
    texts = [f"{c.passage.chunk.section} {c.passage.chunk.text}" for c in best]
    asked = [" ".join(c.passage.chunk.asked_as) for c in best]
    held = coverage(
        matters, set(stems(" ".join(texts))), (), set(stems(" ".join(asked)))
    )
    return bool(matters) and held < _GRANTED_COVERAGE


def _does_not_say(query: Query, shelf: Shelf, report: str) -> Draft:
    title = details_of(shelf, report).title
    passages = search_hybrid(query, shelf, 6, [report])
    return Draft(
        "no_evidence",
        opening=f"The shelf's text of {title} does not say that.",
        nearest=nearest_sections(passages),
    )


def _details_sentence(
    shelf: Shelf, query: Query, report: str, ask: str
) -> tuple[DraftSentence, ...]:
    """Return the report's own sentence about itself that answers best."""
    details = details_of(shelf, report)
    about = replace(
        query, searches=(f"{details.title} {ask}",), concepts=(), kind="open"
    )
    passages = search_hybrid(about, shelf, 6, [report])
    found = [c for c in score_sentences(about, shelf, passages) if not c.tells_absence]
    title = set(words(details.title))
    wanted = [c for c in found if title <= set(words(c.text))] or found
    if "publish" in ask:
        wanted = [
            c
            for c in wanted
            if details.publisher.lower() in c.text.lower()
            and "publish" in stems(c.text)
        ] or wanted
    return tuple(drafted(c) for c in wanted[:1])


def _no_such_report(query: Query, shelf: Shelf) -> Draft:
    publishers = query.named.publishers
    known = [
        report
        for report in shelf.reports
        if not publishers or details_of(shelf, report).publisher in publishers
    ]
    who = f" by {' or '.join(publishers)}" if publishers else ""
    years = " or ".join(str(year) for year in query.named.years)
    held = "; ".join(report_name(shelf.details, report) for report in known)
    return Draft(
        "no_evidence",
        opening=f"There is no report{who} of {years} on the shelf. It holds {held}.",
    )


def _phrases(name: str, query: Query) -> list[str]:
    """Return the name and, from the glossary, its other forms."""
    own = tuple(stems(name))
    forms = [name]
    for concept in query.concepts:
        if concept.own == own:
            forms += [other.text for other in concept.alternatives if other.credit == 1]
    return forms


def _stranger(query: Query, shelf: Shelf, report: str) -> str | None:
    """Return a name in the question that the report does not hold, if there is one."""
    for name in query.names:
        forms = _phrases(name, query)
        if not any(shelf.lexical.holds_phrase(form, [report]) for form in forms):
            return name
    return None


def _without(query: Query, name: str) -> Query:
    """Return the query with a name taken out of what is looked for."""
    gone = set(words(name))
    concepts = tuple(c for c in query.concepts if not gone & set(c.label.split()))
    matter = " ".join(w for w in query.named.rest if w not in gone)
    return replace(query, concepts=concepts, matter=matter, searches=(matter,))


def _not_in_report(
    query: Query,
    shelf: Shelf,
    report: str,
    name: str,
    write_single: WriteSingle,
) -> Draft | None:
    """Say that the report does not speak of the name; then what can be said."""
    details = details_of(shelf, report)
    opening = f"The shelf's text of {details.title} does not mention {name}."
    if not _speaks(query.question, name) or asks_beyond_the_shelf(query.question):
        # A matter or an audience, not a source misnamed.
        return from_another_report(query, shelf)
    paragraphs: list[tuple[DraftSentence, ...]] = []
    spoken = _spoken_elsewhere(query, shelf, name)
    if spoken:
        paragraphs += [tuple(drafted(c) for c in spoken)]
    else:
        paragraphs += [_details_sentence(shelf, query, report, "published by")]
        rest = _without(query, name)
        if any(not concept.framing for concept in rest.concepts):
            answer = write_single(rest, shelf, search_hybrid(rest, shelf, 12, [report]))
            if answer.outcome == "answered":
                paragraphs += list(answer.paragraphs)
    kept = tuple(p for p in paragraphs if p)
    outcome: Outcome = "partial" if kept else "no_evidence"
    return Draft(outcome, kept, opening=opening)


def _speaks(question: str, name: str) -> bool:
    """Tell whether a question makes a name the source: who says, pays or publishes."""
    plain_name = re.escape(name)
    return (
        re.search(
            rf"\b{plain_name}(['’]s\b|s['’])"
            rf"|\b(did|does|do|has|by|from|why) (the )?{plain_name}\b"
            rf"|\b{plain_name} (say|argue|recommend|think|pay|paid|fund|publish|write|wrote)",
            question,
            re.IGNORECASE,
        )
        is not None
    )


def _spoken_elsewhere(query: Query, shelf: Shelf, name: str) -> list[Candidate]:
    """Return the best sentences in which other reports let that name speak."""
    reports = [r for r in shelf.reports if shelf.lexical.holds_phrase(name, [r])]
    if not reports or not _SAYING.search(query.question):
        return []
    moved = replace(query, reports=tuple(reports))
    says = re.compile(
        rf"\b{re.escape(name)}\b[^.;]{{0,60}}\b(says|argues|calls|points|wants|describes)\b",
        re.IGNORECASE,
    )
    passages = search_hybrid(moved, shelf, 12, reports)
    found = score_sentences(moved, shelf, passages)
    return [c for c in found if says.search(c.text)][:2]


def _wrong_year(query: Query, shelf: Shelf, report: str) -> int | None:
    """Return a year that the question gives the report and that is not its own."""
    named = find_reports(query.question, shelf.details)
    if not named.reports:
        return None
    own = {d.year for d in shelf.details if d.report == report}
    about = re.search(
        r"\b(came out|published|released|from|of|in|launched)\b.{0,12}\b((?:19|20)\d\d)\b",
        query.question,
        re.IGNORECASE,
    )
    if about is None or int(about[2]) in own:
        return None
    return None if shelf.lexical.holds_phrase(about[2], [report]) else int(about[2])


def _not_of_that_year(query: Query, shelf: Shelf, report: str, year: int) -> Draft:
    details = details_of(shelf, report)
    true = f"of {details.year}" if details.year else "of a date that is not known"
    opening = f"{details.title} is a report {true}, not of {year}."
    dated = _details_sentence(shelf, query, report, "published on date")
    return Draft("partial", (dated,) if dated else (), opening=opening)
