"""Papers that a question names in part, by their kind: "the placement policy", "the parks one"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.switches import is_on
from assistant.answering.understanding.concepts import is_framing
from assistant.answering.understanding.naming_phrases import DOCUMENTS, NOUNS
from assistant.schema import ReportDetails
from assistant.text.words import STOP_WORDS, stem, words

# A name of more words is hardly one: "the report on …" is not read here.
_LONGEST = 5


def find_kind(
    text: Sequence[str], catalogue: Sequence[ReportDetails], taken: set[int]
) -> list[str]:
    """Return the report that is called by some words of its title and its kind.

    All telling words before the kind stand in its title or its publisher's name, and in
    those of no other paper. Their places are added to ``taken``. An empty list where
    nothing is called so.
    """
    if not is_on("papers by kind"):
        return []
    for last, word in enumerate(text):
        if word not in DOCUMENTS | NOUNS or last in taken:
            continue
        first = last
        while first and text[first - 1] not in STOP_WORDS | {"new"}:
            first -= 1
        told = [stem(w) for w in text[first:last]]
        if not 0 < len(told) < _LONGEST or all(map(is_framing, told)):
            continue
        found = {d.report for d in catalogue if _is_called(d, told, word)}
        if len(found) == 1:
            taken.update(range(first, last + 1))
            return list(found)
    return []


def _is_called(details: ReportDetails, told: Sequence[str], kind: str) -> bool:
    title = {stem(w) for w in words(f"{details.title} {details.subtitle or ''}")}
    publisher = {stem(w) for w in words(details.publisher)}
    own = [w for w in told if w in title and not is_framing(w)]
    return (
        (kind in NOUNS or stem(kind) in title)
        and {*told} <= title | publisher
        and bool(own)
    )
