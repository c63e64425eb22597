"""The list of reports as HTML: a row a report with its actions, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from assistant.library.entries import Entry
from assistant.schema import NO_PUBLISHER, ReportDetails
from assistant.text.dates import age_of, date_words, is_old
from assistant.web.answers.answer_text import count_of, flat
from assistant.web.documents.places import (
    NEW_TAB,
    document_link,
    render_original,
    section_link,
)
from assistant.web.library.actions import render_actions
from assistant.web.library.finding import Listed

PAGE_SIZE = 20
_MOST_SECTIONS = 400


NO_REPORTS = "There is no report on the shelf yet."
NOTHING_FOUND = "No report and no section has these words. Try fewer or other words."


def page_count(reports: int) -> int:
    """Return how many pages the list has; an empty one has one."""
    return max(1, -(-reports // PAGE_SIZE))


def describe_list(shown: Sequence[Listed], total: int, page: int) -> str:
    """Say what the list shows: ``Reports 21 to 40 of 200``."""
    if not shown:
        return NOTHING_FOUND if total else NO_REPORTS
    first = page * PAGE_SIZE + 1
    last = min(first + PAGE_SIZE - 1, len(shown))
    found = "" if len(shown) == total else f" found ({total} on the shelf)"
    if len(shown) <= PAGE_SIZE:
        return f"{count_of(len(shown), 'report')}{found}."
    return f"Reports {first} to {last} of {len(shown)}{found}."


def render_list(
    shown: Sequence[Listed],
    page: int,
    added: Mapping[str, Entry],
    today: date,
    *,
    may_change: bool = False,
) -> str:
    """Return one page of the list, from 0.

    ``added`` are the team's entries by document id, to be changed and removed by whoever
    may.
    """
    own = shown[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    items = "".join(f"<li>{_render(o, added, today, may_change)}</li>" for o in own)
    return f'<ul class="reports" role="list">{items}</ul>' if items else ""


def _render(
    one: Listed, added: Mapping[str, Entry], today: date, may_change: bool
) -> str:
    details = one.details
    mark = ""
    if is_old(details.published, today):
        age = age_of(details.published, today.isoformat())
        mark = f' <span class="older">Older report: {age} old</span>'
    publisher = details.publisher
    if publisher == NO_PUBLISHER:
        publisher = publisher.capitalize()
    entries = [added[d] for d in one.headings if d in added] if may_change else []
    actions = "".join(
        render_actions(entry, several=len(entries) > 1) for entry in entries
    )
    title = flat(details.title)
    return (
        f'<article><h3><a href="{escape(document_link(details.document_id))}"{NEW_TAB}>'
        f"{title}</a></h3>"
        f'<p class="details">{flat(publisher)}, {date_words(details.published)}{mark}</p>'
        f"{_render_notes(details)}"
        f'<div class="row"><a class="ask" href="./?reports={flat(details.report)}">Ask'
        f'<span class="vh"> about {title}</span></a>{_render_about(one, added)}'
        f"{actions}</div></article>"
    )


def _render_about(one: Listed, added: Mapping[str, Entry]) -> str:
    what = "Details"
    if one.is_match:
        what = count_of(one.count, "matching section")
    subtitle = one.details.subtitle
    # What was looked for comes first.
    told = [_render_facts(one, added), _render_sections(one)]
    told = told[::-1] if one.is_match else told
    return (
        f"<details{' open' if one.is_match else ''}><summary>{what}"
        f'<span class="vh"> of {flat(one.details.title)}</span></summary>'
        f"{f'<p>{flat(subtitle)}</p>' if subtitle else ''}"
        f"{''.join(told)}{_render_asked(one, added)}</details>"
    )


def _render_notes(details: ReportDetails) -> str:
    if not details.superseded_by:
        return ""
    return (
        f'<p class="note">Superseded by {flat(details.superseded_by)}: searched only '
        "where a question names it.</p>"
    )


def _render_facts(one: Listed, added: Mapping[str, Entry]) -> str:
    details = one.details
    facts = [
        ("Written by", flat(", ".join(details.authors))),
        ("Supported by", flat(", ".join(details.supporters))),
        ("Date", flat(details.published_note or "")),
    ]
    lists: list[str] = []
    for document in one.documents:
        facts += _facts_of(document.details, added.get(document.details.document_id))
        rows = "".join(
            f"<div><dt>{name}</dt><dd>{html}</dd></div>" for name, html in facts if html
        )
        lists.append(f"<dl>{rows}</dl>")
        facts = []
    return "".join(lists)


def _facts_of(details: ReportDetails, entry: Entry | None) -> list[tuple[str, str]]:
    kind = details.document_type
    # A digest tells of what kind its original is.
    if details.digest_of:
        kind = f"digest of {details.digest_of}"
    facts = [
        ("What is here", flat(f"{kind[:1].upper()}{kind[1:]}")),
        ("Original", render_original(details.url)),
        ("Rights", flat(details.rights)),
    ]
    if entry is not None:
        who = f" by {flat(entry.added_by)}" if entry.added_by else ""
        pages = f", {count_of(entry.pages, 'page')}" if entry.pages else ""
        when = date_words(entry.added[:10])
        facts.append(("Added", f"{when}{who}, from {flat(entry.name)}{pages}"))
    return facts


def _render_sections(one: Listed) -> str:
    if not one.count:
        return ""
    lists: list[str] = []
    left = _MOST_SECTIONS
    for document in one.documents:
        headings = one.headings[document.details.document_id][:left]
        left -= len(headings)
        kind = document.details.document_type
        name = flat(f"{kind[:1].upper()}{kind[1:]}")
        name = name if len(one.documents) > 1 else "Sections"
        label = f"<h4>{name}</h4>" if headings else ""
        lists.append(f"{label}{_render_links(document.details, headings)}")
    hidden = one.count - _MOST_SECTIONS
    if hidden > 0:
        lists.append(
            f"<p>{count_of(hidden, 'more section')}: search for its words.</p>"
        )
    return "".join(lists)


def _render_asked(one: Listed, added: Mapping[str, Entry]) -> str:
    """Return the lines that a model wrote, by which the sections are found, too."""
    folds = ""
    for document in one.documents:
        entry = added.get(document.details.document_id)
        if entry is None or not entry.asked_by:
            continue
        items = "".join(
            f"<li>{flat(section.heading)}: {flat(' | '.join(section.asked_as))}</li>"
            for section in document.sections
            if section.asked_as
        )
        folds += (
            "<details><summary>Other words by which it is found, written by the model "
            f"{flat(entry.asked_by)}</summary><ul>{items}</ul></details>"
        )
    return folds


def _render_links(details: ReportDetails, headings: Sequence[str]) -> str:
    """Return a list of links to sections' texts."""
    items = "".join(
        f'<li><a href="{escape(section_link(details.document_id, heading))}"{NEW_TAB}>'
        f"{flat(heading) or 'Text before the first heading'}</a></li>"
        for heading in headings
    )
    return f'<ul class="sections">{items}</ul>' if items else ""
