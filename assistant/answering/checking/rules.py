"""The rules of the evidence check: what must stand in the passages as it is.

Numbers, dates, amounts, quotations and names; the report and the publisher that a
sentence names; who says it, where they belong, and what a number counts. One that is
broken always withholds the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.checking.claims import Claim, Token
from assistant.answering.checking.counts import miscounted
from assistant.answering.checking.mentions import names, quotations
from assistant.answering.checking.quantities import missing_quantities
from assistant.answering.checking.speakers import wrong_places, wrong_speakers
from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.words import plain, words


def folded(text: str) -> str:
    """Return the words of a text between single spaces, one before and one after."""
    return " " + " ".join(words(text)) + " "


def _name_stands(name: str, evidence: str) -> bool:
    if f" {' '.join(words(name))} " in evidence:
        return True
    # "Localis and Capita" may stand apart: then each part must.
    parts = re.split(r" (?:and|of|for|the|&) ", name)
    return len(parts) > 1 and all(f" {' '.join(words(p))} " in evidence for p in parts)


def _details_text(details: ReportDetails) -> str:
    parts = (
        details.title, details.subtitle, details.publisher, *details.authors,
        *details.supporters, details.published, str(details.year or ""),
    )  # fmt: skip
    return " . ".join(part for part in parts if part)


def _wrong_report(
    text: str, passages: Sequence[Passage], catalogue: Sequence[ReportDetails]
) -> list[str]:
    """Return the titles and publishers that the sentence names and does not cite."""
    said = folded(text)
    cited = {passage.chunk.details.report for passage in passages}
    publishers = {passage.chunk.details.publisher for passage in passages}
    evidence = folded(" ".join(passage.chunk.text for passage in passages))
    missing = []
    for details in catalogue:
        title = f" {' '.join(words(details.title))} "
        if title in said and details.report not in cited:
            missing.append(details.title)
        publisher = f" {' '.join(words(details.publisher))} "
        if (
            publisher in said
            and details.publisher not in publishers
            and publisher not in evidence
        ):
            missing.append(details.publisher)
    return list(dict.fromkeys(missing))


def missing(
    text: str, passages: Sequence[Passage], catalogue: Sequence[ReportDetails]
) -> list[str]:
    """Return what a sentence gives that stands in none of the passages.

    Args:
        text: the sentence without citation markers.
        passages: those it cites.
        catalogue: the details of every report on the shelf.
    """
    sections = [f"{p.chunk.section}. {p.chunk.text}" for p in passages]
    details = [_details_text(passage.chunk.details) for passage in passages]
    # With and without what looks like a marker: "[2]" may be the passage's own.
    told = [*sections, *(strip_markers(section) for section in sections), *details]
    evidence = plain(" \n ".join(told))
    known = folded(evidence)
    problems = [
        f"the number or date {item} is not in the cited passage"
        for item in missing_quantities(text, evidence)
    ]
    problems += [
        f"the words '{quote}' are not in the cited passage"
        for quote in quotations(text)
        if folded(quote).strip() not in known
    ]
    problems += [
        f"the name {name} is not in the cited passage"
        for name in dict.fromkeys(names(text))
        if not _name_stands(name, known)
    ]
    problems += [
        f"it names {name} and does not cite it"
        for name in _wrong_report(text, passages, catalogue)
    ]
    return problems


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sentence in other words than its passages', taken apart for comparison."""

    text: str
    """Its source in brackets taken off."""
    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]

    @property
    def sentence(self) -> tuple[Token, ...]:
        """All its words."""
        return self.claims[0].sentence if self.claims else ()

    @property
    def named(self) -> set[str]:
        """The words of its names."""
        return {word for name in names(self.text) for word in words(name)}

    @property
    def evidence(self) -> list[str]:
        """The passage sentences that match it best."""
        return list(dict.fromkeys(e for claim in self.claims for e in claim.evidence))

    @property
    def whole(self) -> str:
        """All that its passages and the details of their reports say."""
        return " . ".join(
            f"{p.chunk.section} . {p.chunk.text} . {_details_text(p.chunk.details)}"
            for p in self.passages
        )


def misplaced(claimed: Claimed) -> list[str]:
    """Return what is given to another speaker, publisher, place or thing."""
    passages = claimed.passages
    problems = [
        f"{who} is not who says it in the cited passage"
        for who in wrong_speakers(
            claimed.text, claimed.evidence, [p.chunk.details for p in passages]
        )
    ]
    problems += [
        f"it gives as {publisher}'s what another says"
        for claim in claimed.claims
        for publisher in _other_publishers(claim, passages)
    ]
    problems += [
        f"the cited passage does not place {who}"
        for who in wrong_places(claimed.text, claimed.whole)
    ]
    problems += [
        f"the cited passage gives the number {number} to something else"
        for number in miscounted(
            claimed.sentence,
            " . ".join(p.chunk.text for p in passages),
            claimed.named,
        )
    ]
    return list(dict.fromkeys(problems))


def _other_publishers(claim: Claim, passages: Sequence[Passage]) -> list[str]:
    """Return the publishers that a clause names, none of whom its evidence is from."""
    clause = f" {' '.join(token.word for token in claim.tokens)} "
    publishers = {p.chunk.details.publisher for p in passages}
    named = {p for p in publishers if f" {' '.join(words(p))} " in clause}
    told = {
        p.chunk.details.publisher
        for p in passages
        if any(text in p.chunk.text for text in claim.evidence)
    }
    return sorted(named) if named and not named & told else []
