"""Puts the readings of a question to the shelf, and decides which of them is meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.deciding.decision import load_weights
from assistant.answering.deciding.signs import Signs, holds_any_matter, read_signs
from assistant.answering.retrieval.hybrid import retrieve
from assistant.answering.retrieval.sentences import Candidate, score_sentences
from assistant.answering.switches import is_on
from assistant.answering.understanding.concepts import is_framing
from assistant.answering.understanding.conversation import folded
from assistant.answering.understanding.forms import speaker_asked
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.query import Query
from assistant.index.shelf import Shelf
from assistant.schema import Passage
from assistant.text.words import stem, stems, words

# At most so many readings are searched: the likely ones come first, later ones hardly win.
MOST_READINGS = 4
# What it costs (log-odds) where a section lacks all that a follow-up itself asks.
OWN_WORDS = 3.0
# The same where the reports named hold no word of the matter.
NO_WORD = 1.0
# A word up to this rarity (0 to 1) is wording rather than matter.
COMMON = 0.4


@dataclass(frozen=True)
class Found:
    """What the shelf holds for one reading of a question.

    ``candidates`` are the sentences of the passages, best first; ``chance`` (0 to 1) is
    how likely it is that they answer.
    """

    query: Query
    passages: tuple[Passage, ...]
    candidates: tuple[Candidate, ...]
    signs: Signs
    chance: float

    @property
    def answers(self) -> bool:
        """Whether the shelf is taken to answer."""
        likely = self.chance >= load_weights().answers.of(self.signs)
        return bool(self.candidates) and (likely or not is_on("decision"))

    @property
    def sure(self) -> bool:
        """Whether what is found may be shown as an answer, without a word of doubt."""
        return self.chance >= load_weights().sure.of(self.signs) or not is_on("doubt")

    def of_report(self, report: str) -> tuple[Candidate, ...]:
        """Return the candidates of one report."""
        return tuple(c for c in self.candidates if c.report == report)


def search(query: Query, shelf: Shelf, top_k: int) -> Found:
    """Search for one reading, score its sentences, and say how likely they answer."""
    passages = tuple(retrieve(query, shelf, top_k))
    return judge(query, passages, shelf)


def judge(query: Query, passages: Sequence[Passage], shelf: Shelf) -> Found:
    """Score the sentences of passages, and say how likely they answer."""
    candidates = tuple(score_sentences(query, shelf, passages))
    speaker = speaker_asked(query.asked)
    if speaker and not find_reports(speaker, shelf.details).places:
        # A named speaker's words are his or nobody's.
        own = words(speaker)[-1]
        candidates = tuple(c for c in candidates if own in words(c.text))
    if query.spoken and is_on("whose papers"):
        candidates = tuple(c for c in candidates if _is_theirs(c, query))
    if query.told:
        fresh = tuple(c for c in candidates if not _is_told(c, query))
        candidates = fresh or candidates
    signs = read_signs(query, candidates, shelf)
    vector = shelf.embedder.embed([query.question])[0]
    chance = load_weights().chance(signs, vector, shelf.embedder.name)
    if not candidates:
        return Found(query, tuple(passages), (), signs, 0.0)
    if query.named.reports and not _speaks_of(query, shelf):
        # What is near in wording is hardly an answer: "What does it say on swans?"
        chance = _chance(_log_odds(chance) - NO_WORD)
    if lacking := _lacking_own(query, candidates[0], shelf):
        chance = _chance(_log_odds(chance) - OWN_WORDS * lacking)
    return Found(query, tuple(passages), candidates, signs, chance)


def _speaks_of(query: Query, shelf: Shelf) -> bool:
    """Tell whether the reports named hold a word of the matter, or one known for it."""
    return not query.matters or holds_any_matter(query, shelf, query.reports)


def _is_theirs(candidate: Candidate, query: Query) -> bool:
    """Tell whether a sentence is of the authority spoken of, or stands where it is named."""
    chunk = candidate.passage.chunk
    held = words(f"{chunk.details.title} {chunk.section} {chunk.text}")
    return candidate.report in query.spoken or bool(query.places & set(held))


def _is_told(candidate: Candidate, query: Query) -> bool:
    own = folded(candidate.text)
    return any(own in told or told in own for told in query.told)


def _lacking_own(query: Query, best: Candidate, shelf: Shelf) -> float:
    """Return how much of what a follow-up itself asks the best section lacks (0 to 1).

    The matter that it leans on is found easily, and would hide that.
    """
    if not query.own:
        return 0.0
    chunk = best.passage.chunk
    held = set(stems(" ".join((chunk.section, chunk.text, *chunk.asked_as))))
    held |= {
        own
        for concept in query.concepts
        if any(held.issuperset(other.stems) for other in concept.alternatives)
        for own in concept.own
    }
    rarity = {w: shelf.embedder.rarity(w) for w in query.own if not is_framing(stem(w))}
    lacking = [weight for word, weight in rarity.items() if stem(word) not in held]
    rarest = max(0.0, max(lacking, default=0.0) - COMMON) / (1 - COMMON)
    return rarest * sum(lacking) / (sum(rarity.values()) or 1.0)


def search_readings(queries: Sequence[Query], shelf: Shelf, top_k: int) -> Found:
    """Put all readings to the shelf; what they find decides between them.

    The texts of all are embedded in one batch.
    """
    tried = list(queries)[: MOST_READINGS if is_on("readings") else 1]
    texts = [t for query in tried for t in (query.question, *query.searches)]
    shelf.embedder.embed(list(dict.fromkeys(texts)))
    found = [search(query, shelf, top_k) for query in tried]
    return max(found, key=_worth)


def _worth(found: Found) -> float:
    return _log_odds(found.chance) + found.query.prior


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
