"""Whether a question is English, as far as it takes to say that another is not read."""

from __future__ import annotations

import re
from collections.abc import Callable

# Function words that tell a language and are no English words.
_OTHER = frozenset(
    """
    que qué qu'est quoi quelle quelles quels los las por para sobre cómo como está según
    und der das ist nicht wie über sagt wer welche welcher zur zum den dem des ein eine
    les est sont dans pour avec une aux au du sur dit dit-il comment pourquoi
    che cosa sono della delle degli nel nella dice perché come il gli
    uma não sobre diz o que os das dos wat hoe zegt niet het een van voor over
    jak czy jest nie się co mówi beth mae yw yn gan am dweud ydy sut pam yr
    """.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = frozenset(
    "the of to and in is are what which who how does do did say says about for on".split()
)


def is_english(text: str, knows: Callable[[str], bool]) -> bool:
    """Tell whether a question is English; a short or doubtful one is taken to be.

    Args:
        text: as typed.
        knows: tells whether a lower-case word is common English.
    """
    told = [w.lower() for w in _WORD.findall(text)]
    if not told:
        return True
    if sum(ord(c) > 0x24F for word in told for c in word) > 3:
        return False
    other = sum(w in _OTHER and w not in _ENGLISH for w in told)
    english = sum(w in _ENGLISH for w in told)
    return not (other >= 2 and other > english)
