"""Whether a sentence in other words is carried by its passages: a judgement on signs.

No single sign shows that a paraphrase says something else. They are joined by a logistic
regression whose weights were fitted on sentence-passage pairs (``python -m evals weigh``
fits them again and prints what they reach by cross-validation).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.answering.checking.claims import Claim
from assistant.answering.checking.coverage import beyond, coverage
from assistant.answering.checking.polarity import (
    degrees,
    denials,
    extents,
    obligations,
    opposed,
    rebound,
)
from assistant.answering.checking.roles import parted
from assistant.answering.checking.rules import Claimed
from assistant.sentences import split_sentences

# More new words than this make no difference.
_MANY_NEW = 4
# What a finding says of words in other places, it says from here on.
_PARTED = 0.3

# Words that only say that somebody says it.
_SAYING = frozenset(
    """
    say says said argue argues argued find finds found note notes noted recommend
    recommends recommended describe describes described advise advises advised want
    wants wanted call calls called ask asks asked hold holds set sets think thinks urge
    urges urged suggest suggests suggested reason reasons report reports according view
    """.split()
)


class Signs(NamedTuple):
    """What speaks against a sentence; 0 or 1 where nothing else is said."""

    distance: float
    """1 less its cosine to the nearest of its passages' sentences."""
    denial: float
    """It denies what they affirm, or the reverse."""
    opposite: float
    """It has the opposite of a word of theirs, or more of what is too much."""
    rebound: float
    """It puts "more" to what they put "less" to."""
    obligation: float
    """It has a "must" or a "may" that they lack."""
    extent: float
    """It claims more than they: "all", "never", "only"."""
    parted: float
    """How far it parts words that stand together there, 0 to 1 (``roles``)."""
    unaccounted: float
    """Share of its words that stand in them in no form."""
    new: float
    """Words that nothing in them accounts for; 0 to 1, four or more are 1."""


WEIGHTS = Signs(
    distance=2.221,
    denial=3.173,
    opposite=2.938,
    rebound=2.386,
    obligation=2.929,
    extent=2.483,
    parted=2.982,
    unaccounted=2.544,
    new=2.418,
)
BIAS = -2.324
# In doubt about a sentence, it is withheld: of the true pairs 12 in 100 are.
THRESHOLD = 0.4


class Judgement(NamedTuple):
    """The signs of a sentence, and those that were found put into words."""

    signs: Signs
    findings: tuple[str, ...]


def read_signs(
    claimed: Claimed,
    nearness: Callable[[str, Sequence[str]], float],
) -> Judgement:
    """Read what speaks against a sentence that keeps to the rules.

    Args:
        claimed: the sentence, taken apart.
        nearness: closeness of meaning (0 to 1) of a text to the nearest of some.
    """
    text, claims, named = claimed.text, claimed.claims, claimed.named
    chunks = [passage.chunk.text for passage in claimed.passages]
    sentences = [sentence for chunk in chunks for sentence in split_sentences(chunk)]
    told = [*sentences, *chunks]
    support = nearness(text, told)
    found = coverage(claimed.sentence, claimed.whole, named | _SAYING)
    new = beyond(text, found, support, lambda one: nearness(one, told))
    small = _small_words(claims, named)
    signs = Signs(
        distance=1 - support,
        parted=parted(text, claimed.evidence),
        unaccounted=len(found.new) / max(1, found.wanted),
        new=min(len(new), _MANY_NEW) / _MANY_NEW,
        **{name: float(bool(what)) for name, what in small.items()},
    )
    findings = [finding for what in small.values() for finding in what]
    if signs.parted >= _PARTED:
        findings.append("it puts the words of the passage in other places")
    findings += [f"nothing in the cited passage accounts for '{word}'" for word in new]
    return Judgement(signs, tuple(dict.fromkeys(findings)))


def _small_words(claims: Sequence[Claim], named: set[str]) -> dict[str, list[str]]:
    """Return, by sign, the small words by which a sentence turns its evidence round."""
    opposite = [
        f"'{key}' is the opposite of what the passage says"
        for claim in claims
        for key in opposed(claim)
    ]
    opposite += [
        f"the passage speaks of too much, not of more: '{key}'"
        for claim in claims
        for key in degrees(claim)
    ]
    return {
        "denial": [
            f"it denies or affirms '{key}' where the passage does not"
            for claim in claims
            for key in denials(claim, named)[:1]
        ],
        "opposite": opposite,
        "rebound": [
            f"the passage has '{key}' the other way round"
            for claim in claims
            for key in rebound(claim)
        ],
        "obligation": [
            f"'{word}' is not how the passage puts it"
            for claim in claims
            if (word := obligations(claim))
        ],
        "extent": [
            f"the passage does not say '{word}' of it"
            for claim in claims
            for word in extents(claim)
        ],
    }


def doubt(signs: Signs) -> float:
    """Return the fitted probability (0 to 1) that the passages do not carry a sentence."""
    score = BIAS + sum(w * sign for w, sign in zip(WEIGHTS, signs, strict=True))
    return 1 / (1 + math.exp(-score))


def is_doubted(signs: Signs) -> bool:
    """Tell whether a sentence is doubted too much to be shown."""
    return doubt(signs) >= THRESHOLD
