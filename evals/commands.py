"""What each command does; `evals.__main__` reads the words of the command line."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.composition import open_assistant
from assistant.reading.catalogue import read_corpus
from assistant.settings import Settings, load_settings
from evals.cases import Case, load_cases
from evals.gate import check, load_thresholds, passes, verdict
from evals.junit import junit
from evals.page import scorecard_page
from evals.pairs import load_pairs
from evals.readme import publish as publish_totals
from evals.report import comparison, overall_table, scorecard, tag_table
from evals.run import alone, ask_with, describe, stopping, write_run
from evals.scoring import Results, score_folder

OK, FAILED = 0, 1


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} questions", end=end, file=sys.stderr, flush=True)


def _cases(settings: Settings, held_out: bool) -> list[Case]:
    shelf = {document.details.report for document in read_corpus(settings.corpus_dir)}
    return load_cases(held_out=held_out, shelf=shelf)


def _quoting(folder: str) -> Settings:
    """Return settings of an own index: neither a running assistant nor a key counts."""
    return load_settings(data_dir=Path(folder), writer="quoting")


def _run(settings: Settings, held_out: bool, out: Path) -> Results:
    cases = _cases(settings, held_out)
    with closing(open_assistant(settings)) as assistant:
        facts = describe(assistant)
        folder = write_run(ask_with(assistant), cases, out, facts, _progress)
    return score_folder(folder)


def _show(results: Results) -> None:
    print(overall_table(results), tag_table(results), sep="\n\n")
    print(f"\nResults: {results.folder}")


def _with_model(arguments: argparse.Namespace) -> Settings:
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

    settings = _with_model(arguments)
    cases = _cases(settings, arguments.held_out)
    with closing(open_assistant(settings)) as assistant:
        ask = ask_with(assistant)
        if settings.uses_model:
            asked, price = [*cases, *alone(cases)], price_of(settings)
            cost = estimate_run(asked, arguments.repeats, assistant.parts, price)
            agree(cost, arguments.limit, yes=arguments.yes)
            ask = stopping(ask)
        folder = write_run(
            ask,
            cases,
            arguments.out,
            describe(assistant),
            _progress,
            arguments.repeats,
        )
    _show(score_folder(folder))
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

    settings = _with_model(arguments)
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
    _show(score_folder(arguments.folder))
    return OK


def compare(arguments: argparse.Namespace) -> int:
    """Show what changed between two runs."""
    print(comparison(score_folder(arguments.before), score_folder(arguments.after)))
    return OK


def gate(arguments: argparse.Namespace) -> int:
    """Ask a fresh shelf the development cases and hold the scores to the thresholds."""
    thresholds = load_thresholds()
    if arguments.folder:
        results = score_folder(arguments.folder)
    else:
        with TemporaryDirectory() as folder:
            results = _run(_quoting(folder), False, arguments.out)
    text, passed = verdict(results, thresholds, arguments.verbose)
    print(f"{text}\n\nResults: {results.folder}")
    return OK if passed else FAILED


def report(arguments: argparse.Namespace) -> int:
    """Write a run as Markdown, HTML and JUnit XML; add it to the summary of a job."""
    results, thresholds = score_folder(arguments.folder), load_thresholds()
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


def publish(arguments: argparse.Namespace) -> int:
    """Ask a fresh shelf all cases; refresh evals/baseline.json and README from it."""
    for held_out in (False, True):
        with TemporaryDirectory() as folder:
            results = _run(_quoting(folder), held_out, arguments.out)
        publish_totals(results)
        print(f"{scorecard(results)}\n\nResults: {results.folder}\n")
    print("Written: evals/baseline.json, README.md. Commit both.")
    return OK


def baselines(arguments: argparse.Namespace) -> int:
    """Ask the development cases in worse ways too; the gate must fail the bad ones."""
    # Imports the index, which the other commands need not wait for.
    from evals.baselines import BASELINES
    from evals.standings import standings, standings_table

    thresholds = load_thresholds()
    with TemporaryDirectory() as folder:
        settings = _quoting(folder)
        cases = _cases(settings, held_out=False)
        with closing(open_assistant(settings)) as assistant:
            parts = assistant.parts
            found = standings(ask_with(assistant), cases, parts, _progress)
    print(standings_table(cases, found, thresholds))
    passed = [
        name for name in BASELINES if passes(check(cases, found[name], thresholds))
    ]
    for name in passed:
        print(f"FAIL: the thresholds let a bad assistant pass: {name}")
    return FAILED if passed else OK


def retrieval(arguments: argparse.Namespace) -> int:
    """Measure the retrievers alone on a data set in BEIR layout."""
    from assistant.index.embeddings import make_embedder
    from evals.beir import load_dataset
    from evals.retrieval import retrieval_table, retrieve_all

    data = load_dataset(arguments.dataset, arguments.split)
    for note in data.notes:
        print(note, file=sys.stderr)
    embedder = make_embedder(load_settings().embeddings)
    with TemporaryDirectory() as folder:
        values = retrieve_all(data, embedder, Path(folder), _progress)
    print(retrieval_table(values))
    return OK


def poisoned(arguments: argparse.Namespace) -> int:
    """Add a report that gives orders to the shelf; no answer may change."""
    from evals.poisoned import ask_poisoned, poisoned_table

    settings = load_settings(writer="quoting")
    others = _cases(settings, held_out=False)[:: arguments.every]
    with TemporaryDirectory() as folder:
        asked = ask_poisoned(settings, Path(folder), others)
    print(poisoned_table(asked))
    return FAILED if any(item.faults for item in asked) else OK


def locate(arguments: argparse.Namespace) -> int:
    """Propose the evidence of cases that have none; print how many have it."""
    from evals.locate import fill_in

    documents = read_corpus(load_settings().corpus_dir)
    for name, (held, lacking) in fill_in(documents, write=arguments.write).items():
        print(f"{name}: {held} answerable cases with evidence, {lacking} without")
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
    """Time questions, the check of a stream, and the index."""
    # Imports chromadb, which the other commands need not wait for.
    from evals.gate_speed import gate_speed
    from evals.speed import index_speed, question_speed

    with TemporaryDirectory() as folder:
        settings = _quoting(folder)
        cases = _cases(settings, held_out=False)
        print(question_speed(settings, cases))
        print(f"\n{gate_speed(settings, cases)}")
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
