"""The command line: `python -m evals COMMAND`, see `--help` for the commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.answering.switches import RULES
from assistant.errors import AssistantError
from evals import commands, studies
from evals.cases import CaseError
from evals.comparing.beir import DatasetError
from evals.cost import CostError
from evals.gate import ThresholdError
from evals.measuring.scoring import ResultError
from evals.recorded.command import recorded
from evals.recorded.replies import RecordingError
from evals.run import RESULTS
from evals.sentences import LineError
from evals.sets import ABLATED, SETS
from evals.timing.load_page import LoadError

UNUSABLE = 2
# Its name, and what `add_argument` takes besides.
Argument = tuple[str, dict[str, Any]]


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return number


_UNUSABLE = (
    AssistantError,
    CaseError,
    CostError,
    DatasetError,
    LoadError,
    LineError,
    RecordingError,
    ResultError,
    ThresholdError,
)

_OUT: Argument = (
    "--out",
    {"type": Path, "default": RESULTS, "help": "where runs are kept"},
)
_CASES: Argument = (
    "--cases",
    {"type": Path, "help": "folder of other cases to ask"},
)
_DATABASE: Argument = ("--database", {"help": "address of the feedback, if not as set"})
_DRAFTS: Argument = ("--out", {"type": Path, "help": "a new file for the drafts"})
_HELD_OUT: Argument = (
    "--held-out",
    {"action": "store_true", "help": "for reporting only"},
)
_JSON: Argument = (
    "--json",
    {"action": "store_true", "help": "print the figures as JSON"},
)
_FILE: Argument = (
    "file",
    {"type": Path, "metavar": "FILE.jsonl", "help": "sentence, passages, holds a line"},
)
_VERBOSE: Argument = (
    "--verbose",
    {"action": "store_true", "help": "name all cases that fall short"},
)
_README: Argument = (
    "--readme",
    {"action": "store_true", "help": "refresh evals/baseline.json and README from it"},
)
_WRITE: Argument = (
    "--write",
    {"action": "store_true", "help": "put the proposals into the files of cases"},
)

_INTO_PAGE: Argument = (
    "--write",
    {"action": "store_true", "help": "put the figures into docs/performance.md"},
)

_SERVER: tuple[Argument, ...] = (
    ("--model", {"help": "the model to ask, instead of the one that is set"}),
    ("--base-url", {"help": "address of an OpenAI-compatible server"}),
)
_MODEL: tuple[Argument, ...] = (
    *_SERVER,
    ("--limit", {"type": float, "default": 1.0, "help": "dollars that need no asking"}),
    ("--yes", {"action": "store_true", "help": "agree to the cost beforehand"}),
)
_REPEATS: Argument = (
    "--repeats",
    {"type": _at_least_one, "default": 1, "help": "how often each question is asked"},
)
_PERHAPS_FOLDER: Argument = (
    "folder",
    {
        "type": Path,
        "nargs": "?",
        "help": "a run; without it the known pairs are judged",
    },
)
_GATED: Argument = (
    "folder",
    {
        "type": Path,
        "nargs": "?",
        "help": "a run to hold to them instead of a fresh one",
    },
)
_DATASET: Argument = (
    "--dataset",
    {"type": Path, "required": True, "help": "folder with corpus, queries and qrels"},
)
_PERHAPS_DATASET: Argument = (
    "--dataset",
    {
        "type": Path,
        "help": "a BEIR folder or a file like SQuAD's, instead of our cases",
    },
)
_SET: Argument = (
    "--set",
    {"choices": tuple(SETS), "default": "development", "help": "which cases to ask"},
)
_SETS: Argument = (
    "--set",
    {
        "choices": ABLATED,
        "nargs": "+",
        "default": ABLATED,
        "help": "which cases to ask",
    },
)
_ANY_SETS: Argument = (
    "--set",
    {
        "choices": tuple(SETS),
        "nargs": "+",
        "default": tuple(SETS),
        "help": "which cases to ask; default: all",
    },
)
_RULES: Argument = (
    "--rules",
    {"choices": sorted(RULES), "nargs": "+", "help": "these families alone"},
)
_EACH: Argument = (
    "--every",
    {"type": _at_least_one, "default": 1, "help": "ask each so many-th case alone"},
)
_SPLIT: Argument = (
    "--split",
    {"help": "which file of qrels; default: test, or the only"},
)
_EVERY: Argument = (
    "--every",
    {
        "type": _at_least_one,
        "default": 10,
        "help": "ask each so many-th development case too",
    },
)


_FEW_SIZES: Argument = (
    "--sizes",
    {
        "type": _at_least_one,
        "nargs": "+",
        "default": (100,),
        "help": "chunks, in hundreds; 10000 takes hours of processor time",
    },
)
_SIZES: Argument = (
    "--sizes",
    {
        "type": _at_least_one,
        "nargs": "+",
        "default": (100, 1_000, 10_000, 100_000),
        "help": "chunks to grow to, one after the other (hundreds)",
    },
)


_LOAD: tuple[Argument, ...] = (
    ("--chats", {"type": _at_least_one, "default": 60, "help": "opened at once"}),
    (
        "--seconds",
        {
            "type": float,
            "default": 0,
            "help": "in which each chat asks on; default: once",
        },
    ),
    (
        "--conversations",
        {"type": _at_least_one, "help": "hold so many in a row and show the memory"},
    ),
    (
        "--data",
        {"type": Path, "help": "a data folder whose index is used; default: a new one"},
    ),
)


_RECORDED: tuple[Argument, ...] = (
    (
        "--recording",
        {"choices": ("capable", "weak"), "default": "capable", "help": "whose replies"},
    ),
    (
        "--missing",
        {
            "type": Path,
            "metavar": "FILE",
            "help": "write requests without a reply there",
        },
    ),
    (
        "--take",
        {"type": Path, "metavar": "FILE", "help": "add the replies of this file"},
    ),
)


def _folder(name: str) -> Argument:
    return (name, {"type": Path})


# Each command with its arguments.
COMMANDS: dict[Callable[[argparse.Namespace], int], tuple[Argument, ...]] = {
    commands.run: (_OUT, _SET, _HELD_OUT, _CASES, *_MODEL, _REPEATS),
    commands.judge: (_PERHAPS_FOLDER, *_MODEL),
    commands.score: (_folder("folder"), _CASES),
    commands.compare: (_folder("before"), _folder("after")),
    commands.gate: (_GATED, _OUT, _VERBOSE),
    commands.report: (_folder("folder"), _README),
    commands.publish: (_OUT,),
    commands.from_feedback: (_DATABASE, _DRAFTS),
    studies.baselines: (_PERHAPS_DATASET, _ANY_SETS, _EACH),
    studies.fit: (),
    studies.ablate: (_SETS, _RULES, _EACH),
    studies.retrieval: (_DATASET, _SPLIT),
    studies.poisoned: (_EVERY,),
    studies.inventing: (_EVERY,),
    studies.agendas: (),
    studies.locate: (_WRITE,),
    studies.speed: (_INTO_PAGE,),
    studies.load: _LOAD,
    studies.check: (_FILE, _JSON, _VERBOSE, *_MODEL),
    studies.scale: (_SIZES,),
    studies.beside: (_FEW_SIZES, _INTO_PAGE),
    recorded: (*_RECORDED, _VERBOSE, *_SERVER),
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parts = top.add_subparsers(required=True)
    for command, arguments in COMMANDS.items():
        part = parts.add_parser(
            command.__name__.replace("_", "-"),
            help=command.__doc__,
            description=command.__doc__,
        )
        part.set_defaults(command=command)
        for name, options in arguments:
            part.add_argument(name, **options)
    return top


def main(words: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments = parser().parse_args(words)
    try:
        return int(arguments.command(arguments))
    except _UNUSABLE as error:
        print(error, file=sys.stderr)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
