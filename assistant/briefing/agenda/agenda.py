"""The agenda: what stands on it, line by line, whoever wrote it and however."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.briefing.agenda.head import lines_of_head, read_head
from assistant.briefing.agenda.lines import Kind, Line, read_lines
from assistant.briefing.agenda.pasted import unwrap
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
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NOT_ENGLISH = (
    "This agenda does not look like English. The reports are in English and are found "
    "by English words."
)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item: its number as typed, its title, matters under it, its questions.

    ``proposed`` says that a model wrote the questions; typed ones are not.
    """

    number: str
    title: str
    matters: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting and its items; ``notes`` say what was left out or looks wrong.

    ``tokens`` are what its questions took, where a model proposed them.
    """

    meeting: str = ""
    date: str = ""
    place: str = ""
    attendees: tuple[str, ...] = ()
    items: tuple[AgendaItem, ...] = ()
    notes: tuple[str, ...] = ()
    tokens: int = 0

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
    text, notes = unwrap(text)
    lines = list(read_lines(text))
    if not any(_LETTERS.search(line.text) for line in lines):
        raise AgendaError(
            "The agenda is empty. Give one item or question a line, such as "
            "“4. Waste and recycling contract”."
        )
    opens = _Opener(lines)
    start = next((n for n, line in enumerate(lines) if opens(line)), len(lines))
    head = read_head(lines[:start])
    items = [i for i in _items(lines[start:], opens) if _LETTERS.search(i.title)]
    if not items:
        raise AgendaError(
            "No item was found in the agenda. Give one item or question a line, such "
            "as “4. Waste and recycling contract”."
        )
    told = [*notes]
    if len(items) > MOST_ITEMS:
        told.append(_LEFT_OUT.format(found=len(items), most=MOST_ITEMS))
    if any(len(item.title) > MOST_OF_A_LINE for item in items):
        told.append(_CUT.format(most=MOST_OF_A_LINE))
    if not _looks_english(" ".join(item.title for item in items)):
        told.append(_NOT_ENGLISH)
    kept = tuple(_within_bounds(item) for item in items[:MOST_ITEMS])
    return Agenda(
        head.meeting, head.date, head.place, tuple(head.attendees), kept, tuple(told)
    )


def _within_bounds(item: AgendaItem) -> AgendaItem:
    """Return an item of which no text is longer than can be asked about."""

    def cut(text: str) -> str:
        whole = len(text) <= MOST_OF_A_LINE
        return text if whole else f"{text[:MOST_OF_A_LINE].rsplit(' ', 1)[0]} …"

    matters = tuple(map(cut, item.matters))
    return replace(item, title=cut(item.title), matters=matters)


def _looks_english(text: str) -> bool:
    found = set(re.findall(r"[^\W\d_]+", text.lower()))
    return len(found) < _WORDS_TO_TELL or any(word in _ENGLISH for word in found)


class _Opener:
    """Tells which lines open an item, by the strongest mark that the agenda uses."""

    def __init__(self, lines: list[Line]) -> None:
        kinds = {line.kind for line in lines}
        levels = [line.level for line in lines if line.kind == "heading"]
        deepest_first = sorted(set(levels))
        self._kind: Kind = next(
            (k for k in ("number", "time", "heading", "bullet", "sub") if k in kinds),
            "text",
        )
        if self._kind == "heading":
            # The first heading of its own level is the meeting; items are below it.
            alone = levels.count(deepest_first[0]) == 1
            if alone and len(deepest_first) == 1:
                self._kind = "bullet" if "bullet" in kinds else "text"
            self._level = deepest_first[1 if alone and deepest_first[1:] else 0]
        self._is_head = lines_of_head(lines) if self._kind == "text" else set()

    def __call__(self, line: Line) -> bool:
        if self._kind == "heading":
            return line.kind == "heading" and line.level == self._level
        if self._kind == "text":
            return line.kind == "text" and line not in self._is_head
        return line.kind == self._kind


def _items(lines: list[Line], opens: _Opener) -> Iterator[AgendaItem]:
    item: AgendaItem | None = None
    before: Line | None = None
    count = 0
    for line in lines:
        if opens(line):
            if item is not None:
                yield item
            count += 1
            item = _open_item(line, count)
        elif item is not None:
            goes_on = before is not None and before.kind != "heading"
            item = _join(item, line, goes_on=goes_on)
        before = line
    if item is not None:
        yield item


def _open_item(line: Line, count: int) -> AgendaItem:
    number = line.number or str(count)
    text = " ".join(line.text.split())
    return AgendaItem(number, text, questions=(text,) if text.endswith("?") else ())


def _join(item: AgendaItem, line: Line, *, goes_on: bool) -> AgendaItem:
    text = " ".join(line.text.split())
    if text.endswith("?"):
        return replace(item, questions=(*item.questions, text))
    if line.kind in ("sub", "bullet"):
        return replace(item, matters=(*item.matters, text))
    wrapped = line.kind == "text" and text[:1].islower() and not line.after_blank
    if wrapped and goes_on:
        if item.matters:
            *before, last = item.matters
            return replace(item, matters=(*before, f"{last} {text}"))
        return replace(item, title=f"{item.title} {text}")
    return item


def write_agenda(agenda: Agenda) -> str:
    """Return an agenda as text that can be edited and read again."""
    head = [
        f"Meeting: {agenda.meeting}" if agenda.meeting else "",
        f"Date: {agenda.date}" if agenda.date else "",
        f"Place: {agenda.place}" if agenda.place else "",
        f"Attendees: {'; '.join(agenda.attendees)}" if agenda.attendees else "",
    ]
    lines = [*filter(None, head)]
    for item in agenda.items:
        lines += ["", f"{item.number}. {item.title}"]
        lines += [f"   - {q}" for q in item.questions if q != item.title]
    return "\n".join(lines).lstrip("\n") + "\n"
