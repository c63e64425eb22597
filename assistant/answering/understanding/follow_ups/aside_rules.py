"""Follow-ups that ask of the last answer: "who said that?", "why?", "shorter"."""

from __future__ import annotations

import re

from assistant.answering.understanding.follow_ups.conversation import Context, Resolved
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    content,
    in_hand,
    in_report,
)
from assistant.answering.understanding.naming import find_reports


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_SHORTER = _any(
    r"\b(shorter|shorten|in short|(?:in |to )?(?:one|a) (?:sentence|line)|in a nutshell|briefly"
    r"|rephrase|simpler|more simply|plain english)\b"
)
_MORE = _any(
    r"\b(again|(?:in )?more detail|tell me more|go on|expand|elaborate|say (?:it|that|this))\b",
    r"^\W*more(?: please)?\W*$",
)
_WHO_SAID = _any(
    r"\bwho(?:['’]?s| is| was)? ?(?:said|says|saying|argued|argues|claims|told|recommend(?:s|ed)?"
    r"|suggested|wrote) (?:that|this|so|it)\b\W*$",
    r"\bsays who\b|\bwhich (?:report|one) (?:is|was|does|did) (?:that|this|it) (?:come )?from\b",
    r"\bwhere(?:['’]?s| is| does| did) (?:that|this) (?:come )?from\b",
)
_WROTE_IT = _any(r"\bwrote (?:it|this|that)\b")
_BARE_WHY = _any(r"^\W*(?:but |and |so )*(?:why|how come)(?: is that| so)?\W*$")
_YES = _any(r"^(?:yes|no)\b\W*")


def who_said(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask "who said that?" of what the last answer said."""
    if not _WHO_SAID.search(text) or not context.statement or _WROTE_IT.search(text):
        return None
    return Resolved(f"Who said this: {context.statement}", aside=True)


def say_again(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask the last question again, in short where that is asked for."""
    shorter, more = _SHORTER.search(text), _MORE.search(text)
    left = content(_MORE.sub(" ", _SHORTER.sub(" ", text)))
    if not (shorter or more) or len(left) > 1 or find_reports(text, catalogue).reports:
        return None
    if not shorter or _SHORTER.search(context.question):
        return Resolved(context.question, aside=True)
    return Resolved(f"In short, {context.question}", aside=True)


def why(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask a lone "why?" of what the last answer said."""
    if not _BARE_WHY.match(text) or not context.statement:
        return None
    claim = _YES.sub("", context.statement).rstrip(" .")
    if find_reports(claim, catalogue).reports:
        return Resolved(f"Why {claim}?", aside=True)
    return Resolved(in_report(f"Why {claim}", in_hand(context, catalogue)), aside=True)
