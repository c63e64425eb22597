"""The agendas: their labels hold in the corpus, and the measures tell good from bad."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.briefing.making import make_pack, prepare
from assistant.briefing.pack import Pack
from assistant.composition import Assistant
from assistant.reading.catalogue import read_corpus
from assistant.settings import load_settings
from evals.agenda_cases import AgendaCase, load_agendas
from evals.agenda_scores import METRICS, AgendaScores, score_pack
from evals.agendas import agendas_verdict, keeps, load_agenda_thresholds, mean
from evals.cases import CaseError
from evals.measuring.answers import folded

pytest_plugins = ("tests.shelf",)

CASES = {case.id: case for case in load_agendas()}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for document in read_corpus(load_settings().corpus_dir):
        report = document.details.report
        for section in document.sections:
            told = f"{section.heading} {section.text}"
            found[report] = found.get(report, "") + folded(told)
    return found


def test_there_are_at_least_twelve_agendas() -> None:
    assert len(CASES) >= 12
    assert sum(len(case.items) for case in CASES.values()) >= 60


@pytest.mark.parametrize("id_", CASES)
def test_every_label_stands_in_the_corpus(id_: str, texts: dict[str, str]) -> None:
    for item in CASES[id_].items:
        for report, quote in item.speaks.items():
            assert folded(quote) in texts[report], (item.number, report)
        for report in item.silent:
            assert item.absent
            for word in item.absent:
                assert folded(word) not in texts[report], (item.number, report, word)
        for fact in item.facts:
            told = " ".join(texts[report] for report in item.speaks)
            assert any(text in told for text in fact), (item.number, fact)


@pytest.mark.parametrize("id_", CASES)
def test_every_item_is_found_in_its_agenda(id_: str) -> None:
    case = CASES[id_]
    items = case.read().items
    numbers = {item.number for item in items}
    titles = [folded(item.title) for item in items]
    for item in case.items:
        named = any(folded(item.title) in title for title in titles)
        assert item.number in numbers if item.number else named, item.name


@pytest.fixture(scope="module")
def made(assistant: Assistant) -> tuple[AgendaCase, Pack]:
    case = CASES["questions-for-a-minister"]
    agenda = prepare(case.read(), assistant.parts)
    return case, make_pack(agenda, assistant.parts, length="full")


def test_a_good_pack_scores_well(
    made: tuple[AgendaCase, Pack], assistant: Assistant
) -> None:
    scores = score_pack(*made, assistant.parts)
    assert scores.item_coverage == scores.right_reports == 1
    assert (scores.facts_present or 0) >= 0.75
    assert scores.unsupported == 0
    assert 50 < scores.words_of_front <= 650


def test_an_invented_sentence_is_counted(
    made: tuple[AgendaCase, Pack], assistant: Assistant
) -> None:
    case, pack = made
    first = pack.items[0]
    lie = replace(first.line[0], text="Localis (2023) recommends 99 centres at £7m.")
    bad = replace(pack, items=(replace(first, line=(lie,)), *pack.items[1:]))
    scores = score_pack(case, bad, assistant.parts)
    assert scores.unsupported == 1
    assert any("99 centres" in fault for fault in scores.faults)


def test_a_pack_that_says_nothing_scores_nothing(
    made: tuple[AgendaCase, Pack], assistant: Assistant
) -> None:
    case, pack = made
    empty = tuple(replace(i, line=(), points=(), positions=()) for i in pack.items)
    scores = score_pack(case, replace(pack, items=empty), assistant.parts)
    assert scores.item_coverage == 0
    assert scores.right_reports == scores.facts_present == scores.table_correct == 0


def scores(**given: float) -> AgendaScores:
    return replace(AgendaScores(*(1.0,) * 9, 0, 300), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("metric", METRICS)
def test_each_metric_can_fail_the_gate(metric: str) -> None:
    bounds = load_agenda_thresholds()
    assert agendas_verdict({"a": scores()}, bounds)[1]
    worse = 1000.0 if metric in ("unsupported", "words_of_front") else 0.5
    text, passed = agendas_verdict({"a": scores(**{metric: worse})}, bounds)
    assert not passed
    assert text.count("FAIL") == 1


def test_what_was_not_measured_is_no_zero_and_keeps_no_bound() -> None:
    none = scores(facts_present=None)  # type: ignore[arg-type]
    assert mean("facts_present", {"a": none, "b": scores()}) == 1
    assert mean("facts_present", {"a": none}) is None
    assert not keeps("facts_present", None, 0.5)


def test_a_broken_case_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"agenda": []}')
    with pytest.raises(CaseError, match=r"x\.json"):
        load_agendas(tmp_path)
    with pytest.raises(CaseError, match="holds no agendas"):
        load_agendas(tmp_path / "none")
