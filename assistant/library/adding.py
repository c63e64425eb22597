"""The one intake: what is read becomes an entry, and is put on the shelf.

The command line, the page and ``fetch`` all go through here, so that they agree on what
is known already, on what is a new version, on ids, on details and on what is refused.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import CorpusError
from assistant.index.manifest import Progress, SyncResult
from assistant.library.asked_as import Asks, carry_over
from assistant.library.candidates import UPLOADED, Candidate, Incoming, hash_file
from assistant.library.changes import Workplace, change_shelf
from assistant.library.details import NOTHING, Given, make_id
from assistant.library.entries import Entry, amend_entry, make_entry
from assistant.library.files import StoredReport
from assistant.library.library import Library
from assistant.library.shelf import read_shelf
from assistant.schema import NO_PUBLISHER, Section


@dataclass(frozen=True)
class Staged:
    """An entry ready to be put on the shelf, and what the shelf held in its place."""

    entry: Entry
    candidate: Candidate | None
    """What was read of its file; None where only its details change."""
    old: Entry | None = None

    @property
    def sections(self) -> tuple[Section, ...]:
        """What was read; nothing where only details change."""
        return self.candidate.extract.sections if self.candidate else ()

    def asked(self, sections: tuple[Section, ...], model: str) -> Staged:
        """Return the same with lines that a model wrote for its sections."""
        lines = [line for section in sections for line in section.asked_as]
        if self.candidate is None or not lines:
            return self
        said = hashlib.sha256("\0".join(lines).encode()).hexdigest()
        entry = replace(self.entry, asked_by=model, asked_hash=said)
        extract = replace(self.candidate.extract, sections=sections)
        return replace(
            self, entry=entry, candidate=replace(self.candidate, extract=extract)
        )


@dataclass
class Put:
    """What became of what was staged."""

    added: list[Staged] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """A sentence for each that was not added; it names the file."""
    result: SyncResult | None = None


class Intake:
    """What is on the shelf or about to be: tells what is new, and makes entries."""

    def __init__(self, place: Workplace) -> None:
        """Look at the shelf."""
        self.place = place
        self.known = place.library.known_hashes()
        """The document of each hash."""
        shelf = read_shelf(place.corpus_dir, place.reports_dir)
        self.taken = {document.details.report for document in shelf}
        self._publishers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._entries: dict[str, Entry] = {}
        for entry in place.library.entries():
            self.take(entry)

    def take(self, entry: Entry) -> None:
        """Count an entry as on the shelf."""
        details = entry.details
        self.taken.add(details.report)
        self._entries[details.document_id] = entry
        for key in (entry.file_hash, entry.text_hash):
            self.known[key] = details.document_id
        if details.publisher != NO_PUBLISHER:
            self._publishers[_folder(entry)][details.publisher] += 1

    def known_files(self, files: Iterable[Incoming]) -> dict[Incoming, str]:
        """Return the files that are on the shelf as they are, with their documents."""
        known: dict[Incoming, str] = {}
        for found in files:
            # What cannot be read is told when its turn comes.
            with suppress(CorpusError):
                if document := self.known.get(hash_file(found.file)):
                    known[found] = document
        return known

    def older_of(self, candidate: Candidate) -> Entry | None:
        """Return the report whose new version a file is: it came from the same place.

        An upload has no place; there the same name counts.
        """
        entries = self._entries.values()
        return next((e for e in entries if e.source == candidate.source), None)

    def alike(self, staged: Staged) -> Entry | None:
        """Return another report of the same title and year.

        It may be the older version, or another report of this name: nobody but a user
        can tell.
        """
        document, wanted = staged.entry.details.document_id, _id_of(staged.entry)
        others = (e for name, e in self._entries.items() if name != document)
        return next((e for e in others if _id_of(e) == wanted), None)

    def stage(
        self,
        candidate: Candidate,
        given: Given = NOTHING,
        old: Entry | None = None,
        who: str | None = None,
    ) -> Staged:
        """Make the entry of a file; see ``make_entry``.

        Raises:
            CorpusError: a detail is not as it must be, or the id given is taken.
        """
        taken = () if old else self.taken
        entry = make_entry(candidate, given, taken, old=old, who=who)
        staged = Staged(entry, candidate, old)
        if old is None or old.asked_by is None:
            return staged
        before = StoredReport(old, self.place.library.folder_of(old)).kept
        sections = carry_over(candidate.extract.sections, before)
        return staged.asked(sections, old.asked_by)

    def amend(self, document: str, given: Given) -> Staged | None:
        """Give a report on the shelf other details; None where they are the same.

        Raises:
            CorpusError: a detail is not as it must be.
        """
        old = self._entries.get(document)
        if old is None or not given.said:
            return None
        new = amend_entry(old, given)
        return None if new == old else Staged(new, None, old)

    def lend_publisher(self, staged: Staged) -> Staged:
        """Give a paper that names no publisher that of most others of its folder."""
        entry = staged.entry
        if entry.details.publisher != NO_PUBLISHER or "publisher" in entry.given:
            return staged
        own = self._publishers.get(_folder(entry), Counter())
        for name, count in own.most_common(1):
            if 2 <= count > own.total() / 2:
                details = replace(entry.details, publisher=name)
                return replace(staged, entry=replace(entry, details=details))
        return staged


def _folder(entry: Entry) -> str:
    """Return where a file lay; what was uploaded lay nowhere."""
    return "" if entry.source.startswith(UPLOADED) else str(Path(entry.source).parent)


def _id_of(entry: Entry) -> str:
    return make_id(entry.details.title, entry.details.published)


def have_asked(
    asks: Asks, staged: Sequence[Staged], say: Progress = lambda done, total: None
) -> tuple[list[Staged], str]:
    """Let a model write how people may ask for what is about to be added.

    ``say`` is told reports done, and reports to do.

    Returns:
        The same with what it wrote, and why it failed where it did: it is asked no more
        then, and nothing else is lost.
    """
    done, fault = list(staged), ""
    for number, one in enumerate(staged):
        if fault:
            break
        written = asks.write(one.entry.details.title, one.sections)
        done[number], fault = (
            one.asked(written.sections, asks.model.name),
            written.fault,
        )
        say(number + 1, len(staged))
    return done, fault


def put_on_shelf(
    place: Workplace,
    staged: Sequence[Staged],
    progress: Progress = lambda done, total: None,
    published: Callable[[Put], None] = lambda put: None,
) -> Put:
    """Put what is ready on the shelf and index it.

    What somebody else has changed meanwhile fails by itself; the rest is added.
    ``progress`` is told chunks done and chunks to do; ``published`` is called once the
    next question is answered from what was added.

    Raises:
        AssistantError: nothing can be added (no room, no server); all is as it was.
    """
    put = Put()

    def change(library: Library) -> None:
        put.added.clear()
        for one in staged:
            try:
                _check_unchanged(library, one)
            except CorpusError as error:
                put.failed.append(str(error))
                continue
            if one.candidate is None:
                library.amend(one.entry)
            else:
                library.put(one.entry, one.candidate.file, one.sections)
            put.added.append(one)

    put.result = change_shelf(place, change, progress, lambda: published(put))
    return put


def _check_unchanged(library: Library, staged: Staged) -> None:
    """Refuse a change that was prepared when the shelf held something else."""
    entry = staged.entry
    document = entry.details.document_id
    now = {one.details.document_id: one for one in library.entries()}
    if now.get(document) != staged.old:
        raise CorpusError(
            f"{entry.name}: somebody else has changed {entry.details.report} since you "
            "opened it. Look at the list of reports again, and begin again if it is still "
            "needed."
        )
    for key in (entry.file_hash, entry.text_hash):
        if library.known_hashes().get(key, document) != document:
            raise CorpusError(f"{entry.name}: somebody else has added it meanwhile.")
