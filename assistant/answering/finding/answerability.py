"""Whether the shelf holds an answer: decided on absolute signs, never on fused scores.

The signs are joined by a logistic regression whose weights were fitted on the
development cases (``python -m evals calibrate`` fits them again and prints how well
they part answerable questions from others).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.finding.candidates import Candidate
from assistant.answering.understanding.boundaries import asks_beyond_the_shelf
from assistant.answering.understanding.concepts import coverage, credit_of
from assistant.answering.understanding.forms import numbered_item, role_asked
from assistant.answering.understanding.query import Query
from assistant.words import stem, stems

# The kinds whose answer must hold a thing of a certain form.
_STRICT = ("amount", "how_many", "when", "contact", "page", "names")
# A word that only the questions hold counts as so much unknown.
_ASKED_ONLY = 0.5
_MANY = 3
# A sentence this much below the best does not lend it the form asked for.
_CLOSE = 0.5
_CLOSE_NAMES = 0.3
_WHICH = re.compile(
    r"\b(?:which|what) (?P<noun>[a-z]{4,})\b(?! (should|must|can|does|do|wants?|says?)\b)",
    re.IGNORECASE,
)

_AGE_ASKED = re.compile(r"\b(?:how old|what age)\b", re.IGNORECASE)
_AGE_TOLD = re.compile(
    r"\b(?:aged|born|founded|established|published)\b|\byears old\b", re.IGNORECASE
)


class Signs(NamedTuple):
    """What speaks for and against an answer; each 0 to 1."""

    cosine: float
    """Best cosine of a candidate sentence to the question."""
    together: float
    """Share that the best three sentences cover together."""
    unknown: float
    """Share of the question's weight in words that the shelf does not hold."""
    rarest: float
    """How far the best three sentences hold the question's rarest matter."""
    form: float
    """Whether the best sentences hold the form of thing asked for."""
    beyond: float
    """1 where the question asks what came later or what is so in one place."""
    named: float
    """1 where the question names a report."""
    passage: float
    """Best cosine of a passage, or of a question it is asked as."""
    stranger: float
    """1 where the question names somebody whom no report mentions."""
    silent: float
    """1 where it is about a matter of local government that no report mentions."""
    told: float
    """How many of its matters the reports speak of: none 0, three or more 1."""
    matterless: float
    """1 where it is about nothing but reports, councils and the like."""


# Fitted on the development cases.
WEIGHTS = Signs(
    cosine=1.242,
    together=0.722,
    unknown=-2.813,
    rarest=0.134,
    form=5.428,
    beyond=-5.024,
    named=0.803,
    passage=2.790,
    stranger=-1.591,
    silent=-3.558,
    told=1.144,
    matterless=-1.332,
)
BIAS = -6.764
THRESHOLD = 0.44


def form_held(query: Query, candidates: Sequence[Candidate]) -> float:
    """Tell how well the best sentences hold the form of answer asked for (0 or 1).

    A count needs a number beside the thing counted, an amount a unit of money or a
    percentage, a date a date, an item by number its heading, somebody's age the years;
    and "which towns" needs a shelf that speaks of towns.
    """
    asked = _WHICH.search(query.question)
    if asked is not None:
        noun = stem(asked["noun"].lower())
        for concept in query.concepts:
            if concept.own == (noun,) and not concept.known and not concept.framing:
                return 0.0
    if query.names and _AGE_ASKED.search(query.question):
        return float(any(_AGE_TOLD.search(c.text) for c in candidates[:3]))
    close = _CLOSE_NAMES if query.kind == "names" else _CLOSE
    candidates = [c for c in candidates if c.score >= candidates[0].score - close]
    strict = (
        query.kind in _STRICT
        or numbered_item(query.question) is not None
        or (query.kind == "who" and role_asked(query.question) is not None)
    )
    if not strict or any(c.holds_kind for c in candidates):
        return 1.0
    return 0.0


def read_signs(query: Query, candidates: Sequence[Candidate]) -> Signs:
    """Return the signs of a question's candidates, best first; none gives zeros."""
    best = candidates[:3]
    if not best:
        return Signs(*(0.0 for _ in Signs._fields))._replace(unknown=1.0)
    matters = [concept for concept in query.concepts if not concept.framing]
    rarest = max(matters, key=lambda c: c.weight, default=None)
    total = sum(concept.weight for concept in query.concepts)
    unknown = sum(
        c.weight * (_ASKED_ONLY if c.known else 1.0)
        for c in query.concepts
        if not c.told
    )
    joined = [
        set(stems(" ".join(texts)))
        for texts in (
            [c.text for c in best],
            [c.passage.chunk.section for c in best],
            [" ".join(c.passage.chunk.asked_as) for c in best],
        )
    ]
    return Signs(
        cosine=max(c.cosine for c in best),
        together=coverage(query.concepts, *joined),
        unknown=unknown / total if total else 0.0,
        rarest=credit_of(rarest, *joined) if rarest else 0.5,
        form=form_held(query, candidates),
        beyond=float(query.later or asks_beyond_the_shelf(query.question)),
        named=float(bool(query.named.reports)),
        passage=max(c.passage.cosine for c in best),
        stranger=float(query.strangers),
        silent=float(bool(query.silent_on)),
        told=min(_MANY, sum(c.told for c in matters)) / _MANY,
        matterless=float(not matters),
    )


def answerability(signs: Signs) -> float:
    """Return the fitted probability (0 to 1) that the shelf holds an answer."""
    score = BIAS + sum(w * sign for w, sign in zip(WEIGHTS, signs, strict=True))
    return 1 / (1 + math.exp(-score))
