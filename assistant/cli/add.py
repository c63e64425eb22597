"""``assistant reports add``: files, folders and addresses."""

from __future__ import annotations

import argparse
from collections import Counter
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.intake import (
    Outcome,
    add_details,
    ask_publisher,
    files_of,
    given_of,
    is_agreed,
    make_one,
    put_all,
)
from assistant.cli.terminal import UsageError, progress_bar
from assistant.errors import AssistantError
from assistant.library.details_table import NAME, DetailsTable, read_details
from assistant.library.intake import Found, Shelved, Staged, lend_publishers

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.details import Given

# Reports put on the shelf and indexed together.
_AT_ONCE = 25


def add_action(actions: Commands) -> None:
    """Add the action to the parser."""
    adding = actions.add_parser("add", help="put files, folders or pages on the shelf")
    adding.add_argument(
        "what", nargs="+", metavar="PATH|FOLDER|URL", help="what to add"
    )
    adding.add_argument("--id", dest="report", help="the report's id (else its title)")
    adding.add_argument(
        "--details",
        type=Path,
        metavar="FILE",
        help="a table (CSV) with the columns file, id, title, publisher, published, url; "
        f"else {NAME} in the folder",
    )
    add_details(adding)
    adding.set_defaults(run=_add)


def _add(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    outcome, staged = Outcome(), list[Staged]()
    publishers: dict[Path, Counter[str]] = {}
    with ExitStack() as stack:
        files, table = _files(options, stack, outcome)
        if len(files) > 1 and (options.title or options.report):
            raise UsageError("--title and --id are of one report; give one file.")
        shelf = Shelved.of(place)
        # A bar would stand between the sections that are shown for a look.
        several = options.yes and len(files) > 1
        bar = progress_bar("Reading", "file") if several else nullcontext(_silent)
        reading = stack.enter_context(bar)
        for number, file in enumerate(files, 1):
            given = table.of(file.file.absolute(), given_of(options))
            one = _staged(shelf, file, given, options, outcome)
            if one is not None:
                shelf.take(one.entry)
                staged.append(one)
            reading(number, len(files))
            # Put on the shelf now and then: what is interrupted goes on from there.
            if len(staged) == _AT_ONCE:
                put_all(place, lend_publishers(staged, publishers), outcome)
                staged.clear()
        put_all(place, lend_publishers(staged, publishers), outcome)
    outcome.failed += [f"The table of details names {n}: no such file was given." for n
                       in table.unused]  # fmt: skip
    return outcome.show()


def _files(
    options: argparse.Namespace, stack: ExitStack, outcome: Outcome
) -> tuple[list[Found], DetailsTable]:
    """Return the files to add, and what is said of them; what is not there has failed."""
    files: list[Found] = []
    for what in options.what:
        try:
            files.extend(files_of(what, stack))
        except AssistantError as error:
            outcome.failed.append(str(error))
    beside = [folder / NAME for what in options.what if (folder := Path(what)).is_dir()]
    file = options.details or next((f for f in beside if f.is_file()), None)
    return files, read_details(file) if file else DetailsTable({})


def _staged(
    shelf: Shelved,
    file: Found,
    given: Given,
    options: argparse.Namespace,
    outcome: Outcome,
) -> Staged | None:
    """Read one file; what keeps it off the shelf goes into the outcome."""
    try:
        one = make_one(shelf, file, given)
        if isinstance(one, str):
            outcome.known.append(f"{file.name}: {one}")
            return None
        one = one if options.yes else ask_publisher(one)
        if is_agreed(one.candidate, one.entry, yes=options.yes):
            return one
        outcome.passed_over.append(file.name)
    except AssistantError as error:
        outcome.failed.append(str(error))
    return None


def _silent(done: int, total: int) -> None:
    """Show nothing."""
