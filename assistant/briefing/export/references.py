"""What a pack rests on: the marks of a sentence, and the list that they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.briefing.export.blocks import (
    Entry,
    Span,
    Spans,
    cite,
    clean,
    link,
    plain,
)
from assistant.briefing.pack import Place, Reference, Source, Statement
from assistant.text.dates import date_words

Numbers = dict[Place, int]


def cited(statement: Statement, numbers: Numbers) -> Spans:
    """Return a sentence and its marks."""
    found = tuple(dict.fromkeys(numbers[s.place] for s in statement.sources))
    return (plain(statement.text), Span(" "), *cite(found))


def where_of(source: Source) -> str:
    """Return the section and the page."""
    return f"{source.section}, page {source.page}" if source.page else source.section


def short_entries(references: Sequence[Reference]) -> Iterator[Entry]:
    """Yield the places by report, which is named once."""
    of_report: dict[str, list[Reference]] = {}
    for reference in references:
        year = (reference.source.published or "")[:4] or None
        of_report.setdefault(_told_of(reference, year), []).append(reference)
    for told, own in of_report.items():
        for place, reference in enumerate(own):
            end = "." if reference is own[-1] else ";"
            lead = "" if place else clean(told)
            where = plain(where_of(reference.source) + end)
            yield Entry(reference.number, (where,), lead=lead)


def _told_of(reference: Reference, published: str | None) -> str:
    source, age = reference.source, reference.age
    old = "" if age in ("age unknown", "this month", "this year") else " old"
    return f"{source.title}. {source.publisher}, {date_words(published)}, {age}{old}."


def entries_of(references: Sequence[Reference]) -> Iterator[Entry]:
    """Yield each place with its words."""
    for reference in references:
        source = reference.source
        told = f"{_told_of(reference, source.published)} {where_of(source)}."
        original = "Digest; original: " if source.digest_of else ""
        spans = plain(f"{told} “{source.quote}” "), Span(f" {original}")
        yield Entry(reference.number, (*spans, link(source.url)))
