"""The tables and the chart that set the assistant beside a stock chain."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.errors import ConfigError
from assistant.settings import Settings
from evals.measuring.scoring import ResultError
from evals.reporting.performance import CHART, PAGE, write_beside, write_table
from evals.timing.beside import OURS, OWN, STOCK, Cost, beside_table, costs_beside
from evals.timing.beside_chart import Measured

MEASURED: Measured = {
    100: {
        OURS: Cost(30.0, 90.0, 20.0, 40.0, 500.0),
        STOCK: Cost(10.0, 30.0, 10.0, None, 400.0),
        OWN: Cost(60.0, 300.0, 200.0, None, 1_000.0),
    },
    10_000: {OURS: Cost(3_000.0, 95.0, 21.5, 41.0, 700.0)},
}


def test_ratios_are_ours_to_the_other_and_a_missing_one_is_a_dash() -> None:
    ours, stock = (
        Cost(30.0, 90.0, 20.0, 40.0, 500.0),
        Cost(10.0, 30.0, 10.0, None, 400.0),
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in beside_table(1_000, {OURS: ours, STOCK: stock}).splitlines()
    ]
    assert rows[0] == ["1,000 chunks", OURS, STOCK, "ratio"]
    assert [row[3] for row in rows[2:]] == ["3.00", "3.00", "2.00", "–", "1.25"]
    assert rows[5] == ["whole answer, ms", "40.0", "–", "–"]


def test_each_of_the_others_has_a_column_and_its_ratio() -> None:
    head, _, index, *_ = beside_table(100, MEASURED[100]).splitlines()
    cells = [cell.strip() for cell in index.strip("|").split("|")]
    assert cells[1:] == ["30.0", "10.0", "3.00", "60.0", "0.50"]
    assert head.index(STOCK) < head.index(OWN)


def test_tables_and_chart_are_put_where_the_page_has_room_for_them(
    tmp_path: Path,
) -> None:
    page, chart = tmp_path / "page.md", tmp_path / "chart.svg"
    page.write_text(PAGE.read_text("utf-8"), "utf-8")
    for _ in range(2):
        write_beside(MEASURED, page, chart)
    text = page.read_text("utf-8")
    assert [text.count(f"| {size} chunks") for size in ("100", "10,000")] == [1, 1]
    told = {e.text for e in ElementTree.parse(chart).iter() if e.tag.endswith("text")}
    assert {"20.0", "21.5", "200", f"{OURS}, 10,000 chunks"} <= told
    with pytest.raises(ResultError, match="lacks the markers"):
        write_table("no such command", "", page)


def test_the_page_shows_the_chart_that_is_there() -> None:
    assert f"]({CHART.name})" in PAGE.read_text("utf-8")
    assert ElementTree.parse(CHART).getroot().tag.endswith("svg")


def test_less_than_a_report_is_refused() -> None:
    with pytest.raises(ConfigError, match="smallest shelf has 100 chunks"):
        costs_beside(Settings(_env_file=None), 50)  # type: ignore[call-arg]
