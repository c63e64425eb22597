"""``assistant reports update``: a new version, another reading, or better details."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.cli.intake import (
    Outcome,
    add_details,
    files_of,
    given_of,
    is_agreed,
    make_entry_of,
    put_all,
)
from assistant.cli.terminal import UsageError
from assistant.library.intake import Found, Staged, find_entries, report_ids

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.changes import Workplace
    from assistant.library.entries import Entry


def add_action(actions: Commands) -> None:
    """Add the action to the parser."""
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


def _update(options: argparse.Namespace) -> int:
    from assistant.library.adding import read_candidate
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    old = find_entries(place.library, options.report)[0]
    given = given_of(options)
    given = replace(given, report=None, superseded_by=_successor(options, place))
    outcome = Outcome()
    with ExitStack() as stack:
        file, name, source, address = _version(options, place, old, stack)
        found = read_candidate(file, name=name, source=source, known={})
        assert not isinstance(found, str)
        entry = make_entry_of(
            found, replace(given, url=options.url or address), old, frozenset()
        )
        if options.superseded_by == "none":
            entry = replace(entry, details=replace(entry.details, superseded_by=None))
        if (entry.file_hash, entry.details) == (old.file_hash, old.details):
            outcome.known.append(name)
        elif is_agreed(found, entry, yes=options.yes):
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
