"""What a question is about, once the reports and the words of asking are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.understanding.naming import find_reports
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS

_ON = re.compile(
    r"\b(?:about|on|regarding|concerning)\s+(?P<matter>\S.*)$", re.IGNORECASE
)
# These ask for the whole of a text: "What does A recommend?"
WHOLE = frozenset("recommend propose suggest want argue find conclude".split())
# Words that a question is asked with, and that say nothing of its matter.
_ASKING = frozenset(
    """
    say says said mention mentions recommend recommends recommended propose proposes
    suggest suggests want wants find finds found argue argues think thinks call calls
    treat treats discuss cover covers address stress stresses ask asks tell report
    reports paper papers document documents shelf explain compare compares comparison
    differ differs difference differences disagree disagrees agree agrees talk talks
    speak speaks publish published wrote written write sponsored author authors released
    according exactly key summarise summary sum view views position anyone quote quoted
    aimed behind called date title paid fund funded backed launched read download copy
    whats whos hows message messages main just each every briefly give
    old new newer isnt arent dont doesnt didnt wasnt
    long last lasts run runs cost costs take takes start happen happens work part page
    enough detail person people type
    """.split()
)


def topic_of(question: str, catalogue: Sequence[ReportDetails]) -> str:
    """Return what a question is about, reports and asking left out: ``capital pots``."""
    text = question.strip().rstrip("?.! ")
    about = _ON.search(text)
    for part in (about["matter"] if about else "", text):
        rest = list(find_reports(part, catalogue).rest)
        while rest and (rest[0] in STOP_WORDS or rest[0] in _ASKING):
            del rest[0]
        while rest and (rest[-1] in STOP_WORDS or rest[-1] in _ASKING):
            del rest[-1]
        if rest:
            return " ".join(rest)
    return ""
