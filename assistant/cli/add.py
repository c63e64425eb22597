"""``assistant reports add``: files, folders and addresses."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.agreeing import agreed, note_of
from assistant.cli.intake import (
    Tally,
    add_details,
    asks_for,
    files_of,
    given_of,
    put_all,
)
from assistant.cli.terminal import UsageError, progress_bar
from assistant.errors import AssistantError
from assistant.library.details_table import NAME, DetailsTable, read_details

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.adding import Intake, Staged
    from assistant.library.asked_as import Asks
    from assistant.library.candidates import Incoming
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
        f"else {NAME} in the folder; also sets details of what is on the shelf already",
    )
    add_details(adding)
    adding.set_defaults(run=_add)


def _add(options: argparse.Namespace) -> int:
    from assistant.library.adding import Intake
    from assistant.library.changes import Workplace
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    tally = Tally()
    with ExitStack() as stack:
        files, table = _files(options, stack, tally)
        if len(files) > 1 and (options.title or options.report):
            raise UsageError("--title and --id are of one report; give one file.")
        asks = asks_for(options)
        _Adding(options, Intake(place), table, tally, asks).add(files)
    tally.failed += [f"The table of details names {n}: no such file was given." for n
                       in table.unused]  # fmt: skip
    return tally.show()


def _files(
    options: argparse.Namespace, stack: ExitStack, tally: Tally
) -> tuple[list[Incoming], DetailsTable]:
    """Return the files to add, and what is said of them; what is not there has failed."""
    files: list[Incoming] = []
    for what in options.what:
        try:
            files.extend(files_of(what, stack))
        except AssistantError as error:
            tally.failed.append(str(error))
    beside = [folder / NAME for what in options.what if (folder := Path(what)).is_dir()]
    file = options.details or next((f for f in beside if f.is_file()), None)
    return files, read_details(file) if file else DetailsTable({})


@dataclass
class _Adding:
    """One run: files are read one by one, and put on the shelf a few at a time.

    What is interrupted goes on from there when it is run again.
    """

    options: argparse.Namespace
    intake: Intake
    table: DetailsTable
    tally: Tally
    asks: Asks | None
    staged: list[Staged] = field(default_factory=list)

    def add(self, files: list[Incoming]) -> None:
        several = len(files) > 1
        known = self.intake.known_files(files)
        if several and known:
            print(
                f"{len(files)} files: {len(known)} are on the shelf already, "
                f"{len(files) - len(known)} are left to read."
            )
        for file, document in known.items():
            self._is_known(file, document)
        left, untried = [file for file in files if file not in known], 0
        # A bar would stand between the sections that are shown for a look.
        bar = progress_bar("Reading", "file") if several and self.options.yes else None
        with bar or nullcontext(lambda done, total: None) as reading:
            for number, file in enumerate(left, 1):
                self._read(file)
                reading(number, len(left))
                if len(self.staged) >= _AT_ONCE and not self._put():
                    untried = len(left) - number
                    break
            else:
                self._put()
        if untried:
            self.tally.failed.append(
                f"{untried} more files were not tried. Run the same again: it goes on "
                "from here."
            )

    def _read(self, file: Incoming) -> None:
        """Read one file; what keeps it off the shelf goes into the tally."""
        from assistant.library.candidates import read_candidate

        try:
            candidate = read_candidate(file, known=self.intake.known)
            if isinstance(candidate, str):
                self._is_known(file, candidate)
                return
            given = self._given(file).else_(given_of(self.options))
            old = self.intake.older_of(candidate)
            one = self.intake.stage(candidate, given, old)
            like = None if old else self.intake.alike(one)
            if agreed_one := agreed(one, like, self.asks, yes=self.options.yes):
                self.intake.take(agreed_one.entry)
                self.staged.append(agreed_one)
                if like:
                    self.tally.notes.append(note_of(one, like))
            else:
                self.tally.passed_over.append(file.name)
        except AssistantError as error:
            self.tally.failed.append(str(error))

    def _given(self, file: Incoming) -> Given:
        return self.table.of(file.file.absolute())

    def _is_known(self, file: Incoming, document: str) -> None:
        """Note a file that is on the shelf; the table may set its details."""
        self.tally.known.append(file.name)
        given = self._given(file)
        try:
            if amended := self.intake.amend(document, given):
                self.staged.append(amended)
        except AssistantError as error:
            self.tally.failed.append(str(error))

    def _put(self) -> bool:
        """Put what was read on the shelf; False where nothing can be put there."""
        staged = [self.intake.lend_publisher(one) for one in self.staged]
        self.staged.clear()
        try:
            put_all(self.intake.place, staged, self.tally, self.asks)
        except AssistantError as error:
            # It is the same for all of them: no room, no server, another process.
            names = ", ".join(one.entry.name for one in staged)
            self.tally.failed.append(f"{error} Not added: {names}.")
            return False
        return True
