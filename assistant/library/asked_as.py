"""Lets a model write, once, how people may ask for each section of a report.

Its lines are searched, suggested and shown in the library; they are never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import NamedTuple

from assistant.errors import ProviderError
from assistant.prompts import Prompt
from assistant.provider.model import ChatModel, Message
from assistant.reading.blocks import clean
from assistant.schema import Section
from assistant.text.tokens import TokenCounter

# Sections in one call, and words of them: few enough that no small model loses count.
_MOST_SECTIONS, _MOST_WORDS = 6, 1_500
# Of one section: its first words, the lines that are taken, and letters of a line.
_MOST_OF_A_SECTION, _MOST_LINES, _MOST_LETTERS = 600, 4, 200
# What is written of a section, in tokens, to tell the cost by.
_WRITTEN = 100
# Calls at one time.
_AT_ONCE = 4
_SECONDS = 120.0
_LINE = re.compile(r"^\W*(\d{1,2})\s*[.:)]\W*\s(\S.*)$")


class Cost(NamedTuple):
    """What it takes to ask a model: calls, and about how many tokens."""

    sections: int = 0
    sent: int = 0
    written: int = 0

    def __add__(self, other: object) -> Cost:
        """Return both together."""
        assert isinstance(other, Cost)
        return Cost(*(a + b for a, b in zip(self, other, strict=True)))


class Written(NamedTuple):
    """Sections with the lines that were written, and why some have none."""

    sections: tuple[Section, ...]
    fault: str = ""


@dataclass(frozen=True)
class Asks:
    """A model that is asked, and what it is sent."""

    model: ChatModel
    prompt: Prompt
    tokens: TokenCounter
    price_in: float | None = None
    price_out: float | None = None

    def cost(self, report: str, sections: Sequence[Section]) -> Cost:
        """Estimate what it takes; sections that have lines are not asked about."""
        batches = list(_batches(sections))
        return Cost(
            sum(map(len, batches)),
            sum(self.tokens.count(self._fill(report, batch)) for batch in batches),
            _WRITTEN * sum(map(len, batches)),
        )

    def told(self, cost: Cost) -> str:
        """Say what it takes: ``about 12 sections, some 8,000 tokens``."""
        noun = "section" if cost.sections == 1 else "sections"
        said = (
            f"about {cost.sections} {noun}: some {cost.sent:,} tokens sent, "
            f"{cost.written:,} written"
        )
        if self.price_in is None or self.price_out is None:
            return said
        price = (cost.sent * self.price_in + cost.written * self.price_out) / 1_000_000
        return f"{said}, {price:.2f} at the prices set"

    def write(self, report: str, sections: Sequence[Section]) -> Written:
        """Have lines written for the sections of a report that have none.

        A model that fails loses nothing but its own lines.
        """
        batches = list(_batches(sections))
        lines: dict[int, tuple[str, ...]] = {}
        fault = ""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            replies = [pool.submit(self._ask, report, batch) for batch in batches]
            for batch, reply in zip(batches, replies, strict=True):
                try:
                    lines |= _read(reply.result(), batch)
                except ProviderError as error:
                    fault = str(error)
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
        asked = (
            replace(section, asked_as=lines.get(id(section), section.asked_as))
            for section in sections
        )
        return Written(tuple(asked), fault)

    def _fill(self, report: str, batch: Sequence[Section]) -> str:
        parts = (
            f"<section {number}: {_fenced(section.heading)}>\n"
            f"{_fenced(' '.join(section.text.split()[:_MOST_OF_A_SECTION]))}\n</section>"
            for number, section in enumerate(batch, 1)
        )
        return self.prompt.fill(report=_fenced(report), sections="\n".join(parts))

    def _ask(self, report: str, batch: Sequence[Section]) -> str:
        sent = [Message("human", self._fill(report, batch))]
        with closing(self.model.stream(sent, seconds=_SECONDS)) as stream:
            return "".join(piece.text for piece in stream)


def carry_over(
    sections: Sequence[Section], before: Sequence[Section]
) -> tuple[Section, ...]:
    """Return sections with the lines of an earlier reading, where their text is the same."""
    known = {(one.path, one.text): one.asked_as for one in before}
    return tuple(
        replace(one, asked_as=one.asked_as or known.get((one.path, one.text), ()))
        for one in sections
    )


def _batches(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Part the sections that have no lines into what is asked together."""
    held: list[Section] = []
    words = 0
    for section in sections:
        if section.asked_as:
            continue
        size = min(len(section.text.split()), _MOST_OF_A_SECTION)
        if held and (len(held) == _MOST_SECTIONS or words + size > _MOST_WORDS):
            yield held
            held, words = [], 0
        held.append(section)
        words += size
    if held:
        yield held


def _read(text: str, batch: Sequence[Section]) -> dict[int, tuple[str, ...]]:
    """Return the lines for each section, by its identity; what is none is passed over."""
    found: dict[int, list[str]] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or not 1 <= int(match[1]) <= len(batch):
            continue
        lines = found.setdefault(id(batch[int(match[1]) - 1]), [])
        said = clean(match[2]).strip("*_ ")
        if (
            len(lines) < _MOST_LINES
            and len(said) <= _MOST_LETTERS
            and said not in lines
        ):
            lines.append(said)
    return {section: tuple(lines) for section, lines in found.items() if lines}


def _fenced(text: str) -> str:
    """Return a text that cannot close the fence around it."""
    return text.replace("<", "(").replace(">", ")")
