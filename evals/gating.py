"""All that the gate asks, each shelf in a process of its own, so that no processor waits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from evals.agendas import agendas_gate
from evals.gate import load_thresholds, verdict
from evals.gated import Asked, ask_set, duels_verdict, silence_verdict
from evals.recorded.command import recorded_gate
from evals.sets import FOUGHT, GATED, SETS

# More would each hold the model, and there are no more shelves than this.
MOST = 4
Verdict = tuple[str, bool]


def ask_sets(names: Sequence[str], folder: Path, out: Path) -> list[Asked]:
    """Ask sets of cases of one shelf, one after the other: its index is made once."""
    return [ask_set(name, folder, out, rivals=name in FOUGHT) for name in names]


def verdicts(folder: Path, out: Path, *, verbose: bool) -> list[Verdict]:
    """Ask fresh shelves the development cases; return what the gate says of each part.

    Args:
        folder: where the indexes are made.
        out: where the runs are kept.
        verbose: see ``evals.gate.verdict``.
    """
    by_shelf = [list(one) for _, one in groupby(GATED, lambda name: SETS[name].shelf)]
    workers = min(os.cpu_count() or 1, MOST)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        shipped, *others = [pool.submit(ask_sets, n, folder, out) for n in by_shelf]
        recorded = pool.submit(recorded_gate)
        asked = list(shipped.result())
        # Over the index that the sets of the shipped reports have made.
        agendas = pool.submit(agendas_gate, folder)
        asked += [one for done in others for one in done.result()]
        return [
            *(_of_set(one, verbose=verbose) for one in asked),
            silence_verdict(asked),
            duels_verdict([one.duel for one in asked if one.duel]),
            agendas.result(),
            recorded.result(),
        ]


def _of_set(asked: Asked, *, verbose: bool) -> Verdict:
    results = asked.results
    text, passed = verdict(results, load_thresholds(results.name), verbose)
    return f"{results.name.capitalize()}: {results.folder}\n{text}", passed
