"""A sentence as claims: its clauses, each beside the passage sentences it best matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from assistant.answering.checking.thesaurus import load_thesaurus, related
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, plain, stem, words

_PIECE = re.compile(r"[^\W_]+(?:'[a-z]+)?|[,;:()]|\.(?=\s)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
# Where one statement of a sentence ends and the next begins.
_CLAUSE_END = re.compile(
    r"[;:]\s|,?\s(?:and|but|while|whereas|because|although|though|yet)\s(?=\S)"
)
# Fewer words than this are no statement of their own.
_CLAUSE_WORDS = 4
# How near to the best another sentence must match to be evidence as well.
_NEAR_BEST = 0.92
_SYNONYM = 0.5
# A clause is matched by its own words and, less, by the sentence that it stands in.
_WHOLE_SENTENCE = 0.5


class Token(NamedTuple):
    """One word, or a punctuation mark, whose stem is empty."""

    word: str
    stem: str

    @property
    def content(self) -> bool:
        """True where the word is neither a mark nor a function word."""
        return bool(self.stem) and self.word not in STOP_WORDS


@dataclass(frozen=True)
class Claim:
    """A clause of the sentence with the evidence that it must agree with."""

    tokens: tuple[Token, ...]
    evidence: tuple[str, ...]
    """The passage sentences that match it best."""
    sentence: tuple[Token, ...]
    """The words of the whole sentence that it is part of."""


def tokens(text: str) -> list[Token]:
    """Return the words and marks of a text, phrases of the thesaurus joined."""
    return list(_tokens(text))


# A passage is read for every sentence that cites it, and by several checks.
@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    phrases = load_thesaurus().phrases
    # "not-for-profit" denies nothing.
    joined = re.sub(r"(?i)\bnot-for-profit\b", "nonprofit", plain(text))
    joined = _THOUSANDS.sub("", joined)
    for piece in _PIECE.findall(joined):
        if not (parts := words(piece)):
            found.append(Token(piece, ""))
        for word in parts:
            token = Token(word, stem(word))
            if found and (key := f"{found[-1].stem}_{token.stem}") in phrases:
                found[-1] = Token(f"{found[-1].word} {word}", key)
            else:
                found.append(token)
    return tuple(found)


def stems_in(text: str) -> set[str]:
    """Return the stems of a text, of phrases whole and in parts."""
    found = {token.stem for token in tokens(text) if token.stem}
    return found | {part for key in found for part in key.split("_")}


def without_source(text: str) -> str:
    """Return a sentence without the brackets that give its source or year."""
    return re.sub(
        r"\s\((?:[^()]*\b(?:19|20)\d\d\b[^()]*|[^()]*\bdate unknown)\)", "", text
    )


def clauses(text: str) -> list[str]:
    """Return the statements of a sentence; a short piece stays with its neighbour."""
    found: list[str] = []
    start = 0
    for end in (*(m.start() for m in _CLAUSE_END.finditer(text)), len(text)):
        piece = text[start:end]
        rest = text[end:]
        if min(_content(piece), _content(rest) if rest else 99) >= _CLAUSE_WORDS:
            found.append(piece)
            start = end
    if text[start:].strip():
        if found:
            found[-1] += text[start:]
        else:
            found.append(text)
    return found


def _content(text: str) -> int:
    return sum(token.content for token in tokens(text))


def accounted(key: str, evidence: Iterable[str]) -> float:
    """Return how far a stem stands in the evidence: 1 itself, less in other words."""
    known = set(evidence)
    if key in known or any(related(key, other) for other in known):
        return 1.0
    return _SYNONYM if load_thesaurus().same(key) & known else 0.0


def make_claims(
    text: str,
    passages: Sequence[str],
    nearness: Callable[[str, str], float],
    skip: Collection[str] = (),
) -> list[Claim]:
    """Take a sentence apart and find for each clause what it must agree with.

    Args:
        text: the sentence, its source in brackets taken off.
        passages: the texts of the cited passages.
        nearness: closeness of meaning, 0 to 1, of two texts.
        skip: words by which no evidence is found, such as a publisher's name.
    """
    sentences = list(
        dict.fromkeys(s for passage in passages for s in split_sentences(passage))
    )
    whole = tuple(tokens(text))
    parts = [tuple(tokens(clause)) for clause in clauses(text)]
    near = [nearness(text, sentence) for sentence in sentences]
    known = [stems_in(sentence) for sentence in sentences]
    of_whole = [
        _held(whole, stems, skip) + n for stems, n in zip(known, near, strict=True)
    ]
    claims = []
    for part in parts:
        scores = [
            _held(part, stems, skip) + _WHOLE_SENTENCE * score
            for stems, score in zip(known, of_whole, strict=True)
        ]
        best = max(scores, default=0.0)
        evidence = tuple(
            sentence
            for sentence, score in zip(sentences, scores, strict=True)
            if score >= _NEAR_BEST * best
        )
        claims.append(Claim(part, evidence, whole))
    return claims


def _held(part: Sequence[Token], known: set[str], skip: Collection[str]) -> float:
    """Return the share of a part's content words that the stems account for."""
    wanted = [t.stem for t in part if t.content and t.word not in skip]
    return sum(accounted(key, known) for key in wanted) / max(1, len(wanted))
