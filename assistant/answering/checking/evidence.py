"""The evidence check: a sentence is shown only when its cited passages carry it.

What can be told exactly is told here: a sentence that stands in a passage word for word
holds, and of any other every number, date, amount, quotation and name must stand in the
passages or in their reports' details, and a report that it names must be cited
(``rules``). Whether the meaning is carried is for a second reading (``second_reading``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.checking.reports import without_ours
from assistant.answering.checking.rules import missing
from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.text.sentences import split_sentences
from assistant.text.words import plain

# Below this closeness a sentence speaks of something else than its passage.
MIN_SUPPORT = 0.35
_MARKS = " .,;:!?…()|\"'*•"
_STARTS = r"(?:^|[.!?…;:|•][\"')]* ?)[\"'()*, ]*"
_ENDS = r"(?=[\"'(),* ]*(?:[.!?…;:|•]|$))"

Similarity = Callable[[str, Sequence[str]], float]
"""Closeness (0 to 1) of a sentence to the nearest of some texts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: how close the evidence is, and what is missing."""

    support: float
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where the sentence may be shown."""
        return not self.problems


def check_sentence(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    similarity: Similarity,
    *,
    read_again: bool = False,
) -> Verdict:
    """Check one sentence against the passages that it cites.

    Nothing of ours is held against a quotation: what stands in a passage word for word
    holds, whatever source was put into it or behind it.

    Args:
        text: the sentence; citation markers in it are passed over.
        passages: the passages it cites.
        catalogue: the details of every report on the shelf.
        similarity: closeness of meaning; not asked where the words themselves stand.
        read_again: whether a second reading follows.
    """
    bare = strip_markers(text).strip()
    if not passages:
        return Verdict(0.0, ("cites no passage",))
    if is_quotation(bare, passages):
        return Verdict(1.0, ())
    support = support_of(bare, passages, similarity)
    problems = missing(bare, passages, catalogue, read_again=read_again)
    if support < MIN_SUPPORT:
        problems.append("its meaning is not close to the cited passage")
    return Verdict(round(support, 3), tuple(problems))


def support_of(text: str, passages: Sequence[Passage], similarity: Similarity) -> float:
    """Return how close (0 to 1) a sentence is to its passages; 1 where it stands there.

    The source that attribution gives is not part of what must stand there.
    """
    if is_quotation(text, passages):
        return 1.0
    told = [s for p in passages for s in (*split_sentences(p.chunk.text), p.chunk.text)]
    return max(0.0, min(1.0, similarity(text, told)))


def is_quotation(text: str, passages: Sequence[Passage]) -> bool:
    """Tell whether a text is a passage's own: whole sentences, or an item of a list.

    It must stand there sign for sign, between marks that end something: a few words out
    of the middle of a sentence may say the opposite of it.
    """
    for own in (text, without_ours(text, [p.chunk.details for p in passages])):
        spelt = _spelt(own).rstrip(_MARKS)
        for wanted in (spelt.strip(), spelt.strip(_MARKS)):
            whole = _STARTS + re.escape(wanted) + _ENDS
            if wanted and any(re.search(whole, _spelt(p.chunk.text)) for p in passages):
                return True
    return False


def _spelt(text: str) -> str:
    """Return a text in small letters, each line ended by a mark, its bullet taken off."""
    lines = [" ".join(line.split()) for line in plain(text).lower().splitlines()]
    return " ; ".join(line.removeprefix("- ") for line in lines if line)
