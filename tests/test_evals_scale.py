"""The made-up shelf that is measured as it grows."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ConfigError
from assistant.index.opening import open_shelf
from assistant.library.changes import change_shelf
from assistant.library.shelf import read_shelf
from evals.timing.generated_shelf import (
    CHUNKS_A_REPORT,
    GeneratedEmbedder,
    empty_shelf,
    put_reports,
    questions_on,
    report_text,
)
from evals.timing.scale import measure


def test_report_text_is_the_same_for_a_number_and_another_for_the_next() -> None:
    assert report_text(3) == report_text(3)
    assert report_text(3) != report_text(4)
    assert report_text(3).count("\n## ") == CHUNKS_A_REPORT


def test_embed_gives_unit_vectors_that_lie_near_those_of_their_report() -> None:
    vectors = GeneratedEmbedder().embed(["Study 1 a", "Study 1 b", "Study 2 c"])
    same, other = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert same > 0.3 > other


def test_questions_on_names_only_reports_that_are_there() -> None:
    questions = questions_on(2, 20, seed=7)
    assert len(set(questions)) == 20
    assert all("Study 0 " in q or "Study 1 " in q for q in questions)


def test_the_shelf_grows_by_a_hundred_chunks_a_report(tmp_path: Path) -> None:
    place = empty_shelf(tmp_path)
    files = tmp_path / "files"
    files.mkdir()
    change_shelf(place, partial(put_reports, folder=files, numbers=[0]))
    added = change_shelf(place, partial(put_reports, folder=files, numbers=[1, 2]))
    assert added.added == 2 * (CHUNKS_A_REPORT + 1)
    documents = read_shelf(place.corpus_dir, place.reports_dir)
    with closing(open_shelf(place.index_dir, documents, place.embedder)) as shelf:
        found = shelf.chunks(shelf.nearest("What does Study 2 say?", 5))
        assert {c.details.report for c in found.values()} == {"study-2"}


def test_measure_refuses_less_than_one_report(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="smallest shelf has 100"):
        measure([50, 100], tmp_path)
