"""A list that an answer gave, so that "the second one" and "next" can be looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.sentences import split_sentences
from assistant.words import number_value, words

_NOUNS = (
    r"principles?|recommendations?|recs?|findings?|lessons?|elements?|sections?|points?"
    r"|steps?|things?|focuses|proposals?|asks?"
)
_LISTED = re.compile(rf"\b(?P<noun>{_NOUNS})\b", re.I)
# Before this stands who lists what: "The principles of A are …", "makes five: …".
_LEAD = re.compile(r"^[^;]*?:\s+|^[^;:]*?\b(?:are|is|include)\b(?: to\b)?\s+")
_AND = re.compile(r"^and\s+", re.I)
_WHOLE = re.compile(r"[.!?][\"'”’)\]]*$")
_LAST_BREAK = re.compile(r",? and (?=[^,]*$)")
_SINGULAR = {"recs": "recommendation", "rec": "recommendation", "focuses": "focus"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list spoken of: what its items are called, and what they say."""

    noun: str
    items: tuple[str, ...] = ()
    report: str | None = None


def noun_listed(text: str) -> str | None:
    """Return what a question lists or an answer counts, in the singular; or None."""
    found = _LISTED.search(text)
    if found is None:
        return None
    noun = found["noun"].lower()
    return _SINGULAR.get(noun, noun.removesuffix("s"))


def items_listed(text: str) -> tuple[str, ...]:
    """Return the items of the first list in an answer; empty where it gives none.

    Items are told apart by semicolons, or by commas where a number before them says how
    many there are. A sentence that was cut off gives none.

    >>> items_listed("It makes three asks: more money, more time and trust.")
    ('more money', 'more time', 'trust')
    """
    for sentence in split_sentences(text):
        if not _WHOLE.search(sentence):
            continue
        body = _LEAD.sub("", sentence, count=1) if ";" in sentence else sentence
        if body.count(";") > 1 and "(" not in body.split(";")[0]:
            return _tidied(body.split(";"))
        lead, _, after = sentence.partition(":")
        items = _tidied(_LAST_BREAK.sub(", ", after).split(","))
        if str(len(items)) in {_number(word) for word in words(lead)}:
            return items
    return ()


def _number(word: str) -> str | None:
    return word if word.isdigit() else number_value(word)


def _tidied(items: list[str]) -> tuple[str, ...]:
    texts = (_AND.sub("", item.strip()).strip(" .!?") for item in items)
    return tuple(text for text in texts if words(text))
