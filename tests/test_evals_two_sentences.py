"""The baseline that must be beaten, and the data sets that it is held to ours on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.pipeline import Parts
from evals.comparing.beir import DatasetError
from evals.comparing.dataset import read_dataset
from evals.comparing.two_sentences import duel, duels_table, two_sentences
from evals.gated import duels_verdict
from evals.shelves import embedder, open_documents
from tests.test_evals_metrics import make_answer, make_case

BEES = "Bees keep their hive at 35 degrees. They dance to tell where flowers stand."
TRAMS = "Trams came to Leeds in 1871. The last one ran in 1959 under a grey sky."
SQUAD = {
    "data": [
        {
            "title": name,
            "paragraphs": [
                {"context": text, "qas": [{"id": name, "question": asked, **answers}]}
            ],
        }
        for name, text, asked, answers in (
            (
                "Honey_bee",
                BEES,
                "How warm do bees keep their hive?",
                {"answers": [{"text": "35 degrees"}], "is_impossible": False},
            ),
            (
                "Trams",
                TRAMS,
                "Who built the trams of Hull?",
                {"answers": [], "is_impossible": True},
            ),
        )
    ]
}


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(SQUAD), encoding="utf-8")
    return file


@pytest.fixture
def parts(squad: Path, tmp_path: Path) -> Iterator[Parts]:
    documents, _ = read_dataset(squad, embedder())
    with open_documents(documents, tmp_path / "index") as opened:
        yield opened


def test_squads_layout_becomes_articles_and_cases(squad: Path) -> None:
    documents, cases = read_dataset(squad, embedder())
    assert [d.details.title for d in documents] == ["Honey bee", "Trams"]
    one, other = cases
    assert one.reports == (documents[0].details.report,)
    assert one.facts == (("35 degrees",),)
    assert not other.answerable
    assert other.reports == ()


def test_a_flat_file_is_grouped_by_meaning(tmp_path: Path) -> None:
    queries = [
        {"id": "a", "question": "How warm?", "context": BEES},
        {"id": "b", "question": "When?", "context": TRAMS},
    ]
    truth = {
        "a": {"answers": ["35 degrees"], "is_impossible": False},
        "b": {"answers": [], "is_impossible": True},
    }
    file = tmp_path / "queries.json"
    file.write_text(json.dumps({"queries": queries}), encoding="utf-8")
    (tmp_path / "ground_truth.json").write_text(json.dumps(truth), encoding="utf-8")
    documents, cases = read_dataset(file, embedder())
    texts = {d.details.report: d.sections[0].text for d in documents}
    assert texts[cases[0].reports[0]] == BEES


def test_a_file_of_another_layout_is_named(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    for text in ("{", '{"data": [{}]}', '{"queries": [{"id": "a"}]}'):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(DatasetError, match=r"other\.json|ground_truth\.json"):
            read_dataset(file, embedder())


def test_two_sentences_are_the_nearest_and_never_refuse(parts: Parts) -> None:
    ask = two_sentences(parts.shelf)
    case = replace(make_case(), question="How warm do bees keep their hive?")
    answer: Any = ask(case)
    assert answer.keys() >= make_answer().keys()
    assert answer["citations"][0]["quote"] == BEES.split(". ")[0] + "."
    assert len(answer["citations"]) == 2
    assert ask(replace(case, question="Xyzzy?"))["outcome"] == "answered"


def test_ours_must_be_better_and_no_longer_than_twice() -> None:
    case = make_case("level-2023")
    good, bad = make_answer("level-2023"), make_answer("next-2024")
    bad["citations"][0]["section"] = "Elsewhere"
    assert not duel("a set", [case], [good], [bad]).faults
    worse = duel("a set", [case], [bad], [good])
    assert "right_report 0.000, two sentences 1.000" in worse.faults[0]
    assert not duel("a set", [case], [good], [good]).faults
    same = duel("a set", [case] * 2, [good, bad], [good, bad])
    assert {f.split()[2] for f in same.faults} == {
        "right_report", "right_section", "facts_present",
    }  # fmt: skip
    long = {**good, "text": good["text"].replace("[1]", "and so on " * 9 + "[1]")}
    assert "words" in duel("a set", [case], [long], [bad]).faults[0]
    text, passed = duels_verdict([same])
    assert not passed
    assert "FAIL a set: right_report" in text
    assert duels_table([same]).count("two sentences") == 1


def test_a_refusal_of_ours_counts_as_wrong() -> None:
    case = make_case("level-2023")
    refused = make_answer(outcome="no_evidence", text="No.")
    found = duel("a set", [case], [refused], [make_answer("next-2024")])
    assert found.ours["right_report"] == 0
