"""What recorded cases come to: pass and facts by kind, calls, tokens, and the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from evals.cases import Case
from evals.gate import check, explain, load_thresholds
from evals.gate import passes as keeps
from evals.measuring.answers import Answer, is_refused
from evals.measuring.contrasts import LOWER_IS_BETTER
from evals.measuring.metrics import all_facts, report_recall, right_report
from evals.measuring.scoring import estimates, score
from evals.recorded.asking import AskedCase
from evals.recorded.labels import judge, load_labels, written_sentences
from evals.reporting.report import number, table

AskedSets = Mapping[str, Sequence[AskedCase]]
SHOWN = ("right_report", "facts_present", "true_refusal", "false_refusal")
# With fewer cases that are no older than the requests, the gate would hold little.
FEWEST = 0.5


def passes(case: Case, answer: Answer) -> bool:
    """Tell whether an answer is right: first report, each report due, and every fact.

    A question that cannot be answered is to be refused.
    """
    if not case.answerable:
        return is_refused(answer)
    needed = [right_report(case, answer), all_facts(case, answer)]
    if case.is_comparison:
        needed.append(report_recall(case, answer))
    return all(value == 1 for value in needed)


def _kinds(asked: AskedSets) -> Iterator[tuple[str, list[AskedCase]]]:
    """Yield the groups that are told apart, each with its cases."""
    every = [one for cases in asked.values() for one in cases]
    yield "all", every
    yield from ((name, list(cases)) for name, cases in asked.items())
    kinds: dict[str, Callable[[Case], bool]] = {
        "comparisons": lambda case: case.is_comparison,
        "briefs": lambda case: case.primary_tag == "briefing",
        "conversations": lambda case: bool(case.history),
        "unanswerable": lambda case: not case.answerable,
    }
    for name, belongs in kinds.items():
        yield name, [one for one in every if belongs(one.case)]


def _row(name: str, cases: Sequence[AskedCase]) -> tuple[str, ...]:
    live = [one for one in cases if not one.stale]
    stale = len(cases) - len(live)
    if not live:
        return (name, "0", str(stale), *("–" for _ in (*SHOWN, *"...")))
    scores = score([o.case for o in live], [o.answer for o in live])
    values = estimates([o.case for o in live], scores)
    right = sum(passes(o.case, o.answer) for o in live) / len(live)
    called = [o for o in live if o.requests]
    calls = median(len(o.requests) for o in called) if called else 0
    tokens = median(int(o.answer["tokens"]) for o in called) if called else 0
    shown = (number(values[measure].mean) for measure in SHOWN)
    return (
        name, str(len(live)), str(stale), number(right), *shown,
        f"{calls:g}", f"{tokens:,.0f}",
    )  # fmt: skip


def recorded_table(asked: AskedSets, *, verbose: bool = False) -> str:
    """Return the figures by kind, what became of sentences, and which cases are stale.

    Args:
        asked: the cases by their set.
        verbose: name each case that falls short, too.
    """
    header = (
        "kind", "cases", "stale", "pass", *(name.replace("_", " ") for name in SHOWN),
        "calls", "tokens",
    )  # fmt: skip
    parts = [table(header, [_row(*kind) for kind in _kinds(asked)])]
    every = [one for cases in asked.values() for one in cases]
    live = [one for one in every if not one.stale]
    silent = sum(not one.requests for one in live)
    parts.append(f"{silent} of {len(live)} were settled by rule, with no call.")
    parts.append(str(judge(written_sentences(live), load_labels())))
    if stale := [one for one in every if one.stale]:
        named = ", ".join(f"{o.case.id} ({o.missing[0].stage})" for o in stale)
        parts.append(f"Stale, for a request has no recording: {len(stale)}: {named}")
    if verbose:
        parts += [
            explain(one.case, one.answer)
            for one in live
            if not passes(one.case, one.answer)
        ]
    return "\n\n".join(parts)


def recorded_verdict(name: str, asked: AskedSets) -> tuple[str, bool]:
    """Return what the gate says of a recording, and whether it lets it pass.

    Stale cases are counted and left out; too many of them fail, for nothing is held then.
    """
    every = [one for cases in asked.values() for one in cases]
    live = [one for one in every if not one.stale]
    told = f"recorded, {name}: {len(live)} cases, {len(every) - len(live)} stale"
    if len(live) < FEWEST * len(every):
        return f"{told}\nFAIL: too many are stale. See evals/recorded/README.md.", False
    scores = score([o.case for o in live], [o.answer for o in live])
    checks = check([o.case for o in live], scores, load_thresholds(f"recorded {name}"))
    rows = [
        f"  {'ok' if c.passed else 'FAIL'} {c.metric} {number(c.estimate.mean)}, "
        f"{'at most' if c.metric in LOWER_IS_BETTER else 'at least'} {c.threshold:g}"
        for c in checks
    ]
    return "\n".join([told, *rows]), keeps(checks)
