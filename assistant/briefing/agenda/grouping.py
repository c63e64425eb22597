"""Which lines of an agenda open an item, and which lines stand below each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.briefing.agenda.below import (
    CONTACT_DETAILS,
    LeftOut,
    is_detail,
    is_request,
    parted_request,
    sentences_of,
)
from assistant.briefing.agenda.head import lines_of_head
from assistant.briefing.agenda.lines import Kind, Line

SIGNED = "signed below the agenda"
ASIDE, OVER = "beside the items, asks nothing", "a heading over items"
# A number that stands so much further in opens no item but one of a list below it.
_DEEPER = 4
_LONGEST_HEADING = 8
_MOST_SEARCHED = 2000
# A line that is filled to this share of the longest goes on in the next.
_FILLED, _LEAST_FILLED = 0.8, 60


@dataclass
class Group:
    """An item's first line, its whole title, and the lines below it."""

    opener: Line
    title: str
    below: list[Line] = field(default_factory=list)


class Opener:
    """Tells which lines open an item, by the strongest mark that the agenda uses."""

    def __init__(self, lines: Sequence[Line]) -> None:
        """Look through the marks of all lines."""
        kinds = {line.kind for line in lines}
        levels = [line.level for line in lines if line.kind == "heading"]
        deepest_first = sorted(set(levels))
        self.kind: Kind = next(
            (k for k in ("number", "time", "heading", "bullet", "sub") if k in kinds),
            "text",
        )
        if self.kind == "heading":
            # The first heading of its own level is the meeting; items are below it.
            alone = levels.count(deepest_first[0]) == 1
            if alone and len(deepest_first) == 1:
                self.kind = "bullet" if "bullet" in kinds else "text"
            self._level = deepest_first[1 if alone and deepest_first[1:] else 0]
        own = [line.indent for line in lines if line.kind == self.kind]
        self.indent = own[0] if own else 0
        self._is_head = lines_of_head(lines) if self.kind == "text" else set()

    def __call__(self, line: Line) -> bool:
        """Tell whether a line opens an item."""
        if self.kind == "heading":
            return line.kind == "heading" and line.level == self._level
        if self.kind == "text":
            return line.kind == "text" and line not in self._is_head
        return line.kind == self.kind and line.indent < self.indent + _DEEPER


def grouped(lines: Sequence[Line], opens: Opener) -> tuple[list[Group], list[LeftOut]]:
    """Return the items with the lines below them, and the lines that belong to none."""
    groups: list[Group] = []
    aside: list[LeftOut] = []
    filled = max(_LEAST_FILLED, _FILLED * max((len(x.text) for x in lines), default=0))
    before: Line | None = None
    beside = False
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        if opens(line):
            beside = False
            groups.append(Group(line, _spaced(line.text)))
        elif beside := _is_beside(line, opens, beside):
            _take_beside(line, groups, aside)
        elif after is not None and opens(after) and _heads_items(line, before):
            aside.append(LeftOut(line.text, OVER))
        elif before is not None and _goes_on(before, line, after, opens, filled):
            _go_on(groups[-1], line)
        else:
            groups[-1].below.append(line._replace(text=_spaced(line.text)))
        before = line
    if groups:
        aside += _signed_below(groups[-1])
    return groups, aside


def _signed_below(last: Group) -> list[LeftOut]:
    """Take who signs an agenda, and where to write, out of the lines of its last item.

    They are the short lines behind its last gap, of which one is an address or a name.
    """
    gaps = [n for n, line in enumerate(last.below) if line.after_blank]
    signed = last.below[gaps[-1] :] if gaps else []
    short = all(len(line.text.split()) <= _LONGEST_HEADING for line in signed)
    if len(signed) < 2 or not short:
        return []
    del last.below[gaps[-1] :]
    return [LeftOut(line.text, SIGNED) for line in signed]


def _is_beside(line: Line, opens: Opener, goes_on: bool) -> bool:
    """Tell whether a line stands beside a list of bullets, not below one of them."""
    if opens.kind != "bullet" or line.kind != "text":
        return False
    return (line.after_blank or goes_on) and line.indent <= opens.indent


def _take_beside(line: Line, groups: list[Group], aside: list[LeftOut]) -> None:
    for text in sentences_of(line.text):
        if not is_request(text) or line.text.endswith((":", "-")):
            aside.append(LeftOut(text, ASIDE))
            continue
        asked, rest = parted_request(text)
        groups.append(Group(line._replace(text=asked, kind="text"), asked))
        if rest:
            aside.append(LeftOut(rest, ASIDE))


def _heads_items(line: Line, before: Line | None) -> bool:
    """Tell whether a line right above an item is a heading over it and others."""
    short = len(line.text.split()) <= _LONGEST_HEADING
    stands_alone = line.after_blank or line.kind == "heading"
    ends = line.text[-1:] in ".:;?!"
    return short and stands_alone and not ends and bool(before) and not is_detail(line)


def _goes_on(
    before: Line, line: Line, after: Line | None, opens: Opener, filled: float
) -> bool:
    """Tell whether a line is the rest of the one before it."""
    if line.kind == "heading":
        # A title that its pages' numbers cut in two; below it goes the item on.
        return opens(before) and not (after is not None and opens(after))
    if line.kind != "text" or line.after_blank or before.kind == "heading":
        return False
    if is_detail(line) or CONTACT_DETAILS.search(line.text[:_MOST_SEARCHED]):
        return False
    wraps = len(before.text) >= filled and before.text[-1:] not in ".:;?!"
    same = line.indent == before.indent and not opens(before)
    return line.text[:1].islower() or (wraps and same)


def _go_on(group: Group, line: Line) -> None:
    if group.below:
        last = group.below[-1]
        group.below[-1] = last._replace(text=f"{last.text} {_spaced(line.text)}")
    else:
        group.title = f"{group.title} {_spaced(line.text)}"


def _spaced(text: str) -> str:
    return " ".join(text.split())
