"""The commands that ask, score and publish; `evals.__main__` reads their words."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.pipeline import Parts
from assistant.library.shelf import read_shelf
from assistant.settings import Settings, load_settings
from evals.cases import CASES, Case, CaseError, load_cases
from evals.gate import load_thresholds, verdict
from evals.measuring.scoring import Results, score_folder
from evals.reporting.junit import junit
from evals.reporting.page import scorecard_page
from evals.reporting.readme import publish as publish_totals
from evals.reporting.report import comparison, overall_table, scorecard, tag_table
from evals.run import alone, ask_with, describe, stopping, write_run
from evals.sets import SETS, CaseSet

OK, FAILED = 0, 1


def progress(done: int, total: int) -> None:
    """Show how far a run is, at a terminal."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} questions", end=end, file=sys.stderr, flush=True)


def shelf_cases(settings: Settings, held_out: bool, folder: Path = CASES) -> list[Case]:
    """Return the cases, checked against the reports of the shelf."""
    shelf = read_shelf(settings.corpus_dir, settings.reports_dir)
    reports = {document.details.report for document in shelf}
    return load_cases(folder, held_out=held_out, shelf=reports)


def quoting(folder: str) -> Settings:
    """Return settings that quote, over an index of their own, whatever key is set."""
    return load_settings(data_dir=Path(folder), writer="quoting")


@contextmanager
def opened(one: CaseSet, settings: Settings) -> Iterator[Parts]:
    """Open the shelf of a set: the shipped one as it is set up, another with its writer."""
    # Import the index, which other commands need not wait for.
    from assistant.composition import make_writer, open_assistant
    from evals.shelves import open_parts

    if one.shelf == "digests":
        with closing(open_assistant(settings)) as assistant:
            yield assistant.parts
        return
    writer = make_writer(settings) if settings.uses_model else None
    with open_parts(one.shelf) as parts:
        yield replace(parts, writer=writer)


def _show(results: Results) -> None:
    print(overall_table(results), tag_table(results), sep="\n\n")
    print(f"\nResults: {results.folder}")


def with_model(arguments: argparse.Namespace) -> Settings:
    """Return the settings, with the model and the address that were given."""
    given = arguments.model or arguments.base_url
    return load_settings(
        chat_model=arguments.model,
        openai_base_url=arguments.base_url,
        writer="model" if given else None,
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask the assistant, as it is set up or by a model, every case."""
    # Imports the index, which the other commands need not wait for.
    from evals.cost import agree, estimate_run, price_of

    settings = with_model(arguments)
    one = SETS["held out" if arguments.held_out else arguments.set]
    with opened(one, settings) as parts:
        if arguments.cases:
            cases = shelf_cases(settings, one.held_out, arguments.cases)
        else:
            cases = one.cases(parts.shelf.reports)
        ask = ask_with(parts)
        if settings.uses_model:
            asked, price = [*cases, *alone(cases)], price_of(settings)
            cost = estimate_run(asked, arguments.repeats, parts, price)
            agree(cost, arguments.limit, yes=arguments.yes)
            ask = stopping(ask)
        facts = describe(parts, settings, "" if arguments.cases else one.name)
        folder = write_run(
            ask, cases, arguments.out, facts, progress, arguments.repeats
        )
    _show(score_folder(folder, arguments.cases))
    return OK


def judge(arguments: argparse.Namespace) -> int:
    """Have a model judge the answers of a run, or judge the judge by known pairs."""
    from evals.cost import agree, cost_of, price_of
    from evals.judge import (
        JUDGE_TOKENS,
        check_table,
        judge_run,
        load_known,
        make_judge,
        write_judgements,
    )

    settings = with_model(arguments)
    judge = make_judge(settings)
    known = load_known()
    results = score_folder(arguments.folder) if arguments.folder else None
    questions = len(known) if results is None else len(results.cases)
    price = price_of(settings)
    agree(cost_of(questions, *JUDGE_TOKENS, price), arguments.limit, yes=arguments.yes)
    try:
        if results is None:
            text, passed = check_table(judge, known)
            print(text)
            return OK if passed else FAILED
        write_judgements(results.folder, judge_run(results, judge))
    finally:
        judge.model.close()
    _show(score_folder(results.folder))
    return OK


def score(arguments: argparse.Namespace) -> int:
    """Score the answers of a run again."""
    _show(score_folder(arguments.folder, arguments.cases))
    return OK


def compare(arguments: argparse.Namespace) -> int:
    """Show what changed between two runs."""
    print(comparison(score_folder(arguments.before), score_folder(arguments.after)))
    return OK


def gate(arguments: argparse.Namespace) -> int:
    """Ask fresh shelves the development cases and hold the scores to the thresholds.

    Without a run given, claims of silence must be true, two sentences must be beaten,
    and packs of the agendas and recorded replies are held to theirs as well.
    """
    if arguments.folder:
        results = score_folder(arguments.folder)
        thresholds = load_thresholds(results.name) or load_thresholds()
        text, passed = verdict(results, thresholds, arguments.verbose)
        print(f"{text}\n\nResults: {results.folder}")
        return OK if passed else FAILED
    from evals.gating import verdicts

    with TemporaryDirectory() as folder:
        told = verdicts(Path(folder), arguments.out, verbose=arguments.verbose)
    print("\n\n".join(text for text, _ in told))
    return OK if all(passed for _, passed in told) else FAILED


def report(arguments: argparse.Namespace) -> int:
    """Write a run as Markdown, HTML and JUnit XML; add it to the summary of a job."""
    results = score_folder(arguments.folder)
    thresholds = load_thresholds(results.name) or load_thresholds()
    text = scorecard(results)
    for name, content in (
        ("scorecard.md", text + "\n"),
        ("scorecard.html", scorecard_page(results, thresholds)),
        ("junit.xml", junit(results, thresholds)),
    ):
        (results.folder / name).write_text(content, encoding="utf-8")
        print(f"Written: {results.folder / name}", file=sys.stderr)
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    if arguments.readme:
        publish_totals(results)
        print("Written: evals/baseline.json, README.md", file=sys.stderr)
    return OK


def from_feedback(arguments: argparse.Namespace) -> int:
    """Turn what people said of answers into draft cases, for a person to complete."""
    from assistant.feedback.store import open_store
    from evals.from_feedback import make_drafts, write_lines

    settings = load_settings(feedback_database=arguments.database)
    store = open_store(settings)
    if store is None:
        raise CaseError("Feedback is off. Name its database with --database.")
    shelf = read_shelf(settings.corpus_dir, settings.reports_dir)
    known = {case.id for case in load_cases()}
    drafts = make_drafts(store.all(), [d.details for d in shelf], known)
    if arguments.out is None:
        print(write_lines(drafts), end="")
        return OK
    try:
        with arguments.out.open("x", encoding="utf-8") as file:
            file.write(write_lines(drafts))
    except OSError as error:
        raise CaseError(
            f"{arguments.out} cannot be written ({error.strerror}). Name a new file."
        ) from error
    print(f"{len(drafts)} drafts: {arguments.out}", file=sys.stderr)
    return OK


def publish(arguments: argparse.Namespace) -> int:
    """Ask fresh shelves all sets; refresh evals/baseline.json and README from them."""
    from evals.gated import ask_set, silence_of, unchanged

    with TemporaryDirectory() as folder:
        for name in SETS:
            one = ask_set(name, Path(folder), arguments.out, progress)
            more = {"silence_true": silence_of([one])}
            if name in ("development", "held out"):
                more["unchanged"] = unchanged(name, Path(folder), progress)
            publish_totals(one.results, more)
            print(f"{scorecard(one.results)}\n\nResults: {one.results.folder}\n")
    print("Written: evals/baseline.json, README.md. Commit both.")
    return OK
