"""The published figures: `baseline.json`, and the table of them in README.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals.measuring.estimate import Estimate
from evals.measuring.scoring import ResultError, Results, besides, estimates, write_json
from evals.reporting.labels import label
from evals.reporting.report import table
from evals.sets import SETS

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).parents[1] / "baseline.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- scorecard: python -m evals publish -->", "<!-- /scorecard -->"
# The columns of README, each with what heads it.
_SHOWN_SETS = {
    "development": "development",
    "held out": "held out",
    "fresh held out": "**fresh, held out**",
    "bare": "the same on a **bare** shelf",
    "papers held out": "**own papers**, held out",
    "plain held out": "**papers of others**, held out",
}
# What README shows on one screen; the rest is in baseline.json.
_SHOWN = (
    "right_report",
    "right_section",
    "report_precision",
    "facts_present",
    "section_hit_8",
    "comparison_coverage",
    "true_refusal",
    "false_refusal",
    "answered_plainly",
    "answered_in_part",
    "follow_up_loss",
    "unchanged",
)


def totals(
    results: Results, more: Mapping[str, Estimate] | None = None
) -> dict[str, Any]:
    """Return what is published of a run: totals, and no case.

    Args:
        results: a scored run.
        more: what is measured besides, by name.
    """
    facts = results.settings
    values = estimates(results.cases, results.scores) | besides(results)
    values |= more or {}
    return {
        "cases": len(results.cases),
        "commit": facts["commit"],
        "changed_files": len(facts["changed_files"]),
        "started": facts["started"],
        "models": facts["models"],
        "embedding_model": facts["embedding_model"],
        "measures": {name: asdict(value) for name, value in values.items()},
    }


def load_baseline(file: Path = BASELINE) -> dict[str, Any]:
    """Return the committed figures, by set of cases; none where there is no file.

    Raises:
        ResultError: it is not what `publish` writes.
    """
    if not file.exists():
        return {}
    try:
        baseline = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResultError(
            f"{file.name} is not JSON. Run: python -m evals publish"
        ) from error
    if not isinstance(baseline, dict) or baseline.keys() - SETS.keys():
        raise ResultError(f"{file.name} holds no figures. Run: python -m evals publish")
    return baseline


def readme_table(baseline: Mapping[str, Any]) -> str:
    """Return the table of README: the sets of cases side by side."""
    sets = [name for name in _SHOWN_SETS if name in baseline]
    header = ["", *(f"{_SHOWN_SETS[n]}, {baseline[n]['cases']}" for n in sets)]
    rows = [
        [label(measure), *(_cell(baseline[name], measure) for name in sets)]
        for measure in _SHOWN
    ]
    return table(header, rows, markdown=True)


def _cell(figures: Mapping[str, Any], measure: str) -> str:
    value = figures["measures"].get(measure)
    if value is None or value["mean"] is None:
        return "–"
    return "{mean:.2f} ({low:.2f}–{high:.2f})".format(**value)


def with_table(text: str, baseline: Mapping[str, Any]) -> str:
    """Return the text of README with the table between its markers made anew.

    Raises:
        ResultError: the markers are not there.
    """
    return between(text, BEGIN, END, readme_table(baseline))


def between(text: str, begin: str, end: str, new: str) -> str:
    """Return a text with something new between two marks, each on a line of its own.

    Raises:
        ResultError: the marks are not there.
    """
    before, first, rest = text.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ResultError(f"The page lacks the markers {begin} and {end}.")
    return f"{before}{begin}\n{new}\n{end}{after}"


def publish(
    results: Results,
    more: Mapping[str, Estimate] | None = None,
    baseline: Path = BASELINE,
    readme: Path = README,
) -> None:
    """Put a run's totals into the committed baseline and refresh README from it."""
    name = results.name or ("held out" if results.held_out else "development")
    figures = load_baseline(baseline) | {name: totals(results, more)}
    figures = {key: figures[key] for key in SETS if key in figures}
    text = with_table(readme.read_text(encoding="utf-8"), figures)
    write_json(baseline, figures)
    readme.write_text(text, encoding="utf-8")
