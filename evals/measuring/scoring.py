"""Scores answers and sums the scores up; the folder of a run holds all of it.

``answers.jsonl``, ``standalone.jsonl`` (the answers to the standalone questions of
follow-ups) and ``settings.json`` are made once, by a run; ``scores.jsonl`` and
``summary.json`` are made from them, and again whenever a metric has changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, median, quantiles, stdev
from typing import Any

from evals.cases import Case, load_cases
from evals.measuring.answers import Answer
from evals.measuring.contrasts import MEASURES, contrasts
from evals.measuring.estimate import Estimate, mean_with_interval
from evals.measuring.metrics import METRICS
from evals.sets import SETS

ANSWERS, STANDALONE = "answers.jsonl", "standalone.jsonl"
SETTINGS, JUDGEMENTS = "settings.json", "judgements.jsonl"
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
    standalone: Sequence[Answer] = ()
    every_answer: Sequence[Answer] = ()
    """Those of every repeat; ``answers`` are the first repeat's. Costs come from these."""
    spread: Mapping[str, float] = field(default_factory=dict)
    """Standard deviation of each mean over the repeats; empty for one."""
    judged: Mapping[str, float | None] = field(default_factory=dict)
    """What a judge said of each case's first answer; empty where none was asked."""

    @property
    def held_out(self) -> bool:
        """Whether the run is of held-out cases, which nobody is to study."""
        return bool(self.settings["held_out"])

    @property
    def name(self) -> str:
        """The name of the set of cases (``evals.sets``); empty for cases of others."""
        return str(self.settings.get("set", ""))


def score(
    cases: Sequence[Case], answers: Iterable[Answer], standalone: Iterable[Answer] = ()
) -> Scores:
    """Return every measure of every case, by case id.

    Args:
        cases: what was asked.
        answers: one a case.
        standalone: the answers to the standalone questions of follow-ups.

    Raises:
        ResultError: a case has no answer, or an answer no case.
    """
    by_id = {answer["id"]: answer for answer in answers}
    for case in cases:
        if case.id not in by_id:
            raise ResultError(f"There is no answer to the case {case.id}. Run again.")
    if strange := by_id.keys() - {case.id for case in cases}:
        raise ResultError(f"There is no case to the answer {min(strange)}. Run again.")
    against = contrasts(cases, by_id, standalone)
    return {
        case.id: {
            name: metric(case, by_id[case.id]) for name, metric in METRICS.items()
        }
        | against[case.id]
        for case in cases
    }


def mean_scores(repeats: Sequence[Scores]) -> Scores:
    """Return the mean of each measure of each case over the repeats that scored it."""
    return {
        id_: {
            name: mean(scored)
            if (scored := [v for r in repeats if (v := r[id_][name]) is not None])
            else None
            for name in row
        }
        for id_, row in repeats[0].items()
    }


def spread(cases: Sequence[Case], repeats: Sequence[Scores]) -> dict[str, float]:
    """Return the standard deviation of each mean from repeat to repeat."""
    if len(repeats) < 2:
        return {}
    means = [estimates(cases, scores) for scores in repeats]
    return {
        name: stdev(values)
        for name in MEASURES
        if None not in (each := [m[name].mean for m in means])
        and (values := [value for value in each if value is not None])
    }


def estimates(cases: Iterable[Case], scores: Scores) -> dict[str, Estimate]:
    """Return the mean of every metric over some cases."""
    rows = [scores[case.id] for case in cases]
    return {name: mean_with_interval([row[name] for row in rows]) for name in MEASURES}


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


def besides(results: Results) -> dict[str, Estimate]:
    """Return the mean seconds and tokens of an answer, and what a judge said.

    Without a model there are no tokens; without a judge there is no such row.
    """
    rows = results.every_answer
    values = {
        "seconds": mean_with_interval([float(row["seconds"]) for row in rows]),
        "tokens": mean_with_interval([float(row["tokens"]) or None for row in rows]),
    }
    if results.judged:
        unjudged = [None] * (len(results.cases) - len(results.judged))
        judged = [*results.judged.values(), *unjudged]
        values["judged_right"] = mean_with_interval(judged)
    return values


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(x) for x in file.read_text(encoding="utf-8").splitlines()]


def verdict_value(verdict: str | None) -> float | None:
    """1 for a judge's yes; "don't know" is not a pass; off the menu is unscored."""
    return None if verdict is None else float(verdict == "yes")


def _repeats(rows: Iterable[dict[str, Any]]) -> dict[int, list[Answer]]:
    """Part the answers by the repeat they belong to; a plain run is one repeat."""
    parts: dict[int, list[Answer]] = {}
    for row in rows:
        parts.setdefault(row.get("repeat", 1), []).append(row)
    return parts


def _cases_of(
    settings: Mapping[str, Any], ids: Collection[str], folder: Path | None
) -> list[Case]:
    """Return the cases of a run, without those on papers that could not be read then."""
    if folder is not None:
        return load_cases(folder, held_out=settings["held_out"])
    # A run from before there were several sets names none.
    plain = "held out" if settings["held_out"] else "development"
    one = SETS.get(settings.get("set") or plain)
    if one is None:
        raise ResultError(f"There is no set of cases {settings['set']!r}.")
    cases = one.cases()
    if one.shelf == "papers":
        return [case for case in cases if case.id in ids]
    return cases


def score_folder(folder: Path, cases_folder: Path | None = None) -> Results:
    """Score the answers of a run, write the scores and the summary, return them all.

    Args:
        folder: of the run.
        cases_folder: other cases than those of the set that the run names.

    Raises:
        ResultError: the folder lacks a file, or its answers do not fit the cases.
        CaseError: a case is not well formed.
    """
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        answers = _read(folder / ANSWERS)
        # Runs from before follow-ups were also asked alone have no such file.
        alone = _read(folder / STANDALONE) if (folder / STANDALONE).exists() else []
        judged = _read(folder / JUDGEMENTS) if (folder / JUDGEMENTS).exists() else []
    except OSError as error:
        raise ResultError(f"{error.filename} cannot be read. Run again.") from error
    except ValueError as error:
        raise ResultError(f"{folder} holds what is not JSON. Run again.") from error
    if not answers:
        raise ResultError(f"{folder} holds no answers. Run again.")
    cases = _cases_of(settings, {answer["id"] for answer in answers}, cases_folder)
    asked_alone = _repeats(alone)
    parts = _repeats(answers)
    repeats = [score(cases, part, asked_alone.get(n, ())) for n, part in parts.items()]
    first = next(iter(parts))
    results = Results(
        folder,
        settings,
        cases,
        {answer["id"]: answer for answer in parts[first]},
        mean_scores(repeats),
        standalone=asked_alone.get(first, ()),
        every_answer=answers,
        spread=spread(cases, repeats),
        judged={row["id"]: verdict_value(row["verdict"]) for row in judged},
    )
    _write_scores(results)
    return results


def _write_scores(results: Results) -> None:
    scores = results.scores.items()
    rows = "".join(json.dumps({"id": i, **row}) + "\n" for i, row in scores)
    (results.folder / "scores.jsonl").write_text(rows, encoding="utf-8")
    tags = by_tag(results.cases).items()
    summary = {
        "cases": len(results.cases),
        "seconds": timing(results.every_answer),
        "besides": _as_json(besides(results)),
        "overall": _as_json(estimates(results.cases, results.scores)),
        "spread": results.spread,
        "by_tag": {t: _as_json(estimates(c, results.scores)) for t, c in tags},
    }
    write_json(results.folder / "summary.json", summary)


def _as_json(values: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: asdict(estimate) for name, estimate in values.items()}


def write_json(file: Path, value: Mapping[str, Any]) -> None:
    """Write an object so that a person can read it."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
