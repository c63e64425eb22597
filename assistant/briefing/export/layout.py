"""Lays a pack out: one page in front, then the detail, the references, the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

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

NOTHING = "The reports on the shelf do not say."
SILENT = "Nothing on this found in it."
QUOTING = "none: every sentence is a quotation, chosen and checked by code"
Numbers = dict[Place, int]


def lay_out(pack: Pack) -> Document:
    """Return the blocks of a pack, of what its length shows."""
    numbers = pack.numbers()
    blocks: list[Block] = [Paragraph((plain(n),), "warning") for n in _warnings(pack)]
    full = pack.length == "full"
    front = list(
        _front(replace(pack, length="3min").shown() if full else pack, numbers)
    )
    blocks.append(Heading(1, "In brief", "in-brief"))
    blocks += front
    if full:
        blocks += [NewPage(), Contents()]
        blocks.append(Heading(1, "Item by item", "item-by-item"))
        blocks += [b for item in pack.items for b in _detail(item, numbers)]
    if pack.references:
        blocks.append(Heading(1, "References", "references"))
        blocks.append(References(tuple(_entry(r, pack) for r in pack.references)))
    blocks.append(Heading(1, "For the record", "record"))
    blocks.append(Bullets(tuple(_record(pack))))
    return Document(
        title=clean(pack.title),
        subtitle=_subtitle(pack, _reading_time(front)),
        running=clean(pack.title),
        blocks=tuple(blocks),
    )


def words_of_front(pack: Pack) -> int:
    """Return how many words the page in front has, titles and labels included."""
    return words_in(_front(replace(pack, length="3min").shown(), pack.numbers()))


def _reading_time(front: Sequence[Block]) -> str:
    minutes = max(1, round(words_in(front) / WORDS_A_MINUTE))
    return f"In brief: {minutes} minute{'s' if minutes > 1 else ''} to read"


def _subtitle(pack: Pack, reading_time: str) -> Spans:
    attending = f"Attending: {'; '.join(pack.attendees)}" if pack.attendees else ""
    told = [pack.date, pack.place, attending, reading_time]
    return (plain(" · ".join(filter(None, told))),)


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


def _front(pack: Pack, numbers: Numbers) -> Iterator[Block]:
    for item in pack.items:
        if item.state in ("done", "failed"):
            yield _heading(item, "brief", 2)
            yield from _line(item, numbers)
            if item.points:
                yield Bullets(tuple(_spans(point, numbers) for point in item.points))
            if item.silent and item.line:
                silent = f"Silent on this: {'; '.join(item.silent)}."
                yield Paragraph((plain(silent),), "small")
    for state, told in (
        ("not needed", "No briefing needed"),
        ("not reached", "Not reached"),
    ):
        names = [f"{i.number}. {i.title}" for i in pack.items if i.state == state]
        if names:
            yield Paragraph((*_label(told), plain("; ".join(names) + ".")), "small")


def _heading(item: Item, kind: str, level: Literal[2, 3]) -> Heading:
    anchor = f"{kind}-{clean(item.number) or 'item'}".lower().replace(" ", "-")
    return Heading(level, clean(f"{item.number}. {item.title}"), anchor)


def _line(item: Item, numbers: Numbers) -> Iterator[Block]:
    if item.state == "failed":
        failed = f"This item failed. {item.reason}"
        if item.line:
            failed += " What follows is in quotations."
        yield Paragraph((plain(failed),), "warning")
    if item.line:
        said = [span for s in item.line for span in (*_spans(s, numbers), Span(" "))]
        yield Paragraph((*_label("Line to take"), *said[:-1]), "line")
    elif item.state == "done":
        # That they do not say is said; what else is known of it stays.
        more = [lack for lack in item.lacks if not lack.startswith("On “")]
        told = " ".join([NOTHING, *more])
        yield Paragraph((*_label("Line to take"), plain(told)), "line")


def _spans(statement: Statement, numbers: Numbers) -> Spans:
    """Return a sentence and its marks."""
    found = tuple(dict.fromkeys(numbers[s.place] for s in statement.sources))
    return (plain(statement.text), Span(" "), *cite(found))


def _detail(item: Item, numbers: Numbers) -> Iterator[Block]:
    if item.state not in ("done", "failed"):
        return
    yield _heading(item, "item", 2)
    asked = " · ".join(item.questions)
    yield Paragraph((*_label("Asked of the shelf"), plain(asked)), "lead")
    if item.state == "failed":
        yield Paragraph((plain(f"This item failed. {item.reason}"),), "warning")
    told = {s.text for p in item.positions for s in p.statements}
    points = [p for p in (*item.line, *item.points) if p.text not in told]
    if points:
        yield Paragraph((strong("Points"),), "label")
        yield Bullets(tuple(_spans(point, numbers) for point in points))
    if any(not p.is_silent for p in item.positions):
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


def _entry(reference: Reference, pack: Pack) -> Entry:
    source = reference.source
    date = f"{date_words(source.published)}, {reference.age}"
    if reference.age not in ("age unknown", "this month", "this year"):
        date += " old"
    told = (
        f"{source.title}. {source.publisher}, {date}. {_where(source)}. "
        f"“{source.quote}” "
    )
    original = "Digest; original: " if source.digest_of else ""
    return Entry(
        reference.number, (plain(told), Span(f" {original}"), link(source.url))
    )


def _record(pack: Pack) -> Iterator[Spans]:
    record = pack.record
    withheld = sum(item.withheld for item in pack.items)
    tokens = record.tokens + sum(item.tokens for item in pack.items)
    model = QUOTING if record.model == "quoting" else record.model
    told = [
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
        yield *_label(name), plain(value)
