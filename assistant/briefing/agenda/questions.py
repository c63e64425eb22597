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
from assistant.briefing.agenda.procedure import is_procedure

MOST_QUESTIONS = 3
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
    rf"(?:\s*[–—]|\s+-|\s*\()\s*(?:[Rr]eport (?:of|by|from) [^()]*|{_ROLE}\b[^()]*"
    r"|[A-Z][a-z]+ [A-Z][a-z'’-]+(?: [A-Z][a-z]+)?"
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
    text = _TIMES.sub(" ", title).strip(" .;:–—-*")
    for _ in range(3):
        text = _PURPOSE.sub("", text).strip(" .;:–—-,")
        text = _PRESENTER.sub("", text).strip(" .;:–—-,")
    text = " ".join(text.split())
    for _ in range(3):
        text = _LEAD.sub("", text, count=1) or text
    return in_small_letters(text, _spoken(is_common)) or " ".join(title.split())


def _spoken(is_common: IsCommon) -> IsCommon:
    """Return the same test, that takes no letters for a word: HM, NHS."""
    return lambda word: bool(_VOWEL.search(word)) and is_common(word)


def questions_of(item: AgendaItem, is_common: IsCommon = as_typed) -> tuple[str, ...]:
    """Return one to three questions for an item; none for one of procedure.

    Its own questions come as they are; else its title and the matters under it are
    each asked about, a title that only groups them left out.
    """
    if is_procedural(item):
        return ()
    if item.questions:
        own = (_whole(question, item, is_common) for question in item.questions)
        return tuple(dict.fromkeys(own))[:MOST_QUESTIONS]
    if _ASKS.match(item.title):
        return (f"{item.title.rstrip(' .')}?",)
    matters = [m for m in item.matters if len(m.split()) > 1 and not is_procedure(m)]
    if not (matters and _GROUPS.match(item.title)):
        matters = [item.title, *matters]
    asked = (QUESTION.format(matter=matter_of(m, is_common)) for m in matters)
    return tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def _whole(question: str, item: AgendaItem, is_common: IsCommon) -> str:
    """Return a question with the matter to which its words point back."""
    if question == item.title or not leans_back(question):
        return question
    return f"{matter_of(item.title, is_common)}: {question}"


def with_questions(agenda: Agenda, is_common: IsCommon = as_typed) -> Agenda:
    """Return the agenda with the questions of every item that needs a briefing."""
    items = (replace(i, questions=questions_of(i, is_common)) for i in agenda.items)
    return replace(agenda, items=tuple(items))
