"""A comparison as HTML and as plain text: pure functions, all that is not ours escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from assistant.answering.quoting.refusing import OFF_TOPIC
from assistant.briefing.pack import Place, Statement
from assistant.briefing.positions import Comparison, ReportPosition
from assistant.schema import Citation, Passage
from assistant.text.dates import date_words
from assistant.web.answers.answer_text import Link, flat
from assistant.web.answers.render import answer_id, link_to
from assistant.web.answers.sources import render_age, render_source
from assistant.web.ask.copying import cite
from assistant.web.documents.places import NEW_TAB, section_link

SILENT = "Silent on this"
BASIS = "Whether the reports agree is for you to judge."

Numbers = Mapping[Place, int]
# What stands for the number of an answer in the ids of this one.
_HERE = "compared"


def numbers_of(comparison: Comparison) -> Numbers:
    """Return the number of each place that is cited."""
    places = (source.place for source in comparison.sources)
    return {place: number for number, place in enumerate(places, start=1)}


def citations_of(comparison: Comparison) -> list[Citation]:
    """Return the places that are cited, as an answer cites them."""
    return [
        Citation(
            number,
            source.report,
            source.title,
            source.publisher,
            source.published,
            source.section,
            source.page,
            source.quote,
            source.url,
            source.digest_of,
            comparison.passages[source.place].chunk.page_number,
        )
        for number, source in enumerate(comparison.sources, start=1)
    ]


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
    numbers, citations = numbers_of(comparison), citations_of(comparison)
    link = link_to(_HERE, citations)
    rows = "".join(_row(p, numbers, link, today) for p in comparison.positions)
    passages = list(comparison.passages.values())
    return (
        f'<div class="comparison" id="{answer_id(_HERE)}" tabindex="-1">{head}'
        f'<p class="basis">{BASIS}</p>'
        f"{_tools(comparison)}"
        # A row that is laid out as a card is a row to a screen reader by its role alone.
        '<table role="table"><caption>What each report says</caption>'
        '<thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Report</th>'
        '<th role="columnheader" scope="col">What it says</th></tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
        f"{_sources(citations, passages, today)}</div>"
    )


def _row(position: ReportPosition, numbers: Numbers, link: Link, today: date) -> str:
    details = position.details
    published = date_words(details.published)
    return (
        f'<tr role="row"><th role="rowheader" scope="row"><span class="title">'
        f"{flat(details.title)}</span><span>{flat(details.publisher)}, {published}</span>"
        f"{render_age(details.published, today)}</th>"
        f'<td role="cell">{_says(position, numbers, link)}</td></tr>'
    )


def _says(position: ReportPosition, numbers: Numbers, link: Link) -> str:
    if not position.points:
        return f'<p class="silent"><strong>{SILENT}.</strong>{_nearest(position)}</p>'
    points = "".join(
        f"<li>{flat(point.text)} {' '.join(map(link, _cited(point, numbers)))}</li>"
        for point in position.points
    )
    return f'<ul role="list">{points}</ul>'


def _nearest(position: ReportPosition) -> str:
    nearest = position.nearest
    if nearest is None:
        return ""
    chunk = nearest.chunk
    address = escape(section_link(chunk.details.document_id, chunk.section))
    link = f'<a href="{address}"{NEW_TAB}>{flat(chunk.section)}</a>'
    return f" The nearest section is {link}."


def _cited(point: Statement, numbers: Numbers) -> list[int]:
    return list(dict.fromkeys(numbers[source.place] for source in point.sources))


def _sources(
    citations: Sequence[Citation], passages: Sequence[Passage], today: date
) -> str:
    items = "".join(render_source(_HERE, one, passages, today) for one in citations)
    if not items:
        return ""
    return (
        '<h3>Sources</h3><div id="sources"><ol class="sources" role="list">'
        f"{items}</ol></div>"
    )


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
    sources = [f"[{one.number}] {cite(one)}" for one in citations_of(comparison)]
    return "\n\n".join([*blocks, *(["\n".join(["Sources", *sources])] * bool(sources))])


def _name(position: ReportPosition) -> str:
    details = position.details
    return f"{details.title} ({details.publisher}, {date_words(details.published)})"


def _lines(position: ReportPosition, numbers: Numbers) -> list[str]:
    if not position.points:
        section = position.nearest.chunk.section if position.nearest else ""
        near = f" The nearest section is “{section}”." if section else ""
        return [f"- {SILENT}.{near}"]
    return [
        f"- {p.text} {''.join(f'[{n}]' for n in _cited(p, numbers))}"
        for p in position.points
    ]


def _as_html(comparison: Comparison) -> str:
    """Return a comparison as HTML, on one line, for programs that paste a table."""
    numbers = numbers_of(comparison)
    rows = "".join(
        f"<tr><th>{flat(_name(position))}</th><td>"
        f"{'<br>'.join(flat(line[2:]) for line in _lines(position, numbers))}</td></tr>"
        for position in comparison.positions
    )
    sources = "<br>".join(
        f"[{one.number}] {flat(cite(one))}" for one in citations_of(comparison)
    )
    return (
        f"<p><strong>{flat(comparison.question)}</strong></p>"
        f"<p>{flat(summary_of(comparison))}</p><table border='1'>{rows}</table>"
        f"<p>{sources}</p>"
    )
