"""What a sentence says beyond its passages: words that nothing in them accounts for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.checking.claims import Token, accounted, stems_in
from assistant.answering.checking.thesaurus import carries_matter, load_thesaurus
from assistant.words import number_value, plain

# A word of the passage's own field stands at least this near to it in meaning; the
# words of a paraphrase ("laments", "workable") belong to no field and stand further off.
_TOPICAL = 0.19
# So much less near is a sentence to its passage for what nothing accounts for.
_ASTRAY = 0.02
_FAR_OFF = 0.70
# A sentence of which so much stands nowhere is another sentence.
_MOSTLY_NEW = 0.35


_PREFIXES = ("un", "in", "im", "ir", "dis", "non")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The words that nothing accounts for, and those of the sentence that had to be."""

    new: tuple[str, ...]
    wanted: int


def coverage(sentence: Sequence[Token], evidence: str, skip: set[str]) -> Coverage:
    """Return which words of a sentence stand in no form in its evidence.

    Args:
        sentence: its words, the source in brackets taken off.
        evidence: the cited passages with their headings and the reports' details.
        skip: words of names, which are checked by themselves.
    """
    known = stems_in(evidence)
    thesaurus = load_thesaurus()
    wanted = [
        token
        for token in sentence
        if token.content
        and token.word not in skip
        and carries_matter(token.word, token.stem, thesaurus)
        and not token.word.isdigit()
        and number_value(token.word) is None
    ]
    new = [token.word for token in wanted if not _stands(token.stem, known)]
    return Coverage(tuple(dict.fromkeys(new)), len(wanted))


def beyond(
    text: str, found: Coverage, support: float, nearness: Callable[[str], float]
) -> list[str]:
    """Return the words by which a sentence says more than its passages.

    Args:
        text: the sentence, its source in brackets taken off.
        found: what ``coverage`` says of it.
        support: how near the whole sentence is to its passages.
        nearness: closeness of meaning (0 to 1) of a text to the cited passages.
    """
    if not found.new:
        return []
    if len(found.new) >= _MOSTLY_NEW * found.wanted:
        return list(found.new)
    if topical := [word for word in found.new if nearness(word) >= _TOPICAL]:
        return topical
    known = "|".join(re.escape(word).replace("\\ ", "[ -]") for word in found.new)
    without = re.sub(rf"(?i)\b(?:{known})\b\s?", "", plain(text))
    astray = support < _FAR_OFF and nearness(without) - support >= _ASTRAY
    return list(found.new) if astray else []


def _stands(key: str, known: set[str]) -> bool:
    if accounted(key, known):
        return True
    # "unsafe" accounts for "safe": whether it is denied is another check.
    if len(key) > 2 and {f"{p}{key.rstrip('e')}" for p in _PREFIXES} & known:
        return True
    parts = key.split("_")
    return len(parts) > 1 and all(accounted(part, known) for part in parts)
