"""Bad assistants, made from the answers of a good one: the gate must stop each.

An evaluation that lets one of these pass measures nothing. Each is a function of the
cases and the answers that returns as many answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from evals.cases import Case
from evals.measuring.answers import Answer
from evals.measuring.scoring import Scores, score

Baseline = Callable[[Sequence[Case], Sequence[Answer]], list[Answer]]
_SEED = 20240917


def constant_answer(cases: Sequence[Case], answers: Sequence[Answer]) -> list[Answer]:
    """Give every question the same answer, which cites one report."""
    pattern = next((a for a in answers if a["citations"]), None)
    if pattern is None:
        return list(answers)
    citation = {**pattern["citations"][0], "number": 1}
    text = citation["quote"]
    same = {
        "outcome": "answered",
        "text": f"{text} [1]",
        "sentences": [{"text": text, "citations": [1], "support": 1.0}],
        "withheld": [],
        "citations": [citation],
        "nearest": [],
    }
    return [{**answer, **same} for answer in answers]


def always_refuse(cases: Sequence[Case], answers: Sequence[Answer]) -> list[Answer]:
    """Refuse every question."""
    refusal: dict[str, object] = {
        "outcome": "no_evidence",
        "text": "The shelf does not say.",
        "sentences": [],
        "citations": [],
    }
    return [{**answer, **refusal} for answer in answers]


def shuffled_citations(
    cases: Sequence[Case], answers: Sequence[Answer]
) -> list[Answer]:
    """Keep every word, and permute at random which report each citation names."""
    shelf = sorted({p["report"] for a in answers for p in a["passages"]})
    chance = random.Random(_SEED)
    shuffled: list[Answer] = []
    for answer in answers:
        other = dict(zip(shelf, chance.sample(shelf, len(shelf)), strict=True))
        citations = [
            {**c, "report": other.get(c["report"], c["report"])}
            for c in answer["citations"]
        ]
        shuffled.append({**answer, "citations": citations})
    return shuffled


def nearest_wrong_report(
    cases: Sequence[Case], answers: Sequence[Answer]
) -> list[Answer]:
    """Cite for everything the best passage retrieved of a report that is not right."""
    wrong: list[Answer] = []
    for case, answer in zip(cases, answers, strict=True):
        others = [p for p in answer["passages"] if p["report"] not in case.reports]
        if not others:
            wrong.append(answer)
            continue
        place = {name: others[0][name] for name in ("report", "section", "page")}
        quoted = {**place, "quote": others[0]["text"]}
        citations = [{**citation, **quoted} for citation in answer["citations"]]
        wrong.append({**answer, "citations": citations})
    return wrong


BASELINES: dict[str, Baseline] = {
    "constant answer": constant_answer,
    "always refuse": always_refuse,
    "shuffled citations": shuffled_citations,
    "nearest wrong report": nearest_wrong_report,
}


def baseline_scores(
    cases: Sequence[Case],
    answers: Sequence[Answer],
    standalone: Sequence[Answer] = (),
) -> dict[str, Scores]:
    """Return the scores of each bad assistant, its standalone answers as bad."""
    by_id = {answer["id"]: answer for answer in standalone}
    follow_ups = [case for case in cases if case.id in by_id]
    alone = [by_id[case.id] for case in follow_ups]
    return {
        name: score(cases, bad(cases, answers), bad(follow_ups, alone))
        for name, bad in BASELINES.items()
    }
