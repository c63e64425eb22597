"""Whole questions that stand alone, from the lines and headings of sections."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.understanding.asking import leans_back
from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails, Section
from assistant.words import STOP_WORDS, words

# A question about the text is none about the matter.
ABOUT_A_TEXT = re.compile(
    r"\b(reports?|press|release|page|document|study|paper|digest|news|authors?|wrote"
    r"|publish\w*|recommendations?|chapters?)\b",
    re.IGNORECASE,
)
# What only somebody who has the text open can place.
_IN_THE_TEXT = re.compile(
    r"\b(sections?|elements?|pillars?|lists?|proposals?|advice|ingredients|findings?"
    r"|principles?|lessons?|summary|statement|quotes?|quoted|researchers|think-?tanks?"
    r"|consultancy|media|headlines?|conclusions?|authors|website|site|microsite|online"
    r"|article|story|piece|announcement|talk|speech|sentences?|words|phrase|name|abstract"
    r"|copy|download|link|address|phone|ring|contact|model|approach|series|vision|here"
    r"|boards?|optimism|imperatives|argument|mood|homework|embargo|journalists|man"
    r"|number (?:one|two|three|four|five|six|seven|eight|nine|ten)|agenda"
    r"|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)"
    r"|the (?:deals?|money|plans?|cash|programme|bodies|firm|company|academy|area|pilots"
    r"|incentives|chief|performance|new|shared|base|body|issue|subregional))\b",
    re.IGNORECASE,
)
_LAID_OUT = re.compile(
    r"\b(arranged|organised|bulletin|key points|talks of|worked examples"
    r"|which part|where (?:does|in))\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^(?:what|why|how|who|which|when|where|should|does|do|did|is|are|can|will|must)\b"
    r"(?! come\b)(?!['’]s the line)(?! it true)",
    re.IGNORECASE,
)
# Said in passing, or to a person.
_CHATTY = re.compile(
    r"\b(me|my|i|i['’]m|us|please|bother\w*|stuff|basically|really|actually|whole lot"
    r"|yes or no|or not|in one go|town halls?|homework|come up with|point of|what['’]s in it)\b",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST = 5, 17

_NUMBERING = re.compile(r"^(?:\(?(?:\d+(?:\.\d+)*|[a-zA-Z]|[ivxIVX]+)[.):]?)\s+(?=\S)")
_GENERIC = frozenset(
    "introduction conclusion conclusions foreword preface contents references appendix "
    "annex acknowledgements acknowledgments methodology method notes bibliography index "
    "glossary overview summary background context findings recommendations discussion "
    "results endnotes footnotes about authors abbreviations executive key our the main "
    "chapter section part page list of figures tables".split()
)
_LONGEST_HEADING = 9


def whole_question(line: str, report: str, details: Sequence[ReportDetails]) -> str:
    """Return a line that a section is asked as, as a question to show; else nothing.

    A question to show is a whole sentence, leans on nothing said before and, unless it
    names the report, does not speak of the text.

    >>> whole_question("who leads the way on commissioning", "", ())
    'Who leads the way on commissioning?'
    """
    text = " ".join(line.split()).rstrip(" ?.")
    if not _OPENS.match(text) or _CHATTY.search(text) or ":" in text:
        return ""
    if not _SHORTEST <= len(text.split()) <= _LONGEST:
        return ""
    named = find_reports(text, details).reports
    if set(named) - {report}:
        return ""
    if leans_back(text) or _asks_twice(text):
        return ""
    if ABOUT_A_TEXT.search(text) or _LAID_OUT.search(text):
        return ""
    if _IN_THE_TEXT.search(text) and not named:
        return ""
    for own in details:
        # "Localis 2024" names the report to us; a reader knows it by its title.
        text = text.replace(f"{own.publisher} {own.year}", own.title)
        if own.publisher_type:
            text = text.replace(f"the {own.publisher_type}", own.publisher)
    return f"{text[0].upper()}{text[1:]}?"


def _asks_twice(text: str) -> bool:
    """Tell whether something is added behind a comma: "..., and how urgently"."""
    return "," in text or ";" in text or " – " in text


def heading_of(section: Section) -> str:
    """Return a section's own heading without its number; nothing where it says nothing.

    >>> heading_of(Section(("Recommendations", "8 Local hubs"), ""))
    'Local hubs'
    """
    text = (
        _NUMBERING.sub("", " ".join(section.path[-1].split())) if section.path else ""
    )
    telling = [w for w in words(text) if w not in STOP_WORDS and w not in _GENERIC]
    said = any(len(word) > 1 and not word.isdigit() for word in telling)
    short = len(text.split()) <= _LONGEST_HEADING
    return text.rstrip(" .:") if said and short else ""


def question_on_heading(section: Section, title: str) -> str:
    """Return a question on what stands under a heading; nothing where it says nothing.

    >>> question_on_heading(Section(("Findings", "2 Night buses"), ""), "Buses")
    'What does Buses say on “Night buses”?'
    """
    heading = heading_of(section)
    if not heading:
        return ""
    if heading.endswith("?"):
        return heading if len(heading.split()) > 2 else ""
    verb = "recommend" if recommends(section) else "say"
    return f"What does {title} {verb} on “{heading}”?"


def recommends(section: Section) -> bool:
    """Tell whether a section is one of recommendations."""
    return "recommend" in section.heading.lower()
