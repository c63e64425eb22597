"""The command line: `python -m evals COMMAND`, see `--help` for the commands."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.composition import open_assistant
from assistant.errors import AssistantError
from assistant.reading.catalogue import read_corpus
from assistant.settings import Settings, load_settings
from evals.cases import Case, CaseError, load_cases
from evals.gate import ThresholdError, load_thresholds, verdict
from evals.pairs import PairError, load_pairs
from evals.report import comparison, overall_table, scorecard, tag_table
from evals.run import RESULTS, ask_with, describe, write_run
from evals.scoring import ResultError, Results, score_folder

OK, FAILED, UNUSABLE = 0, 1, 2


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} questions", end=end, file=sys.stderr, flush=True)


def _cases(settings: Settings, held_out: bool) -> list[Case]:
    shelf = {document.details.report for document in read_corpus(settings.corpus_dir)}
    return load_cases(held_out=held_out, shelf=shelf)


def _run(settings: Settings, cases: list[Case], out: Path) -> Results:
    with closing(open_assistant(settings)) as assistant:
        folder = write_run(
            ask_with(assistant), cases, out, describe(assistant), _progress
        )
    return score_folder(folder)


def _show(results: Results) -> None:
    print(overall_table(results), tag_table(results), sep="\n\n")
    print(f"\nResults: {results.folder}")


def run(arguments: argparse.Namespace) -> int:
    """Ask the assistant, as it is set up, every case."""
    settings = load_settings()
    cases = _cases(settings, arguments.held_out)
    _show(_run(settings, cases, arguments.out))
    return OK


def score(arguments: argparse.Namespace) -> int:
    """Score the answers of a run again."""
    _show(score_folder(arguments.folder))
    return OK


def compare(arguments: argparse.Namespace) -> int:
    """Show what changed between two runs."""
    print(comparison(score_folder(arguments.before), score_folder(arguments.after)))
    return OK


def gate(arguments: argparse.Namespace) -> int:
    """Ask a fresh shelf the development cases and hold the scores to the thresholds."""
    thresholds = load_thresholds()
    # Its own index: neither a running assistant nor an old index touches the result.
    with TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder))
        results = _run(settings, _cases(settings, held_out=False), arguments.out)
    text, passed = verdict(results, thresholds, arguments.verbose)
    print(f"{text}\n\nResults: {results.folder}")
    return OK if passed else FAILED


def report(arguments: argparse.Namespace) -> int:
    """Print a run as Markdown, and add it to the summary of a GitHub job."""
    text = scorecard(score_folder(arguments.folder))
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    return OK


def calibrate(arguments: argparse.Namespace) -> int:
    """Fit the weights of answerability on the development cases and print them."""
    # Imports numpy, which the other commands need not wait for.
    from evals.calibrate import calibrate as fit_and_show

    settings = load_settings()
    with closing(open_assistant(settings)) as assistant:
        fit_and_show(_cases(settings, held_out=False), assistant.parts, print)
    return OK


def speed(arguments: argparse.Namespace) -> int:
    """Time questions and the index against the embedding model alone."""
    # Imports chromadb, which the other commands need not wait for.
    from evals.speed import index_speed, question_speed

    with TemporaryDirectory() as folder:
        settings = load_settings(data_dir=Path(folder))
        print(question_speed(settings, _cases(settings, held_out=False)))
    print(f"\n{index_speed(settings)}")
    return OK


def evidence(arguments: argparse.Namespace) -> int:
    """Measure the evidence check on sentences that do and do not hold."""
    # Imports the embedding model, which the other commands need not wait for.
    from evals.evidence import check_pairs, scores_table, wrong_table

    pairs = load_pairs(arguments.held_out)
    checked = check_pairs(pairs, load_settings())
    print(scores_table(checked))
    # Whoever reads the held-out sentences tunes to them.
    if arguments.verbose and not arguments.held_out:
        print(f"\n{wrong_table(checked)}")
    return OK


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = top.add_subparsers(required=True)
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument("--out", type=Path, default=RESULTS, help="where runs are kept")
    for command, parents, folders in (
        (run, [out], ()),
        (score, [], ("folder",)),
        (compare, [], ("before", "after")),
        (gate, [out], ()),
        (report, [], ("folder",)),
        (calibrate, [], ()),
        (speed, [], ()),
        (evidence, [], ()),
    ):
        part = commands.add_parser(
            command.__name__, help=command.__doc__, parents=parents
        )
        part.set_defaults(command=command)
        for folder in folders:
            part.add_argument(folder, type=Path)
        if command in (run, evidence):
            part.add_argument(
                "--held-out", action="store_true", help="for reporting only"
            )
        if command in (gate, evidence):
            part.add_argument(
                "--verbose", action="store_true", help="name all cases that fall short"
            )
    return top


def main(words: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments = parser().parse_args(words)
    try:
        return int(arguments.command(arguments))
    except (AssistantError, CaseError, PairError, ResultError, ThresholdError) as error:
        print(error, file=sys.stderr)
        return UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
