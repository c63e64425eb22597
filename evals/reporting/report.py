"""Shows results: tables for a terminal, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from evals.measuring.contrasts import LOWER_IS_BETTER, MEASURES
from evals.measuring.estimate import Estimate
from evals.measuring.scoring import (
    ResultError,
    Results,
    besides,
    by_tag,
    estimates,
    timing,
)

# What is shown of each kind of question; the rest is in summary.json.
BY_TAG = (
    "right_report",
    "report_precision",
    "report_recall",
    "facts_present",
    "all_facts",
    "true_refusal",
    "false_refusal",
    "reciprocal_rank",
)
Row = Sequence[str]


def table(header: Row, rows: Sequence[Row], markdown: bool = False) -> str:
    """Return a table with aligned columns, the first to the left, the others right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        [
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (header, *rows)
    ]
    if markdown:
        # A colon on the right aligns a column to the right.
        rule = ["-" * (w - 1) + (":" if i else "-") for i, w in enumerate(widths)]
        lines.insert(1, rule)
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(line).rstrip() for line in lines)


def number(value: float | None) -> str:
    """Return a value as it is shown; what was not scored is a dash."""
    return "–" if value is None else f"{value:.3f}"


def interval(estimate: Estimate) -> str:
    """Return the 95 % interval of a mean as it is shown."""
    if estimate.mean is None:
        return "–"
    return f"{number(estimate.low)} to {number(estimate.high)}"


def overall_table(results: Results, markdown: bool = False) -> str:
    """Return every measure with its interval over all cases of a run.

    Then the seconds and tokens of an answer; where cases were asked more than once,
    also how far each mean varied from one time to the other.
    """
    values = estimates(results.cases, results.scores) | besides(results)
    rows = [
        (
            name + (" ↓" if name in LOWER_IS_BETTER else ""),
            number(e.mean),
            interval(e),
            str(e.n),
            str(e.unscored),
            *([number(results.spread.get(name))] if results.spread else []),
        )
        for name, e in values.items()
    ]
    header = ["measure", "mean", "95 % interval", "scored", "unscored"]
    header += ["spread"] if results.spread else []
    return table(header, rows, markdown)


def tag_table(results: Results, markdown: bool = False) -> str:
    """Return the main metrics for each primary tag."""
    rows = []
    for tag, cases in by_tag(results.cases).items():
        values = estimates(cases, results.scores)
        rows.append((tag, str(len(cases)), *(number(values[m].mean) for m in BY_TAG)))
    header = ("kind", "cases", *(name.replace("_", " ") for name in BY_TAG))
    return table(header, rows, markdown)


def title(results: Results) -> str:
    """Return which cases were asked, as a title."""
    kind = results.name or ("held out" if results.held_out else "development")
    return f"{kind.capitalize()} cases: {len(results.cases)}"


def about(results: Results) -> str:
    """Return how a run was made, in a sentence or two."""
    facts, seconds = results.settings, timing(results.every_answer)
    repeats = facts.get("repeats", 1)
    often = f"Each question was asked {repeats} times. " if repeats > 1 else ""
    return (
        f"Commit {facts['commit'][:7]}, {facts['started']}, "
        f"model {', '.join(facts['models'])}, "
        f"embeddings {facts['embedding_model']}. {often}"
        f"A question took {seconds['median']:.2f} s (median), "
        f"{seconds['p95']:.2f} s (95th percentile)."
    )


def scorecard(results: Results) -> str:
    """Return a run as Markdown. It names no case, so it may be of held-out ones."""
    return "\n\n".join(
        (
            f"## {title(results)}",
            about(results),
            overall_table(results, markdown=True),
            "↓: lower is better. A case that a measure says nothing of is unscored.",
            tag_table(results, markdown=True),
        )
    )


def sign_test(better: int, worse: int) -> float:
    """Return the two-sided p of so uneven a split if either way were as likely.

    The exact sign test, on 0/1 values McNemar's (1947): cases that did not change say
    nothing.
    """
    n = better + worse
    tail = sum(comb(n, k) for k in range(min(better, worse) + 1))
    return min(1.0, tail / 2.0 ** (n - 1))


def comparison(before: Results, after: Results) -> str:
    """Return what changed from one run to another, and each case that did.

    Questions of held-out cases are left out.

    Raises:
        ResultError: the runs are of other cases.
    """
    if before.scores.keys() != after.scores.keys():
        raise ResultError("These runs are of different cases; score both again.")
    rows = []
    changes: dict[str, list[str]] = {}
    for name in MEASURES:
        better = worse = 0
        for id_, row in after.scores.items():
            old, new = before.scores[id_][name], row[name]
            if old == new:
                continue
            if old is not None and new is not None:
                improved = (new > old) is (name not in LOWER_IS_BETTER)
                better, worse = better + improved, worse + (not improved)
            changes.setdefault(id_, []).append(f"{name} {number(old)} → {number(new)}")
        means = [estimates(r.cases, r.scores)[name].mean for r in (before, after)]
        p = number(sign_test(better, worse)) if better + worse else "–"
        rows.append((name, *map(number, means), str(better), str(worse), p))
    parts = [table(("metric", "before", "after", "better", "worse", "p"), rows)]
    for case in after.cases:
        if case.id in changes:
            question = "" if after.held_out else f": {case.question}"
            parts.append("\n    ".join([f"{case.id}{question}", *changes[case.id]]))
    return "\n\n".join(parts)
