"""The scorecard of a run as Markdown, HTML, JUnit XML, and the table in README."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import sync_playwright

from evals.__main__ import main
from evals.cases import Case, load_cases
from evals.gate import load_thresholds
from evals.measuring.contrasts import MEASURES
from evals.measuring.estimate import Estimate, mean_with_interval
from evals.measuring.scoring import ResultError, Results, score_folder
from evals.reporting.charts import Bars, Interval, bar_chart, interval_chart
from evals.reporting.junit import junit
from evals.reporting.labels import LABELS
from evals.reporting.page import scorecard_page
from evals.reporting.readme import (
    BEGIN,
    END,
    README,
    load_baseline,
    publish,
    readme_table,
    with_table,
)
from evals.run import write_run
from tests.requirements import browser
from tests.test_evals_gate import results_of
from tests.test_evals_metrics import make_answer, make_case, perfect_answer
from tests.test_evals_run import FACTS

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def run_of(folder: Path, held_out: bool = False, ask: Any = perfect_answer) -> Path:
    return write_run(ask, load_cases(held_out=held_out), folder, FACTS)


def refuse_facts(case: Case) -> Any:
    answer = perfect_answer(case)
    return {**answer, "outcome": "declined"} if case.primary_tag == "fact" else answer


def small_results(**changes: Any) -> Results:
    """A right answer, and one without its citation to a question full of markup."""
    cases = [make_case("level-2023"), make_case("heart-2024", tag="list")]
    cases[1] = replace(cases[1], question='<script>alert("1")</script> & why?\x07')
    answers = [perfect_answer(case) for case in cases]
    answers[1] = {**make_answer(text="<b>No</b>\x00."), "id": cases[1].id}
    settings = {
        "held_out": False,
        "commit": "0" * 40,
        "changed_files": [],
        "started": "2024-09-17T10:00:00+00:00",
        "models": ["quoting"],
        "embedding_model": "words",
    }
    results = results_of(cases, answers)
    return replace(results, settings=settings | changes, every_answer=tuple(answers))


def test_the_report_command_writes_three_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = run_of(tmp_path, ask=refuse_facts)
    assert main(["report", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert (folder / "scorecard.md").read_text("utf-8") == shown
    page = (folder / "scorecard.html").read_text("utf-8")
    assert "dev-fact-001" in page
    suites = ElementTree.parse(folder / "junit.xml").getroot()
    facts = [case for case in load_cases(held_out=False) if case.primary_tag == "fact"]
    assert suites.get("failures") == str(len(facts))
    assert suites.get("tests") == str(len(load_cases(held_out=False)))


def test_nothing_of_held_out_cases_is_shown_but_ids(tmp_path: Path) -> None:
    folder = run_of(tmp_path, held_out=True, ask=refuse_facts)
    assert main(["report", str(folder)]) == 0
    written = "".join(
        (folder / name).read_text("utf-8")
        for name in ("scorecard.md", "scorecard.html", "junit.xml")
    )
    assert not [c.id for c in load_cases(held_out=True) if c.question in written]


def test_page_is_self_contained_and_escaped() -> None:
    page = scorecard_page(small_results(), load_thresholds())
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>No" not in page
    for way_out in ("src=", "href=", "url(", "@import", "http://", "https://"):
        assert way_out not in page


def test_page_names_no_case_when_none_falls_short() -> None:
    case = make_case("level-2023")
    results = replace(small_results(), cases=[case])
    results = replace(results, scores={case.id: dict.fromkeys(MEASURES)})
    results = replace(results, answers={case.id: perfect_answer(case)})
    page = scorecard_page(results, {"right_report": 0.9})
    assert "None falls short" in page


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible_and_asks_for_nothing(scheme: Any, tmp_path: Path) -> None:
    file = tmp_path / "scorecard.html"
    file.write_text(scorecard_page(small_results(), load_thresholds()), "utf-8")
    asked: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        page = chromium.new_page(color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        chromium.close()
    assert not found, json.dumps(found, indent=1)
    assert asked == [file.as_uri()]
    assert not wide


def test_interval_chart_says_in_words_what_it_draws() -> None:
    rows = [
        Interval("Hits & misses", Estimate(0.9, 0.8, 0.95, 40, 0), 0.85),
        Interval("Unscored", Estimate(None, None, None, 0, 40)),
        Interval("Loss", Estimate(-0.1, -0.2, 0.1, 9, 0)),
    ]
    chart = ElementTree.fromstring(
        interval_chart(rows, "Title", "n").replace("<svg", f'<svg xmlns="{SVG[1:-1]}"')
    )
    assert chart.get("role") == "img"
    assert chart.get("aria-labelledby") == "n-t n-d"
    told = chart.findtext(f"{SVG}desc") or ""
    assert "Hits & misses: 0.900, from 0.800 to 0.950, gate 0.85." in told
    assert "Unscored" not in told
    assert len(chart.findall(f"{SVG}circle")) == 2
    # A value below nought stays on the scale.
    dots = [float(dot.get("cx") or 0) for dot in chart.findall(f"{SVG}circle")]
    assert dots[1] == min(float(x.get("x1") or 0) for x in chart.iter(f"{SVG}line"))


def test_bar_chart_draws_no_bar_for_what_was_not_scored() -> None:
    chart = bar_chart([Bars("fact", (0.5, None))], ["one", "two"], "Title", "n")
    assert chart.count("<rect") == 1
    assert "fact: one 0.50." in chart


def test_junit_groups_by_kind_and_says_what_was_expected() -> None:
    text = junit(small_results(), {"right_report": 0.9, "citation_validity": 1.0})
    root = ElementTree.fromstring(text)
    suites = {suite.get("name"): suite for suite in root}
    assert suites.keys() == {"fact", "list"}
    assert [s.get("failures") for s in suites.values()] == ["0", "1"]
    failure = suites["list"].find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "falls short of right_report, citation_validity"
    assert "expected heart-2024" in (failure.text or "")
    # XML cannot hold a bell or a nought, escaped or not.
    assert "\N{REPLACEMENT CHARACTER}" in (failure.text or "")


def test_every_measure_has_a_name() -> None:
    assert LABELS.keys() == set(MEASURES)


def test_readme_shows_the_committed_baseline() -> None:
    text = README.read_text("utf-8")
    baseline = load_baseline()
    assert {"development", "held out"} <= baseline.keys()
    assert with_table(text, baseline) == text, "run: python -m evals publish"


def test_publish_keeps_the_other_set_and_refreshes_the_table(tmp_path: Path) -> None:
    baseline, readme = tmp_path / "baseline.json", tmp_path / "README.md"
    readme.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n", "utf-8")
    more = {"unchanged": mean_with_interval([1, 1, 1, 0])}
    publish(small_results(), more, baseline, readme)
    publish(small_results(held_out=True), None, baseline, readme)
    figures = load_baseline(baseline)
    assert figures.keys() == {"development", "held out"}
    assert figures["development"]["measures"]["unchanged"]["mean"] == 0.75
    text = readme.read_text("utf-8")
    assert "old" not in text
    assert text.startswith("Before\n")
    assert text.endswith(f"{END}\nAfter\n")
    assert "First report cited is a right one" in text
    assert "0.50 (0.09–0.91)" in text
    # Totals only: no case.
    assert "fact-level-2023" not in baseline.read_text("utf-8")


def test_the_table_needs_its_markers_and_a_sound_baseline(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="lacks the markers"):
        with_table("No table here.", {})
    for text in ("{", "[]", '{"other": {}}'):
        (tmp_path / "b.json").write_text(text, "utf-8")
        with pytest.raises(ResultError, match="evals publish"):
            load_baseline(tmp_path / "b.json")
    assert load_baseline(tmp_path / "none.json") == {}


def test_readme_table_has_a_dash_for_what_was_not_scored() -> None:
    figures = {"cases": 3, "measures": {}}
    rows = readme_table({"development": figures}).splitlines()[2:]
    assert all(row.endswith(" – |") for row in rows)


def test_a_run_with_repeats_shows_their_spread(tmp_path: Path) -> None:
    asked: list[str] = []

    def sometimes(case: Case) -> Any:
        asked.append(case.id)
        wrong = asked.count(case.id) > 1 and case.primary_tag == "fact"
        return refuse_facts(case) if wrong else perfect_answer(case)

    cases = load_cases(held_out=False)
    folder = write_run(sometimes, cases, tmp_path, FACTS, repeats=2)
    results = score_folder(folder)
    # The first repeat asks each follow-up once as it is and once alone.
    facts = [case.id for case in cases if case.primary_tag == "fact"]
    assert results.scores[facts[0]]["false_refusal"] == 0.5
    assert results.answers[facts[0]]["outcome"] == "answered"
    assert results.spread["false_refusal"] > 0
    assert len(results.every_answer) == 2 * len(cases)
    main(["report", str(folder)])
    assert "spread" in (folder / "scorecard.md").read_text("utf-8")
