"""Lays a pack out: one page in front, then the detail, the references, the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.briefing.agenda.below import LeftOut
from assistant.briefing.export.blocks import (
    Block,
    Bullets,
    Contents,
    Document,
    Heading,
    NewPage,
    Paragraph,
    References,
    Span,
    Spans,
    clean,
    label,
    plain,
    strong,
    words_in,
)
from assistant.briefing.export.detail import PAPER, REPORTS, detail_of, heading_of
from assistant.briefing.export.references import (
    Numbers,
    cited,
    entries_of,
    short_entries,
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
    Item,
    Pack,
)

_LISTS: dict[Where, str] = {
    "unsaid": NOTHING.removesuffix("."),
    "not needed": "No briefing needed",
    "not reached": "Not reached",
}


def lay_out(pack: Pack, *, paged: bool = False) -> Document:
    """Return the blocks of a pack, of what its length shows.

    In a format with pages a short pack lists its references in few words, so that all of
    it fits on one page; the other formats quote each source.
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
        blocks += [b for item in pack.items for b in detail_of(item, numbers)]
    short = paged and pack.length != "full"
    if short and not front.with_sources and not after:
        blocks.append(NewPage())
    if pack.references:
        entries = short_entries if short else entries_of
        blocks.append(Heading(1, "References", "references"))
        blocks.append(References(tuple(entries(pack.references)), run_on=short))
    if pack.length == "full" and pack.left_out:
        blocks.append(Heading(1, "Left out of the agenda", "left-out"))
        blocks.append(Bullets(tuple(_left_out(one) for one in pack.left_out)))
    if short:
        record = *label(RECORD), plain(told_of_record(pack))
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
            yield Paragraph((*label(told), plain(told_together(items))), "small")


def _brief(item: Item, numbers: Numbers) -> Iterator[Block]:
    """Yield an item as it stands in brief."""
    yield heading_of(item, "brief", title_of(item))
    if asked := asked_of(item):
        yield Paragraph((plain(asked),), "small")
    yield from _line(item, numbers)
    if item.own:
        yield Paragraph((strong(PAPER),), "label")
        yield Bullets(tuple(cited(point, numbers) for point in item.own))
    if item.points:
        if item.paper:
            yield Paragraph((strong(REPORTS),), "label")
        yield Bullets(tuple(cited(point, numbers) for point in item.points))
    if silent := silence_of(item):
        yield Paragraph((plain(silent),), "small")


def _line(item: Item, numbers: Numbers) -> Iterator[Block]:
    if item.state == "failed":
        failed = f"This item failed. {item.reason}"
        if item.line:
            failed += " What follows is in quotations."
        yield Paragraph((plain(failed),), "warning")
    if item.line:
        said = [span for s in item.line for span in (*cited(s, numbers), Span(" "))]
        yield Paragraph((*label(LABEL), *said[:-1]), "line")
    elif item.state == "done":
        yield Paragraph((plain(told_of(item)),), "small")


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
        yield *label(name), plain(value)
