"""What no report can answer: orders against the sources, later events, one place."""

from __future__ import annotations

import re

from assistant.words import plain


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
)
# What happened since, what is so now, what is so in one place: reports cannot tell.
_BEYOND_THE_SHELF = _any(
    r"\b(has|have|had|did|is|are|was|were)\b.{0,60}\b(actually|since then|in the end|yet"
    r"|nowadays|closed down|abolished|scrapped|gone? ahead|become law|come into force"
    r"|been (done|implemented|adopted|passed|delivered|carried out|introduced|picked))\b",
    r"\b(has|have|did)\b.{0,60}\b(accept|agree|approve|reject|legislate|take up|taken up)e?d?\b",
    r"\bwhat happen(s|ed|d|t)?\b.{0,30}\b(to|after|next|since)\b|\bever happen",
    r"\b(respond(ed|s)? to|responses? (to|from|of)|react(s|ed|ions?)? (to|from)|repl(y|ied) to)\b",
    r"\b(did|has|have|does|what['’]s|was) .{0,40}\b(respond|react|reply|response|reaction)\w*\W*$",
    r"\b(next|last) (year|week|month|weekend|april|budget)\b",
    r"\b(yesterday|right now|at the moment)\b",
    r"\bsince (the|this|that|its) (report|publication|paper|launch)\b",
    # Another body's document.
    r"\b(lga|government|treasury|department|ministry|labour|conservatives?|ofsted|nao|cipfa"
    r"|dluhc|mhclg|institute for government|ifg|kings? fund|audit office)(['’]?s)? (own )?"
    r"(white paper|green paper|manifesto|report|review)\b",
    r"\b(my|our) (own )?(street|road|house|area|town|city|borough|county|district|ward"
    r"|village|bins?|budget|council tax|bill|council['’]s)\b",
)


def asks_against_sources(question: str) -> bool:
    """Tell whether a question asks to leave the sources or reveal instructions."""
    return _AGAINST_SOURCES.search(plain(question)) is not None


def asks_beyond_the_shelf(question: str) -> bool:
    """Tell whether a question asks what came later, or what is so in one place."""
    return _BEYOND_THE_SHELF.search(plain(question)) is not None
