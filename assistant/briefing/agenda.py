"""The agenda: what stands on it, line by line, whoever wrote it and however."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.briefing.agenda_lines import MONTH, Kind, Line, read_lines
from assistant.errors import AgendaError

MOST_ITEMS = 60
MOST_CHARS = 200_000
MOST_OF_A_LINE = 400
# Of an English text hardly a dozen words go by without one of these.
_ENGLISH = frozenset("the of and for to with what how on in is are do does".split())
_WORDS_TO_TELL = 12

_FIELD = re.compile(
    r"^(?P<name>meeting|committee|title|date|time|place|venue|location|attendees|attending"
    r"|present|members|membership|invited|to)\s*:\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
_FIELDS = {
    "meeting": "meeting", "committee": "meeting", "title": "meeting", "date": "date",
    "time": "date", "place": "place", "venue": "place", "location": "place",
}  # fmt: skip
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE_LINE = re.compile(
    rf"^(?:{_WEEKDAY},?\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b",
    re.IGNORECASE,
)
_ONLY_AGENDA = re.compile(r"^(?:draft\s+|public\s+)?agenda[:.]?$", re.IGNORECASE)
_GATHERING = re.compile(
    r"\b(agenda|meeting|committee|board|cabinet|panel|council|group|forum|seminar|summit"
    r"|roundtable|conference|workshop|assembly|away day)\b",
    re.IGNORECASE,
)
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
    lines = list(read_lines(text))
    if not any(_LETTERS.search(line.text) for line in lines):
        raise AgendaError(
            "The agenda is empty. Give one item or question a line, such as "
            "“4. Oflog and performance data”."
        )
    opens = _Opener(lines)
    start = next((n for n, line in enumerate(lines) if opens(line)), len(lines))
    agenda = _read_head(lines[:start])
    items = [i for i in _items(lines[start:], opens) if _LETTERS.search(i.title)]
    if not items:
        raise AgendaError(
            "No item was found in the agenda. Give one item or question a line, such "
            "as “4. Oflog and performance data”."
        )
    notes = []
    if len(items) > MOST_ITEMS:
        notes.append(_LEFT_OUT.format(found=len(items), most=MOST_ITEMS))
    if any(len(item.title) > MOST_OF_A_LINE for item in items):
        notes.append(_CUT.format(most=MOST_OF_A_LINE))
    if not _looks_english(text):
        notes.append(_NOT_ENGLISH)
    kept = tuple(_within_bounds(item) for item in items[:MOST_ITEMS])
    return replace(agenda, items=kept, notes=tuple(notes))


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
            (k for k in ("number", "heading", "bullet", "sub") if k in kinds), "text"
        )
        if self._kind == "heading":
            # The first heading of its own level is the meeting; items are below it.
            alone = levels.count(deepest_first[0]) == 1
            if alone and len(deepest_first) == 1:
                self._kind = "bullet" if "bullet" in kinds else "text"
            self._level = deepest_first[1 if alone and deepest_first[1:] else 0]
        self._is_head = _head_of_plain(lines) if self._kind == "text" else set()

    def __call__(self, line: Line) -> bool:
        if self._kind == "heading":
            return line.kind == "heading" and line.level == self._level
        if self._kind == "text":
            return line.kind == "text" and line not in self._is_head
        return line.kind == self._kind


def _head_of_plain(lines: list[Line]) -> set[Line]:
    """Return the lines above the first item where no line carries a mark."""
    head: set[Line] = set()
    for place, line in enumerate(lines):
        says_so = _GATHERING.search(line.text) and not line.text.endswith("?")
        opening = place == 0 and says_so and len(lines) > 1
        known = _FIELD.match(line.text) or _DATE_LINE.match(line.text)
        if not (opening or known or _ONLY_AGENDA.match(line.text)):
            break
        head.add(line)
    return head


def _read_head(lines: Iterable[Line]) -> Agenda:
    found = {"meeting": "", "date": "", "place": ""}
    attendees: list[str] = []
    listing = False
    for line in lines:
        field = _FIELD.match(line.text)
        if field is not None:
            name = _FIELDS.get(field["name"].lower())
            listing = name is None
            if name is None:
                parts = re.split(r"[;,]\s*", field["value"])
                attendees += [part.strip() for part in parts if part.strip()]
            else:
                found[name] = ", ".join(filter(None, (found[name], field["value"])))
        elif _DATE_LINE.match(line.text):
            found["date"] = found["date"] or line.text
        elif listing and line.kind == "bullet":
            attendees.append(line.text)
        elif not _ONLY_AGENDA.match(line.text) and not found["meeting"]:
            found["meeting"] = line.text
    return Agenda(
        found["meeting"], found["date"], found["place"], attendees=tuple(attendees)
    )


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
