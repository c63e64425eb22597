"""The form of answer that a question asks for, and whether a sentence holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checking.mentions import names
from assistant.answering.understanding.concepts import Concept
from assistant.answering.understanding.question import Kind
from assistant.text.words import STOP_WORDS, plain, stem, stems, words


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


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
        r"[£$€]\s?\d[\d,.]*(\s?(million|billion|bn|m|k)\b)?|[£$€]|\d[\d,.]*\s?%",
        r"\d[\d,.]*\s?(per cent|percent|million|billion|bn|m|k|pounds|euros)\b",
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


# The number of an item of a list counts nothing.
_ITEM_NUMBER = re.compile(r"(?:^|(?<=[;:,.] ))\(?\d{1,2}[.)](?= )")


def holds_kind(sentence: str, kind: Kind, question: str) -> bool:
    """Tell whether a sentence holds the kind of thing asked for (a date, a name…).

    One that the question itself names ("of the 1,500 tablets") is no news, and no answer.
    """
    if (wanted := _HOLDS.get(kind)) is None:
        return True
    given = set(words(question))
    said = _ITEM_NUMBER.sub("", plain(sentence))
    held = [set(words(found.group())) for found in wanted.finditer(said)]
    return any(not found or found - given for found in held)


# The day of a date counts nothing.
_NUMBER = _any(rf"\b{_NUMBER_WORD}\b(?! (?:{_MONTHS})\b)")


def numbers_of(sentence: str) -> list[tuple[int, int]]:
    """Return where the numbers of a sentence stand (character spans)."""
    items = {match.end() - 1 for match in _ITEM_NUMBER.finditer(sentence)}
    vague = ("first", "inaugural", "single")
    return [
        match.span()
        for match in _NUMBER.finditer(sentence)
        if match.group().lower() not in vague and match.end() not in items
    ]


# A number counts for a noun that stands at most this many characters from it.
_NEAR = 45
# "How many people work there?" is answered by a number of colleagues.
_PERSONS = frozenset(
    stems("people staff colleagues employees workers members officers")
)


# The unit of a table's numbers stands in its caption, or nowhere.
_UNITS = frozenset(
    stems(
        "hectares acres miles kilometres metres tonnes litres hours days years pounds"
    )
)


def counts(text: str, noun: str, concepts: Sequence[Concept]) -> bool:
    """Tell whether a number stands near a counted noun or the shelf's word for it."""
    # The head of the phrase is what is counted: "new homes" are homes.
    wanted = {stem(w) for w in [w for w in words(noun) if w not in STOP_WORDS][-1:]}
    for concept in concepts:
        if wanted & set(concept.own):
            wanted |= {s for other in concept.alternatives for s in other.stems}
    if stem("people") in stems(noun):
        wanted |= _PERSONS
    return any(
        wanted & set(stems(text[max(0, start - 10) : end + _NEAR]))
        for start, end in numbers_of(text)
    )


def fits_kind(
    question: str,
    kind: Kind,
    concepts: Sequence[Concept],
    sentence: str,
    headings: Sequence[str],
) -> bool:
    """Tell whether a sentence holds the form of answer that the question asks for.

    Args:
        question: as worded.
        kind: of the question.
        concepts: what it is about.
        sentence: a candidate.
        headings: those above it, the nearest last.
    """
    item = numbered_item(question)
    if item is not None:
        return headings[-1].split(" ")[0].rstrip(".") == item
    if kind == "names":
        return bool(_new_names(question, sentence))
    if kind == "contact" and not _is_of_whom(question, sentence):
        return False
    role = role_asked(question) if kind == "who" else None
    if role is not None and stem(role) not in stems(sentence):
        return False
    noun = counted_noun(question) if kind == "how_many" else None
    if noun is not None and not (" — " in sentence and stem(noun) in _UNITS):
        return counts(sentence, noun, concepts)
    return holds_kind(sentence, kind, question)


def _is_of_whom(question: str, sentence: str) -> bool:
    """Tell whether an address is that of the person asked about, and not another's."""
    people = [words(n) for n in names(question) if len(words(n)) > 1]
    said = set(words(sentence))
    return not people or any(person[-1] in said for person in people)


def _new_names(question: str, sentence: str) -> list[str]:
    """Return the names in a sentence that are news to whoever asked for names."""
    given = set(words(question))
    return [
        name
        for name in names(sentence)
        # Whoever opens a sentence is its speaker ("Ann Example says that…").
        if not sentence.startswith(name)
        and len(parts := words(name)) > 1
        and not set(parts) & given
    ]


_PERSON = r"(?P<{0}>[A-Z][\w’'-]+ (?:[A-Z]\. )?[A-Z][\w’'-]+)"
_SPEAKER = re.compile(
    r"\b(?:do|does|did|has|would) "
    + _PERSON.format("asked")
    + r" (?:ever |also |actually |really )?(?:say|said|think|argue|want|recommend|call|suggest"
    r"|mention|make|comment|describe)\b|\baccording to "
    + _PERSON.format("source")
    + r"\b|\b"
    + _PERSON.format("owner")
    + r"['’]s? (?:view|opinion|position|words|take|comment)s?\b"
)


def speaker_asked(question: str) -> str | None:
    """Return the person whose words a question asks for, by first and last name."""
    found = _SPEAKER.search(question)
    return next((name for name in found.groups() if name), None) if found else None


_SOURCE = r"(?P<{0}>(?:[A-Z][\w’'&-]*|[a-z]{{2,5}})(?: (?:(?:of|for|and|the) )*[A-Z][\w’'&-]*)*)"
_ASKS_A_SOURCE = re.compile(
    r"\b(?:do|does|did|has|have) (?:the )?"
    + _SOURCE.format("asked")
    + r"(?: (?:report|paper|review))? (?:say|said|think|argue|recommend|conclude|claim|suggest"
    r"|advise|estimate|find|found|make of)\b|\baccording to (?:the )?"
    + _SOURCE.format("source")
    + r"|(?:^|\b(?:is|was|are) )(?:the )?"
    + _SOURCE.format("owner")
    + r"(?:['’]s?)? (?:views?|position|stance|verdict|take|analysis|guidance|advice)"
    r" (?:on|of|about)\b"
)
_NO_SOURCE = frozenset("it they he she we you this that one any".split())


def source_asked(question: str) -> str | None:
    """Return whose words a question asks for: a body, a document or a person."""
    found = _ASKS_A_SOURCE.search(question)
    name = next((n for n in found.groups() if n), None) if found else None
    return name if name and name.lower() not in _NO_SOURCE | STOP_WORDS else None
