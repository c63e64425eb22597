"""The tables and the chart of docs/performance.md, put there by the commands that measure."""

from __future__ import annotations

from pathlib import Path

from evals.reporting.readme import ROOT, between
from evals.timing.beside import beside_table
from evals.timing.beside_chart import Measured, beside_chart

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "performance.svg"


def write_beside(measured: Measured, page: Path = PAGE, chart: Path = CHART) -> None:
    """Put a table a size into the page, and the chart beside it."""
    tables = "\n\n".join(beside_table(size, costs) for size, costs in measured.items())
    write_table("beside", tables, page)
    chart.write_text(beside_chart(measured), encoding="utf-8")


def write_table(name: str, text: str, page: Path = PAGE) -> None:
    """Put what a command measured between its two marks on the page.

    Raises:
        ResultError: the marks are not there.
    """
    begin, end = f"<!-- {name}: python -m evals {name} -->", f"<!-- /{name} -->"
    before = page.read_text(encoding="utf-8")
    page.write_text(between(before, begin, end, text), encoding="utf-8")
