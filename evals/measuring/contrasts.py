"""What two answers are measured by when they should say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evals.cases import Case
from evals.measuring.answers import Answer, is_refused, missing_facts
from evals.measuring.metrics import METRICS, facts_present, right_report

FOLLOW_UP_LOSS, NEUTRALITY = "follow_up_loss", "neutrality_difference"
CONTRASTS = (FOLLOW_UP_LOSS, NEUTRALITY)
# Every measure of a case, in the order in which they are shown.
MEASURES = (*METRICS, *CONTRASTS)
LOWER_IS_BETTER = frozenset(
    {"false_refusal", "answered_plainly", "answered_in_part", *CONTRASTS}
)
Values = dict[str, dict[str, float | None]]


def follow_up_loss(case: Case, answer: Answer, standalone: Answer) -> float:
    """What asking in a conversation costs: lower is better.

    The quality of the answer to the hand-written standalone question, less that of the
    answer to the follow-up; quality is the mean of `right_report` and `facts_present`
    or, where nothing can be answered, whether it was refused. Below 0 where the
    follow-up was answered better. After question rewriting's comparison with manual
    rewrites (Anantha et al., QReCC, 2021).
    """
    return _quality(case, standalone) - _quality(case, answer)


def _quality(case: Case, answer: Answer) -> float:
    if not case.answerable:
        return float(is_refused(answer))
    return ((right_report(case, answer) or 0) + (facts_present(case, answer) or 0)) / 2


def neutrality_difference(case: Case, one: Answer, other: Answer) -> float:
    """How far the facts differ that two answers state, asked for and against.

    The Jaccard distance (1901) of the facts stated, 0 the same to 1 none in common. Two
    answers that state none do not differ; `facts_present` says what they lack.
    """
    stated = [set(case.facts) - set(missing_facts(case, a)) for a in (one, other)]
    either = stated[0] | stated[1]
    return 1 - len(stated[0] & stated[1]) / len(either) if either else 0.0


def contrasts(
    cases: Sequence[Case],
    answers: Mapping[str, Answer],
    standalone: Iterable[Answer] = (),
) -> Values:
    """Return both contrasts of every case, by case id; None where there is no other.

    Args:
        cases: every case that was asked.
        answers: by case id.
        standalone: the answers to the standalone questions of follow-ups.

    A pair's value stands at the first of its two cases.
    """
    alone = {answer["id"]: answer for answer in standalone}
    pairs: dict[str, list[Case]] = {}
    for case in cases:
        if case.pair:
            pairs.setdefault(case.pair, []).append(case)
    others = {group[0].id: group[-1] for group in pairs.values() if len(group) == 2}
    values: Values = {}
    for case in cases:
        answer = answers[case.id]
        other = others.get(case.id)
        values[case.id] = {
            FOLLOW_UP_LOSS: (
                follow_up_loss(case, answer, alone[case.id])
                if case.history and case.id in alone
                else None
            ),
            NEUTRALITY: (
                neutrality_difference(case, answer, answers[other.id])
                if other
                else None
            ),
        }
    return values
