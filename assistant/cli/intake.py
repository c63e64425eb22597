"""What `add`, `update`, `fetch` and `check` share on a terminal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.terminal import progress_bar
from assistant.errors import CorpusError
from assistant.library.intake import Found, Shelved, Staged, put_staged
from assistant.schema import NO_PUBLISHER

if TYPE_CHECKING:
    from assistant.library.adding import Candidate
    from assistant.library.changes import Workplace
    from assistant.library.details import Given
    from assistant.library.entries import Entry


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
    return Staged(
        make_entry_of(candidate, given, old, frozenset(shelf.taken)), candidate
    )


def make_entry_of(
    candidate: Candidate, given: Given, old: Entry | None, taken: frozenset[str]
) -> Entry:
    """Make the entry of a new report, or of another version of an old one."""
    from assistant.library.adding import make_entry, renew_entry

    if old is not None:
        return renew_entry(old, candidate, given)
    return make_entry(candidate, given, taken)


def ask_publisher(one: Staged) -> Staged:
    """Ask on a terminal who published a report that does not say so."""
    details = one.entry.details
    if details.publisher != NO_PUBLISHER or not sys.stdin.isatty():
        return one
    answer = input(f"{one.entry.name}: its publisher? [not known] ").strip()
    details = replace(details, publisher=answer or NO_PUBLISHER)
    return Staged(replace(one.entry, details=details), one.candidate)


def is_agreed(candidate: Candidate, entry: Entry, *, yes: bool) -> bool:
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

    with progress_bar() as progress:
        result = change_shelf(place, lambda lib: put_staged(lib, staged), progress)
    for one in staged:
        details = one.entry.details
        outcome.added.append(one.entry.name)
        say(f"{details.report}: {details.title}, {details.publisher}")
    say(f"{result.added} chunks indexed, {result.removed} removed.")
