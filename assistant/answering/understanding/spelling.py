"""Corrects typing errors towards the words of the shelf, and leaves real words alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.answering.switches import is_on
from assistant.text.words import STOP_WORDS

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]{3,}")


def _allowed(length: int) -> int:
    return 1 if length < 8 else 2


def _is_english(word: str, knows: Callable[[str], bool]) -> bool:
    """Tell whether a word or what it is inflected from is common English."""
    forms = [word]
    for ending, put in (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ing", "")):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            stem = word[: -len(ending)]
            forms += [stem + put, stem + "e"]
    return any(knows(form) for form in forms)


def correct_word(
    word: str, vocabulary: Mapping[str, int], is_english: Callable[[str], bool]
) -> str:
    """Return the shelf's word that a lower-case word was meant to be, or the word.

    A word is changed only when neither the shelf nor common English knows it, and a
    shelf word of the same first letter stands one edit away (two from eight letters
    on; a transposition is one edit: optimal string alignment, Damerau 1964).
    """
    if word in vocabulary or word in STOP_WORDS or _is_english(word, is_english):
        return word
    likely = [w for w in vocabulary if w[:1] == word[:1] and len(w) > 3]
    found = process.extract(
        word,
        likely,
        scorer=OSA.distance,
        score_cutoff=_allowed(len(word)),
        limit=5,
    )
    if not found:
        return word
    # Of equally near words the one that the shelf uses most.
    return str(min(found, key=lambda hit: (hit[1], -vocabulary[hit[0]]))[0])


def correct_spelling(
    text: str, vocabulary: Mapping[str, int], is_english: Callable[[str], bool]
) -> str:
    """Return the text with its typing errors corrected, all else as it was."""
    if not is_on("spelling"):
        return text

    def fix(match: re.Match[str]) -> str:
        typed = match.group()
        lower = typed.lower().replace("’", "'")
        base = lower.removesuffix("'s")
        fixed = correct_word(base, vocabulary, is_english)
        if fixed == base:
            return typed
        return fixed + lower[len(base) :]

    return _WORD.sub(fix, text)
