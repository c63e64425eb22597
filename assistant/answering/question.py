"""What a standalone question asks for: its kind, its scope, and what it must not get."""

from __future__ import annotations

import re
from typing import Literal

from assistant.words import plain

Kind = Literal[
    "list", "who", "when", "how_many", "amount", "contact", "summary", "why", "open"
]
Scope = Literal["one", "compare"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "contact",
        r"\b(e-?mail|phone|telephone|mobile|postal|address|contact|website|web ?page|url"
        r"|link|download|hard cop|paper cop|printed cop|get a copy|copy of|write to)",
    ),
    ("amount", r"\bhow much (?!do|does|did|of the day)|\b(cost|price|sum of money|pounds|£|percent|per cent|%)"),
    ("how_many", r"\bhow many\b|\bnumber of\b|\bwhat number\b|\bhow long\b|\bhow old\b|\bshortest\b|\bminimum\b"),
    (
        "list",
        r"\b(list|enumerate|bullets?)\b"
        r"|\ball (of them|(of )?(the |its |their |key |two |three |four |five |six |seven |nine |ten |eleven |thirteen )*(\w+ )?"
        r"(principles|recommendations|recs|findings|lessons|elements|sections|points|asks|steps))\b"
        r"|\bevery (\w+ ){0,2}(recommendation|finding|lesson|principle)"
        r"|\b(what|which|name|give|tell|set out)\b.{0,40}\b(principles|recommendations|recs"
        r"|findings|lessons|elements|bits|sections|divisions|steps|requirements|asks"
        r"|proposals|pillars|themes|focuses|strands|points made)\b"
        r"|\b(full|whole|complete) (set|list)\b"
        r"|\b(two|three|four|five|six|seven|nine|eleven|thirteen|[2-9]|1[0-9]) (key |main |policy |core )?"
        r"(principles|recommendations|recs|findings|lessons|elements|sections|divisions)\b",
    ),
    ("when", r"^\W*when\b|\bwhen (did|was|were|is)\b|\bwhat (date|day|year|month|time)\b|\bwhich (year|month|day)\b|\bdate of\b|\bwhat time\b"),
    ("who", r"\bwho\b|\bwho['’]?s\b|\bwhose\b|\bwhom\b|\bwhich (person|body|organisation|company|national body|think ?tank|firm)\b|\bname of\b|\bauthors?\b"),
    ("summary", r"\b(sum up|summari[sz]e|summary|overview|in (two|a few|one|three) (lines?|sentences?|words)|main (message|point|argument)s?|what(['’]s| is| are) .{0,40} about\b|gist|headline|key (messages?|points))"),
    ("why", r"\bwhy\b|\bwhat for\b|\breasons?\b|\bpurpose\b"),
)  # fmt: skip
_KIND_PATTERNS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS]

_COMPARE = re.compile(
    r"\b(compar\w+|differ\w*|versus|vs\.?|in common|agree|disagree|contrast\w*|both)\b"
    r"|\bwhich (ones?|reports?|of (the|them|these))\b|\b(do|does) any\b|\bany of (the|them)\b"
    r"|\b(the|these|all|our|four|4|various|different|other) (four |4 )?(reports|papers|documents|studies)\b"
    r"|\b(all four|all of them|across the shelf|any others?|who else|everyone)\b"
    r"|\bwho says\b|\bwhat do they( all)? say\b|\bin any (report|of)\b|\bany reports?\b",
    re.IGNORECASE,
)
_AGAINST_SOURCES = re.compile(
    r"\b(ignore|forget|disregard|bypass|override)\b.{0,30}\b(sources?|instructions?|rules|reports?|prompt|guidelines|above|citations?|everything)\b"
    r"|\b(system|hidden|initial|secret) (prompt|instructions?|message)\b|\byour (prompt|instructions|rules|guidelines)\b"
    r"|\byou are (now|no longer)\b|\bpretend (to be|you|that)\b|\bact as\b|\brole-?play\b|\bjailbreak\b|\bdebug mode\b|\bdeveloper mode\b"
    r"|\b(without|no) (any )?(citations?|sources)\b|\bmake (something|it|one|up)\b.{0,12}\bup\b|\binvent (a|an|some)\b"
    r"|^\W*(say|repeat|write|type|print|output)\b.{0,10}['\"‘“].+['\"’”]"
    r"|\bcite (it|this|that) as\b|\boutput (every|all|your|the)\b.{0,30}\b(documents?|text|full)\b|\bverbatim\b.{0,40}\bdocuments?\b"
    r"|\b(regardless of|instead of|not from|outside) (the |your )?(sources?|reports?|shelf)\b|\bown opinion\b|\byou really think\b",
    re.IGNORECASE,
)  # fmt: skip


def kind_of(question: str) -> Kind:
    """Return what kind of answer a question asks for; the first fitting kind wins."""
    text = plain(question)
    for kind, pattern in _KIND_PATTERNS:
        if pattern.search(text):
            return kind
    return "open"


def scope_of(question: str, named: int) -> Scope:
    """Tell whether a question wants one report's word or several reports' side by side.

    Args:
        question: the standalone question.
        named: how many reports it names.
    """
    if named > 1 and re.search(r"\b(and|or|vs|versus|than|with)\b|,", question.lower()):
        return "compare"
    return "compare" if _COMPARE.search(plain(question)) else "one"


def asks_against_sources(question: str) -> bool:
    """Tell whether a question asks to leave the sources or reveal instructions."""
    return _AGAINST_SOURCES.search(plain(question)) is not None


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = (
    r"\b(\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|dozen|first|inaugural|one)\b"
)
_WANTED = {
    "when": re.compile(rf"\b({_MONTHS})\b|\b(19|20)\d\d\b|\b\d\d[.:]\d\d\b"),
    "how_many": re.compile(_NUMBER, re.IGNORECASE),
    "amount": re.compile(r"£\s?\d|\d\s?(%|per cent|percent|million|billion|bn|m\b|k\b)|\bcost", re.IGNORECASE),
    "contact": re.compile(r"@|https?://|www\.|\b\w+\.org\b|\d{4} ?\d{3}|\b[A-Z]{1,2}\d+\w? \d[A-Z]{2}\b|\bcop(y|ies)\b"),
    "who": re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+\b|^[A-Z][a-z]+ [A-Z][a-z]+\b|\b[A-Z]{2,}\w*\b"),
    "why": re.compile(r"\b(because|so that|so as|in order to|since|to (help|ensure|improve|give|restore|halt|equip|build|understand|avoid|reduce)|reason\w*|aim\w*|purpose|would|helps?|which (will|would|helps?|prevents?))\b", re.IGNORECASE),
}  # fmt: skip


def holds_kind(sentence: str, kind: Kind) -> bool:
    """Tell whether a sentence holds the kind of thing asked for (a date, a name…)."""
    wanted = _WANTED.get(kind)
    return wanted is None or wanted.search(plain(sentence)) is not None
