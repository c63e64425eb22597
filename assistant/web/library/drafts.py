"""Reports on their way to the shelf: files that were read and wait to be looked over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from assistant.errors import AssistantError, CorpusError
from assistant.library.adding import Intake, Staged
from assistant.library.candidates import UPLOADED, Candidate, Incoming, read_candidate
from assistant.library.details import NOTHING, Given, given_otherwise
from assistant.library.entries import Entry
from assistant.schema import NO_PUBLISHER, ReportDetails
from assistant.web.wall.held import claim, discard


class Row(NamedTuple):
    """A row of the table, as it is shown or was sent."""

    title: str = ""
    publisher: str = ""
    published: str = ""
    version: bool = False
    """It takes the place of the report that it is like."""
    add: bool = True

    @classmethod
    def of(cls, details: ReportDetails, *, version: bool = False) -> Row:
        """Return the row of what is known of a report."""
        publisher = "" if details.publisher == NO_PUBLISHER else details.publisher
        return cls(details.title, publisher, details.published or "", version)

    def given(self, known: ReportDetails) -> Given:
        """Return what somebody has typed: what is otherwise than was known without."""
        names = ("title", "publisher", "published")
        return given_otherwise({name: getattr(self, name) for name in names}, known)


@dataclass(frozen=True)
class Draft:
    """A file that was read and waits for its details to be agreed."""

    candidate: Candidate
    row: Row
    like: Entry | None = None
    """The report whose new version it is, or may be."""
    fault: str = ""
    """Why it could not be added."""

    def discard(self) -> None:
        """Remove the uploaded file, and the folder that it was put in."""
        discard(self.candidate.file)


class Read(NamedTuple):
    """What came of a few uploads."""

    drafts: list[Draft]
    failed: list[str]


def read_uploads(
    intake: Intake,
    files: Sequence[Path],
    waiting: Sequence[Draft] = (),
    version_of: Entry | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Read:
    """Read uploaded files in processes with limits; what cannot be used is removed.

    Each is taken to where no request can name it. ``waiting`` was read before and is not
    added yet; ``version_of`` is the report whose new version they are to be.
    """
    intake.known |= {d.candidate.file_hash: _WAITS for d in waiting}
    staged: list[tuple[Staged, Entry | None]] = []
    failed: list[str] = []
    for number, sent in enumerate(files, 1):
        say(f"Reading {number} of {len(files)}: {sent.name} …")
        try:
            file = claim(sent)
        except OSError:
            failed.append(f"{sent.name} is here no more. Send it again.")
            continue
        try:
            one = _read(intake, file, version_of)
        except AssistantError as error:
            discard(file)
            failed.append(str(error))
        except BaseException:
            discard(file)
            raise
        else:
            like = one.old or intake.alike(one)
            staged.append((one, like))
            intake.known |= {one.entry.file_hash: _WAITS, one.entry.text_hash: _WAITS}
    for one, _ in staged:
        intake.take(one.entry)
    drafts = [_draft(intake.lend_publisher(one), like) for one, like in staged]
    return Read(drafts, failed)


# Stands for the document of a file that waits in the table.
_WAITS = ""


def _read(intake: Intake, file: Path, version_of: Entry | None) -> Staged:
    candidate = read_candidate(
        Incoming(file, file.name, f"{UPLOADED}{file.name}"), known=intake.known
    )
    if candidate == _WAITS:
        raise CorpusError(f"{file.name} waits in the table already.")
    if isinstance(candidate, str):
        (entry, *_) = intake.place.library.find(candidate)
        raise CorpusError(
            f"{file.name} is on the shelf already, as “{entry.details.title}”."
        )
    return intake.stage(candidate, NOTHING, version_of or intake.older_of(candidate))


def _draft(one: Staged, like: Entry | None) -> Draft:
    assert one.candidate is not None
    row = Row.of(one.entry.details, version=one.old is not None)
    return Draft(one.candidate, row, like)


def stage_rows(
    intake: Intake, drafts: Sequence[Draft], rows: Sequence[Row], who: str | None
) -> tuple[list[tuple[Draft, Staged]], list[Draft]]:
    """Make the entries of the rows as they were sent.

    Returns:
        What can be added, and the drafts with what is wrong with each. Those whose row
        is not ticked are put away.

    Raises:
        CorpusError: the table is not the one that was shown.
    """
    if len(rows) != len(drafts) or not drafts:
        raise CorpusError("These files were removed meanwhile. Choose them again.")
    ready: list[tuple[Draft, Staged]] = []
    left: list[Draft] = []
    for draft, row in zip(drafts, rows, strict=True):
        if not row.add:
            draft.discard()
            continue
        try:
            old = draft.like if row.version else None
            known = intake.stage(draft.candidate, NOTHING, old).entry.details
            staged = intake.stage(draft.candidate, row.given(known), old, who)
        except CorpusError as error:
            left.append(replace(draft, row=row, fault=str(error)))
            continue
        intake.take(staged.entry)
        ready.append((replace(draft, row=row), staged))
    return ready, left
