"""Finds reports on the Library page by the words of their cover and their headings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.schema import ReportDetails, Source
from assistant.text.words import stems, words
from assistant.web.documents.text_page import headings_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A report with its documents, and of each the headings to show."""

    report: str
    documents: tuple[Source, ...]
    headings: Mapping[str, Sequence[str]]
    """By document id: each heading once."""
    is_match: bool = False
    """Whether only those headings are shown that match a search."""

    @property
    def details(self) -> ReportDetails:
        """Those of its first document."""
        return self.documents[0].details

    @property
    def count(self) -> int:
        """How many headings there are to show."""
        return sum(map(len, self.headings.values()))


def list_reports(documents: Sequence[Source], wanted: str = "") -> list[Listed]:
    """Return the reports whose cover or sections have all the words wanted.

    Where the words stand on the cover, all of a report's sections are listed; else
    only those whose headings have them.
    """
    by_report: dict[str, list[Source]] = {}
    for document in documents:
        by_report.setdefault(document.details.report, []).append(document)
    looked_for = list(zip(words(wanted), stems(wanted), strict=False))
    listed = (_listed(own, looked_for) for own in by_report.values())
    return [one for one in listed if one is not None]


def _listed(
    own: Sequence[Source], wanted: Collection[tuple[str, str]]
) -> Listed | None:
    headings = {d.details.document_id: headings_of(d.sections) for d in own}
    report, cover = own[0].details.report, _cover_words(own[0].details)
    if _has(cover, wanted):
        return Listed(report, tuple(own), headings)
    matching = {
        name: [h for h in texts if _has(cover | _words_of(h), wanted)]
        for name, texts in headings.items()
    }
    if not any(matching.values()):
        return None
    return Listed(report, tuple(own), matching, is_match=True)


def _cover_words(details: ReportDetails) -> frozenset[str]:
    told = (
        details.title,
        details.subtitle or "",
        details.publisher,
        *details.authors,
        *details.supporters,
        *details.aliases,
        details.document_type,
        details.published or "",
    )
    return _words_of(" ".join(told))


@lru_cache(maxsize=50_000)
def _words_of(text: str) -> frozenset[str]:
    return frozenset((*stems(text), *words(text)))


def _has(held: frozenset[str], wanted: Collection[tuple[str, str]]) -> bool:
    """Tell whether words are held; the one that is being typed need not be whole."""
    return all(
        stem in held or any(one.startswith(word) for one in held)
        for word, stem in wanted
    )
