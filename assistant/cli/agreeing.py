"""Shows on a terminal what would be indexed, and asks whether it shall be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.errors import CorpusError
from assistant.schema import NO_PUBLISHER

if TYPE_CHECKING:
    from assistant.library.adding import Staged
    from assistant.library.asked_as import Asks
    from assistant.library.entries import Entry

# Sections that are shown before a report is added.
_SHOWN = 30


def agreed(
    one: Staged, like: Entry | None, asks: Asks | None, *, yes: bool
) -> Staged | None:
    """Show what would be indexed and ask, unless ``yes``; None where it is refused.

    Its publisher is asked for where nobody says it. ``like`` is another report of the
    same title and year; ``asks`` is the model that will be asked about it.

    Raises:
        CorpusError: nobody can be asked.
    """
    if yes:
        return one
    details = one.entry.details
    can_ask = sys.stdin.isatty()
    if (
        can_ask
        and details.publisher == NO_PUBLISHER
        and "publisher" not in one.entry.given
    ):
        answer = input(f"{one.entry.name}: its publisher? [not known] ").strip()
        if answer:
            entry = replace(one.entry, details=replace(details, publisher=answer))
            given = tuple(sorted({*entry.given, "publisher"}))
            one = replace(one, entry=replace(entry, given=given))
    print("\n".join(preview(one)))
    if like:
        print(f"  {_alike(like)}")
    if asks and (cost := asks.cost(details.title, one.sections)).sections:
        print(f"  The model {asks.model.name} will be asked {asks.told(cost)}.")
    if not can_ask:
        raise CorpusError(
            f"{one.entry.name} was not indexed: nobody can be asked here. Look at its "
            "sections above and add --yes."
        )
    wanted = input("Index it? [y/N] ").strip().lower() in ("y", "yes")
    return one if wanted else None


def note_of(one: Staged, like: Entry) -> str:
    """Return what is said at the end of a report that has the title of another."""
    return f"{one.entry.details.report}: {_alike(like)}"


def _alike(like: Entry) -> str:
    report = like.details.report
    return (
        f"the shelf has another report of this title, {report}. If this is its new "
        f"version: assistant reports update {report} FILE"
    )


def preview(one: Staged) -> Iterator[str]:
    """Yield what is to be indexed, line by line, for people to look at first."""
    entry, details = one.entry, one.entry.details
    yield f"{entry.name}: {entry.kind}" + (
        f", {entry.pages} pages" if entry.pages else ""
    )
    if one.old is not None:
        yield f"  new version of {one.old.details.report}: {one.old.details.title}"
    yield f"  id         {details.report}"
    yield f"  title      {details.title}"
    yield f"  publisher  {details.publisher}"
    yield f"  authors    {', '.join(details.authors) or 'not found; give --author'}"
    yield f"  published  {details.published or 'not found; give --published'}"
    sections = one.sections
    yield f"  {len(sections)} sections:"
    for section in sections[:_SHOWN]:
        page = f", page {section.page}" if section.page else ""
        words = len(section.text.split())
        yield f"    {section.heading[:90]}{page} ({words} words)"
    if len(sections) > _SHOWN:
        yield f"    … and {len(sections) - _SHOWN} more"
