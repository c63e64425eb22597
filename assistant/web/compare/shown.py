"""A comparison as HTML and as plain text: pure functions, all that is not ours escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

from assistant.answering.quoting.refusing import OFF_TOPIC
from assistant.briefing.pack import Place, Source, Statement
from assistant.briefing.positions import Comparison, ReportPosition
from assistant.dates import date_words
from assistant.reading.quotes import split_quotes
from assistant.schema import Passage
from assistant.web.answers.answer_text import flat
from assistant.web.answers.sources import render_age
from assistant.web.documents.places import (
    NEW_TAB,
    page_link,
    render_original,
    section_link,
)

SILENT = "Silent on this"
BASIS = (
    "Each point is a quotation, checked against the passage it cites. Whether the reports "
    "agree is for you to judge."
)

Numbers = Mapping[Place, int]


def numbers_of(comparison: Comparison) -> Numbers:
    """Return the number of each place that is cited."""
    places = (source.place for source in comparison.sources)
    return {place: number for number, place in enumerate(places, start=1)}


def summary_of(comparison: Comparison) -> str:
    """Say in a sentence how many of the reports speak."""
    if comparison.declined:
        return OFF_TOPIC
    count = len(comparison.positions)
    speak = sum(bool(position.points) for position in comparison.positions)
    if speak == count:
        return f"All {count} reports speak on this."
    if not speak:
        return f"None of these {count} reports speaks on this."
    verb = "speaks" if speak == 1 else "speak"
    silent = count - speak
    are = "is" if silent == 1 else "are"
    return f"{speak} of {count} reports {verb} on this; {silent} {are} silent."


def comparison_html(comparison: Comparison, today: date) -> str:
    """Return a comparison as part of a page that has its own first heading."""
    head = f"<h2>{flat(comparison.question)}</h2><p>{flat(summary_of(comparison))}</p>"
    if comparison.declined:
        return f'<div class="comparison">{head}</div>'
    numbers = numbers_of(comparison)
    rows = "".join(_row(position, numbers, today) for position in comparison.positions)
    return (
        f'<div class="comparison">{head}<p class="basis">{BASIS}</p>'
        f"{_tools(comparison)}"
        # A row that is laid out as a card is a row to a screen reader by its role alone.
        '<table role="table"><caption>What each report says</caption>'
        '<thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Report</th>'
        '<th role="columnheader" scope="col">What it says</th></tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>{_sources(comparison)}</div>'
    )


def _row(position: ReportPosition, numbers: Numbers, today: date) -> str:
    details = position.details
    published = date_words(details.published)
    return (
        f'<tr role="row"><th role="rowheader" scope="row"><span class="title">'
        f"{flat(details.title)}</span><span>{flat(details.publisher)}, {published}</span>"
        f"{render_age(details.published, today)}</th>"
        f'<td role="cell">{_says(position, numbers)}</td></tr>'
    )


def _says(position: ReportPosition, numbers: Numbers) -> str:
    if not position.points:
        return f'<p class="silent"><strong>{SILENT}.</strong>{_nearest(position)}</p>'
    points = "".join(
        f"<li>{flat(point.text)} {_marks(point, numbers)}</li>"
        for point in position.points
    )
    return f'<ul role="list">{points}</ul>'


def _marks(point: Statement, numbers: Numbers) -> str:
    found = dict.fromkeys(numbers[source.place] for source in point.sources)
    return " ".join(
        f'<a class="cite" href="#compared-{number}">[<span class="vh">source </span>'
        f"{number}]</a>"
        for number in found
    )


def _nearest(position: ReportPosition) -> str:
    nearest = position.nearest
    if nearest is None:
        return ""
    chunk = nearest.chunk
    address = escape(section_link(chunk.details.document_id, chunk.section))
    link = f'<a href="{address}"{NEW_TAB}>{flat(chunk.section)}</a>'
    return f" The nearest section is {link}."


def _sources(comparison: Comparison) -> str:
    if not comparison.sources:
        return ""
    items = "".join(
        _source(number, source, comparison.passages.get(source.place))
        for number, source in enumerate(comparison.sources, start=1)
    )
    return f'<h3>Sources</h3><ol class="compared" role="list">{items}</ol>'


def _source(number: int, source: Source, passage: Passage | None) -> str:
    page = f", page {flat(source.page)}" if source.page else ""
    quotes = " … ".join(map(flat, split_quotes(source.quote)))
    digest = source.digest_of
    note = ""
    if digest:
        note = f'<p class="note">Digest of {flat(digest)} – not the original.</p>'
    return (
        f'<li id="compared-{number}" tabindex="-1"><span class="number">[{number}]</span> '
        f"<cite>{flat(source.title)}</cite>, {flat(source.publisher)}, "
        f"{date_words(source.published)}. {flat(source.section)}{page}."
        f"<blockquote>{quotes}</blockquote>{note}"
        f'<p class="links">{_open(source, passage)} '
        f"{render_original(source.url)}</p></li>"
    )


def _open(source: Source, passage: Passage | None) -> str:
    """Return the link to the cited place, which says for a screen reader what opens."""
    name = passage.chunk.details.document_id if passage else source.report
    number = passage.chunk.page_number if passage else None
    if number is None:
        address = section_link(name, source.section, source.quote)
        what = "Open the section"
    else:
        address = page_link(name, number, source.quote)
        what = f"Open page {flat(source.page or str(number))}"
    return f'<a href="{escape(address)}"{NEW_TAB}>{what}</a>'


def _tools(comparison: Comparison) -> str:
    text = escape(as_text(comparison)).replace("\r", "").replace("\n", "&#10;")
    return (
        '<div class="tools"><button type="button" class="tool copy">Copy with citations'
        '</button><button type="button" class="tool print">Print</button>'
        '<div hidden class="to-copy">'
        f'<div class="as-text">{text}</div><div class="as-html">{_as_html(comparison)}'
        "</div></div></div>"
    )


def as_text(comparison: Comparison) -> str:
    """Return a comparison with its numbered sources as plain text."""
    numbers = numbers_of(comparison)
    blocks = [comparison.question, summary_of(comparison)]
    blocks += [
        "\n".join([_name(position), *_lines(position, numbers)])
        for position in comparison.positions
    ]
    sources = [f"[{n}] {_cite(s)}" for n, s in enumerate(comparison.sources, start=1)]
    return "\n\n".join([*blocks, *(["\n".join(["Sources", *sources])] * bool(sources))])


def _name(position: ReportPosition) -> str:
    details = position.details
    return f"{details.title} ({details.publisher}, {date_words(details.published)})"


def _lines(position: ReportPosition, numbers: Numbers) -> list[str]:
    if not position.points:
        section = position.nearest.chunk.section if position.nearest else ""
        near = f" The nearest section is “{section}”." if section else ""
        return [f"- {SILENT}.{near}"]
    return [f"- {p.text} {_plain_marks(p, numbers)}" for p in position.points]


def _plain_marks(point: Statement, numbers: Numbers) -> str:
    found = dict.fromkeys(numbers[source.place] for source in point.sources)
    return "".join(f"[{number}]" for number in found)


def _cite(source: Source) -> str:
    page = f", page {source.page}" if source.page else ""
    digest = f" Digest of {source.digest_of}, not the original."
    line = (
        f"{source.title}, {source.publisher}, {date_words(source.published)}. "
        f"{source.section}{page}.{digest if source.digest_of else ''} {source.url}"
    )
    return " ".join(line.split())


def _as_html(comparison: Comparison) -> str:
    """Return a comparison as HTML, on one line, for programs that paste a table."""
    numbers = numbers_of(comparison)
    rows = "".join(
        f"<tr><th>{flat(_name(position))}</th><td>"
        f"{'<br>'.join(flat(line[2:]) for line in _lines(position, numbers))}</td></tr>"
        for position in comparison.positions
    )
    sources = "<br>".join(
        f"[{n}] {flat(_cite(s))}" for n, s in enumerate(comparison.sources, start=1)
    )
    return (
        f"<p><strong>{flat(comparison.question)}</strong></p>"
        f"<p>{flat(summary_of(comparison))}</p><table border='1'>{rows}</table>"
        f"<p>{sources}</p>"
    )
