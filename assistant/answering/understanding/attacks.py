"""Questions that ask to leave the sources, or to reveal what the assistant was told."""

from __future__ import annotations

import re

from assistant.text.words import plain


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_AGAINST_SOURCES = _any(
    r"(^|[.?!;:,]\s*|\b(please|now|then|just|must|you (can|should|may|will)) )"
    r"(ignore|forget|disregard|bypass|override|drop)\b.{0,30}\b(sources?"
    r"|instructions?|rules|reports?|documents?|papers?|shelf|prompt|guidelines|above|citations?|everything|previous)\b",
    r"\b(system|hidden|initial|secret) (prompt|instructions?|messages?)\b",
    r"\byour (own )?(prompt|instructions|rules|guidelines|opinion)\b",
    r"\byou are (now|no longer)\b|\bpretend (to be|you|that)\b"
    r"|(^|[.?!;:,]\s*|\b(please|now|you) )act as (if|a|an|my|the)\b",
    r"\b(role-?play|jailbreak|(debug|developer|god) mode)\b",
    r"\b(without|no) (any )?(citations?|sources)\b|\binvent (a|an|some)\b",
    r"\bmake (something|it|one|them) up\b|^\W*(please )?make up (a|an|some)\b",
    r"^\W*(say|repeat|write|type|print|output)\b.{0,10}['\"].+['\"]",
    r"\bcite (it|this|that|them) as\b|\b(output|print|dump) (every|all|your|the (full|whole))\b",
    r"\b(regardless of|instead of|not from|outside) (the |your )?(sources?|reports?|shelf)\b",
    r"\byou really think\b",
    r"\b(do not|don['’]?t|without) (use|using) (the |your )?(sources?|reports?|shelf)\b",
    r"\bfrom your (own )?(general )?knowledge\b",
)


def asks_against_sources(question: str) -> bool:
    """Tell whether a question asks to leave the sources or reveal instructions."""
    return _AGAINST_SOURCES.search(plain(question)) is not None
