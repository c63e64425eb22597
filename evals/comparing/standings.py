"""Our answers beside worse ways to make them, each held to the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering.pipeline import Parts
from evals.cases import Case
from evals.comparing.baselines import baseline_scores
from evals.comparing.two_sentences import two_sentences
from evals.comparing.variants import StockRecipe
from evals.gate import check, passes
from evals.measuring.contrasts import LOWER_IS_BETTER
from evals.measuring.scoring import Scores, estimates, score
from evals.reporting.report import number, table
from evals.run import Ask, Progress, alone

OURS, RECIPE, TWO = "ours", "stock LangChain recipe", "two sentences"
_SHOWN = (
    "right_report",
    "report_precision",
    "facts_present",
    "section_hit_8",
    "section_ndcg_10",
    "comparison_coverage",
    "true_refusal",
    "false_refusal",
    "follow_up_loss",
)


def ask_all(
    ask: Ask, cases: Sequence[Case], progress: Progress
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the answers to the cases, and to the standalone questions of follow-ups."""
    follow_ups = alone(cases)
    answers = []
    for done, case in enumerate([*cases, *follow_ups]):
        progress(done, len(cases) + len(follow_ups))
        answers.append(dict(ask(case)))
    return answers[: len(cases)], answers[len(cases) :]


def standings(
    ask: Ask,
    cases: Sequence[Case],
    parts: Parts,
    progress: Progress = lambda done, total: None,
) -> dict[str, Scores]:
    """Return the scores of our answers, and of every way that should do worse.

    Args:
        ask: answers one case as a user would be answered.
        cases: what to ask.
        parts: the open shelf, on which the other ways work as well.
        progress: told how many questions of one way are done.
    """
    answers, standalone = ask_all(ask, cases, progress)
    found = {OURS: score(cases, answers, standalone)}
    found |= baseline_scores(cases, answers, standalone)
    recipe = StockRecipe.of(parts.shelf.documents, parts.shelf.embedder)
    ways = {TWO: two_sentences(parts.shelf), RECIPE: recipe.ask}
    for name, way in ways.items():
        found[name] = score(cases, *ask_all(way, cases, progress))
    return found


def standings_table(
    cases: Sequence[Case],
    found: Mapping[str, Scores],
    thresholds: Mapping[str, float],
) -> str:
    """Return a row for each way, ours first, with the gated measures that it misses."""
    rows = []
    for name, scores in found.items():
        values = estimates(cases, scores)
        checks = check(cases, scores, thresholds)
        missed = sum(not item.passed for item in checks)
        rows.append(
            (
                name,
                *(number(values[measure].mean) for measure in _SHOWN),
                "pass" if passes(checks) else f"FAIL ({missed} of {len(checks)})",
            )
        )
    header = [
        name.replace("_", " ") + (" ↓" if name in LOWER_IS_BETTER else "")
        for name in _SHOWN
    ]
    return table(("", *header, "gate"), rows)
