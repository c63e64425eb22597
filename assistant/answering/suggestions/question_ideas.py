"""Questions that a shelf may well answer; nothing here is checked yet.

They come from what its sections are asked as, from headings, and from matters that
several reports speak of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.finding.candidates import ABOUT_THE_TEXT
from assistant.answering.suggestions.matter_terms import commonest_terms, terms_in
from assistant.answering.suggestions.phrasing import IsCommon
from assistant.answering.suggestions.whole_questions import (
    heading_of,
    question_on_heading,
    recommends,
    whole_question,
)
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.question import kind_of
from assistant.schema import ReportDetails, Section

_ASIDE = re.compile(
    rf"^(?:{ABOUT_THE_TEXT}|notes\b|contact|press contact|embargo)", re.IGNORECASE
)
_FACTS = ("amount", "how_many", "list", "when", "who")
_ADVISES = re.compile(
    r"\b(should|recommend\w*|propose\w*|call for|wants?|must|ought)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Idea:
    """A question, and what an answer must cite: these reports, and this section."""

    question: str
    cites: tuple[str, ...]
    section: str = ""
    names_report: bool = False

    @property
    def advises(self) -> bool:
        """True where it asks what should be done."""
        return _ADVISES.search(self.question) is not None

    @property
    def is_fact(self) -> bool:
        """True where it asks for a name, a number, a date or a list."""
        return not self.advises and kind_of(self.question) in _FACTS


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report of the shelf with its sections, in the order of its documents."""

    details: ReportDetails
    sections: tuple[Section, ...]

    @property
    def id(self) -> str:
        """The report's id."""
        return self.details.report

    @property
    def telling(self) -> tuple[Section, ...]:
        """Its sections without those that speak of the text itself."""
        return tuple(s for s in self.sections if s.path and not _ASIDE.match(s.heading))


def ideas_of_section(
    section: Section, report: str, title: str, catalogue: Sequence[ReportDetails]
) -> list[Idea]:
    """Return the questions that a section is asked as, or one on its heading."""
    own = [
        Idea(question, (report,), section.heading, _names(question, catalogue))
        for line in section.asked_as
        if (question := whole_question(line, report, catalogue))
    ]
    if own or section.asked_as:
        return own
    question = question_on_heading(section, title)
    return [Idea(question, (report,), section.heading, True)] if question else []


def _names(question: str, catalogue: Sequence[ReportDetails]) -> bool:
    return bool(find_reports(question, catalogue).reports)


def of_kind(ideas: Iterable[Idea], kind: str) -> list[Idea]:
    """Return the ideas of a kind (``advises`` or ``fact``)."""
    if kind == "advises":
        advising = [i for i in ideas if i.advises or "recommend" in i.section.lower()]
        return sorted(advising, key=lambda i: (not i.names_report, not i.advises))
    return [i for i in ideas if i.is_fact]


def last_resorts(
    text: ReportText, glossary: Glossary, is_common: IsCommon
) -> Iterator[Idea]:
    """Yield questions on a report whose sections and headings give none."""
    title = text.details.title
    if any(map(recommends, text.sections)):
        yield Idea(f"What does {title} recommend?", (text.id,))
    texts = (section.text for section in text.telling)
    for term in commonest_terms(texts, glossary, is_common)[:4]:
        yield Idea(f"What does {title} say about {term}?", (text.id,))
    yield Idea(f"What are the main points of {title}?", (text.id,))


def shared_terms(
    texts: Sequence[ReportText], glossary: Glossary, is_common: IsCommon
) -> list[str]:
    """Return the matters in the headings of at least two reports, commonest first."""
    headings = [
        " . ".join(h for section in text.telling if (h := heading_of(section)))
        for text in texts
    ]
    per_report = [set(terms_in(h, glossary, is_common)) for h in headings]
    ranked = commonest_terms(headings, glossary, is_common)
    return [t for t in ranked if sum(t in own for own in per_report) > 1]


def on_each_report(term: str, reports: Sequence[ReportDetails]) -> Iterator[Idea]:
    """Yield the question what each of these reports says about a matter."""
    for details in reports:
        question = f"What does {details.title} say about {term}?"
        yield Idea(question, (details.report,))


def on_all_reports(term: str, chosen: Sequence[ReportDetails]) -> Idea:
    """Return the question what several reports say about a matter.

    Args:
        term: the matter.
        chosen: the reports to name, where not all of the shelf are meant.
    """
    if len(chosen) == 2:
        both = " and ".join(details.title for details in chosen)
        return Idea(f"What do {both} say about {term}?", ())
    return Idea(f"What do the reports say about {term}?", ())
