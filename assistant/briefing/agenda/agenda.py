"""The agenda: what stands on it, line by line, whoever wrote it and however."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.briefing.agenda.below import (
    Below,
    LeftOut,
    filed_off,
    repeated_openings,
    sentences_of,
    sort_below,
)
from assistant.briefing.agenda.grouping import Group, Opener, grouped
from assistant.briefing.agenda.head import council_in, read_head, unsaid_of
from assistant.briefing.agenda.lines import Line, read_lines
from assistant.briefing.agenda.pasted import unwrap
from assistant.briefing.agenda.procedure import is_procedure
from assistant.errors import AgendaError

MOST_ITEMS = 60
MOST_CHARS = 200_000
MOST_OF_A_LINE = 400
# Of an English text hardly a dozen words go by without one of these.
_ENGLISH = frozenset(
    "the of and for to with what how on in is are do does any other next apologies minutes "
    "meeting council report review update data services health care budget strategy".split()
)
_WORDS_TO_TELL = 12

_LEFT_OUT = (
    "The agenda has {found} items; this pack takes the first {most}. Put the rest into "
    "another agenda."
)
_CUT = "An item is longer than {most} characters; the rest of it was left out."
_LEFT_OUT_HEAD = "Left out, and why:"
_LEFT_OUT_LINE = re.compile(
    r"^\s*- (?P<text>.{1,2000}) \((?:item (?P<item>[\w/]{1,12}): )?(?P<why>[^()]{1,60})\)$"
)
_ABOVE = "above the first item"
_PART = "part of a procedure"
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NOT_ENGLISH = (
    "This agenda does not look like English. The reports are in English and are found "
    "by English words."
)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item: its number as typed, its title, matters under it, its questions.

    ``proposed`` says that a model wrote the questions; typed ones are not. ``ticked`` is
    what somebody who looked the items over wants: to brief it, or not; None is nobody.
    """

    number: str
    title: str
    matters: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    proposed: bool = False
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting and its items; ``notes`` say what looks wrong.

    ``left_out`` are its lines that are no item and belong to no question; ``tokens`` are
    what its questions took, where a model proposed them.
    """

    meeting: str = ""
    date: str = ""
    place: str = ""
    council: str = ""
    attendees: tuple[str, ...] = ()
    items: tuple[AgendaItem, ...] = ()
    notes: tuple[str, ...] = ()
    tokens: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def proposed(self) -> int:
        """How many items have questions that a model proposed."""
        return sum(item.proposed for item in self.items)


def parse_agenda(text: str) -> Agenda:
    """Read an agenda: numbered items, Markdown headings, bullets, or plain questions.

    Raises:
        AgendaError: it holds nothing that could be briefed.
    """
    if len(text) > MOST_CHARS:
        raise AgendaError(
            f"The agenda has {len(text)} characters; at most {MOST_CHARS} are taken. "
            "Give the agenda itself, without its papers."
        )
    text, left_out = _without_left_out(text)
    unwrapped = unwrap(text)
    lines = list(read_lines(unwrapped.text))
    if not any(_LETTERS.search(line.text) for line in lines):
        raise AgendaError(
            "The agenda is empty. Give one item or question a line, such as "
            "“4. Waste and recycling contract”."
        )
    opens = Opener(lines)
    start = next((n for n, line in enumerate(lines) if opens(line)), len(lines))
    head = read_head(lines[:start])
    groups, aside = grouped(lines[start:], opens)
    templates = repeated_openings(group.below for group in groups)
    found = [
        _item(group, count, templates)
        for count, group in enumerate(groups, start=1)
        if _LETTERS.search(group.title)
    ]
    items = [item for item, _ in found]
    if not items:
        raise AgendaError(
            "No item was found in the agenda. Give one item or question a line, such "
            "as “4. Waste and recycling contract”."
        )
    told = list(unwrapped.notes)
    if len(items) > MOST_ITEMS:
        told.append(_LEFT_OUT.format(found=len(items), most=MOST_ITEMS))
    if any(len(item.title) > MOST_OF_A_LINE for item in items):
        told.append(_CUT.format(most=MOST_OF_A_LINE))
    if not _looks_english(" ".join(item.title for item in items)):
        told.append(_NOT_ENGLISH)
    left_out += unwrapped.left_out
    left_out += [LeftOut(text, _ABOVE) for text in unsaid_of(head, lines[:start])]
    left_out += [one for _, own in found for one in own]
    left_out += aside
    return Agenda(
        meeting=head.meeting,
        date=head.date,
        place=head.place,
        council=head.council or council_in(unwrapped.signed),
        attendees=tuple(head.attendees),
        items=tuple(within_bounds(item) for item in items[:MOST_ITEMS]),
        notes=tuple(told),
        left_out=tuple(left_out),
    )


def _without_left_out(text: str) -> tuple[str, list[LeftOut]]:
    """Part an agenda that was written for editing from what it says was left out."""
    text, _, rest = text.partition(f"\n{_LEFT_OUT_HEAD}\n")
    found = map(_LEFT_OUT_LINE.match, rest.splitlines())
    return text, [
        LeftOut(one["text"], one["why"], one["item"] or "") for one in found if one
    ]


def _item(
    group: Group, count: int, templates: frozenset[str]
) -> tuple[AgendaItem, list[LeftOut]]:
    """Return an item, and what of its lines is left out."""
    number = group.opener.number or str(count)
    title = filed_off(group.title)
    first, *more = sentences_of(title)
    if more and group.opener.kind in ("bullet", "text") and not first.endswith("?"):
        title = first.rstrip(".")
    else:
        more = []
    if is_procedure(title):
        lines = [*more, *(line.text for line in group.below)]
        asked = [text for text in lines if text.endswith("?")]
        left_out = [LeftOut(t, _PART, number) for t in lines if t not in asked]
        below = Below(tuple(asked), (), ())
    else:
        own = [Line("text", text) for text in more]
        below = sort_below(title, [*own, *group.below], templates)
        left_out = [LeftOut(text, why, number) for text, why in below.left_out]
    typed = (title,) if title.endswith("?") else ()
    return AgendaItem(
        number, title, below.matters, (*typed, *below.questions)
    ), left_out


def within_bounds(item: AgendaItem) -> AgendaItem:
    """Return an item of which no text is longer than can be asked about."""

    def cut(text: str) -> str:
        whole = len(text) <= MOST_OF_A_LINE
        return text if whole else f"{text[:MOST_OF_A_LINE].rsplit(' ', 1)[0]} …"

    matters = tuple(map(cut, item.matters))
    return replace(item, title=cut(item.title), matters=matters)


def _looks_english(text: str) -> bool:
    found = set(re.findall(r"[^\W\d_]+", text.lower()))
    return len(found) < _WORDS_TO_TELL or any(word in _ENGLISH for word in found)


def write_agenda(agenda: Agenda) -> str:
    """Return an agenda as text that can be edited and read again."""
    head = [
        f"Council: {agenda.council}" if agenda.council else "",
        f"Meeting: {agenda.meeting}" if agenda.meeting else "",
        f"Date: {agenda.date}" if agenda.date else "",
        f"Place: {agenda.place}" if agenda.place else "",
        f"Attendees: {'; '.join(agenda.attendees)}" if agenda.attendees else "",
    ]
    lines = [*filter(None, head)]
    for item in agenda.items:
        lines += ["", f"{item.number}. {item.title}"]
        lines += [f"   - {q}" for q in item.questions if q != item.title]
    if agenda.left_out:
        lines += ["", _LEFT_OUT_HEAD]
    for one in agenda.left_out:
        of = f"item {one.item}: " if one.item else ""
        lines.append(f"   - {one.text} ({of}{one.why})")
    return "\n".join(lines).lstrip("\n") + "\n"
