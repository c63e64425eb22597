"""Sets reports side by side: each concerned gets its say, or is named as silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.answering.attribution import report_name
from assistant.answering.deciding.signs import holds_any_matter
from assistant.answering.draft import Draft
from assistant.answering.quoting.choosing import choose, paragraphs_of
from assistant.answering.quoting.refusing import refuse
from assistant.answering.retrieval.hybrid import search_hybrid, sides_of
from assistant.answering.retrieval.sentences import Candidate
from assistant.answering.search import Found, judge
from assistant.answering.understanding.wording import Form
from assistant.index.shelf import Shelf

# The reports of one side of a comparison.
Side = tuple[str, ...]
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


def hear_each(found: Found, shelf: Shelf) -> dict[Side, Found]:
    """Search each side for the matter by itself, the names taken out."""
    heard: dict[Side, Found] = {}
    for side in sides_of(found.query, shelf):
        own = found.query.put_to(side)
        heard[side] = judge(own, search_hybrid(own, shelf, _PASSAGES, side), shelf)
    return heard


def write_comparison(found: Found, shelf: Shelf, form: Form) -> Draft | None:
    """Give each report concerned its say, and name those that are silent.

    None where no report is named and one alone speaks: it compares things of its own.
    """
    named = found.query.named.reports
    heard = hear_each(found, shelf)
    # Of an authority that was spoken of all papers are a side, as a named report is.
    meant = {s for s in heard if found.query.spoken or s[0] in named}
    speaking = _speaking(heard, meant)
    if not speaking:
        return refuse(found)
    if not meant and len(speaking) == 1 and found.answers:
        return None
    most = _EACH.get(len(speaking), 1)
    if form.points or form.lines:
        wanted = form.points or form.lines or most
        most = max(1, min(most, wanted // len(speaking)))
    form_of_each = replace(form, points=None, lines=None)
    chosen = [
        candidate
        for side in speaking
        for candidate in choose(
            heard[side].query, _of_the_nearest(heard[side]), form_of_each, most
        )
    ]
    # Of an authority's papers, which may say it elsewhere, silence is not said.
    left = {s[0]: f for s, f in heard.items() if s not in speaking and len(s) == 1}
    silent = [report for report, own in left.items() if is_silent(own, shelf)]
    if found.query.kind not in ON_A_MATTER:
        silent = []
    unclear = [report for report in left if report in named and report not in silent]
    closing = " ".join(
        filter(None, [say_silent(silent, shelf), _unclear(unclear, shelf)])
    )
    return Draft("answered", paragraphs_of(chosen, form), closing=closing)


def _of_the_nearest(found: Found) -> list[Candidate]:
    """Return what the paper of a side that leads says; a list only if it has no more."""
    own = found.of_report(found.candidates[0].report)
    return [c for c in own if not c.is_list] or list(own)


def _speaking(heard: dict[Side, Found], meant: Collection[Side]) -> list[Side]:
    bars = {side: NAMED_BAR if side in meant else UNNAMED_BAR for side in heard}
    fit = {s: f for s, f in heard.items() if f.candidates and f.chance >= bars[s]}
    if not fit:
        return []
    best = max(f.candidates[0].absolute for f in fit.values())
    return sorted(
        (
            side
            for side, f in fit.items()
            if side in meant or f.candidates[0].absolute >= best - _MARGIN
        ),
        key=lambda side: -fit[side].candidates[0].absolute,
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
