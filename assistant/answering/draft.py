"""What a writer hands over: sentences with the passages they rest on, unchecked yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.schema import Nearest, Outcome, Passage


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence to show and the passages it cites; ``quote`` is the passage's own.

    ``lead`` stands before it on a line of its own: a bullet, or whose word it is.
    """

    text: str
    passages: tuple[Passage, ...]
    quote: str
    lead: str = ""


Paragraph = tuple[DraftSentence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before the evidence check.

    ``opening`` and ``closing`` are the assistant's own words about the shelf (a
    correction, who is silent); they claim nothing of a report's content and so carry no
    citation.
    """

    outcome: Outcome
    paragraphs: tuple[Paragraph, ...] = ()
    opening: str = ""
    closing: str = ""
    nearest: tuple[Nearest, ...] = field(default=())
    choices: tuple[str, ...] = ()
    """Whole questions to choose from, where the outcome is clarify."""
    elsewhere: str = ""
    """Where another report is quoted: the opening once a model, too, has found nothing
    in the one that was asked about."""


def nearest_sections(passages: Sequence[Passage], most: int = 3) -> tuple[Nearest, ...]:
    """Return the sections to open instead, best first, each once."""
    found = {
        (p.chunk.details.report, p.chunk.section): Nearest(
            p.chunk.details.report, p.chunk.details.title, p.chunk.section
        )
        for p in reversed(passages)
    }
    return tuple(reversed(found.values()))[:most]
