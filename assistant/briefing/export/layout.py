"""Lays a pack out: one page in front, then the detail, the references, the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.briefing.agenda.below import LeftOut
from assistant.briefing.export.blocks import (
    NEW_LINE,
    Block,
    Bullets,
    Contents,
    Document,
    Entry,
    Heading,
    NewPage,
    Paragraph,
    References,
    Span,
    Spans,
    Table,
    cite,
    clean,
    link,
    plain,
    strong,
    words_in,
)
from assistant.briefing.front import Front, Where, make_front
from assistant.briefing.front_text import (
    LABEL,
    MOST_ATTENDING,
    NOTHING,
    QUOTING,
    RECORD,
    asked_of,
    silence_of,
    title_of,
    told_after,
    told_of,
    told_of_meeting,
    told_of_record,
    told_together,
)
from assistant.briefing.pack import (
    LENGTHS,
    WORDS_A_MINUTE,
    Figure,
    Item,
    Pack,
    Place,
    Position,
    Reference,
    Source,
    Statement,
)
from assistant.dates import date_words

SILENT = "Nothing on this found in it."
NO_SENTENCE = "No sentence in it answers this; “{section}” has the words."
PAPER, REPORTS = "What your paper says", "What the reports say"
Numbers = dict[Place, int]
_LISTS: dict[Where, str] = {
    "unsaid": NOTHING.removesuffix("."),
    "not needed": "No briefing needed",
    "not reached": "Not reached",
}


def lay_out(pack: Pack, *, paged: bool = False) -> Document:
    """Return the blocks of a pack, of what its length shows.

    Where pages are carried, what a short pack rests on is told shortly, so that all of it
    stands on one; the words of each source are in the other formats.
    """
    numbers = pack.numbers()
    front = make_front(pack)
    page = list(_page(front, numbers))
    after = [b for item in front.at("after") for b in _brief(item, numbers)]
    blocks: list[Block] = [Paragraph((plain(n),), "warning") for n in _warnings(pack)]
    blocks += [Heading(1, "In brief", "in-brief"), *page]
    if after:
        blocks += [NewPage(), Heading(1, "In brief, continued", "in-brief-continued")]
        blocks += after
    if pack.length == "full":
        blocks += [NewPage(), Contents()]
        blocks.append(Heading(1, "Item by item", "item-by-item"))
        blocks += [b for item in pack.items for b in _detail(item, numbers)]
    short = paged and pack.length != "full"
    if short and not front.with_sources and not after:
        blocks.append(NewPage())
    if pack.references:
        entries = _short_entries if short else _entries
        blocks.append(Heading(1, "References", "references"))
        blocks.append(References(tuple(entries(pack.references)), run_on=short))
    if pack.length == "full" and pack.left_out:
        blocks.append(Heading(1, "Left out of the agenda", "left-out"))
        blocks.append(Bullets(tuple(_left_out(one) for one in pack.left_out)))
    if short:
        record = *_label(RECORD), plain(told_of_record(pack))
        blocks.append(Paragraph(record, "small"))
    else:
        blocks.append(Heading(1, RECORD, "record"))
        blocks.append(Bullets(tuple(_record(pack))))
    return Document(
        title=clean(pack.title),
        subtitle=_subtitle(pack, _reading_time(page, after)),
        running=clean(pack.running),
        blocks=tuple(_anchored(blocks)),
    )


def _anchored(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks with anchors that differ, where two items have the same number."""
    seen: Counter[str] = Counter()
    for block in blocks:
        if isinstance(block, Heading):
            seen[block.anchor] += 1
            if (times := seen[block.anchor]) > 1:
                block = replace(block, anchor=f"{block.anchor}.{times}")
        yield block


def words_of_front(pack: Pack) -> int:
    """Return how many words the page in front has, titles and labels included."""
    return words_in(_page(make_front(pack), pack.numbers()))


def _reading_time(page: Sequence[Block], after: Sequence[Block]) -> str:
    told = f"In brief: {_minutes(page)} to read"
    return f"{told}, and {_minutes(after)} for what follows it" if after else told


def _minutes(blocks: Sequence[Block]) -> str:
    minutes = max(1, round(words_in(blocks) / WORDS_A_MINUTE))
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def _subtitle(pack: Pack, reading_time: str) -> Spans:
    told = filter(None, (told_of_meeting(pack), reading_time))
    return (plain(" · ".join(told)),)


def _label(text: str) -> Spans:
    return strong(f"{text}:"), Span(" ")


def _warnings(pack: Pack) -> Iterator[str]:
    yield from pack.notes
    if pack.is_partial:
        done = sum(item.state != "not reached" for item in pack.items)
        yield (
            f"This pack is not complete: it was stopped after {done} of "
            f"{len(pack.items)} items. Run the same command again to go on."
        )


def _page(front: Front, numbers: Numbers) -> Iterator[Block]:
    for item in front.at("page"):
        yield from _brief(item, numbers)
    if after := front.at("after"):
        yield Paragraph((plain(told_after(after)),), "small")
    for where, told in _LISTS.items():
        if items := front.at(where):
            yield Paragraph((*_label(told), plain(told_together(items))), "small")


def _brief(item: Item, numbers: Numbers) -> Iterator[Block]:
    """Yield an item as it stands in brief."""
    yield _heading(item, "brief", title_of(item))
    if asked := asked_of(item):
        yield Paragraph((plain(asked),), "small")
    yield from _line(item, numbers)
    if item.own:
        yield Paragraph((strong(PAPER),), "label")
        yield Bullets(tuple(_spans(point, numbers) for point in item.own))
    if item.points:
        if item.paper:
            yield Paragraph((strong(REPORTS),), "label")
        yield Bullets(tuple(_spans(point, numbers) for point in item.points))
    if silent := silence_of(item):
        yield Paragraph((plain(silent),), "small")


def _heading(item: Item, kind: str, text: str) -> Heading:
    anchor = f"{kind}-{clean(item.number) or 'item'}".lower().replace(" ", "-")
    return Heading(2, clean(text), anchor)


def _line(item: Item, numbers: Numbers) -> Iterator[Block]:
    if item.state == "failed":
        failed = f"This item failed. {item.reason}"
        if item.line:
            failed += " What follows is in quotations."
        yield Paragraph((plain(failed),), "warning")
    if item.line:
        said = [span for s in item.line for span in (*_spans(s, numbers), Span(" "))]
        yield Paragraph((*_label(LABEL), *said[:-1]), "line")
    elif item.state == "done":
        yield Paragraph((plain(told_of(item)),), "small")


def _spans(statement: Statement, numbers: Numbers) -> Spans:
    """Return a sentence and its marks."""
    found = tuple(dict.fromkeys(numbers[s.place] for s in statement.sources))
    return (plain(statement.text), Span(" "), *cite(found))


def _detail(item: Item, numbers: Numbers) -> Iterator[Block]:
    if item.state not in ("done", "failed"):
        return
    yield _heading(item, "item", f"{item.number}. {item.title}")
    asked = " · ".join(item.questions)
    yield Paragraph((*_label("Asked of the shelf"), plain(asked)), "lead")
    if item.state == "failed":
        yield Paragraph((plain(f"This item failed. {item.reason}"),), "warning")
    told = {s.text for p in item.positions for s in p.statements}
    points = [p for p in (*item.line, *item.points) if p.text not in told]
    if item.paper:
        own = [*item.line, *item.own]
        points = [p for p in points if p not in own]
        yield Paragraph((strong(PAPER), plain(f" {item.paper}")), "label")
        yield Bullets(tuple(_spans(point, numbers) for point in own))
    if points:
        yield Paragraph((strong(REPORTS if item.paper else "Points"),), "label")
        yield Bullets(tuple(_spans(point, numbers) for point in points))
    if any(p.statements for p in item.positions):
        yield _positions(item, numbers)
    if item.figures:
        yield _figures(item, numbers)
    if item.asked_back:
        yield Paragraph((strong("Questions that may come back"),), "label")
        yield Bullets(
            tuple(
                (plain(a.question), Span(" – "), *_spans(a.answer, numbers))
                for a in item.asked_back
            )
        )
    yield from _lacks(item)


def _positions(item: Item, numbers: Numbers) -> Table:
    beside = any(p.beside for p in item.positions)
    header = ("Report", "What it says", *(("Beside the others",) if beside else ()))
    rows = []
    for position in item.positions:
        row = [(plain(position.name),), _said(position, numbers)]
        if beside:
            row.append((plain(" ".join(position.beside)),))
        rows.append(tuple(row))
    widths = (24, 52, 24) if beside else (26, 74)
    return Table("Where the reports stand", header, tuple(rows), widths)


def _said(position: Position, numbers: Numbers) -> Spans:
    if position.is_silent:
        return (plain(SILENT),)
    if not position.statements:
        return (plain(NO_SENTENCE.format(section=position.nearest)),)
    lines = [_spans(statement, numbers) for statement in position.statements]
    return tuple(span for line in lines for span in (*line, NEW_LINE))[:-1]


def _figures(item: Item, numbers: Numbers) -> Table:
    """One row a sentence: what its numbers mean is what it says."""
    header = ("Figure", "What it says", "Year", "Whose and where")
    said: dict[Statement, list[Figure]] = {}
    for figure in item.figures:
        said.setdefault(figure.said, []).append(figure)
    rows = tuple(_figure(own, numbers) for own in said.values())
    return Table("Figures", header, rows, (18, 44, 8, 30))


def _figure(own: list[Figure], numbers: Numbers) -> tuple[Spans, ...]:
    first = own[0]
    amounts = [span for f in own for span in (plain(f.amount), NEW_LINE)]
    return (
        tuple(amounts[:-1]),
        _spans(first.said, numbers),
        (plain(first.year),),
        (plain(f"{first.whose}: {_where(first.source)}"),),
    )


def _where(source: Source) -> str:
    return f"{source.section}, page {source.page}" if source.page else source.section


def _lacks(item: Item) -> Iterator[Block]:
    lines = list(item.lacks)
    if item.silent and not item.line:
        lines.append(f"Nothing on this found in: {'; '.join(item.silent)}.")
    if item.nearest:
        lines.append(f"Nearest sections: {'; '.join(item.nearest)}.")
    if lines:
        yield Paragraph((strong("What the shelf does not say"),), "label")
        yield Bullets(tuple((plain(line),) for line in lines))


def _short_entries(references: Sequence[Reference]) -> Iterator[Entry]:
    """Yield the places by report, which is named once."""
    of_report: dict[str, list[Reference]] = {}
    for reference in references:
        year = (reference.source.published or "")[:4] or None
        of_report.setdefault(_told_of(reference, year), []).append(reference)
    for told, own in of_report.items():
        for place, reference in enumerate(own):
            end = "." if reference is own[-1] else ";"
            lead = "" if place else clean(told)
            where = plain(_where(reference.source) + end)
            yield Entry(reference.number, (where,), lead=lead)


def _told_of(reference: Reference, published: str | None) -> str:
    source, age = reference.source, reference.age
    old = "" if age in ("age unknown", "this month", "this year") else " old"
    return f"{source.title}. {source.publisher}, {date_words(published)}, {age}{old}."


def _entries(references: Sequence[Reference]) -> Iterator[Entry]:
    for reference in references:
        source = reference.source
        told = f"{_told_of(reference, source.published)} {_where(source)}."
        original = "Digest; original: " if source.digest_of else ""
        spans = plain(f"{told} “{source.quote}” "), Span(f" {original}")
        yield Entry(reference.number, (*spans, link(source.url)))


def _left_out(one: LeftOut) -> Spans:
    of = f"item {one.item}, " if one.item else ""
    return plain(one.text), Span(" "), plain(f"({of}{one.why})")


def _record(pack: Pack) -> Iterator[Spans]:
    record = pack.record
    withheld = sum(item.withheld for item in pack.items)
    tokens = record.tokens + sum(item.tokens for item in pack.items)
    model = QUOTING if record.model == "quoting" else record.model
    attending = "; ".join(pack.attendees) if pack.attendees[MOST_ATTENDING:] else ""
    told = [
        ("Attending", attending),
        ("Made", record.made_at.replace("T", " ")),
        ("Length", LENGTHS[pack.length]),
        ("Language model", f"{model}, {tokens} tokens" if tokens else model),
        ("Searched", "; ".join(record.searched)),
        ("Corpus version", record.corpus),
        ("Program version", record.version),
        ("Time taken", f"{record.seconds:g} seconds"),
        (
            "Check",
            "every sentence with a number was checked against the passage it cites; "
            f"{withheld} sentences did not hold and were left out",
        ),
    ]
    for name, value in told:
        if not value:
            continue
        yield *_label(name), plain(value)
