"""A report on its way to the shelf: read, its details shown and changed, then put there.

The same steps as on the command line; only the questions are asked by a form.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.errors import CorpusError
from assistant.index.manifest import Progress
from assistant.library.adding import (
    Candidate,
    make_entry,
    read_candidate,
    renew_entry,
)
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import DetailsMissingError, Given, make_id
from assistant.library.entries import Entry
from assistant.library.intake import Staged, check_unchanged, put_staged, report_ids
from assistant.library.library import Library
from assistant.reading.kinds import SUFFIXES
from assistant.web.answers.render import flat
from assistant.web.documents.places import render_original
from assistant.web.library.listing import count_of

NEW = ""
"""What is chosen for a new report, in place of a document's id."""
_SECTIONS_SHOWN = 60
_LONGEST = 500
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Form:
    """The details as they stand in the form; authors are parted by semicolons."""

    title: str = ""
    publisher: str = ""
    published: str = ""
    authors: str = ""
    url: str = ""
    document_type: str = ""


@dataclass(frozen=True)
class Draft:
    """A file that was read and waits for its details to be agreed."""

    candidate: Candidate
    form: Form
    takes_place_of: str
    """The document whose new version it seems to be; NEW where there is none."""
    is_kept: bool = False
    """The file is the shelf's own: only the details change."""

    def discard(self) -> None:
        """Remove the uploaded file, and the folder that it was put in."""
        if not self.is_kept:
            remove_upload(self.candidate.file)


def remove_upload(file: Path) -> None:
    """Remove a file that was uploaded, with the folder made for it."""
    file.unlink(missing_ok=True)
    if file.parent.is_dir() and not any(file.parent.iterdir()):
        shutil.rmtree(file.parent, ignore_errors=True)


def read_upload(place: Workplace, file: Path) -> Draft:
    """Read an uploaded file in a process with limits.

    Raises:
        CorpusError: it cannot be used, or is on the shelf already.
    """
    if file.suffix.lower() not in SUFFIXES:
        kinds = "PDF, Word (.docx), HTML, Markdown or text"
        raise CorpusError(f"{file.name} is not taken. Add a file of {kinds}.")
    known = place.library.known_hashes()
    found = read_candidate(
        file, name=file.name, source=f"uploaded: {file.name}", known=known
    )
    if isinstance(found, str):
        entry = _entry(place.library, found)
        name = entry.details.title if entry else found
        raise CorpusError(
            f"{file.name} is on the shelf already, as “{name}”. Nothing was added."
        )
    old = _older_version(place.library, found)
    return Draft(found, _form(found, old), old.details.document_id if old else NEW)


def read_again(place: Workplace, document: str) -> Draft:
    """Read a report's kept file again, to change its details.

    Raises:
        CorpusError: the team added no such report, or its file cannot be read.
    """
    old = _required(place.library, document)
    file = place.library.file_of(old)
    found = read_candidate(file, name=old.name, source=old.source, known={})
    assert isinstance(found, Candidate)
    return Draft(found, _form_of(old), document, is_kept=True)


def _entry(library: Library, document: str) -> Entry | None:
    entries = library.entries()
    return next((e for e in entries if e.details.document_id == document), None)


def _required(library: Library, document: str) -> Entry:
    entry = _entry(library, document)
    if entry is None:
        raise CorpusError(
            "The team’s shelf holds this report no more. Look at the list of reports "
            "again."
        )
    return entry


def _older_version(library: Library, candidate: Candidate) -> Entry | None:
    """Return the report of the same title, else the one of the same file name."""
    title = make_id(candidate.extract.found.title or "", None)
    entries = library.entries()
    same_title = [e for e in entries if make_id(e.details.title, None) == title]
    same_file = [e for e in entries if e.name == candidate.name]
    found = same_title if candidate.extract.found.title else []
    return next(iter([*found, *same_file]), None)


def _form(candidate: Candidate, old: Entry | None) -> Form:
    """Fill in what the document says, else what is known of its older version."""
    found = candidate.extract.found
    was = _form_of(old) if old else Form()
    own = Form(
        title=found.title or "",
        publisher=found.publisher or "",
        published=found.published or "",
        authors="; ".join(found.authors),
        document_type=candidate.extract.kind,
    )
    return Form(
        **{key: value or asdict(was)[key] for key, value in asdict(own).items()}
    )


def _form_of(entry: Entry) -> Form:
    details = entry.details
    return Form(
        title=details.title,
        publisher=details.publisher,
        published=details.published or "",
        authors="; ".join(details.authors),
        url=details.url,
        document_type=details.document_type,
    )


def choices_of(library: Library) -> list[tuple[str, str]]:
    """Return a label and an id for each document that the team added, by title."""
    entries = sorted(library.entries(), key=lambda e: e.details.title.lower())
    return [
        (f"{e.details.title} ({e.details.attribution})", e.details.document_id)
        for e in entries
    ]


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
    old = None if document == NEW else _required(place.library, document)
    try:
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
    except DetailsMissingError as error:
        raise CorpusError(f"Fill in the {' and the '.join(error.missing)}.") from error
    return Staged(_as_typed(entry, given, old, who), draft.candidate), old


def _given(form: Form) -> Given:
    fields = {name: " ".join(text.split()) for name, text in asdict(form).items()}
    for name, text in fields.items():
        if len(text) > _LONGEST:
            raise CorpusError(f"The {name} is longer than {_LONGEST} letters.")
        if not text.isprintable():
            raise CorpusError(f"The {name} holds signs that cannot be shown.")
    missing = [name for name in ("title", "publisher") if not fields[name]]
    if missing:
        raise DetailsMissingError("The form", missing)
    published = fields["published"]
    if published and not (published[:4].isdigit() and len(published) in _PRECISIONS):
        raise CorpusError("Give the date as 2024-09-12, 2024-09 or 2024.")
    if fields["url"] and not render_original(fields["url"]):
        raise CorpusError("The address must begin with https:// (or http://).")
    authors = (name.strip() for name in fields["authors"].split(";"))
    return Given(
        title=fields["title"],
        publisher=fields["publisher"],
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


def render_draft(draft: Draft) -> str:
    """Return what was read of the file: its size, and its sections in a fold."""
    extract = draft.candidate.extract
    sections = extract.sections
    pages = f", {count_of(extract.pages, 'page')}" if extract.pages else ""
    items = "".join(
        f"<li>{flat(s.heading)}{f', page {flat(s.page)}' if s.page else ''} "
        f"({count_of(len(s.text.split()), 'word')})</li>"
        for s in sections[:_SECTIONS_SHOWN]
    )
    hidden = len(sections) - _SECTIONS_SHOWN
    more = f"<p>And {hidden:,} more.</p>" if hidden > 0 else ""
    return (
        f"<p><strong>{flat(draft.candidate.name)}</strong>: {flat(extract.kind)}{pages}, "
        f"{count_of(len(sections), 'section')}.</p>"
        f"<details><summary>Look at its sections</summary><ul>{items}</ul>{more}"
        "</details>"
    )


def explain_draft(draft: Draft, choices: Sequence[tuple[str, str]]) -> str:
    """Say what to do with what was read."""
    name = draft.candidate.name
    if draft.is_kept:
        return f"{name} was read again. Change its details below."
    told = f"{name} was read. Check its details below, then add it."
    labels = {document: label for label, document in choices}
    if draft.takes_place_of in labels:
        told += f" It looks like a new version of {labels[draft.takes_place_of]}."
    return told
