"""The page in front: what a length shows of a pack, and what of it fits on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.briefing.front_room import Room
from assistant.briefing.front_text import told_after
from assistant.briefing.pack import MOST_POINTS, Item, Pack, Statement

Where = Literal["page", "unsaid", "after", "not needed", "not reached"]

_AT_THE_FOOT: tuple[Where, ...] = ("unsaid", "not needed", "not reached")


@dataclass(frozen=True, slots=True)
class Front:
    """Every item of a pack as it stands in brief, and where it does.

    On the "page" an item has its line and the points for which there is room; the
    "unsaid" are told together, since the shelf says nothing on them; those "after"
    follow the page, which has no room for them.
    """

    items: tuple[Item, ...]
    where: tuple[Where, ...]
    with_sources: bool = False
    """Whether what it rests on has room on the same page."""

    def at(self, where: Where) -> tuple[Item, ...]:
        """Return the items that stand there."""
        pairs = zip(self.items, self.where, strict=True)
        return tuple(item for item, own in pairs if own == where)


def shown(pack: Pack) -> Pack:
    """Return a pack with only what its length shows."""
    match pack.length:
        case "full":
            return pack
        case "30s":
            return replace(pack, items=tuple(map(_line_alone, pack.items)))
        case "3min":
            return replace(pack, items=make_front(pack).items)


def make_front(pack: Pack) -> Front:
    """Fill the page in front: every line to take, then points while there is room.

    Each item gets its first point before any gets its second. Where the lines are too
    long together, each keeps its first sentence; where that is still too much, items on
    which the shelf says nothing are told in one list, and the last items follow the page.
    """
    whole = [_without_points(item) for item in pack.items]
    where = [_place_of(item) for item in whole]
    first = [replace(item, line=item.line[:1]) for item in whole]
    together: list[Where] = [
        "unsaid" if own == "page" and _is_unsaid(item) else own
        for item, own in zip(whole, where, strict=True)
    ]
    tries = [(whole, where, False), (first, where, False), (first, together, False)]
    if pack.length != "full":
        # A sheet that holds all is better to carry than one more point.
        more = [(whole, where, True), (first, where, True), (first, together, True)]
        tries = [*more, *tries]
    for items, places, with_sources in tries:
        room = _room(pack, items, places, with_sources=with_sources)
        if all(room.take(item) for item in _at("page", items, places)):
            filled = _with_points(items, places, pack.items, room)
            return Front(filled, tuple(places), with_sources)
    return _first_of_many(pack, first, together)


def _first_of_many(pack: Pack, items: list[Item], places: list[Where]) -> Front:
    """Keep as many of the first items as the page has room for."""
    room = _room(pack, items, places).without(told_after(items))
    full = False
    for n, item in enumerate(items):
        if places[n] == "page":
            # The first stands there, however long: an empty page would say nothing.
            full = full or not (room.take(item) or not n)
            places[n] = "after" if full else "page"
    return Front(tuple(items), tuple(places))


def _room(
    pack: Pack,
    items: Sequence[Item],
    places: Sequence[Where],
    *,
    with_sources: bool = False,
) -> Room:
    lists = [list(_at(where, items, places)) for where in _AT_THE_FOOT]
    return Room.of(pack, lists, with_sources=with_sources)


def _at(where: Where, items: Sequence[Item], places: Sequence[Where]) -> Iterator[Item]:
    pairs = zip(items, places, strict=True)
    return (item for item, own in pairs if own == where)


def _with_points(
    items: Sequence[Item],
    places: Sequence[Where],
    originals: Sequence[Item],
    room: Room,
) -> tuple[Item, ...]:
    found = list(items)
    for rank in range(MOST_POINTS):
        for n, item in enumerate(originals):
            points = (*item.own, *item.points)[rank : rank + 1]
            for point in points if places[n] == "page" else ():
                if room.take_point(point):
                    found[n] = _with_point(found[n], point, own=point in item.own)
    return tuple(found)


def _with_point(item: Item, point: Statement, *, own: bool) -> Item:
    if own:
        return replace(item, own=(*item.own, point))
    return replace(item, points=(*item.points, point))


def _place_of(item: Item) -> Where:
    if item.state == "not needed" or item.state == "not reached":
        return item.state
    return "page"


def _is_unsaid(item: Item) -> bool:
    return item.state == "done" and not item.line


def _line_alone(item: Item) -> Item:
    return replace(
        item,
        line=item.line[:1],
        own=(),
        points=(),
        positions=(),
        figures=(),
        asked_back=(),
    )


def _without_points(item: Item) -> Item:
    silent = tuple(
        replace(p, statements=(), beside=()) for p in item.positions if p.is_silent
    )
    return replace(item, own=(), points=(), positions=silent, figures=(), asked_back=())
