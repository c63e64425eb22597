"""Suggests questions: such as open a conversation, and such as follow an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

from assistant.answering.pipeline import Parts
from assistant.answering.suggestions.search import SuggestionSearch, repeats
from assistant.schema import Answer

MOST_FOLLOW_UPS = 3
# Where many answers end at once, some go without (seconds).
_PATIENCE = 1.0
# Answers to suggested questions that are kept; with more, all is begun anew.
_MOST_KEPT = 2000


@dataclass
class Suggestions:
    """Finds questions to suggest; what it found is kept while the shelf stays as it is.

    Nothing is read before the first call. Safe to ask from several threads.
    """

    parts: Parts
    _lock: Lock = field(default_factory=Lock)
    # Follow-ups are a courtesy: those of many answers shall not hold up the answers.
    _one_at_a_time: Lock = field(default_factory=Lock)
    _search: SuggestionSearch | None = None

    def openings(self, reports: Sequence[str] = ()) -> list[str]:
        """Return up to five questions that the shelf answers, on different reports.

        Args:
            reports: ids of the reports to ask; empty, or none of the shelf, means all.
        """
        return self._now().openings(self._chosen(reports))

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
        search = self._now()
        if not self._one_at_a_time.acquire(timeout=_PATIENCE):
            return []
        try:
            return search.follow_ups(
                basis, known, self._chosen(reports), MOST_FOLLOW_UPS
            )
        finally:
            self._one_at_a_time.release()

    def _chosen(self, reports: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(set(reports) & set(self.parts.shelf.reports)))

    def _now(self) -> SuggestionSearch:
        """Return the search of the shelf as it is; one of an older state is left."""
        shelf = self.parts.shelf
        shelf.refresh()
        state = tuple((d.details.document_id, d.content_hash) for d in shelf.documents)
        with self._lock:
            search = self._search
            if search is None or search.state != state or search.kept > _MOST_KEPT:
                search = self._search = SuggestionSearch(self.parts, state)
            return search
