"""The head of an agenda: which meeting it is, when, where, and who attends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.briefing.agenda.lines import MONTH, Line

_FIELD = re.compile(
    r"^(?P<name>council|meeting|committee|title|date|time|when|place|venue|where|location|attendees"
    r"|attending|present|members(?:hip)?|invited|to|chair(?:man|person)?|quorum|contact"
    r"|apologies|clerk|enquiries)\s*:\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_FIELDS = {
    "council": "council",
    "meeting": "meeting", "committee": "meeting", "title": "meeting", "date": "date",
    "time": "date", "when": "date", "place": "place", "venue": "place",
    "where": "place", "location": "place",
}  # fmt: skip
_PASSED_OVER = ("quorum", "contact", "apologies", "clerk", "enquiries")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_SHORT_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|noon)|\d{1,2}[:.]\d{2}(?:\s*hrs)?"
_DATE = re.compile(
    rf"(?:\b{_WEEKDAY},?\s+)?\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?"
    rf"(?:{MONTH}|{_SHORT_MONTH})\b\.?(?:,?\s+\d{{4}})?|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
    rf"(?:,?\s*(?:at\s+|from\s+|[–-]\s*)?(?:{_CLOCK})"
    rf"(?:\s*(?:[–-]|to)\s*(?:{_CLOCK}))?)?",
    re.IGNORECASE,
)
_ONLY_AGENDA = re.compile(
    r"^(?:draft\s+|public\s+)?a\s?g\s?e\s?n\s?d\s?a[:.]?$|^part\s+\w+\b.*$",
    re.IGNORECASE,
)
_GATHERING = re.compile(
    r"\b(agenda|meeting|committee|board|cabinet|panel|council|group|forum|seminar|summit"
    r"|roundtable|conference|workshop|assembly|team|away day)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(committee|board|cabinet|panel|group|forum|seminar|summit|roundtable|conference"
    r"|workshop|assembly|team|away day|executive)\b",
    re.IGNORECASE,
)
_COUNCIL = re.compile(r"\b(?:council|authority|corporation)\b(?! chamber)", re.I)
# "Wexdale Borough Council", and no "Leader of the Council".
_COUNCIL_NAMED = re.compile(
    r"^(?!.*\bthe\b)(?:(?:[A-Z][\w'’-]*|of|and|upon|on)\s+){1,7}"
    r"(?:Council|Authority|Corporation)$"
)
_PIECES = re.compile(r"\s*[|,;•·]\s*|\s+[–—-]\s+")
_LEAST_LETTERS = 4
_MEETING = re.compile(r"\bmeeting\b(?!\s+room)", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_PLACE = 9, 14
_AROUND = re.compile(
    r"^(?:notice of (?:a )?(?:meeting\s*)?[:–-]?\s*)?"
    r"(?:(?:draft\s+)?agenda\s+(?:for|of)\s+)?(?:(?:a|the)\s+)?(?:meeting\s+(?:of\s+)?)?"
    r"(?:the\s+)?|\s*(?:[,–-]|\bto be held\b|\bon\b|\bat\b)+\s*$",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"\b(?:chamber|room|hall|offices|house|centre|suite|building|teams|zoom|online|virtual"
    r"|hybrid|remote)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"^(?:(?:to be )?held|on|at|in|from|agenda(?: for| of)?|(?:a |the )*meeting(?: of)?)*$",
    re.IGNORECASE,
)
_AT = re.compile(
    r"^(?:(?:to be )?held\s+)?(?:in|at|via|on)\s+(?:the\s+)?", re.IGNORECASE
)


@dataclass
class Head:
    """What the lines above the first item say, taken in one after the other."""

    meeting: str = ""
    date: str = ""
    place: str = ""
    council: str = ""
    attendees: list[str] = field(default_factory=list)
    listing: bool = False
    is_named: bool = False
    """Whether a field gave the meeting; else the line that most looks like it is it."""

    def take(self, line: Line) -> None:
        """Take in a line."""
        if found := _FIELD.match(line.text):
            self._take_field(found["name"].lower(), found["value"].strip())
        elif _ONLY_AGENDA.match(line.text):
            self.listing = False
        elif self.listing and not (line.after_blank and self.attendees):
            self._attend(line.text)
        else:
            self.listing = False
            self._take_text(line.text)

    def _take_field(self, name: str, value: str) -> None:
        known = _FIELDS.get(name)
        self.listing = known is None and name not in (*_PASSED_OVER, "to")
        if known == "meeting" and value:
            self.meeting, self.is_named = value, True
        elif known and value:
            own = getattr(self, known)
            setattr(self, known, ", ".join(filter(None, (own, value))))
        elif name.startswith("chair") and value:
            self.attendees.append(f"{value} (Chair)")
            self.listing = False
        elif known is None and name not in _PASSED_OVER and value:
            self._attend(value)

    def _attend(self, text: str) -> None:
        bare = re.sub(r"^(?:councillors|cllrs)\s+", "", text, flags=re.IGNORECASE)
        parts = re.split(r"[;,]\s*|\s+and\s+(?=[A-Z]\S*\s)", bare)
        names = (re.sub(r"^and\s+", "", part.strip(" .")) for part in parts)
        self.attendees += [n for n in names if 0 < len(n.split()) <= _LONGEST_NAME]

    def _take_text(self, text: str) -> None:
        if date := _DATE.search(text):
            self.date = self.date or date.group().strip(" ,")
            for part in (text[: date.start()], text[date.end() :]):
                self._take_name_or_place(part.strip(" ,–-"))
        else:
            self._take_name_or_place(text)

    def _take_name_or_place(self, text: str) -> None:
        text = _AROUND.sub("", text).strip() or text
        where = _AT.match(text) or self.date or not _GATHERING.search(text)
        short = len(text.split()) <= _LONGEST_PLACE
        placed = where and (self.meeting or _AT.match(text))
        if _ROOM.search(text) and short and placed:
            self.place = self.place or _AT.sub("", text).strip()
        elif not text.strip(" .:") or self.is_named or _BETWEEN.match(text):
            return
        elif _names_meeting(text) and _is_council(self.meeting):
            self.council, self.meeting = self.council or self.meeting, text
        elif not self.meeting or (
            _BODY.search(text) and not _BODY.search(self.meeting)
        ):
            if _is_council(self.meeting):
                self.council = self.council or self.meeting
            self.meeting = text.rstrip(" :")
        elif _is_council(text) and "the" not in text.lower().split():
            self.council = self.council or text


def _names_meeting(text: str) -> bool:
    return bool(_MEETING.search(text)) and len(text.split()) <= _LONGEST_NAME


def _is_council(text: str) -> bool:
    return bool(_COUNCIL.search(text)) and len(text.split()) <= _LONGEST_NAME


def council_in(texts: Iterable[str]) -> str:
    """Return the council that a line below a mail names beside other things, or nothing."""
    pieces = (piece for text in texts for piece in _PIECES.split(text.strip()))
    return next(filter(_COUNCIL_NAMED.match, pieces), "")


def read_head(lines: Iterable[Line]) -> Head:
    """Return what the lines above the first item say of the meeting."""
    head = Head()
    for line in lines:
        head.take(line)
    return head


def unsaid_of(head: Head, lines: Sequence[Line]) -> Iterator[str]:
    """Yield the lines above the first item of which the head keeps less than all."""
    told = " ".join((head.council, head.meeting, head.date, head.place))
    told = " ".join((told, *head.attendees))
    kept = set(re.findall(r"\w+", told.lower()))
    for line in lines:
        words = re.findall(r"\w+", _FIELD.sub(r"\g<value>", line.text).lower())
        words = [word for word in words if len(word) >= _LEAST_LETTERS]
        if not kept.issuperset(words) and not _ONLY_AGENDA.match(line.text):
            yield line.text


def lines_of_head(lines: Sequence[Line]) -> set[Line]:
    """Return the lines above the first item where no line carries a mark."""
    head: set[Line] = set()
    reading = Head()
    for place, line in enumerate(lines):
        says_so = _GATHERING.search(line.text) and not line.text.endswith("?")
        leads_in = line.text.endswith(":")
        opening = place == 0 and (says_so or leads_in) and len(lines) > 1
        known = _FIELD.match(line.text) or _is_date_alone(line.text)
        listed = reading.listing and not line.after_blank
        if not (opening or known or listed or _ONLY_AGENDA.match(line.text)):
            break
        reading.take(line)
        head.add(line)
    return head


def _is_date_alone(text: str) -> bool:
    found = _DATE.match(text)
    return found is not None and len(text) - len(found.group()) < 25
