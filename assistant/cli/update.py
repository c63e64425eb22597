"""``assistant reports update``: a new version, another reading, or better details."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.cli.agreeing import agreed
from assistant.cli.intake import (
    Tally,
    add_details,
    asks_for,
    files_of,
    given_of,
    put_all,
)
from assistant.cli.terminal import UsageError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.adding import Intake
    from assistant.library.candidates import Incoming
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
    from assistant.library.adding import Intake
    from assistant.library.candidates import Candidate, read_candidate
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    intake, old = Intake(place), place.library.find(options.report)[0]
    given = replace(
        given_of(options), report=None, superseded_by=_successor(options, intake)
    )
    tally = Tally()
    with ExitStack() as stack:
        found = _version(options, place, old, stack)
        candidate = read_candidate(found, known={})
        assert isinstance(candidate, Candidate)
        one = intake.stage(candidate, given, old)
        asks = asks_for(options)
        unasked = asks and asks.cost(one.entry.details.title, one.sections).sections
        same = (one.entry.file_hash, one.entry.details) == (old.file_hash, old.details)
        if same and not unasked:
            tally.known.append(found.name)
        elif one_agreed := agreed(one, None, asks, yes=options.yes):
            put_all(place, [one_agreed], tally, asks)
    return tally.show()


def _successor(options: argparse.Namespace, intake: Intake) -> str | None:
    """Return the id given as the successor's; nothing for "none"."""
    successor: str | None = options.superseded_by
    if successor == "none":
        return ""
    if successor and (successor == options.report or successor not in intake.taken):
        raise UsageError(f"--superseded-by: there is no other report {successor}.")
    return successor


def _version(
    options: argparse.Namespace, place: Workplace, old: Entry, stack: ExitStack
) -> Incoming:
    """Return the file to read: the one given, else the kept copy."""
    from assistant.library.candidates import Incoming

    if options.what is None:
        return Incoming(place.library.file_of(old), old.name, old.source)
    found = list(files_of(options.what, stack))
    if len(found) != 1:
        raise UsageError("update takes one file or address.")
    return found[0]
