"""Charts of a scorecard as SVG: pure functions, with a text alternative each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from evals.measuring.estimate import Estimate

_LABEL, _SCALE, _VALUE = 300, 330, 70
_WIDTH = _LABEL + _SCALE + _VALUE
_ROW, _TOP, _BOTTOM = 26, 8, 26


class Interval(NamedTuple):
    """A row of `interval_chart`; ``bound`` is the gate's threshold, if there is one."""

    label: str
    estimate: Estimate
    bound: float | None = None


class Bars(NamedTuple):
    """A row of `bar_chart`: one value for each series, None where nothing was scored."""

    label: str
    values: tuple[float | None, ...]


def _x(value: float) -> float:
    return round(_LABEL + min(1.0, max(0.0, value)) * _SCALE, 1)


def _frame(body: list[str], rows: float, title: str, told: str, name: str) -> str:
    height = _TOP + rows * _ROW + _BOTTOM
    floor = height - _BOTTOM
    grid = [
        f'<line class="grid" x1="{_x(tick)}" x2="{_x(tick)}" y1="{_TOP}" y2="{floor}"/>'
        f'<text class="tick" x="{_x(tick)}" y="{floor + 17}">{tick:g}</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    return (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {_WIDTH} {height:g}">'
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(told)}</desc>' + "".join(grid + body) + "</svg>"
    )


def interval_chart(rows: Sequence[Interval], title: str, name: str) -> str:
    """Return each mean as a dot on its 95 % interval, a tick where the gate stands.

    Args:
        rows: top down; those without a mean are left out.
        title: what the chart shows.
        name: unique on the page, for ids.
    """
    shown = [row for row in rows if row.estimate.mean is not None]
    body, told = [], []
    for number, (label, estimate, bound) in enumerate(shown):
        mean, low, high = estimate.mean, estimate.low, estimate.high
        assert mean is not None
        assert low is not None
        assert high is not None
        y = _TOP + number * _ROW + _ROW / 2
        body.append(
            f'<text class="label" x="{_LABEL - 12}" y="{y + 4:g}">{escape(label)}</text>'
            f'<line class="range" x1="{_x(low)}" x2="{_x(high)}" y1="{y:g}" y2="{y:g}"/>'
            f'<circle class="dot" cx="{_x(mean)}" cy="{y:g}" r="5"/>'
            f'<text class="value" x="{_WIDTH}" y="{y + 4:g}">{mean:.3f}</text>'
        )
        if bound is not None:
            body.append(
                f'<line class="bound" x1="{_x(bound)}" x2="{_x(bound)}" '
                f'y1="{y - 9:g}" y2="{y + 9:g}"/>'
            )
        gate = "" if bound is None else f", gate {bound:g}"
        told.append(f"{label}: {mean:.3f}, from {low:.3f} to {high:.3f}{gate}.")
    return _frame(body, len(shown), title, " ".join(told), name)


def bar_chart(
    rows: Sequence[Bars], series: Sequence[str], title: str, name: str
) -> str:
    """Return groups of bars, one bar a series; what was not scored has none.

    Args:
        rows: top down.
        series: what the values of a row are, in their order.
        title: what the chart shows.
        name: unique on the page, for ids.
    """
    body, told = [], []
    top = float(_TOP)
    for label, values in rows:
        scored = [(s, v) for s, v in enumerate(values) if v is not None]
        height = max(1, len(scored)) * 14 + 12
        body.append(
            f'<text class="label" x="{_LABEL - 12}" y="{top + height / 2 + 4:g}">'
            f"{escape(label)}</text>"
        )
        for place, (number, value) in enumerate(scored):
            y = top + 6 + place * 14
            width = max(1.0, _x(value) - _LABEL)
            body.append(
                f'<rect class="bar s{number}" x="{_LABEL}" y="{y:g}" '
                f'width="{width:g}" height="11" rx="2"/>'
                f'<text class="small" x="{_LABEL + width + 5:g}" y="{y + 9:g}">'
                f"{value:.2f}</text>"
            )
        said = ", ".join(f"{series[number]} {value:.2f}" for number, value in scored)
        told.append(f"{label}: {said or 'not scored'}.")
        top += height
    return _frame(body, (top - _TOP) / _ROW, title, " ".join(told), name)
