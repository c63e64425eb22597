"""Capital letters as they stand inside a question: only names keep theirs."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.text.words import STOP_WORDS

IsCommon = Callable[[str], bool]

_NOUN_ENDING = re.compile(
    r"^[a-z-]{5,}(?:ions?|ings?|ments?|it(?:y|ies)|ness|[ae]nces?|ships?|ives?|als?)$"
)

# "UNISON" and "OFSTED" are spoken as names; longer ones are none of letters.
_LONGEST_OF_LETTERS = 5


def common_by(knows_word: IsCommon) -> IsCommon:
    """Return a test for common words: known ones, and nouns of a usual ending."""
    return lambda word: knows_word(word) or _NOUN_ENDING.match(word) is not None


def as_typed(word: str) -> bool:
    """Take no word for a common one: every capital stays."""
    return False


def in_small_letters(text: str, is_common: IsCommon) -> str:
    """Return a title or heading without the capitals that only its place gave it.

    >>> in_small_letters("Devolution deals", lambda word: True)
    'devolution deals'
    """
    words = text.split()
    content = [w for w in words if w[:1].isalpha() and w.lower() not in STOP_WORDS]
    shouted = len(text) > 6 and text.isupper()
    titled = len(content) > 2 and all(word[:1].isupper() for word in content)

    def small(place: int, word: str) -> str:
        bare = word.strip(".,;:()'’")
        ordinary = bare[1:].islower() or (shouted and bare.isupper())
        capital_by_place = place == 0 or titled or shouted
        if capital_by_place and ordinary and is_common(bare.lower()):
            return word.lower()
        # In a title all of capitals a long word that nobody knows is a name.
        named = shouted and bare.isupper() and len(bare) > _LONGEST_OF_LETTERS
        return word.capitalize() if named else word

    return " ".join(small(place, word) for place, word in enumerate(words))
