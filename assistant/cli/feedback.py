"""``assistant feedback``: what people said of answers, to read, hand on or delete."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.terminal import UsageError
from assistant.disk import for_user
from assistant.errors import ConfigError, FeedbackError

if TYPE_CHECKING:
    from assistant.cli import Commands
    from assistant.feedback.entry import Feedback
    from assistant.feedback.store import FeedbackStore


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    feedback = commands.add_parser("feedback", help="what people said of answers")
    actions = feedback.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list it, the oldest first")
    listing.set_defaults(run=_list)
    export = actions.add_parser(
        "export", help="write all of it, one JSON object a line"
    )
    export.add_argument("--out", type=Path, metavar="OUT.jsonl", help="a new file")
    export.set_defaults(run=_export)
    importing = actions.add_parser("import", help="take in what `export` wrote")
    importing.add_argument("file", type=Path, metavar="IN.jsonl")
    importing.set_defaults(run=_import)
    deleting = actions.add_parser("delete", help="delete some of it for good")
    deleting.add_argument("id", nargs="*", help="as `feedback list` shows it")
    deleting.add_argument("--person", help="all that this person gave")
    deleting.add_argument(
        "--all", action="store_true", help="all of it; also where the file is damaged"
    )
    deleting.set_defaults(run=_delete)


def _store() -> FeedbackStore:
    from assistant.feedback.store import open_store
    from assistant.settings import load_settings

    store = open_store(load_settings())
    if store is None:
        raise ConfigError("Feedback is off (ASSISTANT_FEEDBACK_DATABASE).")
    return store


def _line(feedback: Feedback) -> str:
    from assistant.feedback.entry import REASONS

    reason = f": {REASONS[feedback.reason]}" if feedback.reason else ""
    question = " ".join(feedback.question.split())
    return (
        f"{feedback.id}  {feedback.kept_at[:16].replace('T', ' ')}  "
        f"{feedback.verdict}{reason}\n  {question}"
    )


def _list(options: argparse.Namespace) -> int:
    for feedback in _store().all():
        print(_line(feedback))
    return 0


def _export(options: argparse.Namespace) -> int:
    lines = [json.dumps(asdict(f), ensure_ascii=False) for f in _store().all()]
    text = "".join(f"{line}\n" for line in lines)
    if options.out is None:
        sys.stdout.write(text)
        return 0
    try:
        with (
            for_user(),
            options.out.open("x", encoding="utf-8", errors="replace") as file,
        ):
            file.write(text)
    except FileExistsError as error:
        raise FeedbackError(
            f"{options.out} is there already, and stays as it is. Name a new file."
        ) from error
    print(f"{len(lines)} written to {options.out}", file=sys.stderr)
    return 0


def _import(options: argparse.Namespace) -> int:
    from pydantic import TypeAdapter, ValidationError

    from assistant.feedback.entry import Feedback

    one = TypeAdapter(Feedback)
    try:
        lines = options.file.read_bytes().splitlines()
        found = [one.validate_json(line) for line in lines if line.strip()]
    except (OSError, ValidationError) as error:
        reason = getattr(error, "strerror", None) or (
            "it holds a line that `assistant feedback export` did not write"
        )
        raise FeedbackError(
            f"{options.file} cannot be taken in ({reason}). Nothing was."
        ) from error
    store = _store()
    for feedback in found:
        store.keep(feedback)
    print(f"{len(found)} taken in.", file=sys.stderr)
    return 0


def _delete(options: argparse.Namespace) -> int:
    if options.all:
        gone = _store().delete_all()
        print("It was lost; begun anew." if gone is None else f"{gone} deleted.")
        return 0
    if not options.id and options.person is None:
        raise UsageError(
            "say which feedback to delete: its ids, --person NAME, or --all."
        )
    print(f"{_store().delete(options.id, options.person)} deleted.")
    return 0
