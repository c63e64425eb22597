"""Which reports a question is put to: those on offer, those ticked, those of a link."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs

from assistant.schema import ReportDetails
from assistant.web.gradio_import import gr


def report_choices(catalogue: Sequence[ReportDetails]) -> list[tuple[str, str]]:
    """Return a label and an id for each report, its first document first."""
    labels: dict[str, str] = {}
    for details in catalogue:
        label = f"{details.title} ({details.attribution})"
        labels.setdefault(details.report, label)
    return [(label, report) for report, label in labels.items()]


def chosen_of(reports: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return the reports to ask; none where all that were offered are ticked."""
    return () if set(offered) <= set(reports) else tuple(reports)


def wanted_of(request: gr.Request) -> list[str]:
    """Return the reports that a link to the page names: ``?reports=a,b``."""
    query: bytes = b""
    if request.request:
        query = request.request.scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get("reports", [""])[0].split(",")
