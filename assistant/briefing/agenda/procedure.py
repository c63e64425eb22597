"""Which items of an agenda are procedure: they need no briefing."""

from __future__ import annotations

import re

_OPENING = (
    r"^(?:to\s+(?:receive|approve|agree|note|confirm|consider|sign|elect|appoint|review)"
    r"(?:\s+and\s+\w+)?\s+(?:as an? \w+ record\s+)?"
    r"(?:any\s+|the\s+|an?\s+)?|(?:receive|approval of|agree|approve)\s+"
    r"(?:any\s+|the\s+)?)?"
)
# Whoever they are, they are asked to leave.
_LEAVING = re.compile(
    r"\b(?:press and (?:the )?public|public and (?:the )?press)\b", re.I
)
# They are procedure whatever follows.
_ALWAYS = re.compile(
    _OPENING
    + r"(?:apolog(?:y|ies)\b|introductions?\b|(?:draft\s+|previous\s+)?minutes\b"
    r"|(?:approval|confirmation) of (?:the )?minutes\b|notes of (?:the )?(?:last|previous)"
    r"|(?:disclosures?|declarations?) of\b.*\binterests?\b"
    r"|members['’]? (?:disclosable )?(?:pecuniary )?interests\b"
    r"|matters arising\b|(?:review of (?:the )?)?action (?:log|points|tracker)\b"
    r"|actions (?:from|arising|outstanding)\b|any other\b.*\b(?:business|items?)\b"
    r"|aob\b|a\.o\.b|(?:other )?urgent (?:business|items)\b"
    r"|(?:date|time|dates)(?:,| and| of)?.*\b(?:next|future) meetings?\b|next meeting\b"
    r"|items for (?:the )?(?:next|future) (?:meetings?|agendas?)\b"
    r"|exclusion of (?:the )?(?:press|public)|(?:exempt|confidential) (?:items?|information"
    r"|business)\b|public (?:question|speaking)|deputations\b"
    r"|questions? (?:from|by) (?:the )?(?:public|members|councillors)\b"
    r"|questions? on notice\b|(?:chair|chairman|chairperson|mayor|leader)(?:['’]?s)? "
    r"(?:announcements?|opening|remarks|business|communications?|update)\b"
    r"|(?:(?:the )?election|appointment) of (?:a |the )?(?:vice[- ])?chair"
    r"|(?:vice[- ])?chair(?:man|person)?\b(?= (?:for|of) the)"
    r"|(?:notification of )?substitut(?:e|es|ions?)\b(?: members?)?|roll call\b"
    r"|announcements?$|quorum\b"
    r"|closing remarks\b|housekeeping\b|round ?table introductions\b"
    r"|fire (?:evacuation|safety) (?:procedure|notice)|webcasting\b|filming\b"
    r"|recording of (?:the )?meetings?\b|evaluation of (?:the )?meeting\b"
    r"|(?:summary|wrap[- ]up)(?: and next steps)?$)",
    re.IGNORECASE,
)
# They are procedure by themselves; with a matter behind them they are that matter.
_ALONE = re.compile(
    _OPENING + r"(?:(?:arrival|welcome|close|break|attendance|petitions|next steps"
    r"|registration|refreshments|(?:(?:tea|coffee|lunch|comfort|networking|working)[\s/]*"
    r"(?:and |& )?)+(?:break|lunch)?|lunch|public participation|public session"
    r"|motions?(?: on notice)?|call-in(?: of decisions)?|appendi(?:x|ces)(?: \w{1,2})?"
    r"|(?:the )?(?:committee |cabinet |scrutiny )?(?:forward|work) (?:plan|programme)"
    r"|membership and terms of reference|terms of reference|part \w{1,3})"
    r"(?:\s+(?:and|&)\s+(?:coffee|tea|arrival|introductions?|apologies|close|welcome|aob"
    r"|networking|thanks|housekeeping|refreshments|announcements?|context))*)"
    r"(?=\W*$|\s*[–—:(,;-]\s|\s+[–—(]|\s+(?:by|from|to the (?:meeting|board|committee)"
    r"|of (?:the )?(?:meeting|key decisions|cabinet|committee|board|panel))\b|\s+\d)",
    re.IGNORECASE,
)


def is_procedure(title: str) -> bool:
    """Tell whether a title is one of procedure, such as minutes or a break."""
    text = " ".join(title.split()).strip(" .*")
    return bool(_ALWAYS.match(text) or _ALONE.match(text) or _LEAVING.search(text))
