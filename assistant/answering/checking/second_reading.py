"""The second reading: a model says whether passages carry a sentence, and by which words.

It sees the sentence, the passages that it cites and at most the sentence before; never
the question. What it says counts only where the words that it names stand in a passage:
they become the citation's quote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.text.words import plain, words

Finding = Literal["carried", "not carried", "unclear"]

# A model that names fewer words than this could mean any sentence.
_FEWEST_WORDS = 3
_LINE = re.compile(
    r"^\W*(?:sentence\s+)?(\d{1,2})\W*[|.:)\-\t ]\s*\W*(not carried|carried|unclear)\b\W*(.*)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?://|…|\.{3}|\[\.\.\.\])\s*")
NOT_CARRIED = "a second reading finds that the cited passage does not carry it"
UNCLEAR = "a second reading cannot tell whether the cited passage carries it"
NO_WORDS = "the words that a second reading gave for it stand in no cited passage"


@dataclass(frozen=True, slots=True)
class Sent:
    """A sentence with the passages it cites and the one before, for what it leans on."""

    sentence: str
    passages: tuple[Passage, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a second reading says of one sentence.

    ``quotes`` are the passages' own words, by the place of the passage among those sent;
    ``wrong`` says in words why it may not be shown, and is empty where it is carried.
    """

    finding: Finding
    quotes: Mapping[int, str]
    wrong: str = ""

    @property
    def carried(self) -> bool:
        """True where the sentence may be shown."""
        return self.finding == "carried"


def compose_items(sent: Sequence[Sent]) -> str:
    """Return sentences and passages as the prompt takes them, numbered from 1."""
    return "\n\n".join(_item(place, one) for place, one in enumerate(sent, start=1))


def _item(place: int, one: Sent) -> str:
    lines = [f"Sentence {place}:"]
    if one.before:
        lines.append(f"<before>{fenced(one.before)}</before>")
    lines.append(f"<sentence>{fenced(strip_markers(one.sentence))}</sentence>")
    for passage in one.passages:
        chunk = passage.chunk
        # The page only where a sentence speaks of one: else it is nothing to compare.
        told = chunk.page and "page" in words(one.sentence)
        page = f"page {chunk.page}" if told else ""
        parts = source_of(chunk.details), chunk.section, page
        where = ", ".join(filter(None, parts))
        source = fenced(where).replace('"', "'")
        head = f'<passage from="{source}">' if source else "<passage>"
        lines.append(f"{head}\n{fenced(chunk.text)}\n</passage>")
    return "\n".join(lines)


def source_of(details: ReportDetails) -> str:
    """Return title, publisher and year, as far as they are known."""
    known = [details.publisher, str(details.year or "")]
    source = ", ".join(part for part in known if part)
    return f"{details.title} ({source})" if source else details.title


def fenced(text: str) -> str:
    """Return a text that cannot close the fence around it."""
    return text.replace("<", "(").replace(">", ")")


def read_lines(text: str, sent: Sequence[Sent]) -> list[Judgement | None]:
    """Return what a model's lines say of each sentence; None where they say nothing."""
    found: dict[int, Judgement] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or not 1 <= int(match[1]) <= len(sent):
            continue
        place = int(match[1]) - 1
        found.setdefault(place, _reading(match[2].lower(), match[3], sent[place]))
    return [found.get(place) for place in range(len(sent))]


def _reading(finding: str, rest: str, one: Sent) -> Judgement:
    evidence, _, wrong = (part.strip() for part in rest.partition("|"))
    quotes = _quotes(evidence, one.passages)
    why = f": {wrong}" if words(wrong) else ""
    if finding == "not carried":
        return Judgement("not carried", quotes, NOT_CARRIED + why)
    if finding == "unclear":
        return Judgement("unclear", quotes, UNCLEAR + why)
    if not quotes:
        return Judgement("unclear", quotes, NO_WORDS)
    return Judgement("carried", quotes)


def _quotes(evidence: str, passages: Sequence[Passage]) -> dict[int, str]:
    """Return the words that stand in a passage, as it spells them, by its place."""
    found: dict[int, str] = {}
    for part in _PARTS.split(evidence):
        if len(words(part)) < _FEWEST_WORDS:
            continue
        for place, passage in enumerate(passages):
            if spelt := _as_spelt(part, passage.chunk.text):
                joined = f"{found[place]} … {spelt}" if place in found else spelt
                found[place] = joined
                break
    return found


def _as_spelt(part: str, text: str) -> str | None:
    """Return words as a text spells them, whatever stands between; None if nowhere.

    >>> _as_spelt("by e-mail, to the clerk", "Write by e-mail to the clerk.")
    'by e-mail to the clerk'
    """
    spelt = r"(?:'s)?[\W_]+".join(re.escape(word) for word in words(part))
    # The one word that is compared as no text spells it.
    spelt = spelt.replace("email", "e-?mail")
    match = re.search(rf"(?<!\w){spelt}(?:'s)?(?!\w)", plain(text), re.IGNORECASE)
    return " ".join(match.group().split()) if match else None
