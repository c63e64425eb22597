"""A run as one self-contained HTML page; nothing in it is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from textwrap import dedent

from evals.gate import explain, shortfalls
from evals.measuring.scoring import Results, besides, by_tag, estimates
from evals.reporting.charts import Bars, Interval, bar_chart, interval_chart
from evals.reporting.labels import LABELS, label
from evals.reporting.report import BY_TAG, about, interval, number, title

_TEMPLATE = Path(__file__).parent / "templates" / "scorecard.html"
_BARS = ("right_report", "facts_present", "true_refusal")


def _table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _overall(results: Results) -> str:
    values = estimates(results.cases, results.scores)
    rows = [
        (label(name), number(e.mean), interval(e), str(e.n), str(e.unscored))
        for name, e in values.items()
    ]
    rows += [
        (
            name.replace("_", " ").capitalize(),
            number(e.mean),
            interval(e),
            str(e.n),
            str(e.unscored),
        )
        for name, e in besides(results).items()
    ]
    header = ("Measure", "Mean", "95 % interval", "Scored", "Unscored")
    caption = (
        "Every measure over all cases; a case that it says nothing of is unscored."
    )
    return _table(caption, header, rows)


def _by_kind(results: Results) -> str:
    rows = []
    for tag, cases in by_tag(results.cases).items():
        values = estimates(cases, results.scores)
        rows.append((tag, str(len(cases)), *(number(values[m].mean) for m in BY_TAG)))
    return _table(
        "The main measures for each kind of question.",
        ("Kind", "Cases", *(label(name) for name in BY_TAG)),
        rows,
    )


def _failures(results: Results, thresholds: Mapping[str, float]) -> str:
    if results.held_out:
        return "<p>Held-out cases are for reporting: none is shown.</p>"
    short = shortfalls(results, thresholds)
    if not short:
        return "<p>None falls short of a gated measure.</p>"
    cases = {case.id: case for case in results.cases}
    entries = [
        f"<p>{len(short)} of {len(cases)} cases; open one for what was expected.</p>"
    ]
    for id_, names in short.items():
        told = dedent(explain(cases[id_], results.answers[id_]))
        entries.append(
            f"<details><summary>{escape(id_)}, short of: "
            f"{escape(', '.join(LABELS[name].lower() for name in names))}</summary>"
            f"<pre>{escape(told)}\n\n{escape(results.answers[id_]['text'])}</pre></details>"
        )
    return "\n".join(entries)


def scorecard_page(results: Results, thresholds: Mapping[str, float]) -> str:
    """Return the page: charts with text alternatives, tables, and what fell short.

    Args:
        results: a scored run; of held-out cases no question is shown.
        thresholds: the gate's, see `evals.gate.load_thresholds`.
    """
    overall = estimates(results.cases, results.scores)
    rows = [Interval(label(m), e, thresholds.get(m)) for m, e in overall.items()]
    kinds = []
    for tag, cases in by_tag(results.cases).items():
        values = estimates(cases, results.scores)
        bars = tuple(values[name].mean for name in _BARS)
        kinds.append(Bars(f"{tag} ({len(cases)})", bars))
    legend = "".join(
        f'<span class="key s{place}"></span>{escape(LABELS[name])}'
        for place, name in enumerate(_BARS)
    )
    told = [LABELS[name] for name in _BARS]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(title(results)),
        about=escape(about(results)),
        measures=interval_chart(rows, "Each measure with its interval", "measures"),
        kinds=bar_chart(kinds, told, "Three measures by kind of question", "kinds"),
        legend=legend,
        overall=_overall(results),
        by_kind=_by_kind(results),
        failures=_failures(results, thresholds),
    )
