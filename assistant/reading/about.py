"""What the details of a report say of it, as a section that is searched like its text.

Few papers say in a sentence when they were published and by whom; people ask.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.schema import NO_PUBLISHER, ReportDetails, Section
from assistant.text.dates import date_words

HEADING = "About this report"


def about(details: ReportDetails, pages: int | None = None) -> Section:
    """Return the section on a report that its details make, sentence by sentence.

    What is unknown is not spoken of.
    """
    return Section((HEADING,), " ".join(_sentences(details, pages)))


def _sentences(details: ReportDetails, pages: int | None) -> Iterator[str]:
    title, kind = details.title, details.document_type
    known = details.publisher != NO_PUBLISHER
    by = f" by {details.publisher}" if known else ""
    when = _when(details.published)
    if known or when:
        yield f"{title} was published{by}{when}."
    if details.authors:
        yield f"{title} was written by {' and '.join(details.authors)}."
    if pages:
        yield f"{title} has {pages} page{'s' if pages > 1 else ''} ({kind})."
    else:
        yield f"{title} was added to the shelf as {kind}."


def _when(published: str | None) -> str:
    """Return the date with its preposition: of a day "on", of a month or a year "in"."""
    if not published:
        return ""
    return (
        f" {'on' if len(published) > len('2024-05') else 'in'} {date_words(published)}"
    )
