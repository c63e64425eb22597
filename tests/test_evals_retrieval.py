"""The retrievers alone, on a small data set in BEIR layout and on broken ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from evals.__main__ import main
from evals.comparing.beir import DatasetError, load_dataset
from evals.comparing.retrieval import measures, retrieval_table, retrieve_all
from evals.comparing.variants import (
    FUSIONS,
    dense_only,
    lexical_only,
    reciprocal_rank_fusion,
)
from tests.fakes import WordHashEmbedder

CORPUS = [
    {"_id": "d1", "title": "Parks", "text": "Gates of parks close at dusk."},
    {"_id": "d2", "title": "Buses", "text": "Night buses carry nurses home."},
    {"_id": "d3", "title": "", "text": "Libraries lend books on Sundays."},
    {"_id": "d4", "text": "Swimming pools open early."},
]
QUERIES = [
    {"_id": "q1", "text": "when do park gates close"},
    {"_id": "q2", "text": "buses at night"},
    {"_id": "q3", "text": "never judged"},
    {"_id": "q4", "text": "judged of no use"},
]
QRELS = [
    "query-id\tcorpus-id\tscore",
    "q1\td1\t2",
    "q1\td4\t1",
    "q2\td2\t1",
    "q4\td3\t0",
]


def write_dataset(
    folder: Path,
    corpus: Sequence[Any] = CORPUS,
    queries: Sequence[Any] = QUERIES,
    qrels: Sequence[str] = QRELS,
    split: str = "test",
) -> Path:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "qrels" / f"{split}.tsv").write_text("\n".join(qrels) + "\n", "utf-8")
    return folder


def test_load_dataset_reads_all_three_parts(tmp_path: Path) -> None:
    data = load_dataset(write_dataset(tmp_path))
    assert data.corpus["d1"].title == "Parks"
    assert data.corpus["d4"].title == ""
    assert data.relevant == {"q1": {"d1": 2, "d4": 1}, "q2": {"d2": 1}, "q4": {}}
    assert data.notes == ("1 queries have no judgement: not asked.",)


def test_load_dataset_tells_of_ids_that_are_not_there(tmp_path: Path) -> None:
    qrels = [*QRELS, "q1\tgone\t1", "q9\td1\t1"]
    data = load_dataset(write_dataset(tmp_path, qrels=qrels))
    assert "gone" in data.relevant["q1"]
    assert "q9" not in data.relevant
    assert [note.split()[0] for note in data.notes] == ["1", "1", "1"]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"corpus": []}, "corpus.jsonl is empty"),
        ({"corpus": ["{"]}, r"corpus\.jsonl:1: not an object"),
        ({"corpus": ["[]"]}, r"corpus\.jsonl:1: not an object"),
        ({"corpus": [CORPUS[0], {"_id": "d2"}]}, r"corpus\.jsonl:2: not an object"),
        ({"corpus": [CORPUS[0], CORPUS[0]]}, r"corpus\.jsonl:2: the _id d1 stands"),
        ({"corpus": [{"_id": "d1", "text": 7}]}, r"corpus\.jsonl:1: text must be"),
        ({"queries": [{"text": "x"}]}, r"queries\.jsonl:1: not an object"),
        ({"qrels": ["q1\td1"]}, r"test\.tsv:1: not query-id"),
        ({"qrels": [*QRELS, "q1 d1 1"]}, r"test\.tsv:6: not query-id"),
        ({"qrels": [*QRELS, "q1\td1\tmuch"]}, r"test\.tsv:6: not query-id"),
        ({"qrels": ["q9\td1\t1"]}, "no judgement is of a query"),
    ],
)
def test_load_dataset_names_file_line_and_fault(
    parts: Any, fault: str, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match=fault):
        load_dataset(write_dataset(tmp_path, **parts))


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_load_dataset_finds_a_missing_file(name: str, tmp_path: Path) -> None:
    (write_dataset(tmp_path) / name).unlink()
    with pytest.raises(DatasetError, match="There is no"):
        load_dataset(tmp_path)


def test_load_dataset_takes_test_or_the_only_split_or_the_one_asked_for(
    tmp_path: Path,
) -> None:
    write_dataset(tmp_path, split="dev")
    assert load_dataset(tmp_path).relevant
    write_dataset(tmp_path, split="train", qrels=["q2\td2\t1"])
    with pytest.raises(DatasetError, match="dev, train: choose one"):
        load_dataset(tmp_path)
    assert load_dataset(tmp_path, "train").relevant.keys() == {"q2"}
    with pytest.raises(DatasetError, match="choose one"):
        load_dataset(tmp_path, "test")
    write_dataset(tmp_path, split="test")
    assert "q1" in load_dataset(tmp_path).relevant


def test_retrieve_all_measures_each_retriever(tmp_path: Path) -> None:
    data = load_dataset(write_dataset(tmp_path / "data"))
    values = retrieve_all(data, WordHashEmbedder(dimension=512), tmp_path)
    assert values.keys() == FUSIONS.keys()
    for each in values.values():
        # q1 finds d1 first and may miss d4; q4 has nothing relevant.
        assert each["RR"][1:] == [1, None]
        assert each["RR"][0] == 1
    text = retrieval_table(values)
    assert "min-max fusion" in text
    assert text.splitlines()[2].split()[-2:] == ["2", "1"]


def test_measures_are_those_of_ir_measures_also_for_a_document_not_there() -> None:
    found, gains = ["d2", "d1", "d3"], {"d1": 2.0, "gone": 1.0}
    run = {"q": {id_: float(-n) for n, id_ in enumerate(found)}}
    qrels = {"q": {id_: int(gain) for id_, gain in gains.items()}}
    told = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, R @ 100, RR], qrels, run)
    assert measures(found, gains) == pytest.approx(
        {
            "nDCG@10": told[nDCG @ 10],
            "recall@10": told[R @ 10],
            "recall@100": told[R @ 100],
            "RR": told[RR],
        }
    )


def test_fusions_as_worked_by_hand() -> None:
    lexical, dense = {"a": 9.0, "b": 5.0}, {"b": 0.8, "c": 0.4}
    assert list(lexical_only(lexical, dense)) == ["a", "b"]
    assert list(dense_only(lexical, dense)) == ["b", "c"]
    fused = reciprocal_rank_fusion(lexical, dense)
    assert fused == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "c": 1 / 62})
    assert list(fused) == ["b", "a", "c"]


def test_retrieval_command_prints_a_table_and_names_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_dataset(tmp_path)
    assert main(["retrieval", "--dataset", str(folder)]) == 0
    shown = capsys.readouterr()
    assert "lexical only" in shown.out
    assert "not asked" in shown.err
    assert main(["retrieval", "--dataset", str(tmp_path / "none")]) == 2
    assert "There is no" in capsys.readouterr().err
