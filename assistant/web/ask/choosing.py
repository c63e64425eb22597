"""Which reports a question is put to: those on offer, those ticked, those of a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from assistant.schema import ReportDetails

if TYPE_CHECKING:
    from assistant.web.gradio_import import gr

_MOST_NAMED = 3


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


def asking_of(reports: Sequence[str], offered: Sequence[str]) -> str:
    """Say how many of the reports on offer are asked.

    >>> asking_of(["a"], ["a", "b"]), asking_of(["a", "b"], ["a", "b"])
    ('Asking 1 of 2 reports', 'Asking all 2 reports')
    """
    ticked = len(set(reports) & set(offered))
    many = "all" if ticked == len(offered) else f"{ticked} of"
    return f"Asking {many} {len(offered)} reports"


def left_out_of(catalogue: Sequence[ReportDetails], reports: Sequence[str]) -> str:
    """Say which reports are not asked, or which alone are; nothing where all are."""
    choices = report_choices(catalogue)
    asked = [label for label, report in choices if report in reports]
    left = [label for label, report in choices if report not in reports]
    if not reports or not left:
        return ""
    if len(left) <= max(len(asked), _MOST_NAMED):
        return f"Left out by your choice: {'; '.join(left)}."
    names = "; ".join(asked[:_MOST_NAMED])
    rest = len(asked) - _MOST_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"Asked: {names}{more}. {len(left)} reports were left out by your choice."


def query_of(request: gr.Request, name: str) -> str:
    """Return what the page's address says under a name."""
    query: bytes = b""
    if request.request:
        query = request.request.scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]


def wanted_of(request: gr.Request) -> list[str]:
    """Return the reports that a link to the page names: ``?reports=a,b``."""
    return query_of(request, "reports").split(",")
