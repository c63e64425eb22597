"""Turns the items of an agenda into questions to the shelf, by rule."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.suggestions.phrasing import (
    IsCommon,
    as_typed,
    in_small_letters,
)
from assistant.briefing.agenda import Agenda, AgendaItem

MOST_QUESTIONS = 3
QUESTION = "What do the reports say about {matter}?"

_PROCEDURAL = re.compile(
    r"^(?:to\s+(?:receive|approve|agree|note|confirm|consider|sign)\s+(?:any\s+|the\s+)?)?"
    r"(?:apolog(?:y|ies)\b|welcome\b|introductions?\b|(?:draft\s+)?minutes\b"
    r"|(?:approval|confirmation) of (?:the )?minutes\b|notes of (?:the )?(?:last|previous)"
    r"|(?:disclosures?|declarations?) of\b.*\binterests?\b|matters arising\b|action log\b"
    r"|any other\b.*\bbusiness\b|aob\b|a\.o\.b|(?:other )?urgent (?:business|items)\b"
    r"|(?:date|time|dates)(?:,| and| of)?.*\bnext meetings?\b|next meeting\b"
    r"|exclusion of (?:the )?(?:press|public)|public (?:question|participation|speaking)"
    r"|questions? (?:from|by) (?:the )?(?:public|members|councillors)\b|petitions?\b"
    r"|(?:chair|chairman|mayor|leader)(?:['’]?s)? (?:announcements?|opening|remarks)\b"
    r"|announcements?\b|(?:election|appointment) of (?:a |the )?(?:vice[- ])?chair"
    r"|attendance\b|roll call\b|quorum\b|close\b|closing remarks\b|(?:tea|coffee|lunch)\b"
    r"|(?:comfort )?break\b|(?:forward|work) (?:plan|programme)\b|housekeeping\b)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\s*(?:[–—:,-]|\()\s*(?:item\s+)?(?:for\s+)?(?:discussion|decision|information|noting"
    r"|approval|comment|action|consideration|endorsement|verbal(?: update| report)?|update"
    r"|presentation|attached|to follow|to note|to agree|oral update)"
    r"(?:\s+(?:and|only|/)\s*\w*)?\)?\.?$",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\(?\b\d{1,2}[:.]\d{2}\s*(?:[ap]m)?(?:\s*[–-]\s*\d{1,2}[:.]\d{2}\s*(?:[ap]m)?)?\)?"
    r"|\(?\b\d{1,3}\s*min(?:ute)?s?\b\.?\)?|\(?\bpages?\s+\d+(?:\s*[–-]\s*\d+)?\)?",
    re.IGNORECASE,
)
_ROLE = r"(?:Cllr|Councillor|Chair|Director|Head of|Leader|Mayor|Portfolio Holder)"
_PRESENTER = re.compile(
    rf"\s*(?:[–—-]|\()\s*(?:[Rr]eport (?:of|by|from) [^()]*|{_ROLE}\b[^()]*"
    r"|[A-Z][a-z]+ [A-Z][a-z'’-]+(?: [A-Z][a-z]+)?)\)?$"
)
_LEAD = re.compile(
    r"^(?:to\s+)?(?:consider|discuss|discussion (?:of|on)|receive|note|review|agree|explore"
    r"|debate|hear)\s+(?:(?:a|an|the)\s+)?|"
    r"^(?:(?:a|an|the)\s+)?(?:verbal |oral |progress )?(?:update|report|presentation|paper"
    r"|briefing|discussion)\s*(?:(?:of|by|from)\s+the\s+[A-Z].{2,60}?\s+)?"
    r"(?:on|about|regarding|concerning|:|–|-)\s+(?:the\s+)?",
    re.IGNORECASE,
)


def is_procedural(item: AgendaItem) -> bool:
    """Tell whether an item is one of procedure; with questions of its own none is."""
    return not item.questions and _PROCEDURAL.match(item.title) is not None


def matter_of(title: str, is_common: IsCommon = as_typed) -> str:
    """Return what an item is about: no purpose, time, presenter or opening words.

    Args:
        title: as typed.
        is_common: tells whether a lower-case word is common English; such a word loses
            the capital that only its place in a title gave it.

    >>> matter_of("Update on Oflog and performance data – for discussion")
    'Oflog and performance data'
    """
    text = _TIMES.sub(" ", title).strip(" .;:–—-")
    for _ in range(3):
        text = _PURPOSE.sub("", text).strip(" .;:–—-,")
        text = _PRESENTER.sub("", text).strip(" .;:–—-,")
    text = " ".join(text.split())
    for _ in range(3):
        text = _LEAD.sub("", text, count=1) or text
    return in_small_letters(text, is_common) or " ".join(title.split())


def questions_of(item: AgendaItem, is_common: IsCommon = as_typed) -> tuple[str, ...]:
    """Return one to three questions for an item; none for one of procedure.

    Its own questions come as they are; else its title and the matters under it are
    each asked about.
    """
    if is_procedural(item):
        return ()
    if item.questions:
        return tuple(dict.fromkeys(item.questions))[:MOST_QUESTIONS]
    matters = [item.title, *(m for m in item.matters if len(m.split()) > 1)]
    asked = (QUESTION.format(matter=matter_of(m, is_common)) for m in matters)
    return tuple(dict.fromkeys(asked))[:MOST_QUESTIONS]


def with_questions(agenda: Agenda, is_common: IsCommon = as_typed) -> Agenda:
    """Return the agenda with the questions of every item that needs a briefing."""
    items = (replace(i, questions=questions_of(i, is_common)) for i in agenda.items)
    return replace(agenda, items=tuple(items))
