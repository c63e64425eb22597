"""What the gate and the published figures ask of each set, beside its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.pipeline import Parts
from assistant.settings import Settings, load_settings
from evals.cases import Case
from evals.comparing.dataset import read_dataset
from evals.comparing.two_sentences import Duel, duel, duels_table, two_sentences
from evals.measuring.answers import Answer, cited_reports
from evals.measuring.estimate import Estimate, mean_with_interval
from evals.measuring.scoring import Results, score_folder
from evals.measuring.silence import (
    Claim,
    claims_on_cases,
    claims_on_silence,
    load_silence,
)
from evals.reporting.report import number
from evals.run import Ask, Progress, ask_with, describe, write_run
from evals.sets import SETS, share_unchanged, surroundings, to_wrap, wrapped
from evals.shelves import embedder, open_documents, open_parts

# Surroundings of either kind are put around the development questions.
_KINDS = {"development": "development", "held out": "held_out"}


@dataclass(frozen=True)
class Asked:
    """A set as it was asked, the claims of silence in it, and our duel, if any."""

    results: Results
    claims: tuple[Claim, ...]
    duel: Duel | None = None


def ask_set(
    name: str,
    folder: Path,
    out: Path,
    progress: Progress = lambda done, total: None,
    *,
    rivals: bool = False,
) -> Asked:
    """Ask a set of cases of its own shelf, quoting, and score it.

    Args:
        name: of the set.
        folder: where the indexes are made or found.
        out: where the run is kept.
        progress: told how many questions are done.
        rivals: whether two sentences answer as well.
    """
    one = SETS[name]
    with open_parts(one.shelf, folder) as parts:
        cases = one.cases(parts.shelf.reports)
        run = write_run(ask_with(parts), cases, out, _facts(parts, name), progress)
        results = score_folder(run)
        claims = list(claims_on_cases(cases, results.answers, parts.shelf.details))
        if name == "development":
            claims += ask_silence(parts)
        fought = _duel(name, cases, results, parts) if rivals else None
    return Asked(results, tuple(claims), fought)


def _facts(parts: Parts, name: str) -> dict[str, object]:
    settings: Settings = load_settings(writer="quoting")
    return describe(parts, settings, name)


def _duel(name: str, cases: Sequence[Case], results: Results, parts: Parts) -> Duel:
    rival = two_sentences(parts.shelf)
    ours = [results.answers[case.id] for case in cases]
    return duel(name, cases, ours, [rival(case) for case in cases])


def ask_silence(parts: Parts) -> list[Claim]:
    """Ask the questions of which it is known which reports are silent."""
    cases = load_silence()
    ask = ask_with(parts)
    answers = {c.question: ask(_question(c.id, c.question)) for c in cases}
    return list(claims_on_silence(cases, answers, parts.shelf.details))


def _question(id_: str, text: str) -> Case:
    return Case(id_, text, (), (), (), (), "silence", False, ("silence",), False)


def silence_of(asked: Sequence[Asked]) -> Estimate:
    """Return the share of the claims of silence that are true."""
    return mean_with_interval([float(c.true) for one in asked for c in one.claims])


def silence_verdict(asked: Sequence[Asked]) -> tuple[str, bool]:
    """Return what the gate says of the claims of silence: each must be true."""
    share = silence_of(asked)
    false = [c for one in asked for c in one.claims if not c.true]
    lines = [f"silence_true: {number(share.mean)} of {share.n} claims, at least 1"]
    lines += [f"  FAIL {c.question}: {c.report} is not silent" for c in false]
    return "\n".join(lines), bool(share.n) and not false


def duels_verdict(duels: Sequence[Duel]) -> tuple[str, bool]:
    """Return what the gate says of two sentences: they must be beaten on each set."""
    faults = [fault for one in duels for fault in one.faults]
    lines = [duels_table(duels), *(f"FAIL {fault}" for fault in faults)]
    return "\n".join(lines), not faults


def unchanged(name: str, folder: Path, progress: Progress) -> Estimate:
    """Return the share of questions answered the same whatever surrounds them.

    Args:
        name: development or held out: which surroundings; the questions are the same.
        folder: where the index is made or found.
        progress: told how many questions are done.
    """
    one = SETS["development"]
    with open_parts(one.shelf, folder) as parts:
        ask, done = ask_with(parts), 0
        texts = surroundings()[_KINDS[name]]
        pairs = wrapped(to_wrap(one.cases()), texts)

        def outcome_of(case: Case) -> tuple[str, str | None]:
            nonlocal done
            done += 1
            progress(done, len(pairs))
            return outcome(ask(case))

        return mean_with_interval(share_unchanged(pairs, outcome_of))


def outcome(answer: Answer) -> tuple[str, str | None]:
    """Return what shall not change: the outcome, and the first report cited."""
    return str(answer["outcome"]), next(iter(cited_reports(answer)), None)


def duel_with(ask: Ask, name: str, cases: Sequence[Case], parts: Parts) -> Duel:
    """Ask cases both ways and hold ours against two sentences."""
    rival = two_sentences(parts.shelf)
    return duel(name, cases, [ask(c) for c in cases], [rival(c) for c in cases])


def duel_on(path: Path, every: int = 1) -> Duel:
    """Put the questions of a data set to a shelf of its documents, both ways.

    Args:
        path: see ``read_dataset``.
        every: each so many-th question is asked.
    """
    documents, cases = read_dataset(path, embedder())
    with (
        TemporaryDirectory() as folder,
        open_documents(documents, Path(folder)) as parts,
    ):
        return duel_with(ask_with(parts), path.name, cases[::every], parts)
