"""Words as the house compares them: tokens, stems, stop-words, numbers, spelling.

Everything here is a pure function of text; nothing is learnt from a corpus.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

_STEMMER = Stemmer.Stemmer("english")

# Where the algorithm joins what differs in this sector, or parts what is one.
_STEM_EXCEPTIONS = {
    "authority": "authorit",
    "authorities": "authorit",
    "councillor": "councillor",
    "councillors": "councillor",
    "governance": "governance",
    "publisher": "publisher",
    "publishers": "publisher",
    "wrote": "write",
    "written": "write",
    "paid": "pay",
    "spent": "spend",
    "led": "lead",
    "built": "build",
    "data": "data",
    "ageing": "age",
    "aging": "age",
}

# Function words, and words that a question is asked with: they say nothing of the matter.
STOP_WORDS = frozenset(
    """
    a about across after again all also although am among an and any are around as at be
    because been before being between both but by can could did do does doing done during
    each either else ever every few for from further get gets getting give gives given go
    going got had has have having he her here hers him his how however i if in into is it
    its itself just know let like lot made make makes making many may me might more most
    much must my need needs no nor not now of off on once one ones only or other others
    our ours out over own per please put rather really same say saying says said see she
    should so some something still such tell than that the their theirs them then there
    these they thing things this those though through to too under until up upon us use
    used using very want wants was way we well were what when where whether which while
    who whom whose why will with within without would yes yet you your yours
    s t d ll m re ve don doesn didn isn aren wasn weren won hasn haven couldn shouldn wouldn
    hi hello thanks thank ok okay btw quick quickly briefly exactly actually anything
    anyone someone somebody anybody nothing everything mean means meant
    """.split()
)

_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    word: str(value)
    for value, word in zip(
        range(30, 100, 10),
        "thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
_NUMBER_WORDS |= {"dozen": "12", "hundred": "100", "thousand": "1000"}

_QUOTES = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": None, "\u00ad": None,
    }
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def plain(text: str) -> str:
    """Fold the many quotes, dashes, spaces and compatibility forms into one of each."""
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)


def words(text: str) -> list[str]:
    """Return the lower-case words of a text, possessive 's taken off, accents folded."""
    return list(_words(text))


# A passage is read again for each sentence that cites it.
@lru_cache(maxsize=4_000)
def _words(text: str) -> tuple[str, ...]:
    folded = plain(text).lower()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = folded.replace("e-mail", "email").replace("think-tank", "think tank")
    return tuple(word.removesuffix("'s") for word in _WORD.findall(folded))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Porter2 stem of one lower-case word; a number word gives its digits."""
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    if word in _STEM_EXCEPTIONS:
        return _STEM_EXCEPTIONS[word]
    return str(_STEMMER.stemWord(word.replace("'", "")))


def stems(text: str) -> list[str]:
    """Return the stems of all words in order, stop-words included."""
    return [stem(word) for word in words(text)]


def content_words(text: str) -> list[str]:
    """Return the words that carry the matter, in order, each once."""
    return list(dict.fromkeys(w for w in words(text) if w not in STOP_WORDS))


def content_stems(text: str) -> set[str]:
    """Return the stems of the words that carry the matter."""
    return {stem(word) for word in content_words(text)}


def number_value(word: str) -> str | None:
    """Return the digits that a number word stands for, or None."""
    return _NUMBER_WORDS.get(word.lower())
