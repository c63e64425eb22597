"""The texts of a shelf as a source of questions, read once for each of its states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answering.suggestions.question_ideas import (
    Idea,
    ReportText,
    ideas_of_section,
)
from assistant.errors import AssistantError
from assistant.schema import ReportDetails, Section, Source


@dataclass
class ShelfIdeas:
    """What may be asked of a shelf, by report and section.

    ``documents`` are those of one state of it.
    """

    documents: Sequence[Source]
    _texts: dict[str, ReportText] = field(default_factory=dict)
    _ideas: dict[tuple[str, str], list[Idea]] = field(default_factory=dict)

    @property
    def details(self) -> tuple[ReportDetails, ...]:
        """The details of each document."""
        return tuple(document.details for document in self.documents)

    def text(self, report: str) -> ReportText:
        """Return a report's sections."""
        if report not in self._texts:
            own = [d for d in self.documents if d.details.report == report]
            sections: list[Section] = []
            for document in own:
                try:
                    sections += document.sections
                except AssistantError:
                    # A text that is damaged gives no questions; asking it says why.
                    continue
            self._texts[report] = ReportText(own[0].details, tuple(sections))
        return self._texts[report]

    def at(self, report: str, heading: str) -> list[Idea]:
        """Return the questions of one section; none where it is not there."""
        if not any(d.report == report for d in self.details):
            return []
        if (report, heading) not in self._ideas:
            text, catalogue = self.text(report), self.details
            title = text.details.title
            self._ideas[report, heading] = [
                idea
                for section in text.telling
                if section.heading == heading
                for idea in ideas_of_section(section, report, title, catalogue)
            ]
        return self._ideas[report, heading]

    def of_report(self, report: str) -> Iterator[Idea]:
        """Yield a report's questions, those that name it first."""
        headings = dict.fromkeys(s.heading for s in self.text(report).telling)
        ideas = [idea for h in headings for idea in self.at(report, h)]
        yield from sorted(ideas, key=lambda idea: not idea.names_report)

    def neighbours(self, report: str, heading: str) -> list[tuple[str, str]]:
        """Return report and heading of the sections behind and before one."""
        if not any(d.report == report for d in self.details):
            return []
        headings = [section.heading for section in self.text(report).telling]
        if heading not in headings:
            return []
        place = headings.index(heading)
        beside = headings[place + 1 : place + 2] + headings[max(0, place - 1) : place]
        return [(report, other) for other in beside]
