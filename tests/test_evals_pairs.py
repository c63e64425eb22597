"""The pairs: enough of them, and nothing in a sentence's wording tells whether it holds."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from assistant.index.embeddings import MiniLMEmbedder
from evals.fitting.logistic import Matrix, auc, fit_logistic
from evals.sentences import PAIRS, load_lines

LINES = load_lines(PAIRS)


def test_each_sentence_holds_of_one_passage_and_not_of_another() -> None:
    found: defaultdict[str, list[tuple[bool, tuple[str, ...]]]] = defaultdict(list)
    for line in LINES:
        found[line.sentence].append((line.holds, line.passages))
    assert len(found) >= 400
    for sentence, cited in found.items():
        assert sorted(holds for holds, _ in cited) == [False, True], sentence
        assert len({passages for _, passages in cited}) == 2, sentence
    assert all(line.kind for line in LINES)


@pytest.mark.parametrize("seen", ["sentence", "passage"])
def test_a_model_that_sees_one_side_alone_cannot_tell_them_apart(seen: str) -> None:
    texts = [
        line.sentence if seen == "sentence" else line.passages[0] for line in LINES
    ]
    distinct = list(dict.fromkeys(texts))
    vectors = dict(zip(distinct, MiniLMEmbedder().embed(distinct), strict=True))
    signs = np.array([vectors[text] for text in texts], np.float64)
    labels = np.array([float(line.holds) for line in LINES])
    assert auc(cross_validated(signs, labels), labels) <= 0.55


def cross_validated(rows: Matrix, labels: Matrix, folds: int = 10) -> Matrix:
    """Return for each row the score of a model that was fitted without its fold."""
    fold = np.random.default_rng(0).permutation(len(rows)) % folds
    scores = np.zeros(len(rows))
    for own in range(folds):
        others = fold != own
        ridge, weights = np.full(rows.shape[1], 5.0), np.ones(int(others.sum()))
        bias, slope = fit_logistic(rows[others], labels[others], ridge, weights)
        scores[~others] = bias + rows[~others] @ slope
    return scores
