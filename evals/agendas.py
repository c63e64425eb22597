"""Agendas: whether a pack briefs each item, from the right reports, and nothing else.

Every label can be checked against the corpus: a report that speaks is given with a
quotation that stands in it, one that is silent with words that stand nowhere in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.answering.pipeline import Parts
from assistant.briefing.making import make_pack, prepare
from evals.agenda_cases import AgendaCase, load_agendas
from evals.agenda_scores import METRICS, AgendaScores, score_pack
from evals.cases import CaseError
from evals.reporting.report import number, table
from evals.shelves import open_parts

THRESHOLDS = Path(__file__).parent / "agenda_thresholds.json"
# Less is better; the others are shares.
AT_MOST = ("unsupported", "words_of_front")


def brief_agendas(cases: Iterable[AgendaCase], parts: Parts) -> dict[str, AgendaScores]:
    """Make the full pack of each agenda and score it."""
    scores = {}
    for case in cases:
        agenda = prepare(case.read(), parts)
        scores[case.id] = score_pack(
            case, make_pack(agenda, parts, length="full"), parts
        )
    return scores


def mean(metric: str, scores: Mapping[str, AgendaScores]) -> float | None:
    """Return the mean of a metric over the packs that have it."""
    values = [v for s in scores.values() if (v := getattr(s, metric)) is not None]
    return sum(values) / len(values) if values else None


def load_agenda_thresholds(file: Path = THRESHOLDS) -> dict[str, float]:
    """Return the floor, or the ceiling, of each gated metric.

    Raises:
        CaseError: it names a metric that there is not.
    """
    bounds = json.loads(file.read_text(encoding="utf-8"))
    if unknown := sorted(set(bounds) - set(METRICS)):
        raise CaseError(f"{file.name}: there is no metric {unknown[0]}.")
    return {name: float(bound) for name, bound in bounds.items()}


def keeps(metric: str, value: float | None, bound: float) -> bool:
    """Tell whether a mean keeps its bound; what could not be measured does not."""
    if value is None:
        return False
    return value <= bound if metric in AT_MOST else value >= bound


def _shown(metric: str, value: float | None) -> str:
    return f"{value:g}" if metric in AT_MOST and value is not None else number(value)


def agendas_verdict(
    scores: Mapping[str, AgendaScores], bounds: Mapping[str, float]
) -> tuple[str, bool]:
    """Return the tables of the packs, and whether every metric keeps its bound."""
    rows = [
        (id_, *(_shown(metric, getattr(one, metric)) for metric in METRICS))
        for id_, one in scores.items()
    ]
    parts = [table(("agenda", *METRICS), rows)]
    faults = [f"{i}: {f}" for i, one in scores.items() for f in one.faults]
    parts += ["\n".join(faults)] if faults else []
    checks = [
        (
            metric,
            f"{'≤' if metric in AT_MOST else '≥'} {_shown(metric, bound)}",
            _shown(metric, mean(metric, scores)),
            "pass" if keeps(metric, mean(metric, scores), bound) else "FAIL",
        )
        for metric, bound in bounds.items()
    ]
    parts.append(table(("metric", "threshold", "mean", ""), checks))
    return "\n\n".join(parts), all(row[-1] == "pass" for row in checks)


def agendas_gate(folder: Path) -> tuple[str, bool]:
    """Make the packs, and return their tables and the verdict.

    Args:
        folder: where the index of the shipped reports is made or found.
    """
    with open_parts("digests", folder) as parts:
        scores = brief_agendas(load_agendas(), parts)
    return agendas_verdict(scores, load_agenda_thresholds())
