"""Puts checked sentences together into the answer that is shown, as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.answering.citations import render_markers
from assistant.answering.units import Checked
from assistant.schema import (
    QUOTES_JOINED_BY,
    Answer,
    Citation,
    Outcome,
    Passage,
    Rewritten,
    Sentence,
    Withheld,
)


def make_citation(number: int, passage: Passage, quotes: Sequence[str]) -> Citation:
    """Return the citation of a passage with the words that it was cited for."""
    details = passage.chunk.details
    return Citation(
        number=number,
        report=details.report,
        title=details.title,
        publisher=details.publisher,
        published=details.published,
        section=passage.chunk.section,
        page=passage.chunk.page,
        page_number=passage.chunk.page_number,
        quote=QUOTES_JOINED_BY.join(dict.fromkeys(quotes)),
        url=details.url,
        digest_of=details.digest_of,
    )


@dataclass(frozen=True)
class Asked:
    """A question on its way: as typed, made standalone, and what was found for it.

    ``expected`` are the sides that a comparison is to hear, one or several reports each; of
    one that is silent the first is named.
    """

    question: str
    standalone: str
    passages: tuple[Passage, ...]
    id: str | None = None
    rewritten: Rewritten | None = None
    expected: tuple[tuple[str, ...], ...] = ()


@dataclass
class Assembly:
    """The sentences of one answer in order, those withheld among them.

    Numbers are given by first use and never change, so that what a reader has seen of
    a growing answer stays true.
    """

    asked: Asked
    model: str
    items: list[Checked] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, item: Checked) -> None:
        """Add what comes next."""
        self.items.append(item)
        self._give_numbers(item)

    def replace(self, old: Checked, new: Checked) -> None:
        """Put a mended sentence in the place of the one withheld."""
        place = next(n for n, item in enumerate(self.items) if item is old)
        self.items[place] = new
        self._give_numbers(new)

    def _give_numbers(self, item: Checked) -> None:
        for passage in item.passages:
            self._numbers.setdefault(passage.chunk.id, len(self._numbers) + 1)

    @property
    def shown(self) -> list[Checked]:
        """What holds."""
        return [item for item in self.items if item.holds]

    @property
    def withheld(self) -> list[Checked]:
        """What does not."""
        return [item for item in self.items if not item.holds]

    def sentence(self, item: Checked) -> Sentence:
        """Return a sentence that holds, as the contract gives it."""
        marks = tuple(self._numbers[p.chunk.id] for p in item.passages)
        return Sentence(_shown(item), marks, item.support)

    def _text(self) -> str:
        text = ""
        before: Checked | None = None
        for item in self.shown:
            same = before is not None and item.unit.block == before.unit.block
            lead = "" if same else item.unit.lead
            if before is None:
                gap = ""
            elif lead and (before.unit.lead or before.text.endswith(":")):
                gap = "\n"
            else:
                gap = " " if same else "\n\n"
            marks = render_markers(self.sentence(item).citations)
            text += f"{gap}{lead}{_shown(item)} {marks}"
            before = item
        return text

    def _passages(self, cited: Mapping[str, Passage]) -> tuple[Passage, ...]:
        """Return what was retrieved; what was looked up besides and is cited leads."""
        found = {passage.chunk.id for passage in self.asked.passages}
        more = (passage for key, passage in cited.items() if key not in found)
        return (*more, *self.asked.passages)

    def answer(self, outcome: Outcome, *notices: str, opening: str = "") -> Answer:
        """Return the answer as it stands; opening and notices are our own words."""
        shown = self.shown
        quotes: dict[str, list[str]] = {}
        by_id: dict[str, Passage] = {}
        for item in shown:
            for passage, own in zip_longest(item.passages, item.quotes):
                by_id.setdefault(passage.chunk.id, passage)
                quotes.setdefault(passage.chunk.id, []).extend([own] if own else [])
        return Answer(
            question=self.asked.question,
            standalone_question=self.asked.standalone,
            outcome=outcome,
            text="\n\n".join(filter(None, [opening, self._text(), *notices])),
            sentences=tuple(self.sentence(item) for item in shown),
            withheld=tuple(
                Withheld(item.text, item.reason or "") for item in self.withheld
            ),
            citations=tuple(
                make_citation(number, by_id[key], quotes[key])
                for key, number in self._numbers.items()
                if key in by_id
            ),
            passages=self._passages(by_id),
            model=self.model,
            id=self.asked.id,
            rewritten=self.asked.rewritten,
        )


def _shown(item: Checked) -> str:
    """Return a sentence in the asker's language where the model gave it beside ours."""
    return item.unit.translation or item.text
