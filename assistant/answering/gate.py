"""The gate: a sentence of a model passes when the passages it cites carry it.

What passes gets publisher and year where it lacks them. A lead-in such as "Localis
recommends:" cites nothing itself: it is read together with the item that follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.attribution import attribute
from assistant.answering.citations import resolve_markers
from assistant.answering.closeness import Closeness
from assistant.answering.evidence import check_sentence
from assistant.answering.gathering import Unit
from assistant.schema import Passage, ReportDetails
from assistant.sentences import split_sentences

# More passages than this cannot carry a sentence together: one of them must alone.
MOST_TOGETHER = 3

NO_CITATION = "it cites no passage"
WRONG_NUMBER = "it cites a number that no passage has"
NOT_PROSE = "it is no sentence"
NOTHING_FOLLOWS = "nothing that it announces could be shown"


@dataclass(frozen=True, slots=True)
class Checked:
    """A unit after its check; ``reason`` says why it is withheld, None where it holds.

    ``text`` is as it may be shown; ``quote`` the nearest words of the first passage.
    """

    unit: Unit
    text: str
    passages: tuple[Passage, ...] = ()
    support: float = 0.0
    quote: str = ""
    reason: str | None = None

    @property
    def holds(self) -> bool:
        """True where it may be shown."""
        return self.reason is None


def plain_text(text: str) -> str:
    """Return a text without the marks of bold, italic and code."""
    for mark in ("**", "__", "`"):
        text = text.replace(mark, "")
    return text.strip()


@dataclass
class Gate:
    """Checks units in order; ``numbered`` are the passages as the model saw them."""

    numbered: Mapping[int, Passage]
    catalogue: Sequence[ReportDetails]
    closeness: Closeness
    _lead_in: Unit | None = None
    _spoken: set[str] = field(default_factory=set)
    _block: int = -1

    def take(self, unit: Unit) -> list[Checked]:
        """Return what became of a unit, and of a lead-in that waited for it."""
        waiting = self._waiting_out(unit)
        if unit.kind == "heading":
            # It orders the text and claims nothing: the reader does not miss it.
            return waiting
        if unit.kind == "code":
            return [*waiting, Checked(unit, plain_text(unit.text), reason=NOT_PROSE)]
        if not unit.lead and unit.block != self._block and self._lead_in is None:
            self._spoken = set()
        self._block = unit.block
        resolved = resolve_markers(unit.text, self.numbered)
        text = plain_text(resolved.text)
        if not resolved.numbers and text.endswith(":"):
            self._lead_in = unit
            return waiting
        if not resolved.numbers:
            reason = WRONG_NUMBER if resolved.invented else NO_CITATION
            return [*waiting, Checked(unit, text, reason=reason)]
        cited = [self.numbered[number] for number in resolved.numbers]
        return [*waiting, *self._check(unit, text, cited)]

    def finish(self) -> list[Checked]:
        """Return what still waited at the end of the text."""
        return self._let_go()

    def _waiting_out(self, unit: Unit) -> list[Checked]:
        """Let go of a lead-in whose list has ended."""
        return [] if unit.lead or unit.block == self._block + 1 else self._let_go()

    def _let_go(self) -> list[Checked]:
        unit, self._lead_in = self._lead_in, None
        if unit is None:
            return []
        return [Checked(unit, plain_text(unit.text), reason=NOTHING_FOLLOWS)]

    def _check(self, unit: Unit, text: str, cited: Sequence[Passage]) -> list[Checked]:
        carried = self._carrying(text, cited)
        if isinstance(carried, str):
            return [Checked(unit, text, reason=carried)]
        lead_in = self._announce(text, carried)
        shown = self._show(unit, self._attributed(text, carried), carried)
        return [*lead_in, shown]

    def _carrying(self, text: str, cited: Sequence[Passage]) -> Sequence[Passage] | str:
        """Return the passages that carry a sentence, or why none does."""
        alone = [passage for passage in cited if not self._problems(text, [passage])]
        if alone:
            return alone[:MOST_TOGETHER]
        if len(cited) > MOST_TOGETHER:
            return f"none of the {len(cited)} passages that it cites carries it"
        problems = self._problems(text, cited)
        return "; ".join(problems) if problems else cited

    def _problems(self, text: str, passages: Sequence[Passage]) -> tuple[str, ...]:
        return check_sentence(text, passages, self.catalogue, self.closeness).problems

    def _announce(self, item: str, carried: Sequence[Passage]) -> list[Checked]:
        """Check the lead-in that waits together with its first item that holds."""
        unit, self._lead_in = self._lead_in, None
        if unit is None:
            return []
        text = plain_text(resolve_markers(unit.text, self.numbered).text)
        if problems := self._problems(f"{text} {item}", carried):
            return [Checked(unit, text, reason="; ".join(problems))]
        named = self._attributed(text.rstrip(": "), carried) + ":"
        return [self._show(unit, named, carried, item)]

    def _attributed(self, text: str, carried: Sequence[Passage]) -> str:
        reports = {p.chunk.details.report: p.chunk.details for p in carried}
        for report, details in reports.items():
            if report not in self._spoken:
                text = attribute(text, details)
        return text

    def _show(
        self, unit: Unit, text: str, carried: Sequence[Passage], item: str = ""
    ) -> Checked:
        """Check the words that are to be shown once more, now with who says them."""
        whole = f"{text} {item}".strip()
        verdict = check_sentence(whole, carried, self.catalogue, self.closeness)
        if not verdict.holds:
            return Checked(unit, text, reason="; ".join(verdict.problems))
        self._spoken = {passage.chunk.details.report for passage in carried}
        quote = self.closeness.nearest(text, split_sentences(carried[0].chunk.text))
        return Checked(unit, text, tuple(carried), verdict.support, quote)
