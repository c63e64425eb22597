"""What `add`, `update`, `fetch` and `check` share on a terminal."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.terminal import progress_bar

if TYPE_CHECKING:
    from assistant.library.adding import Staged
    from assistant.library.asked_as import Asks
    from assistant.library.candidates import Incoming
    from assistant.library.changes import Workplace
    from assistant.library.details import Given


def add_details(parser: argparse.ArgumentParser) -> None:
    """Add the options that give a report's details."""
    parser.add_argument("--title", help="its title")
    parser.add_argument(
        "--publisher", help='who published it ("" where that is not known)'
    )
    parser.add_argument(
        "--published", metavar="DATE", help="2024-09-12, 2024-09 or 2024"
    )
    parser.add_argument("--author", action="append", help="may be given more than once")
    parser.add_argument("--url", help="where the original is to be had")
    parser.add_argument("--type", dest="document_type", help="such as: committee paper")
    parser.add_argument(
        "--yes", action="store_true", help="index without showing the sections first"
    )
    parser.add_argument(
        "--no-model",
        action="store_true",
        help="where a model is set: do not let it write how people may ask for the "
        "sections",
    )


def given_of(options: argparse.Namespace) -> Given:
    """Return the details that were given as options."""
    from assistant.library.details import Given

    return Given(
        report=options.report,
        title=options.title,
        publisher=options.publisher,
        published=options.published,
        authors=tuple(options.author) if options.author else None,
        url=options.url,
        document_type=options.document_type,
    )


def asks_for(options: argparse.Namespace) -> Asks | None:
    """Return the model to be asked about what is added, where one is set and wanted."""
    from assistant.composition import asks_of, make_writer
    from assistant.settings import load_settings

    settings = load_settings()
    if options.no_model or not settings.uses_model:
        return None
    return asks_of(make_writer(settings))


@dataclass
class Tally:
    """What became of each file, for the summary at the end."""

    added: list[str] = field(default_factory=list)
    amended: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    model_failed: bool = False
    """It is asked no more in this run."""

    def show(self) -> int:
        """Print the summary and return the exit code."""
        for note in self.notes:
            print(note)
        for problem in self.failed:
            print(f"assistant: {problem}", file=sys.stderr)
        counts = (
            (self.added, "added"),
            (self.known, "already on the shelf"),
            (self.amended, "given other details"),
            (self.passed_over, "passed over"),
            (self.failed, "failed"),
        )
        said = [f"{len(names)} {what}" for names, what in counts if names]
        print(", ".join(said) + "." if said else "Nothing to do.")
        return 1 if self.failed else 0


def files_of(what: str, stack: ExitStack) -> Iterator[Incoming]:
    """Yield the file at a path or an address, or the files of a folder."""
    from assistant.library.candidates import Incoming, find_files

    if "://" in what:
        from assistant.library.download import download

        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file, address = download(what, folder)
        last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        yield Incoming(file, f"{Path(last).stem or 'page'}{file.suffix}", what, address)
        return
    for file in find_files(Path(what)):
        yield Incoming(file, file.name, str(file.resolve()))


# At once: whoever follows a long run sees it.
_say = partial(print, flush=True)


def put_all(
    place: Workplace,
    staged: list[Staged],
    tally: Tally,
    asks: Asks | None = None,
    say: Callable[[str], None] = _say,
) -> None:
    """Put what is ready on the shelf, index it, and say so.

    ``asks`` is the model that is asked about it first; where it fails, the rest is done.

    Raises:
        AssistantError: nothing can be added; all is as it was.
    """
    from assistant.library.adding import put_on_shelf

    if not staged:
        return
    if asks and not tally.model_failed:
        staged = _asked(asks, staged, tally, say)
    with progress_bar() as progress:
        put = put_on_shelf(place, staged, progress)
    for one in put.added:
        details = one.entry.details
        (tally.added if one.candidate else tally.amended).append(one.entry.name)
        say(f"{details.report}: {details.title}, {details.publisher}")
    tally.failed += put.failed
    if put.result:
        say(f"{put.result.added} chunks indexed, {put.result.removed} removed.")


def _asked(
    asks: Asks, staged: list[Staged], tally: Tally, say: Callable[[str], None]
) -> list[Staged]:
    """Say what asking the model costs, and ask it."""
    from assistant.library.adding import have_asked
    from assistant.library.asked_as import Cost

    each = (asks.cost(one.entry.details.title, one.sections) for one in staged)
    cost = sum(each, Cost())
    if not cost.sections:
        return staged
    say(f"The model {asks.model.name} is asked {asks.told(cost)}.")
    with progress_bar("Asking the model", "report") as progress:
        done, fault = have_asked(asks, staged, progress)
    if fault:
        tally.model_failed = True
        tally.notes.append(
            f"{fault} What was added since has no lines of the model's; `assistant "
            "reports update ID` asks it again."
        )
    return done
