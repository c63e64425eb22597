"""What a standalone question asks for: its kind, its scope, and what it must not get."""

from __future__ import annotations

import re
from typing import Literal

from assistant.sentences import split_sentences
from assistant.words import plain

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
    "contact": _any(
        r"\b(e-?mails?|phone|telephone|mobile|postal|contacts?|url|link|download)\b",
        r"\b(office|web|email|an|the|what|whose|['’]s) address\b|\bring (up |someone)",
        r"\b(hard|paper|printed|get a|get hold of a) cop|\bcopy of\b|\bwrite to\b",
    ),
    "amount": _any(
        r"\bhow much (money|funding|cash|would|will|is|was|were|are|can|could|should|did)\b",
        r"\bhow much (does|do) .{1,30}\b(cost|pay|spend|get)\b",
        r"\b(what|the) (cost|price|amount|sum)\b|\bpounds\b|\bper ?cent(age)?\b|[£%]",
        r"\bwhat did .{1,30}\b(pay|spend|contribute|put in)\b",
    ),
    "how_many": _any(
        r"\bhow (many|long|old)\b|\b(what|the) number of\b|\b(shortest|minimum)\b"
    ),
    "list": _any(
        r"\b(list|enumerate|bullets?)\b|\b(full|whole|complete) (set|list)\b",
        rf"\b(all|every) (of )?(the |its |their |key )?({_COUNT} )?(\w+ )?({_ITEMS[1:-1]}"
        r"|recommendation|finding|lesson|principle|element|them)\b",
        rf"\b(what|which|name|give|tell|set out)\b.{{0,40}}\b{_ITEMS}\b",
        rf"\b{_COUNT} (key |main |policy |core )?({_ITEMS[1:-1]}|things|pieces|ideas)\b",
        r"\bone by one\b|\bin turn\b",
        rf"\ball {_COUNT}\b(?! (reports|papers))",
    ),
    "when": _any(
        r"\bwhen\b(?= (did|was|were|is|does|will))|^\W*when\b|\bdate of\b",
        r"\b(what|which) (time|date|day|year|month)\b",
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
    r"\b(compar\w+|differ\w*|versus|vs\.?|in common|agree|disagree|contrast\w*|both)\b",
    r"\bwhich (ones?|reports?|of (the|them|these))\b|\b(do|does) any\b|\bany of (the|them)\b",
    r"\b(the|these|all|our|various|different|other|across) ((four|4|two|three|other) )?"
    r"(reports|papers|documents|studies)\b",
    r"\b(all (four|4)|all of them|the shelf|(any|the) others?|who else|everyone)\b",
    r"\bthe same thing\b|\b(two|three) of (these|them|the)\b|\bset .{1,60}\b(beside|against)\b",
    r"\bwho says\b|\bwhat do they( all)? say\b|\bany reports?\b|\beach (report|of)\b",
)
# Whoever prepares for a meeting wants to hear every report that speaks on the matter.
_BRIEFING = _any(
    r"\b(talking points?|points on|(our|a|the|my) (line|position|steer) on"
    r"|what (can|should|could|do) (i|we) (say|tell)|anything (useful )?on|what do i tell"
    r"|brief(ing)?( me| note)? on|paragraph on|steer on)\b"
)
_BRIEF_ON = re.compile(
    r"^\W*(?:please |a |quick |short |half-page )*(?:brief(?:ing)?|note|paragraph)\b.{0,20}\bon\b",
    re.IGNORECASE,
)
_OTHERS = _any(r"\b(other|the) reports\b|\b(any|the) others?\b|\bcompare")
_AGAINST_SOURCES = _any(
    r"(^|[.?!;:,]\s*|\b(please|now|then|just|must|you (can|should|may|will)) )"
    r"(ignore|forget|disregard|bypass|override|drop)\b.{0,30}\b(sources?"
    r"|instructions?|rules|reports?|prompt|guidelines|above|citations?|everything|previous)\b",
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
    r"\b(respon(se|d|ded|ds)|react(s|ed|ion|ions)?|repl(y|ied))\b",
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
_COUNTED = re.compile(
    r"\bhow many (?P<noun>[\w' -]+?)(?= (?:are|is|were|was|did|does|do|has|have|had|can"
    r"|should|would|will|there|in|on|at|of|for|to|the|made|make|got|come|came)\b|[?.,!]|$)",
    re.IGNORECASE,
)
_NO_NOUN = ("", "are", "is", "were", "was", "do", "does", "did", "of", "have", "has")
_LONG_IN = re.compile(r"\bhow long\b.* in (?P<noun>pages|words)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:recommendation|principle|lesson|finding|element|rec)s? "
    r"(?:number |no\.? ?|#)?(?P<number>\d{1,2})\b",
    re.IGNORECASE,
)

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORD = (
    r"(\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|dozen|first|inaugural|single)"
)
_HOLDS: dict[Kind, re.Pattern[str]] = {
    "page": re.compile(r"\bpages? (\d|[ivxl]+\b)", re.IGNORECASE),
    "when": re.compile(rf"\b({_MONTHS})\b|\b(19|20)\d\d\b|\b\d\d[.:]\d\d\b"),
    "how_many": _any(rf"\b{_NUMBER_WORD}\b"),
    "amount": _any(
        r"[£$€]\s?\d|\d\s?%|\d\s?(per cent|percent|million|billion|bn|m|k)\b"
    ),
    "contact": re.compile(
        r"@|https?://|www\.|\w\.(org|gov|co)\b|\d{4} ?\d{3}|\b[A-Z]{1,2}\d+\w? \d[A-Z]{2}\b"
    ),
    "names": re.compile(r"(?!x)x"),
    "who": re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b|\b[A-Z]{2,}\w*\b"),
    "why": _any(
        r"\b(because|so that|so as|in order to|since|reason\w*|aim\w*|purpose|would|helps?)\b",
        r"\bto (help|ensure|improve|give|restore|halt|equip|build|understand|avoid|reduce)\b",
        r"\bwhich (will|would|helps?|prevents?|wants?)\b",
    ),
}


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
    r"\bfor (?:the|a|an|my|our|some) (?:\w+ )?(?:leaders?|councillors?|members?|directors?"
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


def kind_of(question: str) -> Kind:
    """Return what kind of answer a question asks for."""
    text = plain(question)
    if _BRIEF_ON.match(text):
        return "open"
    return next((kind for kind, p in _KINDS.items() if p.search(text)), "open")


def scope_of(question: str, named: int) -> Scope:
    """Tell whether a question wants one report's word or several side by side.

    Args:
        question: the standalone question.
        named: how many reports it names.
    """
    joined = re.search(
        r"\b(and|or|vs|versus|than|with|both|beside|alongside|against)\b|,",
        question.lower(),
    )
    if named > 1 and joined:
        return "compare"
    if named == 0 and _BRIEFING.search(question):
        return "compare"
    if named == 1:
        return "compare" if _OTHERS.search(question) else "one"
    return "compare" if _COMPARE.search(plain(question)) else "one"


def asks_against_sources(question: str) -> bool:
    """Tell whether a question asks to leave the sources or reveal instructions."""
    return _AGAINST_SOURCES.search(plain(question)) is not None


def asks_beyond_the_shelf(question: str) -> bool:
    """Tell whether a question asks what came later, or what is so in one place."""
    return _BEYOND_THE_SHELF.search(plain(question)) is not None


def counted_noun(question: str) -> str | None:
    """Return what a "how many" question counts, as typed: ``new homes``."""
    found = _COUNTED.search(plain(question)) or _LONG_IN.search(plain(question))
    noun = found["noun"].strip() if found else ""
    # "Of the recommendations, how many are aimed at us?" names no noun there.
    return None if noun.split(" ")[0] in _NO_NOUN else noun


_ROLE = re.compile(
    r"\bwho(?:['’]?s| is| was| are| were)?(?: (?:the|a|an|current|new|present))* "
    r"(?P<role>ministers?|secretar(?:y|ies)|mayors?|chairs?|chairman|chairwoman|treasurers?"
    r"|presidents?|mps?|inspectors?|commissioners?|sheriffs?)\b",
    re.IGNORECASE,
)


def role_asked(question: str) -> str | None:
    """Return the office whose holder a question asks for: ``minister``."""
    found = _ROLE.search(plain(question))
    return found["role"].lower() if found else None


def numbered_item(question: str) -> str | None:
    """Return the number of the one item that a question asks for, as digits."""
    found = _NUMBERED.search(plain(question))
    return found["number"] if found else None


def holds_kind(sentence: str, kind: Kind) -> bool:
    """Tell whether a sentence holds the kind of thing asked for (a date, a name…)."""
    wanted = _HOLDS.get(kind)
    return wanted is None or wanted.search(plain(sentence)) is not None


def numbers_of(sentence: str) -> list[tuple[int, int]]:
    """Return where the numbers of a sentence stand (character spans)."""
    found = re.finditer(rf"\b{_NUMBER_WORD}\b", sentence, re.IGNORECASE)
    vague = ("first", "inaugural", "single")
    return [match.span() for match in found if match.group().lower() not in vague]
