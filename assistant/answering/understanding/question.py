"""What a standalone question asks for: its kind, and of how many reports."""

from __future__ import annotations

import re
from typing import Literal

from assistant.answering.switches import is_on
from assistant.text.words import plain

Kind = Literal[
    "page",
    "names",
    "contact",
    "amount",
    "how_many",
    "list",
    "when",
    "who",
    "summary",
    "why",
    "open",
]
Scope = Literal["one", "compare"]

_ITEMS = (
    r"(principles|recommendations|recs|findings|lessons|elements|bits|sections|divisions"
    r"|steps|requirements|asks|proposals|pillars|themes|focuses|strands)"
)
_COUNT = (
    r"(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[2-9]|1\d)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# The first kind that fits wins.
_KINDS: dict[Kind, re.Pattern[str]] = {
    "page": _any(r"\b(which|what) pages?\b|\bpage number\b"),
    "names": _any(
        r"\b(which|name|names of|named) (the |specific |particular |other |individual )*"
        r"(councils?|authorities|chief exec\w*|directors|towns?|cities|places|regions|mps?"
        r"|ministers?|companies|firms|people|participants|attendees)\b"
        r"(?! (should|do|need|must|have to|can|are (meant|told|asked|expected|supposed))\b)",
        r"\bwhere (was|were)\b|\b(i need|give me|any|the) names\b|\bnamed councils\b",
    ),
    "when": _any(
        r"\bwhen\b(?= (did|was|were|is|does|will))|^\W*(since )?when\b|\bdate of\b",
        r"\b(what|which) (time|date|day|year|month)\b",
    ),
    "contact": _any(
        r"\b(e-?mails?|phone|telephone|mobile|postal|contacts?|url|link|download)\b",
        r"\b(office|web|email|an|the|what|whose|['’]s) address\b|\bring (up |someone)"
        r"|\b(who|whom) (do|should|can|could|would|must) (i|we) (ring|call|ask|speak|talk)\b",
        r"\b(hard|paper|printed|get a|get hold of a) cop|\bcopy of\b|\bwrite to\b",
    ),
    "amount": _any(
        r"\bhow much (money|funding|cash|would|will|is|was|were|are|can|could|should|did)\b",
        r"\bhow much (does|do) .{1,30}\b(cost|pay|spend|get)\b",
        r"\bhow expensive\b"
        r"|\bwhat (salary|pay|wage|fee|rate|budget|percentage|proportion|share|per ?cent|sum)\b"
        r"|\bwhat \w+ (rate|fee|cost|saving|charge)s?\b|\bwhat .{0,30}\bcosts?\b",
        r"\b(what|the) (cost|price|amount|sum)\b|\bpounds\b|\bper ?cent(age)?\b|[£%]",
        r"\bwhat did .{1,30}\b(pay|spend|contribute|put in)\b",
    ),
    "how_many": _any(
        r"\bhow (many|much|long|old)\b|(\b(what|the) |^\W*)number of\b"
        r"|\b(shortest|minimum)\b",
        r"\bhow (large|big|small|high) (a|an|is|are|was|were|would|will)\b",
    ),
    "list": _any(
        # No "waiting list": what is listed follows, or the list is a whole one.
        r"\b(enumerate|bullets?|list(?= (of|the|all|every|each|out|them|its|their)\b))\b"
        r"|\b(as a|full|whole|complete|a) list\b|^\W*list\b|\b(full|whole|complete) set\b",
        rf"\b(all|every) (of )?(the |its |their |key )?({_COUNT} )?(\w+ )?({_ITEMS[1:-1]}"
        r"|recommendation|finding|lesson|principle|element|them)\b",
        rf"\b(what|which|name|give|tell|set out)\b.{{0,40}}\b{_ITEMS}\b",
        rf"\b{_COUNT} (key |main |policy |core )?({_ITEMS[1:-1]}|things|pieces|ideas)\b",
        r"\bone by one\b|\bin turn\b",
        rf"\ball {_COUNT}\b(?! (reports|papers))",
    ),
    "who": _any(
        r"\b(who|who['’]?s|whose|whom)\b(?! (should|must|could|can|would|might|needs?)\b)",
        r"\bname of\b|\bauthors?\b",
        r"\bwhich (person|body|organisation|company|\w+ body|think ?-?tank|firm)\b",
    ),
    "summary": _any(
        r"\b(sum(s|med|ming)? up|summari[sz]e|overview|gist|headline)\b",
        r"\bsummary\b(?! (says?|states?|claims?|calls?)\b)",
        r"\bin (a|one|two|three|a few) (lines?|sentences?|words|nutshell)\b",
        r"\b(main|key) (message|point|argument|thrust)s?\b",
        r"\bwhat(['’]s| is| are)? .{0,40} (about|say overall)\W*$",
    ),
    "why": _any(r"\bwhy\b|\bwhat for\b|\breasons?\b|\bpurpose\b"),
}

_COMPARE = _any(
    r"\b(compar\w+|differ\w*|versus|vs?\.?|in common|agree|disagree|contrast\w*|both)\b",
    r"\bwhich (ones?|reports?|of (the|them|these))\b|\b(do|does) any\b|\bany of (the|them)\b",
    r"\b(the|these|all|our|various|different|other|across) ((four|4|two|three|other) )?"
    r"(reports|papers|documents|studies)\b",
    r"\b(all (four|4)|all of them|the shelf|(any|the) others|any other|who else|everyone)\b",
    r"\bthe same thing\b|\b(two|three) of (these|them|the)\b|\bset .{1,60}\b(beside|against)\b",
    r"\bwho says\b|\bwhat do they( all)? say\b|\bany reports?\b|\beach (report|of)\b",
)
_OTHERS = _any(r"\b(other|the) reports\b|\b(any|the) others?\b|\bcompare")


def kind_of(question: str) -> Kind:
    """Return what kind of answer a question asks for."""
    text = plain(question)
    if not is_on("kind of answer"):
        return "open"
    return next((kind for kind, p in _KINDS.items() if p.search(text)), "open")


def scope_of(question: str, named: int) -> Scope:
    """Tell whether a question wants one report's word or several side by side.

    Args:
        question: the standalone question.
        named: how many reports it names.
    """
    joined = re.search(
        r"\b(and|or|vs?|versus|than|with|both|beside|alongside|against)\b|,",
        question.lower(),
    )
    if named > 1 and joined:
        return "compare"
    if named == 1:
        return "compare" if _OTHERS.search(question) else "one"
    return "compare" if _COMPARE.search(plain(question)) else "one"
