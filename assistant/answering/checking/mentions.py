"""What a sentence mentions by name or in quotation marks."""

from __future__ import annotations

import re

from assistant.answering.checking.quantities import MONTHS
from assistant.answering.checking.thesaurus import load_thesaurus
from assistant.words import STOP_WORDS, number_value, plain, stem, words

_QUOTED = re.compile(r'"([^"]{2,})"|(?<!\w)\'([^\'].*?[^s\s]|[^\'].*?)\'(?!\w)')
_NAME = re.compile(
    r"\b(?:[A-Z][\w&'-]*|31ten)(?:(?: (?:of|and|for|the|&))* (?:[A-Z][\w&'-]*|31ten))*"
)
_ENDINGS = ("ing", "ed", "ly")
# Capitalised words that open a sentence without naming anybody.
_OPENERS = frozenset(
    stem(word)
    for word in """
    councils council local central government governments authorities leaders ministers
    residents reports report services funding devolution prevention public private
    according however among better greater key new
    """.split()
)


def quotations(text: str) -> list[str]:
    """Return the quoted strings of a text (double, or single around whole words)."""
    found = [double or single for double, single in _QUOTED.findall(plain(text))]
    return [quote.strip(" .,;:!?…") for quote in found if quote.strip(" .,;:!?…")]


def names(text: str) -> list[str]:
    """Return the capitalised names of a text, a plain opening word left out."""
    found = []
    folded = plain(text)
    for match in _NAME.finditer(folded):
        name = match.group().removesuffix("'s").removesuffix("'")
        parts = name.split()
        before = folded[: match.start()].rstrip(" \"'([")
        opening = not before or before[-1] in ".!?:"
        if opening and len(parts) == 1 and _is_common(parts[0]):
            continue
        while parts and (_is_number(parts[0]) or (opening and _is_plain(parts[0]))):
            parts = parts[1:]
            while parts and parts[0] in ("of", "and", "for", "the", "&"):
                parts = parts[1:]
        if parts and not re.fullmatch(r"I(?:'\w+)?", parts[0]):
            found.append(" ".join(parts))
    return found


def _is_number(word: str) -> bool:
    """Tell whether a capitalised word is a number or a month: the numbers' business."""
    lower = word.lower()
    return number_value(lower) is not None or lower in MONTHS


def _is_plain(word: str) -> bool:
    lower = words(word)
    return bool(lower) and (lower[0] in STOP_WORDS or stem(lower[0]) in _OPENERS)


def _is_common(word: str) -> bool:
    """Tell whether a capital letter is only that of the sentence: "Despite", "Using"."""
    key, thesaurus = stem(word.lower()), load_thesaurus()
    known = key in thesaurus.empty or len(thesaurus.same(key)) > 1
    return known or word.endswith(_ENDINGS)
