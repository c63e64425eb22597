"""Questions that a section may answer; nothing here is checked yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.retrieval.sentences import ABOUT_THE_TEXT
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.pronouns import leans_back
from assistant.schema import ReportDetails, Section
from assistant.text.words import STOP_WORDS, words

# A question about a text is none about a matter.
ABOUT_A_TEXT = re.compile(
    r"\b(reports?|press|release|pages?|documents?|study|paper|digest|news|authors?|wrote"
    r"|publish\w*|chapters?|sections?|summary|quoted?|website|email|phone|contact)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^(?:What|Why|How|Who|Which|When|Where|Should|Does|Do|Did|Is|Are|Can|Will|Must)\b"
    r"(?! come\b)"
)
_PERSONAL = re.compile(r"\b(?:me|my|i|us|our|we|you|please)\b", re.IGNORECASE)
_FEWEST, _MOST = 5, 16
_NUMBERING = re.compile(r"^(?:\(?(?:\d+(?:\.\d+)*|[a-zA-Z]|[ivxIVX]+)[.):]?)\s+(?=\S)")
_MOST_OF_A_HEADING = 9
# Headings that any document has say nothing of its matter.
_ANY_DOCUMENT = frozenset(
    "introduction conclusion conclusions foreword preface contents references appendix "
    "annex acknowledgements methodology notes bibliography index glossary overview "
    "summary background context opening part section chapter page figure table".split()
)


@dataclass(frozen=True, slots=True)
class Idea:
    """A question, with the report and the section from which it must be answered."""

    question: str
    report: str
    section: str
    of_heading: bool = False
    """It is made of the section's heading: nobody asked so."""


def ideas_of(
    section: Section, details: ReportDetails, catalogue: tuple[ReportDetails, ...]
) -> Iterator[Idea]:
    """Yield the questions that a section is asked as, else one on its heading."""
    if section.heading.startswith(ABOUT_THE_TEXT):
        return
    whole = [text for line in section.asked_as if (text := _whole(line))]
    for text in whole:
        # What names another report is not for this one to answer.
        named = find_reports(text, catalogue).reports
        if not named or named == (details.report,):
            yield Idea(text, details.report, section.heading)
    if not whole and (heading := heading_of(section)):
        question = f"What does {details.title} say on “{heading}”?"
        yield Idea(question, details.report, section.heading, of_heading=True)


def _whole(line: str) -> str:
    """Return a line as a whole question that stands alone; nothing where it does not.

    >>> _whole("what stops councils from pooling budgets?")
    'What stops councils from pooling budgets?'
    """
    if not line.strip().endswith("?"):
        # Typed in haste, as people do: good to find by, not to be shown.
        return ""
    text = line.strip().rstrip("?. ")
    text = f"{text[:1].upper()}{text[1:]}?"
    return text if _stands_alone(text) else ""


def _stands_alone(text: str) -> bool:
    return (
        bool(_OPENS.match(text))
        and _FEWEST <= len(text.split()) <= _MOST
        and not leans_back(text)
        and not ABOUT_A_TEXT.search(text)
        and not _PERSONAL.search(text)
    )


def heading_of(section: Section) -> str:
    """Return what a section's heading says of its matter; nothing where it says none."""
    text = (
        _NUMBERING.sub("", " ".join(section.path[-1].split())) if section.path else ""
    )
    telling = [w for w in words(text) if w not in STOP_WORDS and w not in _ANY_DOCUMENT]
    said = any(len(word) > 2 and not word.isdigit() for word in telling)
    fits = said and len(text.split()) <= _MOST_OF_A_HEADING and len(section.path) > 1
    return text.rstrip(" .:?") if fits else ""
