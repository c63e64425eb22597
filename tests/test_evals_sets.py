"""The sets of cases, what surrounds a question, and the vectors that are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.index.embeddings import MiniLMEmbedder
from assistant.reading.catalogue import read_corpus
from evals.cases import Case, CaseError, load_cases
from evals.kept_vectors import KeptEmbedder
from evals.sets import (
    DEVELOPMENT,
    FRESH,
    GATED,
    HELD_OUT,
    SETS,
    share_unchanged,
    surroundings,
    to_wrap,
    wrapped,
)
from evals.shelves import CORPUS, SHELVES
from tests.test_evals_metrics import make_case

if TYPE_CHECKING:
    from assistant.index.embeddings import Vectors

SHIPPED = {document.details.report for document in read_corpus(CORPUS)}


def test_the_sets_are_of_shelves_that_there_are_and_no_held_out_one_is_gated() -> None:
    assert {one.shelf for one in SETS.values()} == set(SHELVES)
    assert set(GATED) <= set(DEVELOPMENT)
    assert not set(DEVELOPMENT) & set(HELD_OUT)
    for one in SETS.values():
        reports = SHIPPED if one.shelf in ("digests", "bare") else None
        assert {case.held_out for case in one.cases(reports)} == {one.held_out}


def test_fresh_cases_are_apart_from_the_old_ones() -> None:
    old, fresh = load_cases(), load_cases(FRESH, shelf=SHIPPED)
    assert len(fresh) >= 320
    assert sum(case.held_out for case in fresh) >= 160
    assert not {case.id for case in old} & {case.id for case in fresh}
    # Short ones are asked alike by two who do not know of one another. Ids alone: a
    # failure must not show what is held out.
    asked = {case.question.casefold() for case in old if not case.history}
    again = [c.id for c in fresh if not c.history and c.question.casefold() in asked]
    assert len(again) <= 5, again


def test_the_bare_shelf_lacks_what_sections_are_asked_as_and_nothing_else() -> None:
    bare = SHELVES["bare"]()
    assert not any(s.asked_as for document in bare for s in document.sections)
    shipped = SHELVES["digests"]()
    assert any(s.asked_as for document in shipped for s in document.sections)
    for one, other in zip(shipped, bare, strict=True):
        assert one.content_hash != other.content_hash
        texts = [[s.text for s in d.sections] for d in (one, other)]
        assert texts[0] == texts[1]


@pytest.mark.slow
def test_papers_are_read_with_the_details_that_cases_know_them_by() -> None:
    papers = {document.details.report for document in SHELVES["papers"]()}
    one = SETS["papers development"]
    cases = one.cases(papers)
    assert len(cases) >= 150
    assert {report for case in cases for report in case.welcome} <= papers
    readable = papers - {"ashmere-ta-2024"}
    assert len(one.cases(readable)) < len(cases)


def test_each_text_stands_around_the_question() -> None:
    kinds = surroundings()
    assert {kind: len(texts) for kind, texts in kinds.items()} == {
        "development": 12,
        "held_out": 12,
    }
    case = make_case("level-2023")
    for whole, around in wrapped([case], kinds["development"]):
        assert whole is case
        assert case.question in around.question
        assert around.question != case.question


def test_questions_to_wrap_are_answerable_and_stand_alone() -> None:
    chosen = to_wrap(load_cases(held_out=False))
    assert len(chosen) == 40
    assert all(c.answerable and not c.history for c in chosen)


def test_surroundings_need_a_place_for_the_question(tmp_path: Path) -> None:
    file = tmp_path / "surroundings.json"
    file.write_text(json.dumps({"development": ["Hello."]}), encoding="utf-8")
    with pytest.raises(CaseError, match=r"holds \{question\} once"):
        surroundings(file)


def test_share_unchanged_counts_outcome_and_first_report() -> None:
    case = make_case("level-2023")
    pairs = [(case, replace(case, question=text)) for text in ("a", "b", "c")]
    told = {
        case.question: ("answered", "level-2023"),
        "a": ("answered", "level-2023"),
        "b": ("answered", "next-2024"),
        "c": ("no_evidence", None),
    }

    def outcome_of(asked: Case) -> tuple[str, str | None]:
        return told[asked.question]

    assert share_unchanged(pairs, outcome_of) == [1, 0, 0]


class CountingEmbedder(MiniLMEmbedder):
    """Makes a vector of a text's length, and counts the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.made += len(texts)
        return np.array([[len(text)] for text in texts], np.float32)


def test_vectors_outlive_the_process_that_made_them(tmp_path: Path) -> None:
    file = tmp_path / "shelves" / "vectors.npz"
    first = KeptEmbedder(CountingEmbedder(), file)
    assert first.embed(["one", "three", "one"]).tolist() == [[3], [5], [3]]
    first.keep()
    inner = CountingEmbedder()
    second = KeptEmbedder(inner, file)
    assert second.embed(["three", "fourth"]).tolist() == [[5], [6]]
    assert inner.made == 1


def test_a_damaged_file_of_vectors_costs_time_alone(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    file.write_bytes(b"no vectors")
    assert KeptEmbedder(CountingEmbedder(), file).embed(["four"]).tolist() == [[4]]
