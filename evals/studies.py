"""The commands that study the evaluations and parts of the assistant."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.composition import make_writer, open_assistant
from assistant.reading.catalogue import read_corpus
from assistant.settings import load_settings
from evals.commands import FAILED, OK, progress, quoting, shelf_cases
from evals.gate import check as check_thresholds
from evals.gate import load_thresholds, passes
from evals.run import ask_with
from evals.sets import DEVELOPMENT, SETS


def baselines(arguments: argparse.Namespace) -> int:
    """Ask in worse ways, too: the gate must fail the bad, and two sentences be beaten.

    On a data set alone where one is given, and else on every set of cases; bad assistants
    are made of the answers to the development cases.
    """
    # Imports the index, which the other commands need not wait for.
    from evals.comparing.baselines import BASELINES
    from evals.comparing.standings import standings, standings_table
    from evals.comparing.two_sentences import duels_table
    from evals.gated import duel_on, duel_with
    from evals.shelves import open_parts

    if arguments.dataset:
        one = duel_on(arguments.dataset, arguments.every)
        print("\n".join((duels_table([one]), *one.faults)))
        return FAILED if one.faults else OK
    duels = []
    for name in arguments.set:
        asked = SETS[name]
        with open_parts(asked.shelf) as parts:
            cases = asked.cases(parts.shelf.reports)[:: arguments.every]
            duels.append(duel_with(ask_with(parts), name, cases, parts))
    print(f"{duels_table(duels)}\n")
    faults = [f for d in duels if d.name in DEVELOPMENT for f in d.faults]
    if "development" in arguments.set:
        thresholds = load_thresholds()
        development = SETS["development"]
        with open_parts(development.shelf) as parts:
            cases = development.cases(parts.shelf.reports)[:: arguments.every]
            found = standings(ask_with(parts), cases, parts, progress)
        print(standings_table(cases, found, thresholds))
        faults += [
            f"the thresholds let a bad assistant pass: {name}"
            for name in BASELINES
            if passes(check_thresholds(cases, found[name], thresholds))
        ]
    for fault in faults:
        print(f"FAIL: {fault}")
    return FAILED if faults else OK


def fit(arguments: argparse.Namespace) -> int:
    """Fit the decision whether the shelf answers; write its weights."""
    # Imports numpy and the index, which the other commands need not wait for.
    from evals.fitting.examples import examples
    from evals.fitting.fit import fit_and_write
    from evals.shelves import embedder

    fit_and_write(list(examples()), embedder().name, print)
    return OK


def ablate(arguments: argparse.Namespace) -> int:
    """Switch each family of rules off; print its lines and what it brings."""
    from evals.ablate import FAMILIES
    from evals.ablate import ablate as measure_and_show

    measure_and_show(
        arguments.set, arguments.every, arguments.rules or list(FAMILIES), print
    )
    return OK


def retrieval(arguments: argparse.Namespace) -> int:
    """Measure the retrievers alone on a data set in BEIR layout."""
    from assistant.index.embeddings import make_embedder
    from evals.comparing.beir import load_dataset
    from evals.comparing.retrieval import retrieval_table, retrieve_all

    data = load_dataset(arguments.dataset, arguments.split)
    for note in data.notes:
        print(note, file=sys.stderr)
    embedder = make_embedder(load_settings().embeddings)
    with TemporaryDirectory() as folder:
        values = retrieve_all(data, embedder, Path(folder), progress)
    print(retrieval_table(values))
    return OK


def poisoned(arguments: argparse.Namespace) -> int:
    """Add a report that gives orders to the shelf; no answer may change."""
    from evals.poisoned import ask_poisoned, poisoned_table

    settings = load_settings(writer="quoting")
    others = shelf_cases(settings, held_out=False)[:: arguments.every]
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


def agendas(arguments: argparse.Namespace) -> int:
    """Make a briefing pack of each agenda and hold them to their thresholds."""
    # Imports the index, which the other commands need not wait for.
    from evals.agendas import agendas_gate

    with TemporaryDirectory() as folder:
        text, passed = agendas_gate(Path(folder))
    print(text)
    return OK if passed else FAILED


def inventing(arguments: argparse.Namespace) -> int:
    """Count what gets through of a model that invents on purpose."""
    from evals.inventing import put_to_inventor

    with TemporaryDirectory() as folder:
        settings = quoting(folder)
        cases = shelf_cases(settings, held_out=False)[:: arguments.every]
        with closing(open_assistant(settings)) as assistant:
            print(put_to_inventor(assistant, [c.question for c in cases], settings))
    return OK


def speed(arguments: argparse.Namespace) -> int:
    """Time questions, packs, the command, the check of a stream, and the index."""
    # Imports chromadb, which the other commands need not wait for.
    from evals.reporting.performance import write_table
    from evals.timing.gate_speed import gate_speed
    from evals.timing.speed import command_speed, index_speed, question_speed

    with TemporaryDirectory() as folder:
        settings = quoting(folder)
        cases = shelf_cases(settings, held_out=False)
        found = [question_speed(settings, cases), command_speed(settings)]
        print(*found, gate_speed(settings, cases), sep="\n\n", flush=True)
    found.append(index_speed(settings))
    print(f"\n{found[-1]}")
    if arguments.write:
        write_table("speed", "\n\n".join(found))
    return OK


def beside(arguments: argparse.Namespace) -> int:
    """Compare indexing, asking and memory with stock LangChain and Chroma, in one run."""
    from evals.reporting.performance import write_beside
    from evals.timing.beside import beside_table, costs_beside

    settings, measured = load_settings(writer="quoting"), {}
    for size in arguments.sizes:
        measured[size] = costs_beside(settings, size)
        print(f"{beside_table(size, measured[size])}\n", flush=True)
    if arguments.write:
        write_beside(measured)
    return OK


def load(arguments: argparse.Namespace) -> int:
    """Open many streaming chats at once on the page, or hold conversations in a row."""
    # Imports what starts the page, which the other commands need not wait for.
    from evals.timing.load import (
        chats_at_once,
        conversations,
        load_table,
        memory_table,
        passes,
    )

    settings = load_settings(writer="quoting")
    questions = [
        case.question
        for case in shelf_cases(settings, held_out=False)
        if case.answerable and not case.history
    ]
    if arguments.conversations:
        held = conversations(questions, arguments.conversations, print, arguments.data)
        print(f"\n{memory_table(held)}")
        return OK
    found = chats_at_once(questions, arguments.chats, arguments.seconds, arguments.data)
    print(load_table(found))
    return OK if passes(found) else FAILED


def check(arguments: argparse.Namespace) -> int:
    """Measure the check of sentences on a file of sentences that do and do not hold."""
    # Imports the embedding model, which the other commands need not wait for.
    from evals.cost import agree, cost_of, price_of
    from evals.evidence import (
        READING_TOKENS,
        as_json,
        check_lines,
        check_table,
        wrong_lines,
    )
    from evals.sentences import load_lines

    lines = load_lines(arguments.file)
    writer = None
    settings = load_settings(writer="quoting")
    if arguments.model or arguments.base_url:
        settings = load_settings(
            chat_model=arguments.model,
            openai_base_url=arguments.base_url,
            writer="model",
            verifier="model",
        )
        cost = cost_of(len(lines), *READING_TOKENS, price_of(settings))
        agree(cost, arguments.limit, yes=arguments.yes)
        writer = make_writer(settings)
    try:
        judged = check_lines(lines, settings, writer)
    finally:
        if writer is not None:
            writer.close()
    if arguments.json:
        print(json.dumps(as_json(judged), indent=2))
    else:
        print(check_table(judged))
    if arguments.verbose:
        print(f"\n{wrong_lines(judged)}", file=sys.stderr)
    return OK


def scale(arguments: argparse.Namespace) -> int:
    """Measure adding and asking as a shelf grows to 100,000 chunks."""
    from evals.timing.scale import measure, scale_table

    with TemporaryDirectory() as folder:
        print(scale_table(measure(arguments.sizes, Path(folder))))
    return OK
