"""The pairs and what is measured on them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from assistant.answering.checking.evidence import Verdict
from assistant.index.embeddings import MiniLMEmbedder
from assistant.reading.chunking import chunk_document
from assistant.schema import Chunk
from evals.__main__ import parser
from evals.evidence import Checked, scores, scores_table, wrong_table
from evals.pairs import (
    KINDS,
    Cite,
    Pair,
    PairError,
    find_passages,
    load_pairs,
)
from tests.passages import shipped_documents

DEVELOPMENT, HELD_OUT = load_pairs("development"), load_pairs("held_out")
FRESH = load_pairs("fresh")
PAIR = {
    "id": "a-1",
    "sentence": "Weirs need care.",
    "cites": [{"report": "avon-2021", "section": "Weirs", "quote": "Weirs need care."}],
    "holds": True,
    "kind": "true-verbatim",
    "note": "",
}


@cache
def shelf_chunks() -> tuple[Chunk, ...]:
    count = MiniLMEmbedder().count_tokens
    return tuple(c for d in shipped_documents() for c in chunk_document(d, count))


def test_pairs_are_many_and_two_fifths_of_them_are_true() -> None:
    both = [*DEVELOPMENT, *HELD_OUT]
    assert len(both) >= 400
    assert sum(pair.holds for pair in both) >= 0.4 * len(both)
    assert 0.4 <= len(HELD_OUT) / len(both) <= 0.6
    assert (
        len({pair.id for pair in both}) == len({p.sentence for p in both}) == len(both)
    )


@pytest.mark.parametrize("pairs", [DEVELOPMENT, HELD_OUT, FRESH])
def test_pairs_have_every_kind_in_each_part(pairs: list[Pair]) -> None:
    assert {pair.kind for pair in pairs} == set(KINDS)


def test_pairs_have_no_section_in_both_parts() -> None:
    one, other = (
        {(cite.report, cite.section) for pair in pairs for cite in pair.cites}
        for pairs in (DEVELOPMENT, HELD_OUT)
    )
    assert not one & other


def test_fresh_pairs_are_half_true_and_reach_every_chunk_of_the_shelf() -> None:
    assert sum(pair.holds for pair in FRESH) * 2 == len(FRESH) == 300
    cited = {p.chunk for pair in FRESH for p in find_passages(pair, shelf_chunks())}
    assert cited == set(shelf_chunks())


def test_fresh_pairs_repeat_no_other() -> None:
    every = [*DEVELOPMENT, *HELD_OUT, *FRESH]
    assert len({pair.id for pair in every}) == len(every)
    assert len({pair.sentence for pair in every}) == len(every)


@pytest.mark.parametrize(
    ("words", "part"),
    [([], "development"), (["--held-out"], "held_out"), (["--fresh"], "fresh")],
)
def test_evidence_measures_the_part_that_is_asked_for(
    words: list[str], part: str
) -> None:
    assert parser().parse_args(["evidence", *words]).part == part


def test_pairs_resolve_to_chunks_of_the_shelf() -> None:
    for pair in (*DEVELOPMENT, *HELD_OUT, *FRESH):
        passages = find_passages(pair, shelf_chunks())
        assert [p.chunk.details.report for p in passages] == [
            cite.report for cite in pair.cites
        ]


def test_find_passages_names_a_pair_whose_quote_stands_nowhere() -> None:
    cite = Cite("level-measures-2023", "Notes to editors › Distribution", "Not there.")
    pair = Pair("x-1", "It is.", (cite,), True, "true-verbatim")
    with pytest.raises(PairError, match=r"x-1: 'Not there\.' is not in Notes"):
        find_passages(pair, shelf_chunks())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "false"}, "the kind false is not one of"),
        ({"holds": False}, "'holds' does not fit"),
        ({"cites": []}, "cites nothing"),
        ({"cites": [{"report": "a"}]}, "line 1"),
        ({"more": 1}, "has the fields"),
    ],
)
def test_load_pairs_names_the_line_that_is_wrong(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    line = json.dumps({**PAIR, **change})
    (tmp_path / "development.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(PairError, match=says):
        load_pairs("development", folder=tmp_path)


def test_load_pairs_finds_an_id_twice_and_a_missing_file(tmp_path: Path) -> None:
    file = tmp_path / "development.jsonl"
    file.write_text(f"{json.dumps(PAIR)}\n" * 2, encoding="utf-8")
    with pytest.raises(PairError, match=r"has a-1 twice"):
        load_pairs("development", folder=tmp_path)
    with pytest.raises(PairError, match="cannot be read"):
        load_pairs("held_out", folder=tmp_path)


def checked(holds: bool, shown: bool) -> Checked:
    pair = Pair(
        f"p{holds}{shown}", "It is.", (), holds, "true-verbatim" if holds else "negated"
    )
    return Checked(pair, Verdict(0.5, () if shown else ("a reason",)), 0.01)


def test_scores_count_false_ones_caught_and_true_ones_withheld() -> None:
    found = scores(
        [
            *[checked(holds=False, shown=False)] * 3,
            checked(holds=False, shown=True),
            *[checked(holds=True, shown=True)] * 4,
            checked(holds=True, shown=False),
        ]
    )
    assert (found["false_caught"].mean, found["false_caught"].n) == (0.75, 4)
    assert (found["true_withheld"].mean, found["true_withheld"].n) == (0.2, 5)
    assert (found["precision"].mean, found["precision"].n) == (0.75, 4)


def test_tables_show_the_shares_by_kind_and_what_went_wrong() -> None:
    some = [checked(holds=False, shown=True), checked(holds=True, shown=False)]
    assert "negated" in scores_table(some)
    assert "a reason" in wrong_table(some)
    assert "shown" in wrong_table(some)
    assert wrong_table([checked(holds=True, shown=True)]) == ""
