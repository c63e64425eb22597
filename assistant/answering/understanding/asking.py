"""What part of a question asks, apart from its setting, its audience and its letter."""

from __future__ import annotations

import re

from assistant.sentences import split_sentences


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ABOUT = re.compile(
    r"\b(?:say|says|said|tell (?:them|her|him|members)|brief(?:ing)?(?: me| note)?|note"
    r"|line|points?|paragraph|steer|lines|asking|ask|talk(?:ing)?|useful|anything|summar\w+"
    r"|advice|view|position|stance|take) (?:\w+ )?(?:about|on|regarding)\b(?P<about>.+)",
    re.IGNORECASE | re.DOTALL,
)
_ASKING = re.compile(
    r"\?|\b(please|pls)\b|^\W*(and |so |but )?"
    r"(who|what|when|where|why|how|which|does|do|did|is|are|was|were"
    r"|can|should|tell|list|give|summari[sz]e|explain|set out|compare|brief|name)\b",
    re.IGNORECASE,
)


# What whoever asks says of themselves, of the hour and of their audience.
_SETTING = _any(
    r"^\W*(?:sorry|hi|hello|morning|afternoon)?\W*(?:i|we|my|our)\b[^?]{0,90}?"
    r"(?:\s[-–]|[:;,]|\band)\s+(?=(?:please |can you |could you )?(?:give|tell|what|which"
    r"|who|how|when|where|is|are|do|does|summari[sz]e|brief|name|list|set out|find)\b)",
)
_LEAD_IN = _any(
    r"^\W*(?:with|now|given) that\b[^,?]{0,60},\s+(?=(?:who|what|which|when|how)\b)"
)
_AUDIENCE = _any(
    r"\bfor (?:the|a|an|my|our|some|\w+['’]s) (?:\w+ )?(?:leaders?|councillors?|members?|directors?"
    r"|chief exec\w*|cabinet|committee|portfolio holder|chair|mp|minister|boss|manager"
    r"|team|trainee|residents?|officers?|mayor|meeting|lift|reporter|journalist)\b"
    r"(?: who\b[^,.;?]*)?",
)


# A longer question is a letter: what it asks stands in a sentence or two of it.
_MOST_WORDS = 45


def focus_of(question: str) -> str:
    """Return a long question's asking sentences, each with the one before it."""
    if len(question.split()) <= _MOST_WORDS:
        return question
    sentences = split_sentences(question)
    asking = [n for n, sentence in enumerate(sentences) if _ASKING.search(sentence)]
    kept = sorted({place for n in asking[-2:] for place in (n - 1, n) if place >= 0})
    return " ".join(sentences[n] for n in kept) or question


def asking_part(question: str) -> str:
    """Return a question without what its asker says of the setting and the audience.

    >>> asking_part("I'm in a meeting, what is Oflog? Quick, please.")
    'what is Oflog?'
    """
    sentences = split_sentences(question)
    asking = [sentence for sentence in sentences if _ASKING.search(sentence)]
    text = " ".join(asking) if asking else question
    for aside in (_LEAD_IN, _SETTING, _AUDIENCE):
        text = aside.sub("", text)
    return text.strip() or question


_BACK = _any(r"\b(it|its|they|them|their|that|this|those|these|he|she|such|there)\b")


def leans_back(text: str) -> bool:
    """Tell whether a text holds a word that points at something said before."""
    return _BACK.search(text) is not None


def core_of(question: str) -> str:
    """Return the part of a question that says what it is about.

    "I've a surgery tonight. What do I tell them on data?" is about data. Whoever uses
    this keeps the whole question where the core holds nothing that the shelf knows.
    """
    core = asking_part(question)
    about = _ABOUT.search(core)
    return about["about"].strip() if about else core
