"""The pairs: enough of them, and nothing in a sentence's wording tells whether it holds."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import pytest

from assistant.index.embeddings import MiniLMEmbedder
from assistant.settings import load_settings
from evals.evidence import judge_by_rules
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


@pytest.mark.slow
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


def test_rules_and_second_reading_together_show_no_lie_and_hardly_withhold_a_truth() -> (
    None
):
    """The readings are kept; the rules are those of now."""
    file = PAIRS.with_name("read.jsonl")
    judged = judge_by_rules(load_lines(file), load_settings(), read_again=True)
    readings = map(json.loads, file.read_text("utf-8").splitlines())
    shown = {
        (row["sentence"], row["holds"])
        for one, row in zip(judged, readings, strict=True)
        if not one.problems and row["reading"] == "carried"
    }
    assert not [sentence for sentence, holds in shown if not holds]
    assert len(shown) >= 0.95 * sum(one.line.holds for one in judged)


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
