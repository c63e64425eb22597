"""Where the shelf is thin, as HTML: matters on which it has nothing, little, or old."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from assistant.dates import OLD_AFTER_YEARS, is_old
from assistant.schema import ReportDetails
from assistant.web.answers.render import flat
from assistant.web.library.holdings import Holdings, Place
from assistant.web.library.listing import count_of, render_section

# Shown of one list.
_MOST = 150


def render_thin(holdings: Holdings, today: date) -> str:
    """Return what is thin, each kind in a fold, with a sentence on how it was found."""

    def old(details: ReportDetails) -> bool:
        return is_old(details.published, today)

    listed = sum(matter.is_listed for matter in holdings.matters)
    if not holdings.matters:
        return "<p>There is no list of topics beside the reports to look for.</p>"
    silent = holdings.silent()
    nothing = sum(map(len, silent.values()))
    told = (
        f"<p>All {holdings.sections:,} sections were searched for the names of {listed:,} "
        "topics of local government, and for the reports’ own terms. A section may "
        "treat a topic in other words, so it is surer to ask.</p>"
    )
    return (
        told
        + _fold(f"In no section: {_matters(nothing)}", _render_silent(silent))
        + _fold_places(
            "In one section only",
            [(term, (place,)) for term, place in holdings.single()],
        )
        + _fold_places(
            f"Only in reports older than {OLD_AFTER_YEARS} years",
            holdings.only_old(old),
        )
    )


def _matters(count: int) -> str:
    return count_of(count, "topic")


def _fold(name: str, inside: str) -> str:
    if not inside:
        return f"<p>{name}.</p>"
    return f"<details><summary>{name}</summary>{inside}</details>"


def _render_silent(areas: dict[str, list[str]]) -> str:
    return "".join(
        f"<h3>{flat(area)} ({len(terms)})</h3><p>{flat('; '.join(terms))}</p>"
        for area, terms in areas.items()
    )


def _fold_places(name: str, found: Sequence[tuple[str, Sequence[Place]]]) -> str:
    items = "".join(
        f"<li>{flat(term)}: {_render_places(places)}</li>"
        for term, places in found[:_MOST]
    )
    more = f"<p>{len(found) - _MOST:,} more are not listed.</p>" * (len(found) > _MOST)
    inside = f'<ul class="sections">{items}</ul>{more}' if items else ""
    return _fold(f"{name}: {_matters(len(found))}", inside)


def _render_places(places: Iterable[Place]) -> str:
    return "; ".join(
        f"{render_section(place.details, place.section)} "
        f"({flat(place.details.attribution)})"
        for place in list(places)[:3]
    )
