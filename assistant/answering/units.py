"""A sentence of a model on its way to the reader: as gathered, and after its check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.schema import Passage

Kind = Literal["sentence", "heading", "code"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence with its citation marks, a heading, or a piece of code.

    ``block`` counts paragraphs and list items; ``lead`` is a list item's mark.
    ``translation`` is what it says in the question's language, where that is not
    English: the same numbers, and no markup; empty where there is none that fits.
    """

    text: str
    kind: Kind = "sentence"
    lead: str = ""
    block: int = 0
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A unit after its check; ``reason`` says why it is withheld, None where it holds.

    ``text`` is as it may be shown; ``quotes`` the words that it rests on, one for each
    passage, empty where none are known.
    """

    unit: Unit
    text: str
    passages: tuple[Passage, ...] = ()
    support: float = 0.0
    quotes: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def holds(self) -> bool:
        """True where it may be shown."""
        return self.reason is None
