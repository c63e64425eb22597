"""Sets reports side by side: each concerned gets its say, or is named as silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.attribution import report_name
from assistant.answering.deciding.signs import holds_any_matter
from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import choose, paragraphs_of
from assistant.answering.quoting.refusing import refuse
from assistant.answering.retrieval.hybrid import reports_concerned, search_hybrid
from assistant.answering.search import Found, judge
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf

# A report that was asked for by name is heard sooner than one that was not.
NAMED_BAR, UNNAMED_BAR = 0.15, 0.3
# A report is said to be silent only where so little speaks for its best sentence.
SILENT_BAR = 0.05
UNCLEAR = "I could not tell what is said on this in: {names}."
# Beside the best, a report speaks when its best sentence comes this near.
_MARGIN = 0.45
_EACH = {1: 3, 2: 2, 3: 2}
_PASSAGES = 6
# Of a number or a date asked of several nobody is silent.
ON_A_MATTER = ("open", "why", "list", "summary")


def hear_each(found: Found, shelf: Shelf) -> dict[str, Found]:
    """Search each report concerned for the matter by itself, the names taken out."""
    heard: dict[str, Found] = {}
    for report in reports_concerned(found.query, shelf):
        own = found.query.put_to([report])
        heard[report] = judge(
            own, search_hybrid(own, shelf, _PASSAGES, [report]), shelf
        )
    return heard


def write_comparison(found: Found, shelf: Shelf, form: Form) -> Draft:
    """Give each report concerned its say, and name those that are silent."""
    named = found.query.named.reports
    heard = hear_each(found, shelf)
    speaking = _speaking(heard, named)
    if not speaking:
        return refuse(found)
    most = _EACH.get(len(speaking), 1)
    if form.points or form.lines:
        wanted = form.points or form.lines or most
        most = max(1, min(most, wanted // len(speaking)))
    form_of_each = replace(form, points=None, lines=None)
    chosen = [
        candidate
        for report in speaking
        for candidate in choose(
            heard[report].query,
            [c for c in heard[report].candidates if not c.is_list]
            or heard[report].candidates,
            form_of_each,
            most,
        )
    ]
    left = [report for report in heard if report not in speaking]
    silent = [report for report in left if is_silent(heard[report], shelf)]
    if found.query.kind not in ON_A_MATTER:
        silent = []
    unclear = [report for report in left if report in named and report not in silent]
    closing = " ".join(
        filter(None, [say_silent(silent, shelf), _unclear(unclear, shelf)])
    )
    return Draft("answered", paragraphs_of(chosen, form), closing=closing)


def _speaking(heard: dict[str, Found], named: Sequence[str]) -> list[str]:
    bars = {r: NAMED_BAR if r in named else UNNAMED_BAR for r in heard}
    fit = {r: f for r, f in heard.items() if f.candidates and f.chance >= bars[r]}
    if not fit:
        return []
    best = max(f.candidates[0].absolute for f in fit.values())
    return sorted(
        (
            r
            for r, f in fit.items()
            if r in named or f.candidates[0].absolute >= best - _MARGIN
        ),
        key=lambda r: -fit[r].candidates[0].absolute,
    )


def is_silent(found: Found, shelf: Shelf) -> bool:
    """Tell whether reports, searched by themselves, surely have nothing on the matter.

    What was found must be far from an answer, and they must hold no word of the matter,
    nor one near to it: of a report nothing untrue is said, silence included.
    """
    if found.candidates and found.chance >= SILENT_BAR:
        return False
    return not holds_any_matter(found.query, shelf, found.query.reports)


def _unclear(reports: Sequence[str], shelf: Shelf) -> str:
    """Say of reports that were asked for by name that no answer of theirs was found."""
    names = ", ".join(report_name(shelf.details, report) for report in reports)
    return UNCLEAR.format(names=names) if reports else ""


def say_silent(reports: Sequence[str], shelf: Shelf) -> str:
    """Return a sentence that names the reports with nothing on the matter, or nothing."""
    if not reports:
        return ""
    names = ", ".join(report_name(shelf.details, report) for report in reports)
    return f"Nothing on this found in: {names}."
