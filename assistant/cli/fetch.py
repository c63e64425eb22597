"""``assistant reports fetch``: the originals of the shipped digests."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.intake import Tally, put_all
from assistant.errors import AssistantError, CorpusError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.library.adding import Staged
    from assistant.library.changes import Workplace
    from assistant.schema import Document


Get = Callable[[str, Path], tuple[Path, str]]


def add_action(actions: Commands) -> None:
    """Add the action to the parser."""
    fetching = actions.add_parser(
        "fetch", help="download the originals of the shipped digests"
    )
    fetching.add_argument(
        "reports", nargs="*", metavar="ID", help="all, if none is named"
    )
    fetching.add_argument(
        "--instead",
        action="store_true",
        help="leave the digest out of answers (else the original stands beside it)",
    )
    fetching.set_defaults(run=_fetch)


def _fetch(options: argparse.Namespace) -> int:
    from assistant.library.changes import Workplace, change_shelf
    from assistant.reading.catalogue import read_corpus
    from assistant.settings import load_settings

    place = Workplace.from_settings(load_settings())
    digests = [
        d
        for d in read_corpus(place.corpus_dir)
        if d.details.digest_of
        and (not options.reports or d.details.report in options.reports)
    ]
    unknown = set(options.reports) - {d.details.report for d in digests}
    if unknown:
        raise CorpusError(
            f"No digest of {', '.join(sorted(unknown))} was shipped. `assistant reports "
            "list` shows what is there."
        )
    tally, replaced = Tally(), list[str]()
    staged: list[Staged] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, digest in enumerate(digests):
            try:
                found = original_of(digest, place, Path(folder) / str(number))
                if isinstance(found, str):
                    tally.known.append(found)
                else:
                    staged.append(found)
                replaced.append(digest.details.document_id)
            except AssistantError as error:
                tally.failed.append(str(error))
        put_all(place, staged, tally)
    if options.instead and replaced:
        change_shelf(place, lambda library: library.leave_out(replaced))
    return tally.show()


def original_of(
    digest: Document, place: Workplace, folder: Path, get: Get | None = None
) -> Staged | str:
    """Download and read the original of a digest, under the digest's details.

    Returns:
        What is to be put on the shelf, or the document that it already is.
    """
    from assistant.library.adding import Staged
    from assistant.library.candidates import Incoming, read_candidate
    from assistant.library.details import Given
    from assistant.library.download import download
    from assistant.library.entries import make_entry

    details = digest.details
    folder.mkdir()
    file, address = (get or download)(details.url, folder)
    known = place.library.known_hashes()
    found = read_candidate(
        Incoming(file, f"{details.report}{file.suffix}", address), known=known
    )
    if isinstance(found, str):
        return found
    given = Given(details.report, details.title, details.publisher, url=details.url)
    entry = make_entry(found, given)
    original = replace(
        details,
        document=f"{details.document}-original",
        document_type=f"original ({found.extract.kind})",
        digest_of=None,
        rights=entry.details.rights,
    )
    entries = place.library.entries()
    old = [e for e in entries if e.details.document_id == original.document_id]
    return Staged(replace(entry, details=original), found, next(iter(old), None))
