"""The list of reports as HTML: a row a report with its actions, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from assistant.dates import age_of, date_words, is_old
from assistant.library.entries import Entry
from assistant.schema import NO_PUBLISHER, ReportDetails, Source
from assistant.web.answers.render import flat
from assistant.web.documents.places import (
    document_link,
    render_original,
    section_link,
)
from assistant.web.library.actions import render_actions
from assistant.words import stems, words

HeadingsOf = Callable[[Source], tuple[str, ...]]

PAGE_SIZE = 20
_MOST_SECTIONS = 400

_NEW_TAB = ' target="_blank" rel="noopener noreferrer"'

NO_REPORTS = "There is no report on the shelf yet."
NOTHING_FOUND = "No report and no section has these words. Try fewer or other words."


@dataclass(frozen=True, slots=True)
class Listed:
    """A report with its documents, and of each the headings to show."""

    report: str
    documents: tuple[Source, ...]
    headings: Mapping[str, tuple[str, ...]]
    """By document id: each heading once."""
    is_match: bool = False
    """Whether only those headings are shown that match a search."""

    @property
    def details(self) -> ReportDetails:
        """Those of its first document."""
        return self.documents[0].details

    @property
    def count(self) -> int:
        """How many headings there are to show."""
        return sum(map(len, self.headings.values()))


def headings_of(document: Source) -> tuple[str, ...]:
    """Return the headings of a document's sections, each once."""
    return tuple(dict.fromkeys(section.heading for section in document.sections))


def list_reports(
    documents: Sequence[Source],
    wanted: str = "",
    headings_of: HeadingsOf = headings_of,
) -> list[Listed]:
    """Return the reports whose cover or sections have all the words wanted.

    Where the words stand on the cover, all of a report's sections are listed; else
    only those whose headings have them.

    Args:
        documents: what is on the shelf.
        wanted: as typed; nothing means all.
        headings_of: gives a document's headings; as it stands, by reading its text.
    """
    by_report: dict[str, list[Source]] = {}
    for document in documents:
        by_report.setdefault(document.details.report, []).append(document)
    looked_for = list(zip(words(wanted), stems(wanted), strict=False))
    listed = (_listed(o, looked_for, headings_of) for o in by_report.values())
    return [one for one in listed if one is not None]


def _listed(
    own: Sequence[Source],
    wanted: Collection[tuple[str, str]],
    headings_of: HeadingsOf,
) -> Listed | None:
    headings = {d.details.document_id: headings_of(d) for d in own}
    report, cover = own[0].details.report, _cover_words(own[0].details)
    if _has(cover, wanted):
        return Listed(report, tuple(own), headings)
    matching = {
        name: tuple(h for h in texts if _has(cover | _words_of(h), wanted))
        for name, texts in headings.items()
    }
    if not any(matching.values()):
        return None
    return Listed(report, tuple(own), matching, is_match=True)


def _cover_words(details: ReportDetails) -> frozenset[str]:
    told = (
        details.title,
        details.subtitle or "",
        details.publisher,
        *details.authors,
        *details.supporters,
        *details.aliases,
        details.document_type,
        details.published or "",
    )
    return _words_of(" ".join(told))


@lru_cache(maxsize=50_000)
def _words_of(text: str) -> frozenset[str]:
    return frozenset((*stems(text), *words(text)))


def _has(held: frozenset[str], wanted: Collection[tuple[str, str]]) -> bool:
    """Tell whether words are held; the one that is being typed need not be whole."""
    return all(
        stem in held or any(one.startswith(word) for one in held)
        for word, stem in wanted
    )


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
    """Return one page of the list.

    Args:
        shown: all that the list shows.
        page: from 0.
        added: the team's entries by document id.
        today: for the mark of an old report.
        may_change: offer to change and remove what the team added.
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
        f'<article><h3><a href="{escape(document_link(details.document_id))}"{_NEW_TAB}>'
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
    return (
        f"<details{' open' if one.is_match else ''}><summary>{what}"
        f'<span class="vh"> of {flat(one.details.title)}</span></summary>'
        f"{f'<p>{flat(subtitle)}</p>' if subtitle else ''}"
        f"{_render_facts(one, added)}{_render_sections(one)}</details>"
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
        ("Original", render_original(details.url, _NEW_TAB)),
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
        lists.append(f"{label}{render_links(document.details, headings)}")
    hidden = one.count - _MOST_SECTIONS
    if hidden > 0:
        lists.append(
            f"<p>{count_of(hidden, 'more section')}: search for its words.</p>"
        )
    return "".join(lists)


def render_links(details: ReportDetails, headings: Sequence[str]) -> str:
    """Return a list of links to sections' texts."""
    items = "".join(
        f"<li>{render_section(details, heading)}</li>" for heading in headings
    )
    return f'<ul class="sections">{items}</ul>' if items else ""


def render_section(details: ReportDetails, heading: str) -> str:
    """Return the link to a section's text."""
    address = section_link(details.document_id, heading)
    name = flat(heading) or "Text before the first heading"
    return f'<a href="{escape(address)}"{_NEW_TAB}>{name}</a>'


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 page``, ``1,200 pages``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
