"""Scores answers and sums the scores up; the folder of a run holds all of it.

``answers.jsonl`` and ``settings.json`` are made once, by a run; ``scores.jsonl`` and
``summary.json`` are made from them, and again whenever a metric has changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from evals.answers import Answer
from evals.cases import CASES, Case, load_cases
from evals.estimate import Estimate, mean_with_interval
from evals.metrics import METRICS

ANSWERS, SETTINGS = "answers.jsonl", "settings.json"
Scores = Mapping[str, Mapping[str, float | None]]


class ResultError(Exception):
    """A folder of results cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Results:
    """A scored run: its cases, their answers and scores, and how it was made."""

    folder: Path
    settings: Mapping[str, Any]
    cases: Sequence[Case]
    answers: Mapping[str, Answer]
    scores: Scores

    @property
    def held_out(self) -> bool:
        """Whether the run is of held-out cases, which nobody is to study."""
        return bool(self.settings["held_out"])


def score(cases: Iterable[Case], answers: Iterable[Answer]) -> Scores:
    """Return every metric of every case, by case id.

    Raises:
        ResultError: a case has no answer, or an answer no case.
    """
    by_id = {answer["id"]: answer for answer in answers}
    scores = {}
    for case in cases:
        if case.id not in by_id:
            raise ResultError(f"There is no answer to the case {case.id}. Run again.")
        answer = by_id.pop(case.id)
        scores[case.id] = {
            name: metric(case, answer) for name, metric in METRICS.items()
        }
    if by_id:
        raise ResultError(f"There is no case to the answer {min(by_id)}. Run again.")
    return scores


def estimates(cases: Iterable[Case], scores: Scores) -> dict[str, Estimate]:
    """Return the mean of every metric over some cases."""
    rows = [scores[case.id] for case in cases]
    return {name: mean_with_interval([row[name] for row in rows]) for name in METRICS}


def by_tag(cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the cases by primary tag, in the order of the tags' first cases."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.primary_tag, []).append(case)
    return groups


def timing(answers: Iterable[Answer]) -> dict[str, float]:
    """Return the median, 95th percentile and sum of the seconds that answers took."""
    seconds = sorted(float(answer["seconds"]) for answer in answers)
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return {"median": median(seconds), "p95": p95, "total": sum(seconds)}


def score_folder(folder: Path, cases_folder: Path = CASES) -> Results:
    """Score the answers of a run, write the scores and the summary, return them all.

    Raises:
        ResultError: the folder lacks a file, or its answers do not fit the cases.
        CaseError: a case is not well formed.
    """
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        lines = (folder / ANSWERS).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ResultError(f"{error.filename} cannot be read. Run again.") from error
    answers = [json.loads(line) for line in lines]
    cases = load_cases(cases_folder, held_out=settings["held_out"])
    scores = score(cases, answers)
    rows = "".join(json.dumps({"id": i, **row}) + "\n" for i, row in scores.items())
    (folder / "scores.jsonl").write_text(rows, encoding="utf-8")
    tags = {tag: estimates(group, scores) for tag, group in by_tag(cases).items()}
    summary = {
        "cases": len(cases),
        "seconds": timing(answers),
        "overall": _as_json(estimates(cases, scores)),
        "by_tag": {tag: _as_json(values) for tag, values in tags.items()},
    }
    write_json(folder / "summary.json", summary)
    by_id = {answer["id"]: answer for answer in answers}
    return Results(folder, settings, cases, by_id, scores)


def _as_json(values: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: asdict(estimate) for name, estimate in values.items()}


def write_json(file: Path, value: Mapping[str, Any]) -> None:
    """Write an object so that a person can read it."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
