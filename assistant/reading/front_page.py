"""What a document says of itself: title, date, publisher."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from assistant.reading.blocks import Block, Found, clean, letters
from assistant.text.dates import MONTHS

_MONTH_NAMES = [month.lower() for month in MONTHS]
_MONTH = "|".join([*_MONTH_NAMES, *(name[:3] for name in _MONTH_NAMES), "sept"])
_YEAR, _DAY = r"(?P<y>\d{4})", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_NAMED = rf"(?P<m>{_MONTH})\.?"
_DATES = tuple(
    re.compile(rf"\b{form}(?!\d)", re.IGNORECASE)
    for form in (
        rf"{_DAY}\s+{_NAMED},?\s+{_YEAR}",
        rf"{_NAMED}\s+{_DAY},\s+{_YEAR}",
        rf"{_YEAR}-(?P<n>\d{{2}})-(?P<d>\d{{2}})(?=\b|T)",
        rf"{_NAMED},?\s+{_YEAR}",
    )
)
_PUBLISHER = re.compile(
    r"(?:^|\b)(?:first\s+)?published\s+(?:in\s+\d{4}\s+)?by:?\s+(?P<name>[^.,;©\n]{2,80})"
    r"|©\s*(?:copyright\s*)?(?:\d{4},?\s+)?(?P<holder>[^.,;\d\n]{2,80})",
    re.IGNORECASE,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# A body by its name alone, as it stands at the head of its papers.
_BODY = (
    "Council|Authority|Partnership|Trust|Ltd|Limited|LLP|plc|Association|University"
    "|Commission|Agency|Foundation|Institute|Corporation"
)
_BODY_NAME = re.compile(
    rf"\b(?:[A-Z][\w'’-]+\s+(?:(?:of|and|&|upon|on)\s+(?:the\s+)?)?){{1,5}}(?:{_BODY})\b"
)
_BODY_ALONE = re.compile(
    r"(?!.*\b(?:behalf|for|by|to|minutes|agenda|report|review|plan)\b)(?:the\s+)?"
    rf"(?:[\w&'’.-]+\s+){{1,6}}(?:{_BODY}|Board|Committee|Department)",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(
    r"^(?:(?:report\s+)?title(?:\s+of\s+report)?|subject|re)\s*:\s*", re.IGNORECASE
)
# Where the text begins after the title and what belongs to it.
_BEGINS = re.compile(r"\d{1,2}\.\s|(?:introduction|summary|contents)$", re.IGNORECASE)
# A line that ends so goes on in the next.
_END = r"\b(?:of|the|and|for|to|in|on|by|with|an?)$"
_BROKEN_OFF = re.compile(_END, re.IGNORECASE)
# Names that programs and templates give, and lines that stand on any report.
_NO_TITLES = re.compile(
    r"template|^(?:microsoft|powerpoint|word|slide|document)\b|^(?:executive )?summary$"
    r"|^(?:public|private|final|draft)\s+(?:report|draft|version)$|^page \d|:$|@"
    r"|^report (?:to|of|by)\b"
    # A law that a paper is made under, a line broken off, whoever sent a letter.
    r"|\b(?:act|regulations|order) \d{4}(?:\s*\(as amended\))?\W*$"
    rf"|{_END}|^(?:\S+ ){{1,3}}(?:team|department|directorate)$"
    r"|^p\.? ?o\.? box\b",
    re.IGNORECASE,
)
# A date that says what it is of.
_DATED = re.compile(
    r"(?:^date(?:\s+of\s+(?:meeting|report|publication))?\s*:|\bpublished\b"
    r"|\bheld\b.{0,80}\bon\b).{0,30}?\d{4}",
    re.IGNORECASE,
)
_LONGEST_TITLE = 180
_LARGER = 1.12
# A bold line of no more words says what kind of paper it is, and not of what.
_FEW_WORDS = 2


class FrontLine(NamedTuple):
    """A paragraph of the first page: its text, the size of its type, whether bold."""

    text: str
    size: float
    bold: bool = False


def find_date(text: str) -> str | None:
    """Return the first date of a text as ISO, as precise as it is written.

    >>> find_date("London, 5 July 2023"), find_date("Spring; March 2024")
    ('2023-07-05', '2024-03')
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year = int(parts["y"])
            month = int(parts.get("n") or 0) or _month(parts.get("m") or "")
            day = int(parts.get("d") or 0)
            if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12:
                continue
            if "d" not in parts:
                return f"{year}-{month:02}"
            if 1 <= day <= 31:
                return f"{year}-{month:02}-{day:02}"
    return None


def _month(name: str) -> int:
    short = name[:3].lower()
    return next(
        (n for n, full in enumerate(_MONTH_NAMES, 1) if full.startswith(short)), 0
    )


def find_publisher(text: str) -> str | None:
    """Return who published a text: "Published by …" or the holder of the copyright."""
    for match in _PUBLISHER.finditer(text):
        name = (match["name"] or match["holder"]).strip()
        name = re.sub(
            r"\s*\b(?:all rights reserved|in \d{4}|on \d|copyright|database).*$", "",
            name, flags=re.I,
        )  # fmt: skip
        # The map's copyright is the surveyor's, not the paper's.
        if len(name.strip()) > 1 and not name.lower().startswith("crown"):
            # "Published by Weirford Council to fulfil …"
            body = _BODY_NAME.match(name)
            return body.group() if body else name.strip()
    return None


def find_body(lines: Iterable[str], text: str) -> str | None:
    """Return the body whose paper it is, named by its running heads or first page.

    Else it is one that the text speaks of, and has addresses of.
    """
    for part in (part for line in lines for part in re.split(r"[,:|–]", line)):
        name = part.strip(" .-")
        name = name.title() if name.isupper() else name
        if len(name) < 80 and _BODY_ALONE.fullmatch(name) and _BODY_NAME.search(name):
            return name
    hosts = " ".join(re.findall(r"(?:www\.|https?://|@)([\w.-]+)", text.lower()))
    spoken = Counter(match.group() for match in _BODY_NAME.finditer(text))
    for name, count in spoken.most_common(3):
        first = letters(re.sub(r"^The\s+", "", name).split()[0])
        if count >= 2 and len(first) > 3 and first in hosts.replace("-", ""):
            return re.sub(r"^The\s+", "", name)
    return None


def is_person(name: str) -> bool:
    """Tell whether a name in a file's properties is a person's, no body or user name."""
    return " " in name and not re.search(rf"\b(?:{_BODY})\b|\d", name)


def is_title(text: str) -> bool:
    """Tell whether a text may be a title: no template's name, date or body alone."""
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    undated = re.sub(rf"\b(?:{_MONTH}|\d+(?:st|nd|rd|th)?)\b", "", text, flags=re.I)
    return (
        len(words) > 1
        and not (text.endswith(".") and len(words) > 12)
        and len(text) <= _LONGEST_TITLE
        and bool(letters(undated))
        and not _NO_TITLES.search(text.strip())
        and not _BEGINS.match(text)
        and not _BODY_ALONE.fullmatch(text.strip(" ."))
    )


def find_title(
    lines: Sequence[FrontLine], usual: float = 0.0, given: str | None = None
) -> str | None:
    """Return the title of a document by the paragraphs of its first page.

    ``usual`` is the size of most of its type, 0 where that is not known; ``given`` is
    its title as the file's properties have it.
    """
    given = re.sub(r"^Microsoft \w+ - |\.\w{2,4}$", "", given or "").strip() or None
    said = _labelled(lines)
    if said:
        return said
    text = letters(" ".join(line.text for line in lines))
    if given and is_title(given) and (not text or letters(given) in text):
        whole = (x.text for x in lines if x.text.startswith(given) and is_title(x.text))
        return next(whole, given)
    block = _title_block(lines)
    fit = [n for n, line in enumerate(block) if is_title(line.text)]
    least = usual or min((line.size for line in lines), default=0.0)
    largest = max((block[n].size for n in fit), default=0.0)
    if largest >= _LARGER * least:
        return _joined(block, next(n for n in fit if block[n].size == largest))
    # Nothing is larger: a bold line or one in capitals at the head of the page.
    head = block[fit[0]] if fit else None
    if head and (head.bold or head.text.isupper()):
        if len(head.text.split()) > _FEW_WORDS:
            return head.text.rstrip(" .")
        below = block[fit[1]] if len(fit) > 1 and fit[1] == fit[0] + 1 else None
        if below and (below.bold or below.text.isupper()):
            # "ADOPTION STATEMENT", and below it of what.
            return f"{head.text} – {below.text}"[:_LONGEST_TITLE].rstrip(" .")
    usable = given if given and is_title(given) and not fit else None
    return _with_below(block, least) or usable


def _labelled(lines: Sequence[FrontLine]) -> str | None:
    """Return what stands after "Title:", or after "Subject:" of a memo."""
    for line, after in zip(lines, [*lines[1:], FrontLine("", 0)], strict=False):
        label = _TITLE_LABEL.match(line.text)
        if label:
            said = line.text[label.end() :] or after.text
            if said and len(said) <= _LONGEST_TITLE:
                return said.rstrip(" .")
    return None


def _title_block(lines: Sequence[FrontLine]) -> Sequence[FrontLine]:
    """Return the lines before the text begins."""
    for number, line in enumerate(lines):
        if len(line.text) > 200 or _BEGINS.match(line.text):
            return lines[:number]
    return lines


# A title's second line is no sentence of more words than this.
_WORDS_OF_A_LINE = 8


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and len(text.split()) > _WORDS_OF_A_LINE


def _joined(lines: Sequence[FrontLine], place: int) -> str:
    """Join a title that stands in several pieces of one size, one after the other."""
    title, size = lines[place].text, lines[place].size
    for line in lines[place + 1 : place + 3]:
        whole = f"{title} – {line.text}"
        if line.size != size or not is_title(line.text) or len(whole) > _LONGEST_TITLE:
            break
        if _is_sentence(line.text):
            # The text has begun.
            break
        title = title if letters(line.text) in letters(title) else whole
    return title.rstrip(" .")


def _with_below(lines: Sequence[FrontLine], least: float) -> str | None:
    """Return a large word or body with the line below, which says what the paper is."""
    sizes = [line.size for line in lines]
    place = sizes.index(max(sizes)) if sizes else 0
    if place + 1 >= len(lines) or sizes[place] < _LARGER * least:
        return None
    name, below = lines[place].text, lines[place + 1].text
    one_word = letters(name) and " " not in name and not _NO_TITLES.search(name)
    if _is_sentence(below):
        return None
    if is_title(below) or (one_word and not find_date(below)):
        joined = " " if _BROKEN_OFF.search(name) else " – "
        return f"{name}{joined}{below}"[:_LONGEST_TITLE].rstrip(" .")
    return None


def title_of_name(name: str) -> str:
    """Return a file's name as a title.

    >>> title_of_name("Cabinet_Report__air-quality_v2 (1).pdf")
    'Cabinet Report air quality'
    """
    stem = clean(re.sub(r"[_+]+|%20|-+(?=\w)", " ", PurePath(name).stem))
    short = re.sub(r"\s*(?:\(\d+\)|\bv\d+(?:\.\d+)?|\bcopy|\bpublished)\s*$", "", stem,
                   flags=re.IGNORECASE)  # fmt: skip
    title = re.sub(r"\s*(?:\(\d+\)|\bv\d+)\s*$", "", short, flags=re.I).strip() or stem
    return title[:1].upper() + title[1:] if title else "Untitled paper"


def read_front_page(
    lines: Sequence[FrontLine], *, usual: float = 0.0, given: str | None = None
) -> Found:
    """Read the details off a first page; see ``find_title``."""
    texts = [line.text for line in lines]
    return Found(
        title=find_title(lines, usual, given),
        published=find_front_date(texts),
        publisher=next((p for text in texts if (p := find_publisher(text))), None),
    )


def read_front_blocks(blocks: Sequence[Block], given: str | None = None) -> Found:
    """Read the details off the first blocks of a text, of which no type is known.

    A title is set largest, a heading next; both outrank plain text.
    """
    lines = [
        FrontLine(b.text, 30.0 - b.level if b.kind == "heading" else 10.0)
        for b in blocks
    ]
    return read_front_page(lines, usual=10.0, given=given)


def find_front_date(texts: Sequence[str]) -> str | None:
    """Return the date of a paper: as it is labelled, else the first that stands alone.

    A date in a sentence is one that the text speaks of, and one of two is of a period.
    """
    labelled = [m.group() for text in texts if (m := _DATED.search(text))]
    lone = [
        text
        for text in texts
        if len(text) <= 120 and not (text.endswith(".") and len(text.split()) > 6)
    ]
    for text in [*labelled, *lone]:
        rest = re.split(r"\s(?:to|and|until|[–-])\s", text, maxsplit=1)
        period = len(rest) > 1 and find_date(rest[0]) and find_date(rest[1])
        if not period and (date := find_date(text)):
            return date
    return None
