"""What each family of rules brings: its lines, and the answers without it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.answering.pipeline import Parts
from assistant.answering.switches import switched_off
from evals.cases import Case
from evals.measuring.answers import Answer
from evals.measuring.estimate import mean_with_interval
from evals.measuring.metrics import METRICS
from evals.reporting.report import table
from evals.run import ask_with
from evals.sets import SETS
from evals.shelves import KEPT, open_parts

# What a family is made of, below ``assistant.answering``: modules, or parts of them. Parts
# that serve several families stand with none.
FAMILIES: dict[str, tuple[str, ...]] = {
    "about the text": (),
    "asking back": ("quoting.asking_back",),
    "authorities": ("understanding.authorities",),
    "whose papers": (),
    "comparing": ("quoting.comparing", "understanding.question:scope_of"),
    "corrections": ("quoting.corrections:correct",),
    "coverage": ("understanding.concepts:coverage",),
    "decision": ("deciding.decision", "deciding.signs"),
    "doubt": (),
    "elsewhere": ("quoting.corrections:answered_elsewhere",),
    "extremes": ("quoting.extremes",),
    "follow-ups": ("understanding.conversation", "understanding.readings"),
    "form wanted": ("understanding.wording:take_form",),
    "glossary": ("understanding.glossary",),
    "kind of answer": ("understanding.forms", "understanding.question:kind_of"),
    "names of reports": (
        "understanding.naming",
        "understanding.naming_phrases",
    ),
    "papers by kind": ("understanding.naming_kinds",),
    "preferred reports": (),
    "question vector": (),
    "readings": ("search:search_readings",),
    "sections": ("quoting.sections",),
    "several asks": (),
    "spelling": ("understanding.spelling",),
    "summing up": ("quoting.summing_up",),
    "surroundings": ("understanding.wording:take_apart",),
}
# The sign of each says which way is better.
MEASURES = {
    "right_report": 1, "facts_present": 1, "true_refusal": 1, "false_refusal": -1,
}  # fmt: skip
Means = Mapping[str, float | None]


def lines_of(family: str) -> int:
    """Return how many lines a family takes, blank ones left out."""
    total = 0
    for name in FAMILIES[family]:
        module, _, part = name.partition(":")
        found: Any = import_module(f"assistant.answering.{module}")
        source = inspect.getsource(getattr(found, part) if part else found)
        total += sum(bool(line.strip()) for line in source.splitlines())
    return total


def means_of(cases: Sequence[Case], answers: Sequence[Answer]) -> Means:
    """Return the mean of each measure that is shown."""
    return {
        name: mean_with_interval(
            [METRICS[name](c, a) for c, a in zip(cases, answers, strict=True)]
        ).mean
        for name in MEASURES
    }


def effect(with_it: Means, without: Means) -> str:
    """Return what a family brings to a set, in points: + is better with it."""
    cells = []
    for name, sign in MEASURES.items():
        one, other = with_it[name], without[name]
        both = one is not None and other is not None
        points = 100 * sign * ((one or 0) - (other or 0))
        cells.append(f"{points:+.1f}" if both and round(points, 1) else ".")
    return " ".join(cell.rjust(5) for cell in cells)


def measure(
    name: str, every: int, rules: Sequence[str], folder: Path = KEPT
) -> dict[str, str]:
    """Return the effect of each family on one set."""
    one = SETS[name]
    with open_parts(one.shelf, folder) as parts:
        cases = one.cases(parts.shelf.reports)[::every]
        whole = _asked(cases, parts)
        found = {"": _shown(whole)}
        for rule in rules:
            with switched_off(rule):
                found[rule] = effect(whole, _asked(cases, parts))
    return found


def _asked(cases: Sequence[Case], parts: Parts) -> Means:
    ask = ask_with(parts)
    return means_of(cases, [ask(case) for case in cases])


def _shown(means: Means) -> str:
    values = (means[name] for name in MEASURES)
    return " ".join("–" if v is None else f"{v:.3f}" for v in values)


def ablate(
    sets: Sequence[str], every: int, rules: Sequence[str], show: Callable[[str], None]
) -> None:
    """Print for each family its lines and what it brings to each set.

    Args:
        sets: names of sets.
        every: each so many-th case is asked.
        rules: the families, all that there are as a rule.
        show: is handed the text as soon as a set is measured, and the table last.
    """
    columns = {}
    for name in sets:
        columns[name] = measure(name, every, rules)
        show(f"{name}: {', '.join(MEASURES)}: {columns[name]['']}")
    rows = [
        (rule, str(lines_of(rule)), *(columns[name][rule] for name in sets))
        for rule in rules
    ]
    show(table(("without it", "lines", *sets), rows))
    show("Points that each family brings (+ is better with it): " + ", ".join(MEASURES))
