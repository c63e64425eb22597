"""``assistant reports``: what is on the shelf, and what a team puts there."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from assistant.cli.terminal import published_words
from assistant.schema import ReportDetails

if TYPE_CHECKING:
    from assistant.cli import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    reports = commands.add_parser("reports", help="the reports on the shelf")
    actions = reports.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the reports and their documents")
    listing.add_argument("--json", action="store_true", help="print them as JSON")
    listing.set_defaults(run=_list)


def _details_json(details: ReportDetails) -> dict[str, object]:
    return {
        "report": details.report,
        "document": details.document_id,
        "title": details.title,
        "publisher": details.publisher,
        "authors": list(details.authors),
        "published": details.published,
        "type": details.document_type,
        "digest_of": details.digest_of,
        "url": details.url,
    }


def _list(options: argparse.Namespace) -> int:
    from assistant.reading.catalogue import read_corpus
    from assistant.settings import load_settings

    catalogue = [d.details for d in read_corpus(load_settings().corpus_dir)]
    if options.json:
        print(json.dumps([_details_json(d) for d in catalogue], ensure_ascii=False))
        return 0
    for details in catalogue:
        print(f"{details.report}  ({details.document})")
        print(
            f"  {details.title}, {details.publisher}, "
            f"{published_words(details.published)}; {details.document_type}"
        )
        if details.digest_of:
            print(f"  Digest; original: {details.url}")
    return 0
