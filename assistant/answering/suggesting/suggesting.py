"""Suggests questions: such as open a conversation, and such as follow an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

from assistant.answering.pipeline import Parts, answer_in_quotations
from assistant.answering.suggesting.ideas import Idea, ideas_of
from assistant.errors import AssistantError
from assistant.schema import Answer, ReportDetails, Section
from assistant.text.words import STOP_WORDS, stem, words

MOST_OPENINGS, MOST_FOLLOW_UPS = 5, 3
# Questions put to the shelf for one answer, and for one place among the openings.
_MOST_TRIED, _TRIED_A_REPORT = 8, 6
# Where many answers end at once, some go without (seconds).
_PATIENCE = 1.0
# Cosine to the question asked: nearer is the same again, further another matter.
_SAME, _NEAR = 0.85, 0.25
# Two questions that share so many of their words are one.
_ALIKE = 0.75


@dataclass
class _State:
    """What was found for one state of the shelf."""

    version: str
    openings: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    sections: dict[str, list[tuple[ReportDetails, Section]]] = field(
        default_factory=dict
    )


@dataclass
class Suggestions:
    """Finds questions to suggest; what it found is kept while the shelf stays as it is.

    Each is put to the shelf before it is shown: it is answered in quotations, from the
    section that it was taken from. Safe to ask from several threads.
    """

    parts: Parts
    _lock: Lock = field(default_factory=Lock)
    # Follow-ups are a courtesy: those of many answers shall not hold up the answers.
    _one_at_a_time: Lock = field(default_factory=Lock)
    _state: _State | None = None

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        """Return up to five questions that the shelf answers, on different reports.

        Args:
            reports: ids of the reports to ask; empty, or none of the shelf, means all.
        """
        state = self._now()
        chosen = tuple(sorted(set(reports) & set(self.parts.shelf.reports)))
        with self._lock:
            if chosen not in state.openings:
                state.openings[chosen] = self._find_openings(state, chosen)
            return list(state.openings[chosen])

    def follow_ups(
        self, answer: Answer, asked: Sequence[str], reports: Sequence[str] = ()
    ) -> list[str]:
        """Return up to three questions to ask after an answer; none where many wait.

        Args:
            answer: the last one; after one without sources the shelf's openings come.
            asked: the questions of the conversation; none of them comes again.
            reports: ids of the reports that are asked; empty means all.
        """
        known = [*asked, answer.question, answer.standalone_question]
        if answer.outcome == "clarify":
            return []
        basis = answer.quoting or answer
        if not basis.citations and not basis.nearest:
            found = (q for q in self.openings(reports) if not repeats(q, known))
            return list(islice(found, MOST_FOLLOW_UPS))
        state = self._now()
        if not self._one_at_a_time.acquire(timeout=_PATIENCE):
            return []
        try:
            said = {sentence.text for sentence in basis.sentences}
            ideas = islice(self._after(state, basis), _MOST_TRIED)
            return self._fit(ideas, known, reports, MOST_FOLLOW_UPS, said)
        finally:
            self._one_at_a_time.release()

    def _now(self) -> _State:
        self.parts.shelf.refresh()
        version = self.parts.shelf.version
        with self._lock:
            if self._state is None or self._state.version != version:
                self._state = _State(version)
            return self._state

    def _find_openings(self, state: _State, chosen: tuple[str, ...]) -> list[str]:
        """Take one question of each report in turn, the newest report first."""
        shelf = self.parts.shelf
        details = {d.report: d for d in reversed(shelf.details)}.values()
        asked = [
            d
            for d in details
            if (d.report in chosen if chosen else not d.superseded_by)
        ]
        newest = sorted(asked, key=lambda d: (d.published or "", d.report))[::-1]
        ideas = [iter(self._ideas_of_report(state, d.report)) for d in newest]
        found: list[str] = []
        for round_ in range(MOST_OPENINGS):
            for own in ideas[: MOST_OPENINGS + round_]:
                if len(found) < MOST_OPENINGS:
                    tried = islice(own, _TRIED_A_REPORT)
                    found += self._fit(tried, found, chosen, 1)
            if len(found) >= MOST_OPENINGS:
                break
        return found

    def _after(self, state: _State, basis: Answer) -> Iterator[Idea]:
        """Yield questions on sections that were found and are not cited, nearest first."""
        cited = {(c.report, c.section) for c in basis.citations}
        places = [(n.report, n.section) for n in basis.nearest]
        places += [(p.chunk.details.report, p.chunk.section) for p in basis.passages]
        fresh = [place for place in dict.fromkeys(places) if place not in cited]
        own = [list(self._ideas_at(state, *place)) for place in fresh]
        ideas = [idea for ideas in own for idea in ideas[:2]]
        if not ideas:
            return
        texts = [basis.standalone_question, *(idea.question for idea in ideas)]
        vectors = self.parts.shelf.embedder.embed(texts)
        near = vectors[1:] @ vectors[0]
        ranked = sorted(zip(near, range(len(ideas)), strict=True), reverse=True)
        yield from (ideas[n] for cosine, n in ranked if _NEAR <= cosine < _SAME)

    def _sections(
        self, state: _State, report: str
    ) -> list[tuple[ReportDetails, Section]]:
        if report not in state.sections:
            found: list[tuple[ReportDetails, Section]] = []
            for document in self.parts.shelf.documents:
                if document.details.report != report:
                    continue
                try:
                    found += [(document.details, s) for s in document.sections]
                except AssistantError:
                    # A text that is damaged gives no questions; asking it says why.
                    continue
            state.sections[report] = found
        return state.sections[report]

    def _ideas_of_report(self, state: _State, report: str) -> Iterator[Idea]:
        # The first of each section, then the second: not five on one section.
        own = [
            list(ideas_of(section, details, self.parts.shelf.details))
            for details, section in self._sections(state, report)
        ]
        tried = [i[depth] for depth in range(2) for i in own if len(i) > depth]
        # What people ask comes before what a heading only names.
        yield from sorted(tried, key=lambda idea: idea.of_heading)

    def _ideas_at(self, state: _State, report: str, heading: str) -> Iterator[Idea]:
        for details, section in self._sections(state, report):
            if section.heading == heading:
                yield from ideas_of(section, details, self.parts.shelf.details)

    def _fit(
        self,
        ideas: Iterable[Idea],
        known: Sequence[str],
        chosen: Sequence[str],
        most: int,
        said: set[str] | frozenset[str] = frozenset(),
    ) -> list[str]:
        """Return the first questions that the shelf answers rightly and with news."""
        found: list[str] = []
        for idea in ideas:
            if len(found) == most:
                break
            if not repeats(idea.question, [*known, *found]):
                answer = answer_in_quotations(idea.question, chosen, self.parts)
                if _is_answered(idea, answer, said):
                    found.append(idea.question)
        return found


def _is_answered(idea: Idea, answer: Answer, said: set[str] | frozenset[str]) -> bool:
    if answer.outcome != "answered" or not answer.citations:
        return False
    first = answer.citations[0]
    rightly = (first.report, first.section) == (idea.report, idea.section)
    return rightly and any(s.text not in said for s in answer.sentences)


def _content(question: str) -> set[str]:
    return {stem(word) for word in words(question) if word not in STOP_WORDS}


def repeats(question: str, known: Iterable[str]) -> bool:
    """Tell whether a question was asked already, if in slightly other words."""
    own = _content(question)
    return any(
        len(own & (theirs := _content(other))) >= _ALIKE * max(len(own), len(theirs), 1)
        for other in known
    )
