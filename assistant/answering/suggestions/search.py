"""Finds questions that a shelf answers, to open a conversation or to go on with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from assistant.answering.pipeline import Parts, answer_in_quotations
from assistant.answering.suggestions.matter_terms import terms_in
from assistant.answering.suggestions.phrasing import IsCommon, common_by
from assistant.answering.suggestions.question_ideas import (
    Idea,
    ReportText,
    last_resorts,
    of_kind,
    on_all_reports,
    on_each_report,
    shared_terms,
)
from assistant.answering.suggestions.shelf_ideas import ShelfIdeas
from assistant.answering.understanding.follow_ups.conversation import Context
from assistant.answering.understanding.follow_ups.followup import standalone_from
from assistant.answering.understanding.naming import find_reports
from assistant.schema import Answer, ReportDetails
from assistant.words import STOP_WORDS, stem, words

MOST_OPENINGS = 5
# Reports that openings are looked for in, the newest first.
_MOST_REPORTS = 8
# Questions put to the shelf before a place in the list is given up.
_MOST_TRIED = 4
_PLAN = ("advises", "fact", "compares", "advises", "fact")
# Questions put to the shelf after one answer, at the most.
_MOST_AFTER = 8
# Questions on sections near those cited that are compared with the one asked.
_MOST_COMPARED = 16
# Cosine to the question asked: nearer is the same again, further another matter.
_SAME, _NEAR = 0.85, 0.25
# Two questions that share so many of their words are one.
_ALIKE = 0.75


@dataclass
class SuggestionSearch:
    """Searches one state of a shelf for questions to suggest.

    Each is put to the shelf before it is shown: it is answered in quotations, and from
    the place that it was taken from.
    """

    parts: Parts
    state: tuple[tuple[str, str], ...]
    _lock: Lock = field(default_factory=Lock)
    _ideas: ShelfIdeas = field(init=False)
    _openings: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    _answers: dict[tuple[str, tuple[str, ...]], Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing read."""
        self._ideas = ShelfIdeas(self.parts.shelf.documents)

    @property
    def kept(self) -> int:
        """How many answers it keeps."""
        return len(self._answers)

    def openings(self, chosen: tuple[str, ...]) -> list[str]:
        """Return up to five questions; see ``Suggestions.openings``."""
        with self._lock:
            if chosen not in self._openings:
                self._openings[chosen] = self._find_openings(chosen)
            return list(self._openings[chosen])

    def _reports(self, chosen: Sequence[str]) -> list[ReportDetails]:
        """Return one of the details of each report that is asked, the newest first."""
        details = {d.report: d for d in reversed(self._ideas.details)}.values()
        asked = [
            d
            for d in details
            if (d.report in chosen if chosen else not d.superseded_by)
        ]
        return sorted(asked, key=lambda d: (d.published or "", d.report), reverse=True)

    @property
    def _is_common(self) -> IsCommon:
        return common_by(self.parts.shelf.embedder.knows_word)

    # Openings.

    def _find_openings(self, chosen: tuple[str, ...]) -> list[str]:
        reports = self._reports(chosen)[:_MOST_REPORTS]
        texts = [self._ideas.text(details.report) for details in reports]
        ideas = {text.id: list(self._ideas.of_report(text.id)) for text in texts}
        found: list[str] = []
        turn = 0
        for kind in _PLAN:
            if kind == "compares" and len(texts) > 1:
                found += self._first(self._comparing(texts, chosen), found, chosen)
                continue
            if not texts:
                break
            text = texts[turn % len(texts)]
            turn += 1
            for tried in self._of_one(text, ideas[text.id], kind):
                if got := self._first(tried, found, chosen):
                    found += got
                    break
        return found[:MOST_OPENINGS]

    def _of_one(
        self, text: ReportText, ideas: list[Idea], kind: str
    ) -> Iterator[Iterable[Idea]]:
        yield of_kind(ideas, kind)
        yield ideas
        yield last_resorts(text, self.parts.glossary, self._is_common)

    def _comparing(
        self, texts: Sequence[ReportText], chosen: Sequence[str]
    ) -> Iterator[Idea]:
        named = [text.details for text in texts] if chosen else []
        for term in shared_terms(texts, self.parts.glossary, self._is_common):
            yield on_all_reports(term, named)

    # Follow-ups.

    def follow_ups(
        self,
        basis: Answer,
        known: Sequence[str],
        chosen: tuple[str, ...],
        most: int,
    ) -> list[str]:
        """Return questions that go on from an answer; see ``Suggestions.follow_ups``."""
        cited = list(dict.fromkeys(c.report for c in basis.citations))
        terms = self._terms(basis)
        # A report that the answer names and does not cite was found to be silent.
        others = [
            d
            for d in self._reports(chosen)
            if d.report not in cited and d.title not in basis.text
        ]
        deeper = iter(self._deeper(basis))
        elsewhere = (i for t in terms[:2] for i in on_each_report(t, others))
        named = self._reports(chosen) if chosen else []
        beside = (on_all_reports(t, named) for t in terms[:2] if len(cited) == 1)
        more = (i for report in cited[:1] for i in self._ideas.of_report(report))
        budget = iter(range(_MOST_AFTER))
        found: list[str] = []
        # One of each; then more from the same places.
        for group in (deeper, elsewhere, beside, deeper, deeper, elsewhere):
            if len(found) < most:
                said = [*known, *found]
                found += self._first(group, said, chosen, basis, budget)
        return found or self._first(more, known, chosen, basis)

    def _terms(self, basis: Answer) -> list[str]:
        """Return what an answer is about: as asked, else as its section is headed."""
        named = find_reports(basis.standalone_question, self._ideas.details)
        kept = set(named.rest)
        texts = [basis.standalone_question, *(c.section for c in basis.citations[:1])]
        found = [
            term
            for text in texts
            for term in terms_in(text, self.parts.glossary, self._is_common)
            if text != basis.standalone_question or set(words(term)) <= kept
        ]
        return list(dict.fromkeys(found))

    def _deeper(self, basis: Answer) -> list[Idea]:
        """Return questions on sections found with those cited, or beside them."""
        cited = [(c.report, c.section) for c in basis.citations]
        near = [(n.report, n.section) for n in basis.nearest]
        reports = {report for report, _ in (*cited, *near)}
        found = [(p.chunk.details.report, p.chunk.section) for p in basis.passages]
        places = [
            *near,
            *(place for place in found if place[0] in reports and place not in cited),
            *(
                n
                for report, section in cited
                for n in self._ideas.neighbours(report, section)
            ),
            *cited,
        ]
        lists = [self._ideas.at(*place) for place in dict.fromkeys(places)]
        ideas = [
            i for depth in range(3) for own in lists for i in own[depth : depth + 1]
        ]
        return self._nearest(basis.standalone_question, ideas[:_MOST_COMPARED])

    def _nearest(self, question: str, ideas: Sequence[Idea]) -> list[Idea]:
        if not ideas:
            return []
        texts = [question, *(idea.question for idea in ideas)]
        vectors = self.parts.shelf.embedder.embed(texts)
        near = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
        ranked = sorted(zip(near, range(len(ideas)), strict=True), reverse=True)
        return [ideas[place] for n, place in ranked if _NEAR <= n < _SAME]

    # The check.

    def _first(
        self,
        ideas: Iterable[Idea],
        known: Sequence[str],
        chosen: tuple[str, ...],
        basis: Answer | None = None,
        budget: Iterator[int] | None = None,
    ) -> list[str]:
        """Return the first of a few ideas that holds, or nothing."""
        fresh = (
            idea
            for idea in ideas
            if not repeats(idea.question, known) and self._stands_alone(idea, basis)
        )
        for idea, _ in zip(fresh, budget or range(_MOST_TRIED), strict=False):
            if self._holds(idea, chosen, basis):
                return [idea.question]
        return []

    def _stands_alone(self, idea: Idea, basis: Answer | None) -> bool:
        """Tell whether a question is searched as it stands after an answer, too."""
        if basis is None:
            return True
        cited = tuple(dict.fromkeys(c.report for c in basis.citations))
        said = basis.sentences[0].text if basis.sentences else ""
        context = Context(
            question=basis.standalone_question,
            report=cited[0] if cited else None,
            reports=cited,
            statement=said,
        )
        catalogue = self._ideas.details
        return standalone_from(idea.question, context, catalogue) == idea.question

    def _holds(self, idea: Idea, chosen: tuple[str, ...], basis: Answer | None) -> bool:
        """Tell whether the shelf answers a question, from where it should, and with news."""
        key = (idea.question, chosen)
        if key not in self._answers:
            self._answers[key] = answer_in_quotations(*key, self.parts)
        answer = self._answers[key]
        if answer.outcome != "answered" or not answer.citations:
            return False
        cited = [citation.report for citation in answer.citations]
        rightly = cited[0] in idea.cites if idea.cites else len(set(cited)) > 1
        if idea.section:
            rightly = rightly and idea.section in {c.section for c in answer.citations}
        elif idea.cites:
            rightly = rightly and set(cited) == set(idea.cites)
        said = {s.text for s in basis.sentences} if basis else set()
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
