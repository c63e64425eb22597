"""What a sentence says beyond its passages: words that nothing in them accounts for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering.claims import Token, accounted, stems_in, tokens
from assistant.answering.thesaurus import carries_matter, load_thesaurus
from assistant.words import number_value

# A word this near in meaning to a word of the passage is taken for another form of it.
_SAME_WORD = 0.62


def unaccounted(
    sentence: Sequence[Token],
    evidence: str,
    skip: set[str],
    nearness: Callable[[str, Sequence[str]], float],
) -> list[str]:
    """Return the words of a sentence that stand in no form in its evidence.

    Args:
        sentence: its words, the source in brackets taken off.
        evidence: the cited passages with their headings and the reports' details.
        skip: words of names, which are checked by themselves.
        nearness: closeness of meaning (0 to 1) of a word to the nearest of some words.
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
        and not _stands(token.stem, known)
    ]
    if not wanted:
        return []
    told = sorted({token.word for token in tokens(evidence) if token.content})
    return [token.word for token in wanted if nearness(token.word, told) < _SAME_WORD]


def _stands(key: str, known: set[str]) -> bool:
    if accounted(key, known):
        return True
    parts = key.split("_")
    return len(parts) > 1 and all(accounted(part, known) for part in parts)
