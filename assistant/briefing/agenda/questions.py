"""Turns the items of an agenda into questions to the shelf, by rule."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.suggesting.phrasing import (
    IsCommon,
    as_typed,
    in_small_letters,
)
from assistant.answering.understanding.pronouns import leans_back
from assistant.briefing.agenda.agenda import Agenda, AgendaItem
from assistant.briefing.agenda.below import LeftOut, is_request
from assistant.briefing.agenda.procedure import is_procedure
from assistant.reading.blocks import letters

MOST_QUESTIONS = 5
QUESTION = "What do the reports say about {matter}?"

_PURPOSE = re.compile(
    r"(?:\s*[–—:,]|\s+-|\s*[(\[])\s*(?:item\s+)?(?:for\s+)?(?:(?:key\s+)?decision|discussion|decision|information|noting"
    r"|approval|comment|action|consideration|endorsement|verbal(?: update| report)?|update"
    r"|presentation|attached|to follow|to note|to agree|oral update)"
    r"(?:\s+(?:and|only|/)\s*\w*)?[)\]]?\.?$",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\(?\b\d{1,2}[:.]\d{2}\s*(?:[ap]m)?(?:\s*[–-]\s*\d{1,2}[:.]\d{2}\s*(?:[ap]m)?)?\)?"
    r"|\(?\b\d{1,3}\s*min(?:ute)?s?\b\.?\)?|\(?\bpages?\s+\d+(?:\s*[–-]\s*\d+)?\)?"
    r"|\s\d{1,4}\s*[–-]\s*\d{1,4}$|[(\[]\s*(?:paper|appendix|annex|enclosure|enc|attachment"
    r"|kd|ref)\b[^()\[\]]{0,20}[)\]]",
    re.IGNORECASE,
)
_ROLE = r"(?:Cllr|Councillor|Chair|Director|Head of|Leader|Mayor|Portfolio Holder)"
_PRESENTER = re.compile(
    rf"(?:\s*[–—]|\s+-|\s*\()\s*(?:[Rr]eport (?:of|by|from) [^()]*|{_ROLE}\b[^():]*"
    r"|(?P<name>[A-Z][a-z]+ [A-Z][a-z'’-]+(?: [A-Z][a-z]+)?)"
    rf"(?:,\s*(?:{_ROLE}|Chief)\b[^()]*)?|(?:Dr|Mr|Mrs|Ms|Prof)\.? [A-Z][^()]*"
    r"|(?<=\()(?:[A-Z]{2,3}|[A-Z][a-z]+)(?=\)))\)?$"
)
_LEAD = re.compile(
    r"^(?:to\s+)?(?:consider|discuss|discussion (?:of|on)|receive|note|review|agree|explore"
    r"|debate|hear)\s+(?:(?:a|an|the)\s+)?|"
    r"^(?:(?:a|an|the)\s+)?(?:verbal |oral |progress )?(?:update|report|presentation|paper"
    r"|briefing|discussion)\s*(?:(?:of|by|from)\s+(?:the\s+)?[A-Z].{2,60}?\s+)?"
    r"(?:on|about|regarding|concerning|:|–|-)\s+(?:the\s+)?",
    re.IGNORECASE,
)
# A bracket with a name, a number or a mark in it is beside the matter.
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*(?:[A-Z0-9]|\?)[^()\[\]]*[)\]]")
_TOO_MANY = f"more than {MOST_QUESTIONS} questions of one item"
_VOWEL = re.compile("[aeiouy]")
# A title that groups the matters under it and is none itself.
_GROUPS = re.compile(
    r"^(?:non-)?(?:key |main |strategic |other |policy |general )*(?:decisions?|items?"
    r"|business|reports?|matters|updates?|discussions?)"
    r"(?: (?:for|of) (?:decision|discussion|information|consideration|noting|the day))?"
    r"\W*$",
    re.IGNORECASE,
)
# A question typed without its mark: "How will devolution be funded".
_ASKS = re.compile(
    r"^(?:(?:how|why|what|who|where|when|which)(?:\s+\w+)?\s+(?:will|can|should|do|does|did"
    r"|is|are|was|were|could|would|might|must|has|have)|(?:should|does|do|is|are|can|could"
    r"|will|would)\s+(?:the|we|our|councils?|local|government))\b(?=(?:\W+\w+){2})",
    re.IGNORECASE,
)


def is_procedural(item: AgendaItem) -> bool:
    """Tell whether an item is one of procedure; with questions of its own none is."""
    return not item.questions and is_procedure(_TIMES.sub(" ", item.title))


def matter_of(title: str, is_common: IsCommon = as_typed) -> str:
    """Return what an item is about: no purpose, time, presenter or opening words.

    Args:
        title: as typed.
        is_common: tells whether a lower-case word is common English; such a word loses
            the capital that only its place in a title gave it.

    >>> matter_of("Update on Oflog and performance data – for discussion")
    'Oflog and performance data'
    """
    text = _BRACKET.sub(" ", _TIMES.sub(" ", title)).strip(" .;:–—-*")
    for _ in range(3):
        text = _PURPOSE.sub("", text).strip(" .;:–—-,")
        text = _without_presenter(text, is_common).strip(" .;:–—-,")
    text = " ".join(text.split())
    for _ in range(3):
        text = _LEAD.sub("", text, count=1) or text
    return in_small_letters(text, _spoken(is_common)) or " ".join(title.split())


def _without_presenter(text: str, is_common: IsCommon) -> str:
    found = _PRESENTER.search(text)
    if found is None:
        return text
    # Of "Pool - Roof Replacement" the end is words, and nobody's name.
    words = (found["name"] or "").lower().split()
    before = text[: found.start()]
    if words and all(map(is_common, words)) and not _PURPOSE.search(before):
        return text
    return before


def _spoken(is_common: IsCommon) -> IsCommon:
    """Return the same test, that takes no letters for a word: HM, NHS."""
    return lambda word: bool(_VOWEL.search(word)) and is_common(word)


def questions_of(item: AgendaItem, is_common: IsCommon = as_typed) -> tuple[str, ...]:
    """Return the questions of an item, at most so many; none for one of procedure.

    Its own questions come as they are; else its title and the matters under it are
    each asked about, a title that only groups them left out.
    """
    return _all_questions(item, is_common)[:MOST_QUESTIONS]


def _all_questions(item: AgendaItem, is_common: IsCommon) -> tuple[str, ...]:
    if item.ticked is None and is_procedural(item):
        return ()
    if item.questions:
        own = (_whole(question, item, is_common) for question in item.questions)
        more = (_asked(m, is_common) for m in item.matters if not is_procedure(m))
        return tuple(dict.fromkeys([*own, *more]))
    asks = _ASKS.match(item.title) or is_request(item.title)
    first = f"{item.title.rstrip(' .')}?" if asks else item.title
    matters = [matter for matter in item.matters if not is_procedure(matter)]
    if not (matters and _GROUPS.match(item.title)):
        matters = [first, *matters]
    return tuple(dict.fromkeys(_asked(m, is_common) for m in matters))


def asks_title(item: AgendaItem) -> bool:
    """Tell whether one of an item's questions is about its title."""
    matter = letters(matter_of(item.title))
    return any(matter in letters(question) for question in item.questions)


def _asked(matter: str, is_common: IsCommon) -> str:
    if matter.endswith("?"):
        return matter
    return QUESTION.format(matter=matter_of(matter, is_common))


def _whole(question: str, item: AgendaItem, is_common: IsCommon) -> str:
    """Return a question with the matter to which its words point back."""
    if question == item.title or not leans_back(question):
        return question
    return f"{matter_of(item.title, is_common)}: {question}"


def with_questions(agenda: Agenda, is_common: IsCommon = as_typed) -> Agenda:
    """Return the agenda with the questions of every item that needs a briefing.

    The matters under an item are asked about by then, and stand beside it no more.
    """
    items = []
    left_out = list(agenda.left_out)
    for item in agenda.items:
        found = _all_questions(item, is_common)
        more = found[MOST_QUESTIONS:]
        left_out += [LeftOut(question, _TOO_MANY, item.number) for question in more]
        items.append(replace(item, questions=found[:MOST_QUESTIONS], matters=()))
    return replace(agenda, items=tuple(items), left_out=tuple(left_out))
