"""Where reports agree and differ, as far as code can tell: it says little, and only that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from assistant.answering.checking.reports import without_ours
from assistant.briefing.pack import Statement
from assistant.index.embeddings import Embedder
from assistant.schema import ReportDetails
from assistant.text.words import STOP_WORDS, content_stems, stem, stems, words

# Above this cosine two sentences, their speakers taken off, are about the same thing.
_ALIKE = 0.80
_ON_THE_SAME = 0.65
# Share of content words that two sentences must have in common to be set as opposites.
_SHARED = 0.5
# What follows one of these, so many words of it, is denied.
_NOT = frozenset("not no never neither nor cannot without".split())
_DENIED = 4
# Words that set one thing two ways; of two on the same matter.
_OPPOSITES = (
    "more less", "increase reduce", "increase cut", "raise lower", "rise fall",
    "expand narrow", "widen narrow", "support oppose", "keep abolish",
    "centralise devolve", "always never",
)  # fmt: skip
_OPPOSED = {
    (stem(a), stem(b))
    for a, b in (pair.split() for pair in _OPPOSITES)
    for a, b in ((a, b), (b, a))
}
AGREES = "Says much the same as {name}."
DIFFERS = "Sets “{word}” the other way round from {name}."


def stand_beside(
    said: Mapping[str, Sequence[Statement]],
    names: Mapping[str, str],
    catalogue: Sequence[ReportDetails],
    embedder: Embedder,
) -> dict[str, tuple[str, ...]]:
    """Return for each report how it stands to the others, where that is certain.

    Two sentences that say nearly the same agree; of two on the same matter that share
    half their words, one that denies or reverses what the other says differs. All else
    is left untold.
    """
    skip = {w for d in catalogue for w in words(f"{d.publisher} {d.title}")}
    texts = {
        s.text: _bare(_without_source(s, catalogue), skip)
        for own in said.values()
        for s in own
        if s.sources
    }
    if len(said) < 2 or not texts:
        return {}
    vectors = dict(zip(texts, embedder.embed(list(texts.values())), strict=True))
    found: dict[str, dict[str, None]] = {}
    for one, other in combinations(said, 2):
        for left in said[one]:
            for right in said[other]:
                near = float(vectors[left.text] @ vectors[right.text])
                told = _told(texts[left.text], texts[right.text], near)
                if told is not None:
                    for here, there in ((one, other), (other, one)):
                        line = told.replace("{name}", names[there])
                        found.setdefault(here, {})[line] = None
    return {report: tuple(lines) for report, lines in found.items()}


def _without_source(said: Statement, catalogue: Sequence[ReportDetails]) -> str:
    cited = {source.report for source in said.sources}
    return without_ours(said.text, [d for d in catalogue if d.report in cited])


def _bare(text: str, skip: set[str]) -> str:
    """Return a sentence without the names of reports and publishers."""
    kept = [w for w in text.split() if not _is_name(w, skip)]
    return " ".join(kept)


def _is_name(word: str, skip: set[str]) -> bool:
    parts = words(word)
    capital = word[:1].isupper() or word[:1].isdigit()
    return capital and bool(parts) and set(parts) <= skip - STOP_WORDS


def _told(left: str, right: str, near: float) -> str | None:
    if near < _ON_THE_SAME:
        return None
    own, other = map(content_stems, (left, right))
    shared = len(own & other) / max(1, min(len(own), len(other)))
    if reversed_words := _reversed(left, right):
        told = DIFFERS.replace("{word}", reversed_words[0])
        return told if shared >= _SHARED else None
    return AGREES if near >= _ALIKE else None


def _reversed(left: str, right: str) -> list[str]:
    """Return the words that one sentence denies or puts the other way, and one does not."""
    own, other = stems(left), stems(right)
    denied, told = _denied(left), _denied(right)
    found = [w for w in own if w in other and (w in denied) != (w in told)]
    return found + [
        one
        for one in own
        if any((one, two) in _OPPOSED and two not in own for two in other)
        and one not in other
    ]


def _denied(text: str) -> set[str]:
    """Return the stems of the words that stand behind a denial."""
    found: set[str] = set()
    left = 0
    for word in words(text):
        if word in _NOT or word.endswith("n't"):
            left = _DENIED
        elif left and word not in STOP_WORDS:
            found.add(stem(word))
            left -= 1
    return found
