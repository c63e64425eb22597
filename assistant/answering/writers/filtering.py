"""The filter: a sentence of a model passes when the passages it cites carry it.

What passes gets publisher and year where it lacks them. A lead-in such as "Localis
recommends:" cites nothing itself: it is read together with the item that follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.attribution import attribute
from assistant.answering.checking.evidence import (
    Verdict,
    check_sentence,
    is_quotation,
)
from assistant.answering.checking.orders import addresses_assistant
from assistant.answering.citations import resolve_markers, strip_markers
from assistant.answering.closeness import Closeness
from assistant.answering.units import Checked, Unit
from assistant.answering.writers.tidying import plain_text, unfit, with_report_named
from assistant.schema import Passage, ReportDetails
from assistant.text.sentences import split_sentences
from assistant.text.words import number_value, words

# More passages than this cannot carry a sentence together: one of them must alone.
MOST_TOGETHER = 3
# Of several that could each carry it, those stay that are nearly as close as the closest.
_NEAR_BEST = 0.9

NO_CITATION = "it cites no passage"
WRONG_NUMBER = "it cites a number that no passage has"
NOT_PROSE = "it is no sentence"
AN_ORDER = "it repeats an order that somebody put into a document"
NOTHING_FOLLOWS = "nothing that it announces could be shown"
WRONG_COUNT = "not as many as it announces could be shown"


def _counts(text: str) -> set[int]:
    """Return the numbers that a lead-in announces; years are none."""
    found = {number_value(word) or word for word in words(strip_markers(text))}
    numbers = {int(word) for word in found if word.isdigit()}
    return {number for number in numbers if number < 100}


@dataclass
class SentenceFilter:
    """Puts units to the rules in order; ``numbered`` are the passages as the model saw.

    Where the sentences are read again (``read_again``), passages of one report that a
    sentence cites stay together: the reading says on which of them it rests.
    """

    numbered: Mapping[int, Passage]
    catalogue: Sequence[ReportDetails]
    closeness: Closeness
    read_again: bool = False
    _lead_in: Unit | None = None
    _counted: list[Unit] = field(default_factory=list)
    _spoken: set[str] = field(default_factory=set)
    _before: Unit | None = None

    def take(self, unit: Unit) -> list[Checked]:
        """Return what became of a unit, and of those that waited for it."""
        lead_in, done = self._lead_in, []
        if lead_in is not None:
            if not unit.lead and (self._counted or unit.block > lead_in.block + 1):
                done = self._let_go()
            elif unit.lead and _counts(lead_in.text):
                self._counted.append(unit)
                return []
        return [*done, *self._one(unit)]

    def finish(self) -> list[Checked]:
        """Return what still waited at the end of the text."""
        return self._let_go()

    def _let_go(self) -> list[Checked]:
        """End the list that waits: whole, or its items without their lead-in."""
        lead_in, items = self._lead_in, self._counted
        self._lead_in, self._counted = None, []
        if lead_in is None:
            return []
        if not items:
            return [self._withheld(lead_in, NOTHING_FOLLOWS)]
        count = len({item.block for item in items})
        whole = all(self._holds(item) for item in items)
        if whole and count in _counts(lead_in.text):
            self._lead_in = lead_in
            return [checked for item in items for checked in self._one(item)]
        dropped = self._withheld(lead_in, WRONG_COUNT)
        return [dropped, *(checked for item in items for checked in self._one(item))]

    def _one(self, unit: Unit) -> list[Checked]:
        if unit.kind == "heading":
            # It orders the text and claims nothing: the reader does not miss it.
            return []
        if unit.kind == "code":
            return [self._withheld(unit, NOT_PROSE)]
        self._listen(unit)
        text, numbers, invented = self._resolved(unit)
        if not numbers and text.endswith(":"):
            waiting = self._let_go()
            if reason := unfit(text, ()):
                return [*waiting, Checked(unit, text, reason=reason)]
            self._lead_in = unit
            return waiting
        if not numbers:
            return [self._withheld(unit, WRONG_NUMBER if invented else NO_CITATION)]
        if addresses_assistant(text):
            return [Checked(unit, text, reason=AN_ORDER)]
        carried = self._carrying(text, numbers)
        if isinstance(carried, str):
            return [Checked(unit, text, reason=carried)]
        lead_in = self._announce(text, carried)
        shown = self._show(unit, self._attributed(text, carried), carried)
        return [*lead_in, shown]

    def _listen(self, unit: Unit) -> None:
        """Forget who spoke last where a new paragraph or list begins."""
        before, self._before = self._before, unit
        if before is None or unit.block == before.block:
            return
        goes_on = before.lead or plain_text(before.text).endswith(":")
        if not (unit.lead and goes_on):
            self._spoken = set()

    def _resolved(self, unit: Unit) -> tuple[str, tuple[int, ...], int]:
        text, numbers, invented = resolve_markers(
            with_report_named(unit.text), self.numbered
        )
        return plain_text(text), numbers, invented

    def _withheld(self, unit: Unit, reason: str) -> Checked:
        return Checked(unit, self._resolved(unit)[0], reason=reason)

    def _holds(self, unit: Unit) -> bool:
        text, numbers, _ = self._resolved(unit)
        return bool(numbers) and not isinstance(self._carrying(text, numbers), str)

    def _carrying(self, text: str, numbers: Sequence[int]) -> Sequence[Passage] | str:
        """Return the passages that carry a sentence, or why none does."""
        cited = [self.numbered[number] for number in numbers]
        if reason := unfit(text, (passage.chunk.text for passage in cited)):
            return reason
        if own := [passage for passage in cited if is_quotation(text, [passage])]:
            return own[:1]
        alone = [passage for passage in cited if not self._problems(text, [passage])]
        if alone:
            return self._nearest(text, cited, alone)
        if len(cited) > MOST_TOGETHER:
            return f"none of the {len(cited)} passages that it cites carries it"
        problems = self._problems(text, cited)
        return "; ".join(problems) if problems else cited

    def _nearest(
        self, text: str, cited: Sequence[Passage], alone: Sequence[Passage]
    ) -> Sequence[Passage]:
        """Choose among passages each of which keeps the rules alone.

        Where sentences are read again, the others of the same report stay with them.
        """
        reports = {passage.chunk.details.report for passage in alone}
        near = [p for p in cited if p.chunk.details.report in reports]
        few = len(near) <= MOST_TOGETHER
        if self.read_again and few and not self._problems(text, near):
            return near
        support = {id(p): self.closeness(text, [p.chunk.text]) for p in alone}
        best = max(support.values())
        kept = [p for p in alone if support[id(p)] >= _NEAR_BEST * best]
        return sorted(kept, key=lambda p: -support[id(p)])[:MOST_TOGETHER]

    def _problems(self, text: str, passages: Sequence[Passage]) -> tuple[str, ...]:
        return self._check(text, passages).problems

    def _check(self, text: str, passages: Sequence[Passage]) -> Verdict:
        return check_sentence(
            text,
            passages,
            self.catalogue,
            self.closeness,
            read_again=self.read_again,
        )

    def _announce(self, item: str, carried: Sequence[Passage]) -> list[Checked]:
        """Check the lead-in that waits together with its first item that holds."""
        unit, self._lead_in = self._lead_in, None
        if unit is None:
            return []
        text = self._resolved(unit)[0]
        if problems := self._problems(f"{text} {item}", carried):
            return [Checked(unit, text, reason="; ".join(problems))]
        named = self._attributed(text.rstrip(": "), carried) + ":"
        return [self._show(unit, named, carried, item)]

    def _attributed(self, text: str, carried: Sequence[Passage]) -> str:
        details = {p.chunk.details.report: p.chunk.details for p in carried}
        new = [own for report, own in details.items() if report not in self._spoken]
        return attribute(text, *new)

    def _show(
        self, unit: Unit, text: str, carried: Sequence[Passage], item: str = ""
    ) -> Checked:
        """Check the words that are to be shown once more, now with who says them."""
        whole = f"{text} {item}".strip()
        verdict = self._check(whole, carried)
        if not verdict.holds:
            return Checked(unit, text, reason="; ".join(verdict.problems))
        self._spoken = {passage.chunk.details.report for passage in carried}
        quote = self.closeness.nearest(text, split_sentences(carried[0].chunk.text))
        return Checked(unit, text, tuple(carried), verdict.support, (quote,))
