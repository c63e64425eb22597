"""Where the shelf states what a case asks for, on a small corpus and the real cases."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.reading.catalogue import read_corpus
from evals.cases import load_cases
from evals.locate import fill_in, locate
from tests.fakes import write_corpus
from tests.test_evals_cases import GOOD, write_cases
from tests.test_evals_metrics import make_case


@pytest.mark.parametrize(
    ("question", "facts", "sections"),
    [
        ("When do parks close?", (("dusk",),), ["Findings \u203a 1 Opening hours"]),
        ("Who chairs Parks Forum?", (("green",),), ["News \u203a The launch"]),
        (
            "What of the main paths?",
            (("light",),),
            ["Recommendations \u203a 1 Lighting"],
        ),
        ("When do parks close?", (("noon",),), []),
    ],
)
def test_locate_finds_the_section_that_states_the_fact(
    question: str, facts: Any, sections: list[str], tmp_path: Path
) -> None:
    case = make_case("parks-2021", facts=facts)
    case = replace(case, question=question, note="by hand")
    found = locate(case, read_corpus(write_corpus(tmp_path)))
    assert [place.section for place in found] == sections


def test_locate_does_not_read_the_questions_that_sections_are_asked_as(
    tmp_path: Path,
) -> None:
    case = replace(make_case("parks-2021", facts=(("dusk",),)), note="x")
    case = replace(case, question="Is the gate locked at night?")
    assert locate(case, read_corpus(write_corpus(tmp_path))) == ()


def test_fill_in_writes_what_loads_and_leaves_what_is_there(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    parks = {**GOOD, "question": "When do parks close?", "reports": ["parks-2021"]}
    parks |= {"facts": [["dusk"]], "note": "finding 1"}
    write_cases(tmp_path, [parks, {**parks, "id": "a-2", "facts": [["noon"]]}])
    told = fill_in(read_corpus(corpus), tmp_path)
    assert told["development.jsonl"] == (1, 1)
    assert not load_cases(tmp_path)[0].evidence
    fill_in(read_corpus(corpus), tmp_path, write=True)
    first, second = load_cases(tmp_path)
    assert first.evidence[0].quote.endswith("close at dusk.")
    assert second.evidence == ()
    before = (tmp_path / "development.jsonl").read_text("utf-8")
    fill_in(read_corpus(corpus), tmp_path, write=True)
    assert (tmp_path / "development.jsonl").read_text("utf-8") == before
    assert json.loads(before.splitlines()[0]).keys() == GOOD.keys()
