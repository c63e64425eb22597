"""The table that sets the assistant beside a stock chain."""

from __future__ import annotations

import pytest

from assistant.errors import ConfigError
from assistant.settings import Settings
from evals.timing.beside import OURS, STOCK, Cost, beside_table, costs_beside


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


def test_less_than_a_report_is_refused() -> None:
    with pytest.raises(ConfigError, match="smallest shelf has 100 chunks"):
        costs_beside(Settings(_env_file=None), 50)  # type: ignore[call-arg]
