"""Whether a sentence keeps to the words of the passages that it cites."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.schema import QUOTES_JOINED_BY
from assistant.text.words import STOP_WORDS, stem, words
from evals.cases import Case
from evals.measuring.answers import Answer

_DETAILS = ("title", "publisher", "published", "section")


def evidence_support(case: Case, answer: Answer) -> float | None:
    """Mean share of a sentence's words that stand in the passages it cites.

    K-Precision (Adlakha et al., Evaluating Correctness and Faithfulness of Instruction-
    Following Models for Question Answering, 2024) by sentence, over stems of content
    words; a report's own details count as its words. A sentence with a number that
    stands nowhere in them has 0. Over answered questions; independent of the check that
    the assistant makes itself.
    """
    if answer["outcome"] not in ("answered", "partial") or not answer["sentences"]:
        return None
    cited = {c["number"]: _stems(_basis(c, answer)) for c in answer["citations"]}
    shares = []
    for sentence in answer["sentences"]:
        there = set().union(*(cited.get(n, set()) for n in sentence["citations"]))
        said = _stems(sentence["text"])
        numbers = {word for word in said if word[0].isdigit()}
        kept = len(said & there) / len(said) if said else 1.0
        shares.append(kept if numbers <= there else 0.0)
    return sum(shares) / len(shares)


def _basis(citation: Mapping[str, str], answer: Answer) -> str:
    """Return the passages quoted, and what the citation says of their report."""
    quotes = citation["quote"].split(QUOTES_JOINED_BY)
    passages = [
        passage["text"]
        for passage in answer["passages"]
        if passage["report"] == citation["report"]
        and any(quote in passage["text"] for quote in quotes)
    ]
    details = [str(citation.get(name) or "") for name in _DETAILS]
    return " ".join([*details, *passages])


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOP_WORDS}
