"""``assistant reports``: what is on the shelf, and what a team puts there."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.cli import add, check, fetch, update
from assistant.cli.terminal import progress_bar
from assistant.schema import ReportDetails
from assistant.text.dates import date_words

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.entries import Entry

_NOT_INDEXED = (
    "assistant: what is not indexed is not found when asked. Run: assistant index"
)


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    reports = commands.add_parser("reports", help="the reports on the shelf")
    actions = reports.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the reports and their documents")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=_list)
    add.add_action(actions)
    update.add_action(actions)
    removing = actions.add_parser("remove", help="take a report off the shelf")
    removing.add_argument("report", help="its id, as `reports list` shows it")
    removing.set_defaults(run=_remove)
    fetch.add_action(actions)
    check.add_action(actions)
    recovering = actions.add_parser(
        "recover", help="make a lost list again from what is kept of each report"
    )
    recovering.set_defaults(run=_recover)


def _details_json(
    details: ReportDetails, chunks: int | None, entry: Entry | None
) -> dict[str, object]:
    from assistant.tools.contract import ReportData

    return {
        **ReportData.of(details).model_dump(),
        "chunks": chunks,
        "pages": entry.pages if entry else None,
        "added": entry.added if entry else None,
        "source": entry.source if entry else None,
    }


def _list(options: argparse.Namespace) -> int:
    from assistant.index.lexical import count_chunks
    from assistant.library.library import Library
    from assistant.library.shelf import read_shelf
    from assistant.settings import load_settings

    settings = load_settings()
    shelf = read_shelf(settings.corpus_dir, settings.reports_dir)
    entries = {
        entry.details.document_id: entry
        for entry in Library(settings.reports_dir).entries()
    }
    counts = count_chunks(settings.index_dir)
    if options.json:
        rows = [
            _details_json(d, counts.get(d.document_id), entries.get(d.document_id))
            for d in (document.details for document in shelf)
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for document in shelf:
        _show(document.details, counts, entries.get(document.details.document_id))
    if any(document.details.document_id not in counts for document in shelf):
        print(_NOT_INDEXED, file=sys.stderr)
    return 0


def _show(
    details: ReportDetails, counts: Mapping[str, int], entry: Entry | None
) -> None:
    print(f"{details.report}  ({details.document})")
    print(
        f"  {details.title}, {details.publisher}, "
        f"{date_words(details.published)}; {details.document_type}"
    )
    chunks = counts.get(details.document_id)
    facts = ["not indexed yet" if chunks is None else f"{chunks} chunks"]
    if entry is not None:
        facts += [f"{entry.pages} pages"] if entry.pages else []
        facts.append(f"added {date_words(entry.added[:10])} from {entry.name}")
    print(f"  {', '.join(facts)}")
    if details.superseded_by:
        print(f"  Superseded by {details.superseded_by}: searched only where named")
    if details.digest_of:
        print(f"  Digest; original: {details.url}")


def _remove(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace, change_shelf
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    gone = place.library.find(options.report)
    with progress_bar() as progress:
        result = change_shelf(place, lambda lib: lib.take_off(gone), progress)
    names = ", ".join(entry.details.document_id for entry in gone)
    print(f"{names} removed ({result.removed} chunks).")
    return 0


def _recover(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace, recover_list
    from assistant.settings import load_settings

    with progress_bar() as progress:
        done = recover_list(Workplace.from_settings(load_settings()), progress)
    for entry in done.entries:
        print(f"{entry.details.report}: {entry.details.title}")
    for problem in done.problems:
        print(f"assistant: {problem}", file=sys.stderr)
    print(f"{len(done.entries)} reports listed again.")
    return 1 if done.problems else 0
