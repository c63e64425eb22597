"""Fits the one learned decision: ``assistant/answering/deciding/weights.json``.

Method: logistic regression (L2, Newton's method) over the signs and the first principal
numbers of the question's vector, which are then folded into one direction of it. The
figures printed are cross-validated: no question is scored by weights that saw it, on
this shelf or another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.answering import deciding
from assistant.answering.deciding.decision import FILE, Thresholds
from assistant.answering.deciding.signs import Signs
from evals.fitting.examples import Example
from evals.fitting.logistic import Matrix, auc, fit_logistic, principal, refused_at
from evals.reporting.report import number, table

WEIGHTS = Path(deciding.__file__).parent / FILE
# Set by cross-validation on the development sets; little depends on them.
DIRECTIONS = 64
OF_SIGNS, OF_DIRECTIONS = 5.0, 300.0
OF_MADE = 0.3
# So many of the answerable may be refused, of the questions that were written without
# knowledge of the rules.
COST = 0.04
LIKE_USERS = "fresh development (digests)"
# Shelves whose sections nobody wrote questions for have a line of their own.
# There the signs tell less apart, and the higher the line the more is refused wrongly:
# at .03 of them a held-out paper is refused .07 of its questions, and .05 at .025.
COST_BARE = 0.025
BARE = (
    "fresh development (bare)",
    "papers development (papers)",
    "plain development (plain)",
)
# So many are shown as what may be no answer, on shelves of either kind.
COST_SURE = 0.15
# Which way a sign may count: for an answer (1) or against it (-1); others either way.
_FOR = "cosine headed first overlap coverage passage score margin form pairs"
_AGAINST = (
    "lacking lacking_sentence lacking_best unknown absent rarest_absent rarest_lacking"
    " names_lacking names_absent foreign absent_of_named"
)
WAYS = dict.fromkeys(_FOR.split(), 1) | dict.fromkeys(_AGAINST.split(), -1)
_FOLDS = 10
_DIGITS = 4


@dataclass(frozen=True)
class Fitted:
    """A bias, a weight a sign, and a direction of the question's vector."""

    bias: float
    signs: Matrix
    question: Matrix

    def scores(self, rows: Sequence[Example]) -> Matrix:
        """Return the log-odds that each is answered."""
        signs, vectors = _arrays(rows)
        scores: Matrix = self.bias + signs @ self.signs + vectors @ self.question
        return scores


def _arrays(rows: Sequence[Example]) -> tuple[Matrix, Matrix]:
    signs = np.array([row.signs for row in rows], np.float64)
    return signs, np.array([row.vector for row in rows], np.float64)


def labels_of(rows: Sequence[Example]) -> Matrix:
    """Return 1 for each example that is answered, 0 for the others."""
    return np.array([float(row.answerable) for row in rows])


def fit(rows: Sequence[Example]) -> Fitted:
    """Fit the decision on examples.

    A sign that speaks for an answer never counts against it, nor the other way round,
    whatever these examples say: one that would is left out, the worst first.
    """
    signs, vectors = _arrays(rows)
    centre, directions = principal(vectors, DIRECTIONS)
    leaned = (vectors - centre) @ directions.T
    counts = np.array([OF_MADE if row.kind == "made" else 1.0 for row in rows])
    kept = list(range(signs.shape[1]))
    while True:
        columns = np.c_[signs[:, kept], leaned]
        penalties = np.r_[
            np.full(len(kept), OF_SIGNS), np.full(len(directions), OF_DIRECTIONS)
        ]
        bias, own = fit_logistic(columns, labels_of(rows), penalties, counts)
        wrong = {
            abs(weight): place
            for place, weight in zip(kept, own, strict=False)
            if weight * WAYS.get(Signs._fields[place], 0) < 0
        }
        if not wrong:
            break
        kept.remove(wrong[max(wrong)])
    weights = np.zeros(signs.shape[1])
    weights[kept] = own[: len(kept)]
    question = directions.T @ own[len(kept) :]
    return Fitted(float(bias - question @ centre), weights, question)


def cross_validated(rows: Sequence[Example]) -> Matrix:
    """Return the log-odds of each example by weights fitted without its question."""
    folds = np.array([crc32(row.id.encode()) % _FOLDS for row in rows])
    scores = np.zeros(len(rows))
    for fold in range(_FOLDS):
        others = [row for row, own in zip(rows, folds, strict=True) if own != fold]
        mine: NDArray[np.bool_] = folds == fold
        held = [row for row, own in zip(rows, folds, strict=True) if own == fold]
        if held:
            scores[mine] = fit(others).scores(held)
    return scores


def threshold_of(
    scores: Matrix,
    rows: Sequence[Example],
    cost: float = COST,
    groups: Sequence[str] = (),
) -> float:
    """Return the chance (0 to 1) below which so many of the answerable lie.

    Of the questions that are most like those of users, or of all where there are none.
    """
    labels = labels_of(rows)
    like = np.array([row.group in (groups or (LIKE_USERS,)) for row in rows])
    chosen = (labels == 1) & like if like.any() else labels == 1
    return chance_of(float(np.quantile(scores[chosen], cost)))


def chance_of(odds: float) -> float:
    """Return the chance (0 to 1) of log-odds."""
    return float(1 / (1 + np.exp(-odds)))


def _groups(rows: Sequence[Example]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(row.group, []).append(place)
    return groups


def figures(rows: Sequence[Example], scores: Matrix, threshold: float) -> str:
    """Return how well the scores part the answerable, by set and shelf."""
    line = np.log(threshold / (1 - threshold))
    shown = []
    for group, places in _groups(rows).items():
        asked = [n for n in places if rows[n].kind == "asked"]
        made = [n for n in places if rows[n].kind == "made"]
        own, labels = scores[asked], labels_of([rows[n] for n in asked])
        shown.append(
            (
                group,
                str(int(labels.sum())),
                str(int((1 - labels).sum())),
                number(auc(own, labels)),
                number(refused_at(own, labels, COST)),
                number(chance_of(float(np.quantile(own[labels == 1], COST)))),
                number(float((own[labels == 1] < line).mean())),
                number(float((own[labels == 0] < line).mean())),
                str(len(made)),
                number(float((scores[made] < line).mean()) if made else None),
            )
        )
    header = (
        "set (shelf)", "answerable", "not", "AUC", f"refused at {COST:.0%}", "that line",
        "false refusal", "true refusal", "made", "made refused",
    )  # fmt: skip
    return table(header, shown)


def write_weights(
    fitted: Fitted, answers: Thresholds, sure: Thresholds, model: str, file: Path
) -> None:
    """Write what ``assistant.answering.deciding.decision`` reads."""
    values = {
        "model": model,
        "answers": asdict(answers),
        "sure": asdict(sure),
        "bias": round(fitted.bias, _DIGITS),
        "signs": {
            name: round(float(weight), _DIGITS)
            for name, weight in zip(Signs._fields, fitted.signs, strict=True)
        },
        "question": [round(float(x), _DIGITS) for x in fitted.question],
    }
    file.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def fit_and_write(
    rows: Sequence[Example],
    model: str,
    show: Callable[[str], None],
    file: Path = WEIGHTS,
) -> None:
    """Fit the decision, print what cross-validation says of it, and write it."""
    scores = cross_validated(rows)
    answers = _lines(scores, rows, COST, COST_BARE)
    sure = _lines(scores, rows, COST_SURE, COST_SURE)
    show(figures(rows, scores, answers.prepared))
    write_weights(fit(rows), answers, sure, model, file)
    show(f"answered from {answers} on, surely from {sure}; written: {file.name}")


def _lines(
    scores: Matrix, rows: Sequence[Example], prepared: float, bare: float
) -> Thresholds:
    """Return the lines below which such shares of the answerable lie."""
    return Thresholds(
        round(threshold_of(scores, rows, prepared), 3),
        round(threshold_of(scores, rows, bare, BARE), 3),
    )
