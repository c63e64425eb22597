"""What comes along when an agenda is pasted: mail around it, HTML, columns, one paragraph."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.briefing.agenda.below import LeftOut
from assistant.briefing.agenda.tables import lines_of_rows
from assistant.briefing.agenda.written import text_of_parts
from assistant.errors import CorpusError
from assistant.reading.webpage import read_webpage
from assistant.text.sentences import split_sentences

_TAG = re.compile(
    r"</?(?:html|body|ol|ul|li|p|div|br|table|tr|td|h[1-6])\b[^<>]*>", re.I
)
_MAIL_HEAD = re.compile(
    r"^\**(?P<name>from|to|cc|bcc|sent|date|subject|importance|attachments)\**\s*:",
    re.I,
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon)|morning|afternoon)\b"
    r"[\w\s’'.-]{0,40}[,:!.]?$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:(?:kind|best|warm|many)\s+(?:regards|wishes|thanks)|regards|thanks(?: again)?"
    r"|thank you|cheers|yours (?:sincerely|faithfully)|best|all the best)\b[\s,.!]*$",
    re.IGNORECASE,
)
# "Can we cover the following on Thursday please?" asks the reader, not the shelf.
_LEADING_IN = re.compile(
    r"^(?=.*(?::|\bplease\b|\bfollowing\b|\bbelow\b)).*\b(?:following|below|agenda|cover"
    r"|discuss)\b.*[:?.]$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^\s*(?:\d{1,3}[.)\s]|[-*•]\s|\(?[a-z][.)]\s)", re.IGNORECASE)
_ONLY_NUMBER = re.compile(r"^\s*(?:item\s+)?\d{1,3}[.)]?\s*$", re.IGNORECASE)
_ONLY_PAGES = re.compile(
    r"^\s*\(?(?:pages?|pp?\.)\s*\d+(?:\s*[-–—to]+\s*\d+)?\)?\s*$", re.IGNORECASE
)
_HEAD, _AROUND = "the head of the mail", "around the list"
_SIGNED = "below the sign-off"
_LEAST_ROWS = 2
_LONG = 240
# Of "Prevention, devolution and AI" no part has more words.
_WORDS_OF_ONE = 4
_FROM_AGENDA = re.compile(r"^(?:the\s+)?agenda\s*:\s*", re.IGNORECASE)
_ONE_PARAGRAPH = (
    "The agenda is one paragraph: each of its sentences or parts was taken as an item. "
    "Give one item a line to have it otherwise."
)


class Unwrapped(NamedTuple):
    """An agenda as lines without what is around it, notes on what was done to it."""

    text: str
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def signed(self) -> tuple[str, ...]:
        """The lines below the sign-off of a mail."""
        return tuple(one.text for one in self.left_out if one.why == _SIGNED)


def unwrap(text: str) -> Unwrapped:
    """Return an agenda as lines: read as HTML, out of its mail, its columns as rows."""
    if len(_TAG.findall(text)) > 1:
        try:
            text = text_of_parts(read_webpage(text, "The agenda").parts)
        except CorpusError:
            # Tags around nothing: what is left is told as any agenda is.
            text = _TAG.sub(" ", text)
    lines, around = _without_mail(text.splitlines())
    lines = list(_joined(_without_columns(lines)))
    told = [line for line in lines if line.strip()]
    if len(told) == 1 and (parts := _parts(told[0].strip())):
        notes = (_ONE_PARAGRAPH,) if len(told[0]) > _LONG else ()
        return Unwrapped("\n".join(parts), notes, around)
    return Unwrapped("\n".join(lines), (), around)


def _without_mail(lines: list[str]) -> tuple[list[str], tuple[LeftOut, ...]]:
    """Part the lines of a mail from its head, greeting, lead-in and signature."""
    told = [n for n, line in enumerate(lines) if line.strip()]
    heads = [n for n in told[:8] if _MAIL_HEAD.match(lines[n].strip())]
    names = {
        m["name"].lower() for n in heads if (m := _MAIL_HEAD.match(lines[n].strip()))
    }
    is_mail = {"from", "subject"} <= names or {"from", "to"} <= names
    why = dict.fromkeys(heads, _HEAD) if is_mail else {}
    opening = told[: len(why) + 4]
    greeted = [n for n in opening if _GREETING.match(lines[n].strip())]
    why |= dict.fromkeys(greeted, _AROUND)
    ends = [n for n in told[1:] if _SIGN_OFF.match(lines[n].strip())]
    # A sign-off that items follow is none.
    end = next((n for n in ends if not any(map(_MARKED.match, lines[n:]))), len(lines))
    if is_mail or greeted or end < len(lines):
        marked = next((n for n in told if _MARKED.match(lines[n])), None)
        for n in [n for n in told if n not in why]:
            # What stands before the list leads in to it.
            before = n < marked if marked is not None else _leads_in(lines[n])
            why |= {n: _AROUND} if before and n < end else {}
    why |= {n: _SIGNED for n in told if n >= end}
    left_out = tuple(LeftOut(lines[n].strip(), w) for n, w in sorted(why.items()))
    return [line for n, line in enumerate(lines) if n not in why], left_out


def _leads_in(line: str) -> bool:
    return bool(_LEADING_IN.match(line.strip())) and not _MARKED.match(line)


def _without_columns(lines: list[str]) -> list[str]:
    """Read lines of cells parted by bars, tabs, commas or wide gaps as rows of a table."""
    found: list[str] = []
    rows: list[list[str]] = []
    for line in (*lines, ""):
        cells = _cells(line)
        if cells is None:
            if not (rows and _is_rule(line)):
                found += lines_of_rows(rows)
                rows = []
                found.append(line)
        else:
            rows.append(cells)
    return found[:-1]


def _is_rule(line: str) -> bool:
    return bool(line.strip()) and not re.sub(r"[\s|:+=-]", "", line)


def _cells(line: str) -> list[str] | None:
    stripped = line.strip()
    if _is_rule(stripped):
        return None
    if stripped.startswith("|"):
        return [cell.strip() for cell in stripped.strip("|").split("|")]
    if line.count("\t") > 1:
        return line.strip("\n").split("\t")
    if re.match(r'^(?:no|item|time|ref|#|\d{1,3}|"[^"]*"),', stripped, re.IGNORECASE):
        cells = next(csv.reader([stripped], skipinitialspace=True), [])
        # "1, 2 and 3 ..." is prose; a row has no space behind its commas.
        return (
            cells if len(cells) > _LEAST_ROWS and ", " not in _bare(stripped) else None
        )
    if re.match(r"^(?:\d{1,3}[.)]?|no\.?|item)\s{2,}\S", stripped, re.IGNORECASE):
        cells = re.split(r"\s{3,}", stripped)
        return cells if len(cells) > _LEAST_ROWS - (stripped[0].isalpha()) else None
    return None


def _bare(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield lines, a number that stands alone put before the line that follows it."""
    number = ""
    for line in lines:
        if number and _ONLY_PAGES.match(line):
            continue
        if number and line.strip():
            line, number = f"{number.rstrip('.)')}. {line.strip()}", ""
        elif _ONLY_NUMBER.match(line) and line.strip():
            number = line.strip()
            continue
        yield line
    if number:
        yield number


def _parts(text: str) -> list[str]:
    """Return the items of an agenda that was written in one go; none if it is one item."""
    bare = _FROM_AGENDA.sub("", text)
    for between in (r";", r",(?:\s*and\b)?|\band\b"):
        listed = [part.strip(" .") for part in re.split(between, bare)]
        short = between == ";" or max(map(_words, listed)) <= _WORDS_OF_ONE
        if len(listed) > 2 and all(listed) and short:
            return [f"- {part}" for part in listed]
    if len(text) <= _LONG:
        return []
    sentences = split_sentences(text)
    return [f"- {one}" for one in dict.fromkeys(sentences)] if sentences[1:] else []


def _words(text: str) -> int:
    return len(text.split())
