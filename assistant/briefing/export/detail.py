"""An item in detail: its points, who stands where, its figures, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.briefing.export.blocks import (
    NEW_LINE,
    Block,
    Bullets,
    Heading,
    Paragraph,
    Span,
    Spans,
    Table,
    clean,
    label,
    plain,
    strong,
)
from assistant.briefing.export.references import Numbers, cited, where_of
from assistant.briefing.pack import Figure, Item, Position, Statement

SILENT = "Nothing on this found in it."
NO_SENTENCE = "No sentence in it answers this; “{section}” has the words."
PAPER, REPORTS = "What your paper says", "What the reports say"


def heading_of(item: Item, kind: str, text: str) -> Heading:
    """Return the heading of an item, where it is told in some way (``kind``)."""
    anchor = f"{kind}-{clean(item.number) or 'item'}".lower().replace(" ", "-")
    return Heading(2, clean(text), anchor)


def detail_of(item: Item, numbers: Numbers) -> Iterator[Block]:
    """Yield an item as it stands in detail; nothing of one that was not briefed."""
    if item.state not in ("done", "failed"):
        return
    yield heading_of(item, "item", f"{item.number}. {item.title}")
    asked = " · ".join(item.questions)
    yield Paragraph((*label("Asked of the shelf"), plain(asked)), "lead")
    if item.state == "failed":
        yield Paragraph((plain(f"This item failed. {item.reason}"),), "warning")
    told = {s.text for p in item.positions for s in p.statements}
    points = [p for p in (*item.line, *item.points) if p.text not in told]
    if item.paper:
        own = [*item.line, *item.own]
        points = [p for p in points if p not in own]
        yield Paragraph((strong(PAPER), plain(f" {item.paper}")), "label")
        yield Bullets(tuple(cited(point, numbers) for point in own))
    if points:
        yield Paragraph((strong(REPORTS if item.paper else "Points"),), "label")
        yield Bullets(tuple(cited(point, numbers) for point in points))
    if any(p.statements for p in item.positions):
        yield _positions(item, numbers)
    if item.figures:
        yield _figures(item, numbers)
    if item.asked_back:
        yield Paragraph((strong("Questions that may come back"),), "label")
        yield Bullets(
            tuple(
                (plain(a.question), Span(" – "), *cited(a.answer, numbers))
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
    lines = [cited(statement, numbers) for statement in position.statements]
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
        cited(first.said, numbers),
        (plain(first.year),),
        (plain(f"{first.whose}: {where_of(first.source)}"),),
    )


def _lacks(item: Item) -> Iterator[Block]:
    lines = list(item.lacks)
    if item.silent and not item.line:
        lines.append(f"Nothing on this found in: {'; '.join(item.silent)}.")
    if item.nearest:
        lines.append(f"Nearest sections: {'; '.join(item.nearest)}.")
    if lines:
        yield Paragraph((strong("What the shelf does not say"),), "label")
        yield Bullets(tuple((plain(line),) for line in lines))
