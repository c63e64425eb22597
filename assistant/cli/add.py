"""``assistant reports add`` and ``update``: files, folders and addresses."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.cli.terminal import UsageError, progress_bar
from assistant.errors import AssistantError, CorpusError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.adding import Candidate
    from assistant.library.changes import Workplace
    from assistant.library.details import Given
    from assistant.library.entries import Entry, Library


def add_actions(actions: Commands) -> None:
    """Add both actions to the parser."""
    adding = actions.add_parser(
        "add", help="put a file, a folder or a page on the shelf"
    )
    adding.add_argument("what", metavar="PATH|FOLDER|URL", help="what to add")
    adding.add_argument("--id", dest="report", help="the report's id (else its title)")
    add_details(adding)
    adding.set_defaults(run=_add)
    updating = actions.add_parser(
        "update", help="read a report again, take a new version, or mend its details"
    )
    updating.add_argument("report", help="its id, as `reports list` shows it")
    updating.add_argument("what", nargs="?", metavar="PATH|URL", help="its new version")
    updating.add_argument(
        "--superseded-by",
        metavar="ID",
        help="the report that takes its place; it is then searched only where named "
        "(none: it counts again)",
    )
    add_details(updating)
    updating.set_defaults(run=_update)


def add_details(parser: argparse.ArgumentParser) -> None:
    """Add the options that give a report's details."""
    parser.add_argument("--title", help="its title")
    parser.add_argument("--publisher", help="who published it")
    parser.add_argument(
        "--published", metavar="DATE", help="2024-09-12, 2024-09 or 2024"
    )
    parser.add_argument(
        "--author", action="append", default=[], help="may be given more than once"
    )
    parser.add_argument("--url", help="where the original is to be had")
    parser.add_argument("--type", dest="document_type", help="such as: committee paper")
    parser.add_argument(
        "--yes", action="store_true", help="index without showing the sections first"
    )


def given_of(options: argparse.Namespace) -> Given:
    """Return the details that were given as options."""
    from assistant.library.details import Given

    return Given(
        report=options.report,
        title=options.title,
        publisher=options.publisher,
        published=options.published,
        authors=tuple(options.author),
        url=options.url,
        document_type=options.document_type,
    )


@dataclass
class Outcome:
    """What became of each file, for the summary at the end."""

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def show(self) -> int:
        """Print the summary and return the exit code."""
        for problem in self.failed:
            print(f"assistant: {problem}", file=sys.stderr)
        counts = (
            (self.added, "added"),
            (self.known, "already on the shelf"),
            (self.passed_over, "passed over"),
            (self.failed, "failed"),
        )
        said = [f"{len(names)} {what}" for names, what in counts if names]
        print(", ".join(said) + "." if said else "Nothing to do.")
        return 1 if self.failed else 0


@dataclass(frozen=True)
class Staged:
    """An entry ready to be put on the shelf."""

    entry: Entry
    candidate: Candidate


class Found(NamedTuple):
    """A file to read, and what is known of where it came from."""

    file: Path
    name: str
    source: str
    address: str | None = None


def files_of(what: str, stack: ExitStack) -> Iterator[Found]:
    """Yield the file at a path or an address, or the files of a folder."""
    if "://" in what:
        from assistant.library.download import download

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file, address = download(what, folder)
        last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        yield Found(file, f"{Path(last).stem or 'page'}{file.suffix}", what, address)
        return
    from assistant.library.adding import find_files

    for file in find_files(Path(what)):
        yield Found(file, file.name, str(file.resolve()))


def _add(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    outcome, staged = Outcome(), list[Staged]()
    with ExitStack() as stack:
        shelf = Shelved.of(place)
        for file in files_of(options.what, stack):
            try:
                one = make_one(shelf, file, given_of(options))
                if isinstance(one, str):
                    outcome.known.append(f"{file.name}: {one}")
                elif _agreed(one.candidate, one.entry, yes=options.yes):
                    shelf.take(one.entry)
                    staged.append(one)
                else:
                    outcome.passed_over.append(file.name)
            except AssistantError as error:
                outcome.failed.append(str(error))
        put_all(place, staged, outcome)
    return outcome.show()


@dataclass
class Shelved:
    """What is on the shelf or about to be: to tell what is new."""

    known: dict[str, str]
    """The document of each hash."""
    by_source: dict[str, Entry]
    taken: set[str]
    """The ids of all reports."""

    @classmethod
    def of(cls, place: Workplace) -> Shelved:
        """Look at the shelf."""
        return cls(
            known=place.library.known_hashes(),
            by_source={entry.source: entry for entry in place.library.entries()},
            taken=report_ids(place),
        )

    def take(self, entry: Entry) -> None:
        """Note that an entry is about to be added."""
        self.taken.add(entry.details.report)
        for key in (entry.file_hash, entry.text_hash):
            self.known[key] = entry.details.document_id


def make_one(shelf: Shelved, found: Found, given: Given) -> Staged | str:
    """Read a file and make its entry, or return the document that it already is.

    A file from where another version came from before is that report's new version.
    """
    from assistant.library.adding import read_candidate

    file, name, source, address = found
    candidate = read_candidate(file, name=name, source=source, known=shelf.known)
    if isinstance(candidate, str):
        return candidate
    given = replace(given, url=given.url or address)
    old = shelf.by_source.get(source)
    return Staged(_entry(candidate, given, old, frozenset(shelf.taken)), candidate)


def _entry(
    candidate: Candidate, given: Given, old: Entry | None, taken: frozenset[str]
) -> Entry:
    """Make the entry, asking on a terminal for what the document does not say."""
    from assistant.library.adding import make_entry, renew_entry
    from assistant.library.details import DetailsMissingError

    while True:
        try:
            if old is not None:
                return renew_entry(old, candidate, given)
            return make_entry(candidate, given, taken)
        except DetailsMissingError as error:
            if not sys.stdin.isatty():
                raise
            for name in error.missing:
                answer = input(f"{candidate.name}: its {name}? ").strip()
                if not answer:
                    raise
                given = replace(given, **{name: answer})  # type: ignore[arg-type]


def _agreed(candidate: Candidate, entry: Entry, *, yes: bool) -> bool:
    """Show what would be indexed and ask, unless told not to."""
    from assistant.library.adding import preview

    if yes:
        return True
    print("\n".join(preview(candidate, entry)))
    if not sys.stdin.isatty():
        raise CorpusError(
            f"{candidate.name} was not indexed: nobody can be asked here. Look at its "
            "sections above and add --yes."
        )
    return input("Index it? [y/N] ").strip().lower() in ("y", "yes")


def put_all(
    place: Workplace,
    staged: list[Staged],
    outcome: Outcome,
    say: Callable[[str], None] = print,
) -> None:
    """Put what is ready on the shelf, index it, and say so."""
    from assistant.library.changes import change_shelf

    if not staged:
        return

    def change(library: Library) -> None:
        for one in staged:
            library.put(one.entry, one.candidate.file, one.candidate.extract.sections)

    with progress_bar() as progress:
        result = change_shelf(place, change, progress)
    for one in staged:
        details = one.entry.details
        outcome.added.append(one.entry.name)
        say(f"{details.report}: {details.title}, {details.publisher}")
    say(f"{result.added} chunks indexed, {result.removed} removed.")


def report_ids(place: Workplace) -> set[str]:
    """Return the ids of all reports on the shelf."""
    from assistant.library.shelf import read_shelf

    shelf = read_shelf(place.corpus_dir, place.reports_dir)
    return {document.details.report for document in shelf}


def _update(options: argparse.Namespace) -> int:
    from assistant.library.adding import read_candidate
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    names = (options.report, f"{options.report}/report")
    old = next(
        (
            e
            for e in place.library.entries()
            if options.report in (e.details.report, e.details.document_id)
        ),
        None,
    )
    if old is None:
        raise CorpusError(
            f"The team added no report {names[0]}. `assistant reports list` shows what "
            "is there."
        )
    given = given_of(options)
    given = replace(given, report=None, superseded_by=_successor(options, place))
    outcome = Outcome()
    with ExitStack() as stack:
        file, name, source, address = _version(options, place, old, stack)
        found = read_candidate(file, name=name, source=source, known={})
        assert not isinstance(found, str)
        entry = _entry(
            found, replace(given, url=options.url or address), old, frozenset()
        )
        if options.superseded_by == "none":
            entry = replace(entry, details=replace(entry.details, superseded_by=None))
        if (entry.file_hash, entry.details) == (old.file_hash, old.details):
            outcome.known.append(name)
        elif _agreed(found, entry, yes=options.yes):
            put_all(place, [Staged(entry, found)], outcome)
    return outcome.show()


def _successor(options: argparse.Namespace, place: Workplace) -> str | None:
    successor: str | None = options.superseded_by
    if successor in (None, "none"):
        return None
    if successor == options.report or successor not in report_ids(place):
        raise UsageError(f"--superseded-by: there is no other report {successor}.")
    return successor


def _version(
    options: argparse.Namespace, place: Workplace, old: Entry, stack: ExitStack
) -> Found:
    """Return the file to read: the one given, else the kept copy."""
    if options.what is None:
        return Found(place.library.file_of(old), old.name, old.source)
    found = list(files_of(options.what, stack))
    if len(found) != 1:
        raise UsageError("update takes one file or address.")
    return found[0]
