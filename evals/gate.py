"""The gate: thresholds on the development cases, and every case behind a failure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case
from evals.comparing.baselines import baseline_scores
from evals.measuring.answers import Answer, cited_reports, missing_facts
from evals.measuring.contrasts import LOWER_IS_BETTER, MEASURES
from evals.measuring.estimate import Estimate
from evals.measuring.retrieved import section_hit_8
from evals.measuring.scoring import Results, Scores, estimates
from evals.reporting.report import number, table

THRESHOLDS = Path(__file__).parent / "thresholds.json"


class ThresholdError(Exception):
    """The file of thresholds cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Check:
    """One metric held against its threshold, with the cases that fell short of it."""

    metric: str
    threshold: float
    estimate: Estimate
    failing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the mean keeps the threshold; a metric that scored nothing fails."""
        mean = self.estimate.mean
        if mean is None:
            return False
        if self.metric in LOWER_IS_BETTER:
            return mean <= self.threshold
        return mean >= self.threshold


def load_thresholds(
    name: str = "development", file: Path = THRESHOLDS
) -> dict[str, float]:
    """Return each gated metric with its floor, or its ceiling where less is better.

    Args:
        name: of the set of cases; one that is not gated has the thresholds of none.
        file: holds those of each set.

    Raises:
        ThresholdError: an unknown metric, a bound on the wrong side or out of 0 to 1.
    """
    thresholds = {}
    for metric, bound in json.loads(file.read_text("utf-8")).get(name, {}).items():
        side = "at_most" if metric in LOWER_IS_BETTER else "at_least"
        if metric not in MEASURES:
            raise ThresholdError(f"{file.name}: there is no metric {metric}.")
        if bound.keys() != {side} or not 0 <= bound[side] <= 1:
            raise ThresholdError(f"{file.name}: {metric} needs {side}, from 0 to 1.")
        thresholds[metric] = float(bound[side])
    return thresholds


def check(
    cases: Sequence[Case], scores: Scores, thresholds: Mapping[str, float]
) -> list[Check]:
    """Hold the scores against the thresholds, one check a metric."""
    overall = estimates(cases, scores)
    return [
        Check(metric, threshold, overall[metric], _failing(metric, scores))
        for metric, threshold in thresholds.items()
    ]


def falls_short(metric: str, value: float | None) -> bool:
    """Tell whether a case's value is less than the best; unscored is not."""
    if value is None:
        return False
    return value > 0 if metric in LOWER_IS_BETTER else value < 1


def _failing(metric: str, scores: Scores) -> tuple[str, ...]:
    return tuple(i for i, row in scores.items() if falls_short(metric, row[metric]))


def shortfalls(
    results: Results, thresholds: Mapping[str, float]
) -> dict[str, list[str]]:
    """Return each case that falls short of a gated measure, with those measures."""
    short = {
        id_: [name for name in thresholds if falls_short(name, row[name])]
        for id_, row in results.scores.items()
    }
    return {id_: names for id_, names in short.items() if names}


def passes(checks: Sequence[Check]) -> bool:
    """Tell whether every metric keeps its threshold."""
    return all(check.passed for check in checks)


def baselines_let_through(
    cases: Sequence[Case],
    answers: Sequence[Answer],
    thresholds: Mapping[str, float],
    standalone: Sequence[Answer] = (),
) -> list[str]:
    """Return the names of the bad assistants that would pass: there must be none."""
    return [
        name
        for name, scores in baseline_scores(cases, answers, standalone).items()
        if passes(check(cases, scores, thresholds))
    ]


def explain(case: Case, answer: Answer) -> str:
    """Return what went wrong with a case: what it cited and what it lacks."""
    expected = ", ".join(case.reports) or "a refusal"
    cited = ", ".join(cited_reports(answer)) or "nothing"
    # Of a held-out case nothing is told but its id.
    question = "held out" if case.held_out else case.question
    lines = [
        f"  {case.id}: {question}",
        f"    expected {expected}; outcome {answer['outcome']}, cited {cited}",
    ]
    if not case.held_out and (missing := missing_facts(case, answer)):
        facts = "; ".join(" or ".join(fact) for fact in missing)
        lines.append(f"    missing: {facts}")
    if not case.held_out and falls_short("section_hit_8", section_hit_8(case, answer)):
        places = "; ".join(f"{e.report}: {e.section}" for e in case.evidence)
        lines.append(f"    evidence not among the first passages: {places}")
    return "\n".join(lines)


def _table(checks: Sequence[Check]) -> str:
    """Return the thresholds with what was reached."""
    rows = [
        (
            check.metric,
            ("≤ " if check.metric in LOWER_IS_BETTER else "≥ ")
            + number(check.threshold),
            number(check.estimate.mean),
            str(check.estimate.n),
            str(len(check.failing)),
            "pass" if check.passed else "FAIL",
        )
        for check in checks
    ]
    return table(("metric", "threshold", "mean", "cases", "short", ""), rows)


def verdict(
    results: Results, thresholds: Mapping[str, float], verbose: bool = False
) -> tuple[str, bool]:
    """Return what the gate says of a run, and whether it lets it pass.

    Args:
        results: a scored run.
        thresholds: see ``load_thresholds``.
        verbose: name also the cases that fall short of a metric that passes.
    """
    checks = check(results.cases, results.scores, thresholds)
    cases = {case.id: case for case in results.cases}
    parts = []
    for item in checks:
        if item.failing and (verbose or not item.passed):
            parts.append(f"{item.metric}: {len(item.failing)} cases fall short")
            parts += [explain(cases[id_], results.answers[id_]) for id_ in item.failing]
            parts.append("")
    parts.append(_table(checks))
    answers = [results.answers[case.id] for case in results.cases]
    let_through = baselines_let_through(
        results.cases, answers, thresholds, results.standalone
    )
    parts += [
        f"FAIL: the thresholds let a bad assistant pass: {name}" for name in let_through
    ]
    return "\n".join(parts), passes(checks) and not let_through
