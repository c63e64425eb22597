"""Who does what to whom: a sentence that puts its evidence's words in other places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.answering.checking.claims import Token, tokens
from assistant.answering.checking.thesaurus import load_thesaurus, related

# Words that follow each other stand at most so far apart in the evidence.
_TOGETHER = 2
_INSTEAD = Token("instead", "instead")
# "With less red tape, councils could …": what is moved to the front is one block.
_FRONTED = frozenset(
    "if with to in by because despite for unless although when while instead".split()
)
# "Localis (2023) recommends that …" and "…, according to Localis" say who says it.
_LEADING_SOURCE = re.compile(
    r"^(?:According to |For |In the view of )?[A-Z0-9][\w']*(?: [A-Z][\w']*)*"
    r"(?:'s [^()]{3,40})? \(\d{4}\),? (?:\w+ (?:that )?)?"
)
_CLOSING_SOURCE = re.compile(
    r",? (?:according to [A-Z][^,;]*|(?:\w+ )?[A-Z0-9]\w+ \(\d{4}\) \w+s)\.?$"
)


_BE = frozenset("be been being is are was were".split())
# "Are given advice by": from the verb to its "by".
_REACH = 7


def parted(text: str, evidence: Sequence[str]) -> float:
    """Return how far (0 to 1) a sentence parts words that stand together.

    "Radical steps to a pragmatic change" parts "pragmatic steps to a radical change",
    and "councils give the state powers" parts "the state gives councils powers": of the
    words that stand side by side in the sentence and stand in its evidence, the share
    that do not follow each other there. A paraphrase moves words too, but has words of
    its own; so the share counts by the third power of that of its words which stand in
    the evidence.

    Args:
        text: the sentence; who says it is taken off at its start and its end.
        evidence: the passage sentences that match it; that with most of its words counts.
    """
    own = _laid_out(_without_fronted(tokens(_without_speaker(text))))
    found = [_places(own, _laid_out(tokens(told))) for told in evidence]
    places = max(found, key=len, default=[])
    neighbours = [
        not 0 < b.there - a.there <= _TOGETHER
        for a, b in pairwise(places)
        if b.here == a.here + 1
    ]
    if not neighbours:
        return 0.0
    share: float = sum(neighbours) / len(neighbours)
    return float(share * (len(places) / len(own)) ** 3)


class _Place(NamedTuple):
    """Where a word stands in the sentence, and where in the evidence."""

    here: int
    there: int


def _places(own: Sequence[Token], told: Sequence[Token]) -> list[_Place]:
    """Find each word in the evidence, where there are several next to the one before."""
    found: list[_Place] = []
    for here, token in enumerate(own):
        theirs = [i for i, other in enumerate(told) if related(token.stem, other.stem)]
        after = found[-1].there + 1 if found else 0
        if theirs:
            there = min(theirs, key=lambda place: abs(place - after))
            found.append(_Place(here, there))
    return found


def _without_speaker(text: str) -> str:
    return _CLOSING_SOURCE.sub("", _LEADING_SOURCE.sub("", text))


def _laid_out(words: Sequence[Token]) -> list[Token]:
    return _kept(_instead(_active(words)))


def _active(words: Sequence[Token]) -> list[Token]:
    """Turn "advice is given by ministers" into "ministers given advice"."""
    spelt = [token.word for token in words]
    by = spelt.index("by") if "by" in spelt else 0
    be = next(
        (i for i in range(by - 2, max(-1, by - _REACH), -1) if spelt[i] in _BE), 0
    )
    if not be:
        return list(words)
    start = next((i + 1 for i in range(be - 1, -1, -1) if not words[i].stem), 0)
    end = next((i for i in range(by, len(words)) if not words[i].stem), len(words))
    turned = [*words[by + 1 : end], *words[be + 1 : by], *words[start:be]]
    return [*words[:start], *turned, *words[end:]]


def _kept(words: Sequence[Token]) -> list[Token]:
    empty = load_thesaurus().empty
    return [
        token
        for token in words
        if token is _INSTEAD or (token.content and token.stem not in empty)
    ]


def _instead(words: Sequence[Token]) -> list[Token]:
    """Put "instead" for "rather than" and "in place of", and into "replace B with A"."""
    found = list(words)
    for phrase in (["rather", "than"], ["instead", "of"], ["in", "place", "of"]):
        size = len(phrase)
        for place in range(len(found) - size, -1, -1):
            if [token.word for token in found[place : place + size]] == phrase:
                found[place : place + size] = [_INSTEAD]
    spelt = [token.word for token in found]
    if "replace" in spelt and "with" in spelt[spelt.index("replace") :]:
        start = spelt.index("replace")
        middle = spelt.index("with", start)
        after, replaced = found[middle + 1 :], found[start + 1 : middle]
        return [*found[:start], *after, _INSTEAD, *replaced]
    return found


def _without_fronted(words: Sequence[Token]) -> list[Token]:
    comma = next((i for i, token in enumerate(words) if token.word == ","), 0)
    fronted = words and words[0].word in _FRONTED
    return list(words[comma + 1 :] if fronted and comma else words)
