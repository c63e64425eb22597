"""``assistant reports add``: files, folders and addresses."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING

from assistant.cli.intake import (
    Outcome,
    add_details,
    files_of,
    given_of,
    is_agreed,
    make_one,
    put_all,
)
from assistant.cli.terminal import progress_bar
from assistant.errors import AssistantError
from assistant.library.intake import Found, Shelved, Staged

if TYPE_CHECKING:
    from assistant.cli import Commands

# Reports put on the shelf and indexed together.
_AT_ONCE = 25


def add_action(actions: Commands) -> None:
    """Add the action to the parser."""
    adding = actions.add_parser(
        "add", help="put a file, a folder or a page on the shelf"
    )
    adding.add_argument("what", metavar="PATH|FOLDER|URL", help="what to add")
    adding.add_argument("--id", dest="report", help="the report's id (else its title)")
    add_details(adding)
    adding.set_defaults(run=_add)


def _add(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    outcome, staged = Outcome(), list[Staged]()
    with ExitStack() as stack:
        files = list(files_of(options.what, stack))
        shelf = Shelved.of(place)
        # A bar would stand between the sections that are shown for a look.
        several = options.yes and len(files) > 1
        bar = progress_bar("Reading", "file") if several else nullcontext(_silent)
        reading = stack.enter_context(bar)
        for number, file in enumerate(files, 1):
            one = _staged(shelf, file, options, outcome)
            if one is not None:
                shelf.take(one.entry)
                staged.append(one)
            reading(number, len(files))
            # Put on the shelf now and then: what is interrupted goes on from there.
            if len(staged) == _AT_ONCE:
                put_all(place, staged, outcome)
                staged.clear()
        put_all(place, staged, outcome)
    return outcome.show()


def _staged(
    shelf: Shelved, file: Found, options: argparse.Namespace, outcome: Outcome
) -> Staged | None:
    """Read one file; what keeps it off the shelf goes into the outcome."""
    try:
        one = make_one(shelf, file, given_of(options))
        if isinstance(one, str):
            outcome.known.append(f"{file.name}: {one}")
        elif is_agreed(one.candidate, one.entry, yes=options.yes):
            return one
        else:
            outcome.passed_over.append(file.name)
    except AssistantError as error:
        outcome.failed.append(str(error))
    return None


def _silent(done: int, total: int) -> None:
    """Show nothing."""
