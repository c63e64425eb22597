"""Who does what to whom: a claim that swaps the two sides of its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.answering.claims import Token, tokens
from assistant.answering.thesaurus import load_thesaurus, related

# Two sides stand at most this many content words from what they are swapped around.
_REACH = 7
_PASSIVE = frozenset("be been being is are was were".split())
# Function words around which two sides can be swapped.
_PIVOTS = frozenset(
    """
    if then before after because instead than give gives given giving make makes made
    need needs needed use uses used want wants tell tells put puts get gets
    """.split()
)
# "With less red tape, councils could …": what is moved to the front is one block.
_FRONTED = frozenset(
    "if with to in by because despite for unless although when while instead".split()
)
# "A is the way to B" says the same as "B by A".
_TURNED_ROUND = frozenset(
    "way to,means of,means by,route to,path to,key to,thanks to,element of,part of".split(
        ","
    )
)
_INSTEAD = Token("instead", "instead")
_ADVERBS = frozenset("not also never only still already often now fully yet".split())


def swapped(
    sentence: Sequence[Token], evidence: Sequence[str], skip: set[str]
) -> list[str]:
    """Return the words around which the sentence swaps what its evidence says.

    "Councils give the state powers" swaps "the state gives councils powers": in the
    order of the evidence, its words run backwards through "give". Words that are moved
    to the front as one block do not, and a passive may, so it is passed over.

    Args:
        sentence: the words of the claim.
        evidence: the passage sentences that match it best.
        skip: words of names and words that only say who says it.
    """
    found: list[str] = []
    if any(f"{a.word} {b.word}" in _TURNED_ROUND for a, b in pairwise(sentence)):
        return []
    own = _kept(_instead(_without_fronted(sentence)), skip)
    for text in evidence:
        told = _kept(_instead(tokens(text)), skip)
        places = [_places(token, told) for token in own]
        # Other words are a paraphrase, whose order shows nothing.
        exact = all(
            found or not _matters(t) for t, found in zip(own, places, strict=True)
        )
        if not exact or not _same_voice(own, places, told):
            continue
        found += [
            own[middle].word
            for middle, of_middle in enumerate(places)
            if of_middle
            and not _turned_passive(own[middle], [told[i] for i in of_middle])
            and _runs_backwards(own, places, middle)
        ]
    return list(dict.fromkeys(found))


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


def _kept(words: Sequence[Token], skip: set[str]) -> list[Token]:
    return [
        token
        for token in words
        if token.stem
        and token.word not in skip
        and (token.content or token.word in _PIVOTS | _PASSIVE)
    ]


def _places(token: Token, told: Sequence[Token]) -> list[int]:
    if token.word in _PASSIVE:
        return []
    return [i for i, other in enumerate(told) if related(token.stem, other.stem)]


def _is_passive(words: Sequence[Token], place: int) -> bool:
    before = [t.word for t in words[:place] if t.word not in _ADVERBS]
    ends = words[place].word.endswith(("ed", "en", "wn", "lt", "ght", "de"))
    return ends and bool(before) and before[-1] in _PASSIVE


def _turned_passive(token: Token, told: Sequence[Token]) -> bool:
    """Tell whether "scale up" became "scaled up", which turns its sides round."""
    return token.word.endswith("ed") and not any(t.word.endswith("ed") for t in told)


def _same_voice(
    own: Sequence[Token], places: Sequence[list[int]], told: Sequence[Token]
) -> bool:
    return all(
        any(_is_passive(own, i) == _is_passive(told, place) for place in found)
        for i, found in enumerate(places)
        if found
    )


def _runs_backwards(
    own: Sequence[Token], places: Sequence[list[int]], middle: int
) -> bool:
    """Tell whether a word before the middle stands after it in the evidence, and back."""
    left = range(max(0, middle - _REACH), middle)
    right = range(middle + 1, min(len(own), middle + 1 + _REACH))
    low, high = min(places[middle]), max(places[middle])
    moved_on = [
        i for i in left if _matters(own[i]) and places[i] and min(places[i]) > high
    ]
    moved_back = [
        i for i in right if _matters(own[i]) and places[i] and max(places[i]) < low
    ]
    near = [
        (i, j)
        for i in moved_on
        for j in moved_back
        if min(places[i]) - max(places[j]) <= 2 * _REACH
    ]
    return bool(near)


def _matters(token: Token) -> bool:
    return token.content and token.stem not in load_thesaurus().empty
