"""The details of the form checked, and what was read put on the shelf under them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

from assistant.errors import CorpusError
from assistant.index.manifest import Progress
from assistant.library.adding import make_entry, renew_entry
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import Given, make_id
from assistant.library.entries import Entry
from assistant.library.intake import Staged, check_unchanged, put_staged, report_ids
from assistant.library.library import Library
from assistant.schema import NO_PUBLISHER
from assistant.web.documents.places import render_original
from assistant.web.library.drafts import NEW, Draft, Form, required

_LONGEST = 500
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


def stage(
    place: Workplace, draft: Draft, form: Form, document: str, who: str | None
) -> tuple[Staged, Entry | None]:
    """Make the entry with the details of the form; also return what it replaces.

    Args:
        place: the shelf.
        draft: what was read.
        form: as it was sent.
        document: the document whose new version it is, or NEW.
        who: adds it, where people are asked who they are.

    Raises:
        CorpusError: a detail is missing or not as it must be.
    """
    old = None if document == NEW else required(place.library, document)
    given = _given(form)
    if old is not None:
        entry = renew_entry(old, draft.candidate, given)
    else:
        taken = frozenset(report_ids(place))
        if make_id(given.title or "", given.published) in taken:
            raise CorpusError(
                "A report of this title and year is on the shelf already. If this "
                "is its new version, choose so under “Add it as”; if it is another "
                "report, change the title a little."
            )
        entry = make_entry(draft.candidate, given, taken)
    return Staged(_as_typed(entry, given, old, who), draft.candidate), old


def _given(form: Form) -> Given:
    fields = {name: " ".join(text.split()) for name, text in asdict(form).items()}
    for name, text in fields.items():
        if len(text) > _LONGEST:
            raise CorpusError(f"The {name} is longer than {_LONGEST} letters.")
        if not text.isprintable():
            raise CorpusError(f"The {name} holds signs that cannot be shown.")
    if not fields["title"]:
        raise CorpusError("Fill in the title.")
    published = fields["published"]
    if published and not (published[:4].isdigit() and len(published) in _PRECISIONS):
        raise CorpusError("Give the date as 2024-09-12, 2024-09 or 2024.")
    if fields["url"] and not render_original(fields["url"]):
        raise CorpusError("The address must begin with https:// (or http://).")
    authors = (name.strip() for name in fields["authors"].split(";"))
    return Given(
        title=fields["title"],
        publisher=fields["publisher"] or NO_PUBLISHER,
        published=published or None,
        authors=tuple(name for name in authors if name),
        url=fields["url"] or None,
        document_type=fields["document_type"] or None,
    )


def _as_typed(entry: Entry, given: Given, old: Entry | None, who: str | None) -> Entry:
    """Leave empty what was emptied in the form, whatever the document says."""
    details = replace(
        entry.details,
        authors=given.authors,
        url=given.url or "",
        published=given.published,
        published_precision=entry.details.published_precision
        if given.published
        else None,
    )
    same_file = old is not None and old.file_hash == entry.file_hash
    if same_file and old is not None:
        return replace(entry, details=details, added=old.added, added_by=old.added_by)
    return replace(entry, details=details, added_by=who)


def put_on_shelf(
    place: Workplace,
    staged: Staged,
    old: Entry | None,
    progress: Progress,
    published: Callable[[], None],
) -> None:
    """Put a report on the shelf and index it.

    Raises:
        AssistantError: it cannot be done, or somebody has changed the report since.
    """

    def change(library: Library) -> None:
        document = staged.entry.details.document_id
        check_unchanged(library, document, old)
        if library.known_hashes().get(staged.entry.file_hash, document) != document:
            raise CorpusError("Somebody else has added this file meanwhile.")
        put_staged(library, [staged])

    change_shelf(place, change, progress, published)
