"""The chart of `beside`: an SVG that needs no style of a page around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from evals.timing.beside import Cost

Measured = Mapping[int, Mapping[str, Cost]]
"""What each costs, by the number of chunks and its name."""

_WIDTH, _ROW, _HEAD, _GAP = 760, 20, 30, 14
_LABEL, _VALUE = 330, 60
_FILLS = ("#1d5fa6", "#b4600b", "#6b7480")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.t{font-weight:600}"
    ".v{font-size:12px}.g{fill:#57606a}"
)


def beside_chart(measured: Measured) -> str:
    """Return bars of what each costs, a panel a measure, each on a scale of its own."""
    panels = {
        "A question: retrieval, ms": _values(measured, lambda c, n: c.retrieve_ms),
        "A question: the whole answer, ms": _values(measured, lambda c, n: c.answer_ms),
        "Indexing one chunk, ms": _values(measured, lambda c, n: 1000 * c.index_s / n),
        "Most memory while it answers, MB": _values(measured, lambda c, n: c.memory_mb),
    }
    names = [*dict.fromkeys(name for costs in measured.values() for name in costs)]
    body, told, top = [], [], 10.0
    for title, rows in panels.items():
        body.append(f'<text class="t" x="10" y="{top + 18:g}">{escape(title)}</text>')
        top += _HEAD
        scale = (_WIDTH - _LABEL - _VALUE) / max(value for *_, value in rows)
        for size, name, value in rows:
            label, width = f"{name}, {size:,} chunks", max(1.0, value * scale)
            shown = f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
            fill = _FILLS[names.index(name) % len(_FILLS)]
            body.append(
                f'<text class="g" x="{_LABEL - 10}" y="{top + 14:g}" '
                f'text-anchor="end">{escape(label)}</text>'
                f'<rect x="{_LABEL}" y="{top + 3:g}" width="{width:.1f}" height="14" '
                f'rx="2" fill="{fill}"/>'
                f'<text class="v" x="{_LABEL + width + 6:.1f}" y="{top + 14:g}">'
                f"{shown}</text>"
            )
            told.append(f"{title}: {label} {shown}.")
            top += _ROW
        top += _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top:g}" '
        f'width="{_WIDTH}" height="{top:g}" role="img" aria-labelledby="t d">'
        '<title id="t">Costs beside stock LangChain and Chroma, processor time</title>'
        f'<desc id="d">{escape(" ".join(told))}</desc><style>{_STYLE}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n'
    )


def _values(
    measured: Measured, of: Callable[[Cost, int], float | None]
) -> list[tuple[int, str, float]]:
    """Return size, name and value of each that has one."""
    return [
        (size, name, value)
        for size, costs in measured.items()
        for name, cost in costs.items()
        if (value := of(cost, size)) is not None
    ]
