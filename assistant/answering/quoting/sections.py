"""Answers from the section that a question names: its recommendations, the risks, next steps.

No list of kinds of section is needed: a question names a section when it holds all telling
words of its heading, and then the section answers for what it is, in its own order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import (
    ONE_THING,
    paragraphs_of,
    without_repeats,
)
from assistant.answering.retrieval.hybrid import search_hybrid
from assistant.answering.retrieval.sentences import (
    ABOUT_THE_TEXT,
    Candidate,
    score_sentences,
)
from assistant.answering.search import Found
from assistant.answering.understanding.naming_phrases import DOCUMENTS
from assistant.answering.understanding.query import Query
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf
from assistant.schema import SECTION_SEPARATOR, Chunk
from assistant.text.words import content_stems, stem

# So many passages of a report are looked through for its sections.
_PASSAGES = 60
_MOST_SENTENCES, _MOST_WORDS = 12, 180
_JOINED = re.compile(r" (?:and|or|&) |[,/(]", re.IGNORECASE)
_KINDS = frozenset(map(stem, DOCUMENTS))
# "What does it conclude?" asks for the conclusions; most verbs share a noun's stem.
_OF_A_VERB = {stem("conclude"): stem("conclusion"), stem("decide"): stem("decision")}
# The share of a report's sections that hold what it is on.
_WIDELY = 0.25


@dataclass(frozen=True, slots=True)
class _Match:
    """A part of a heading that a question names, and the stems it does so with."""

    path: tuple[str, ...]
    stems: frozenset[str]


def write_section(found: Found, shelf: Shelf, form: Form) -> Draft | None:
    """Quote the section that is asked for by its name; None where none is."""
    query = found.query
    if query.kind in ONE_THING or query.scope != "one" or not found.answers:
        return None
    if query.kind == "list" and found.candidates[0].is_list:
        return None
    report = _report_asked(found)
    if report is None:
        return None
    own = query.put_to([report])
    passages = search_hybrid(own, shelf, _PASSAGES, [report])
    chunks = [p.chunk for p in passages]
    subjects = _subjects(own, chunks)
    match = _best_match(query, chunks, subjects)
    if match is None:
        return None
    best = found.candidates[0]
    inside = best.report == report and _is_under(best.passage.chunk, match.path)
    left = _beside(own, chunks[0], match.stems | subjects)
    named = {stem for concept in query.matters for stem in concept.own} & match.stems
    narrower = left or named or not query.named.reports
    if narrower and match.stems <= _stems(best.text) and not inside:
        # The best sentence is on that very thing, wherever it stands. (What a report
        # that is asked by name recommends stands where its heading says so.)
        return None
    members = [p for p in passages if _is_under(p.chunk, match.path)]
    itself = [
        p for p in members if p.chunk.section == SECTION_SEPARATOR.join(match.path)
    ]
    for part in (members, itself):
        # Where all that stands below a heading is too much, what it opens with.
        found_there = score_sentences(own, shelf, part)
        if chosen := _chosen(found_there, best, left, form):
            return Draft("answered", paragraphs_of(chosen, form))
    return None


def _report_asked(found: Found) -> str | None:
    named = found.query.named.reports
    if len(named) > 1:
        return None
    return named[0] if named else found.candidates[0].report


def _stems(text: str) -> set[str]:
    return {_OF_A_VERB.get(one, one) for one in content_stems(text)}


def _best_match(
    query: Query, chunks: Sequence[Chunk], subjects: Collection[str]
) -> _Match | None:
    """Return the heading whose telling words the question holds, the most of them.

    Of a report's next steps on its subject, the next steps are asked and not the subject.
    """
    asked = _stems(query.asked)
    matches: dict[tuple[str, ...], _Match] = {}
    for chunk in chunks:
        path = chunk.section.split(SECTION_SEPARATOR)
        about = _stems(f"{chunk.details.title} {chunk.details.publisher}")
        if path[0] == ABOUT_THE_TEXT:
            continue
        for depth, heading in enumerate(path, 1):
            # "Conclusion and Recommendations" of a report asked by name is either.
            parts = _JOINED.split(heading) if query.named.reports else [heading]
            for part in parts:
                telling = {s for s in _stems(part) - about - _KINDS if not s.isdigit()}
                if telling and telling <= asked:
                    place = tuple(path[:depth])
                    matches[place] = _Match(place, frozenset(telling))
    return max(
        matches.values(),
        key=lambda m: (not m.stems <= set(subjects), len(m.stems), len(m.path)),
        default=None,
    )


def _is_under(chunk: Chunk, path: tuple[str, ...]) -> bool:
    return tuple(chunk.section.split(SECTION_SEPARATOR)[: len(path)]) == path


def _beside(query: Query, chunk: Chunk, named: Collection[str]) -> list[set[str]]:
    """Return the stems of each matter that neither report nor section nor subject names."""
    about = _stems(f"{chunk.details.title} {chunk.details.publisher}")
    return [set(c.own) for c in query.matters if not set(c.own) <= about | set(named)]


def _chosen(
    members: Sequence[Candidate],
    best: Candidate,
    left: Sequence[set[str]],
    form: Form,
) -> list[Candidate]:
    """Return the sentences of a section to quote, in their order; none if it is too wide."""
    if not members:
        return []
    if any(_tells_apart(own, [*members, best]) for own in left):
        # It asks for more than the section by itself: the sentences on that answer.
        return []
    most = form.points or form.lines or _MOST_SENTENCES
    kept = without_repeats(members)
    if form.points:
        return _within(kept[:most]) if len(kept) >= most else []
    return _within(kept) if len(kept) <= most else []


def _subjects(query: Query, chunks: Sequence[Chunk]) -> set[str]:
    """Return the stems of the matters that many sections hold: what the report is on.

    "The risks of buying homes" asks a report on buying homes for its risks, all of them.
    """
    sections: dict[str, set[str]] = {}
    for chunk in chunks:
        sections.setdefault(chunk.section, set()).update(_stems(chunk.text))
    return {
        stem
        for concept in query.matters
        for stem in concept.own
        if sum(stem in own for own in sections.values()) >= _WIDELY * len(sections)
    }


def _tells_apart(stems: set[str], members: Sequence[Candidate]) -> bool:
    """Tell whether a matter stands in some of the sentences and not in the others."""
    held = sum(stems <= _stems(member.text) for member in members)
    return 0 < held <= len(members) / 2


def _within(ranked: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    told = 0
    for candidate in ranked:
        told += len(candidate.text.split())
        if kept and told > _MOST_WORDS:
            break
        kept.append(candidate)
    return sorted(kept, key=lambda candidate: candidate.place)
