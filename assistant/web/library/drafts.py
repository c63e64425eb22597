"""A report on its way to the shelf: a file that was read, and the details found in it.

The same steps as on the command line; only the questions are asked by a form.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.library.adding import Candidate, read_candidate
from assistant.library.changes import Workplace
from assistant.library.details import make_id
from assistant.library.entries import Entry
from assistant.library.library import Library
from assistant.reading.front_page import title_of_name
from assistant.reading.kinds import SUFFIXES
from assistant.schema import NO_PUBLISHER
from assistant.web.wall.held import discard

NEW = ""
"""What is chosen for a new report, in place of a document's id."""


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
            discard(self.candidate.file)


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
    old = required(place.library, document)
    file = place.library.file_of(old)
    found = read_candidate(file, name=old.name, source=old.source, known={})
    assert isinstance(found, Candidate)
    return Draft(found, _form_of(old), document, is_kept=True)


def _entry(library: Library, document: str) -> Entry | None:
    entries = library.entries()
    return next((e for e in entries if e.details.document_id == document), None)


def required(library: Library, document: str) -> Entry:
    """Return the entry of a document.

    Raises:
        CorpusError: the team's shelf does not hold it.
    """
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
        title=found.title or ("" if old else title_of_name(candidate.name)),
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
        publisher="" if details.publisher == NO_PUBLISHER else details.publisher,
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
