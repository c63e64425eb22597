"""The cases as they are, and what is said of a case that cannot be used."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.reading.catalogue import read_corpus
from assistant.settings import load_settings
from assistant.text.words import words
from evals.cases import FILES, CaseError, load_cases
from evals.measuring.answers import ends_with
from evals.sets import FRESH

DOCUMENTS = read_corpus(load_settings().corpus_dir)

GOOD: dict[str, Any] = {
    "id": "a-1",
    "question": "How many?",
    "history": [],
    "reports": ["level-2023"],
    "facts": [["seven", "7"]],
    "evidence": [],
    "note": "Page 1",
    "answerable": True,
    "tags": ["fact"],
    "held_out": False,
}
PLACE = {"report": "level-2023", "section": "Findings", "quote": "There are seven."}
USER = {"role": "user", "content": "Hello"}
ASSISTANT = {"role": "assistant", "content": "Hello."}


def write_cases(
    folder: Path, development: list[Any], held_out: list[Any] | None = None
) -> Path:
    for name, cases in zip(FILES, (development, held_out or []), strict=True):
        text = "\n".join(map(json.dumps, cases))
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_cases_load_and_name_reports_of_the_shelf() -> None:
    shelf = {document.details.report for document in DOCUMENTS}
    cases = load_cases(shelf=shelf)
    assert len(cases) >= 700
    assert {report for case in cases for report in case.reports} == shelf


def test_every_quote_stands_in_its_section_of_the_shipped_corpus() -> None:
    astray = [
        (case.id, place.section)
        for case in [*load_cases(), *load_cases(FRESH)]
        for place in case.evidence
        if not any(
            document.details.report == place.report
            and ends_with(section.heading, place.section)
            and place.quote in section.text
            for document in DOCUMENTS
            for section in document.sections
        )
    ]
    assert not astray


def test_most_answerable_cases_say_where_the_evidence_stands() -> None:
    answerable = [case for case in load_cases() if case.answerable]
    assert sum(bool(case.evidence) for case in answerable) >= 0.95 * len(answerable)


def test_every_development_follow_up_has_a_standalone_question() -> None:
    cases = load_cases(held_out=False)
    assert not [c.id for c in cases if c.history and not c.standalone]


@pytest.mark.parametrize(
    ("tag", "least"),
    [
        ("fact", 100), ("recommendation", 100), ("briefing", 30), ("comparison", 36),
        ("follow-up", 40), ("unanswerable", 85), ("off-topic", 18), ("threshold", 10),
        ("misattributed", 20), ("false-premise", 10), ("injection", 10),
        ("paraphrase", 100), ("typo", 10), ("abbreviation", 10), ("one-word", 10),
        ("very-long", 9), ("neutrality", 24),
    ],
)  # fmt: skip
def test_each_kind_of_question_has_its_cases(tag: str, least: int) -> None:
    assert sum(tag in case.tags for case in load_cases(held_out=False)) >= least


def test_there_are_pairs_asked_for_and_against() -> None:
    pairs = Counter(case.pair for case in load_cases() if case.pair)
    assert len(pairs) >= 12
    assert set(pairs.values()) == {2}


def test_conversations_have_two_to_five_turns() -> None:
    turns = {len(case.history) // 2 + 1 for case in load_cases(held_out=False)}
    assert turns == {1, 2, 3, 4, 5}


def test_held_out_cases_are_apart_and_about_a_third() -> None:
    kept = load_cases(held_out=True)
    others = load_cases(held_out=False)
    assert 0.2 <= len(kept) / len(kept + others) <= 0.4
    assert not {case.id for case in kept} & {case.id for case in others}

    places: dict[tuple[str, ...], list[str]] = {}
    for case in kept + others:
        # Two follow-ups may read the same and be about different things.
        turns = (*(turn.content for turn in case.history), case.question)
        asked = tuple(" ".join(words(turn)) for turn in turns)
        places.setdefault(asked, []).append(case.id)
    # Ids alone: a failure must not show what is held out.
    assert not [ids for ids in places.values() if len(ids) > 1]
    assert {case.primary_tag for case in kept} == {case.primary_tag for case in others}


def test_load_cases_reads_every_field(tmp_path: Path) -> None:
    history = [USER, ASSISTANT]
    held_out = {**GOOD, "id": "b-1", "held_out": True}
    write_cases(tmp_path, [{**GOOD, "history": history}], [held_out])
    case = load_cases(tmp_path, held_out=False, shelf=["level-2023"])[0]
    assert [turn.role for turn in case.history] == ["user", "assistant"]
    assert case.facts == (("seven", "7"),)
    assert case.primary_tag == "fact"
    assert [case.id for case in load_cases(tmp_path)] == ["a-1", "b-1"]
    assert [case.id for case in load_cases(tmp_path, held_out=True)] == ["b-1"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "unknown field colour"),
        ({"id": ""}, "id must be text"),
        ({"question": 7}, "question must be text"),
        ({"held_out": True}, "held_out is True"),
        ({"answerable": "yes"}, "answerable must be true or false"),
        ({"reports": ["no-such"]}, "no such report on the shelf: no-such"),
        ({"reports": []}, "needs reports and facts"),
        ({"facts": []}, "needs reports and facts"),
        ({"answerable": False}, "has no reports and no facts"),
        ({"outcome": "perhaps"}, "an outcome is one of answered, partial"),
        ({"page": 7}, "page must be text"),
        ({"outcome": "clarify"}, "the outcome does not fit answerable"),
        ({"reports": "level-2023"}, "reports must be a list"),
        ({"reports": ["level-2023"] * 2}, "reports holds a text twice"),
        ({"facts": ["seven"]}, "a fact must be a list"),
        ({"facts": [["Seven"]]}, "lower case"),
        ({"facts": [[]]}, "needs alternatives"),
        ({"tags": []}, "needs a tag"),
        ({"history": [ASSISTANT]}, "history goes user, assistant"),
        ({"history": [USER]}, "history ends with an answer"),
        ({"history": [USER, USER]}, "history goes user, assistant"),
        ({"history": [{"role": "user"}]}, "a role and a content"),
        ({"history": [{**USER, "content": ""}]}, "content must be text"),
        ({"history": "Hello"}, "history must be a list"),
        ({"evidence": "Page 1"}, "evidence must be a list"),
        ({"evidence": ["Page 1"]}, "a report, a section and a quote"),
        ({"evidence": [{**PLACE, "quote": ""}]}, "quote must be text"),
        ({"evidence": [{**PLACE, "report": "other"}]}, "not to be cited"),
        ({"note": ""}, "note must be text"),
        ({"standalone": "How many?"}, "only a follow-up"),
        ({"pair": 7}, "pair must be text"),
        ({"also": ["no-such"]}, "no such report on the shelf: no-such"),
        ({"also": ["level-2023"]}, "also names further reports"),
        ({"also": "next-2024"}, "also must be a list"),
    ],
)
def test_load_cases_names_file_line_and_fault(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    write_cases(tmp_path, [GOOD, {**GOOD, "id": "a-2", **change}])
    with pytest.raises(CaseError, match=rf"development\.jsonl:2: .*{words}"):
        load_cases(tmp_path, shelf=["level-2023"])


def test_load_cases_finds_a_missing_field(tmp_path: Path) -> None:
    write_cases(tmp_path, [{k: v for k, v in GOOD.items() if k != "facts"}])
    with pytest.raises(CaseError, match="1: missing field facts"):
        load_cases(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_load_cases_finds_what_is_no_object(text: str, tmp_path: Path) -> None:
    write_cases(tmp_path, [])
    (tmp_path / "development.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"development\.jsonl:1: "):
        load_cases(tmp_path)


def test_load_cases_finds_an_id_in_both_files(tmp_path: Path) -> None:
    write_cases(tmp_path, [GOOD], [{**GOOD, "held_out": True}])
    with pytest.raises(CaseError, match=r"held_out.jsonl:1: .* development.jsonl:1"):
        load_cases(tmp_path, held_out=False)


@pytest.mark.parametrize(
    "change", [{"facts": [["eight"]]}, {"pair": "other"}, {"held_out": True}]
)
def test_load_cases_finds_a_pair_that_is_none(
    change: dict[str, Any], tmp_path: Path
) -> None:
    one, other = {**GOOD, "pair": "p"}, {**GOOD, "id": "a-2", "pair": "p", **change}
    files = ([one], [other]) if other["held_out"] else ([one, other], [])
    write_cases(tmp_path, *files)
    with pytest.raises(CaseError, match="The pair"):
        load_cases(tmp_path)


def test_load_cases_finds_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot be read"):
        load_cases(tmp_path)
