"""From the letters of a page to its lines, columns one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from assistant.reading.blocks import clean
from assistant.reading.pdf_letters import Letter

# A gap wider than this many letter heights parts two cells, or a number and its text.
_CELL_GAP = 1.5
_SPACE = 0.25
_SMALL = 0.88
# So many lines of so many letters on both sides of a gutter are two columns.
_COLUMN_LINES, _COLUMN_LETTERS = 5, 22
_GUTTER = 7.0
# What stands in front of an item or a numbered paragraph, as a word of its own.
MARK = re.compile(
    r"\d{1,2}(?:\.\d{1,3}){1,3}[.)]?|\(?\d{1,3}[.)]|\(?[A-Za-z][.)]|\(?[ivx]{1,5}[.)]"
    r"|[IVX]{1,5}[.)]|[•–]"
)
_HANGING = re.compile(rf"(?:{MARK.pattern}|\d{{1,2}}|-)")
_BULLETS = re.compile("[●▪■◦‣\u2043∙·➢►\uf000-\uf0ff]")
_NOTE = re.compile(r"\d{1,3}|[*†‡]{1,3}")


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline; lengths in points, ``y`` upwards.

    ``notes`` are the raised marks of footnotes in it, which are none of its text.
    """

    text: str
    x: float
    end: float
    y: float
    size: float
    bold: bool = False
    letters: tuple[Letter, ...] = ()
    notes: tuple[str, ...] = ()
    hanging: bool = False
    """True where a number or a bullet stands apart in front of it."""


def make_lines(letters: Iterable[Letter]) -> list[Line]:
    """Return the lines of letters, in their order, parted at wide gaps."""
    lines: list[Line] = []
    held: list[Letter] = []
    size = base = 0.0
    for letter in letters:
        if held and not _follows(held[-1], letter, size, base):
            lines.extend(_line(held))
            held = []
        if not held or letter.size > _SMALL * size:
            size, base = letter.size, letter.y
        held.append(letter)
    lines.extend(_line(held))
    return lines


def _follows(last: Letter, letter: Letter, size: float, base: float) -> bool:
    most = max(size, letter.size)
    alike = min(size, letter.size) > _SMALL * most
    near = abs(letter.y - base) < (0.3 if alike else 0.6) * most
    gap = letter.x - last.end
    return (
        near and letter.turned == last.turned and -0.6 * most < gap < _CELL_GAP * most
    )


def _line(letters: Sequence[Letter]) -> Iterator[Line]:
    """Make a line of letters, the raised numbers of footnotes taken out."""
    if not letters:
        return
    size = Counter(letter.size for letter in letters).most_common(1)[0][0]
    base = next(letter.y for letter in letters if letter.size == size)
    kept: list[Letter] = []
    text = ""
    notes: list[str] = []
    was_note = False
    for run, raised in _runs(letters, size, base):
        words = "".join(" " * _spaced(run, n) + a.text for n, a in enumerate(run))
        is_note = raised and text and _NOTE.fullmatch(words.strip(" ,"))
        if is_note:
            notes.extend(_NOTE.findall(words))
            was_note = True
            continue
        gap = run[0].x - kept[-1].end if kept else 0.0
        apart = gap > _SPACE * size or (run[0].after_space and not raised)
        apart = apart and not (was_note and run[0].text in ".,;:)")
        was_note = False
        text += (" " if text and apart else "") + words.lstrip()
        kept.extend(run)
    shown = clean(_BULLETS.sub("•", text))
    shown = re.sub(r"^o (?=\S)", "• ", shown)
    if shown or notes:
        kept = kept or list(letters)
        bold = [a.bold for a in kept if a.text.isalnum()]
        yield Line(
            shown,
            min(a.x for a in kept),
            max(a.end for a in kept),
            base,
            size,
            bool(bold) and sum(bold) > 0.9 * len(bold),
            tuple(kept),
            tuple(notes),
        )


def _runs(
    letters: Sequence[Letter], size: float, base: float
) -> Iterator[tuple[list[Letter], bool]]:
    """Yield the raised letters of a line and the others, in runs."""
    held: list[Letter] = []
    was = False
    for letter in letters:
        raised = letter.size < _SMALL * size and letter.y > base + 0.1 * size
        if held and raised != was:
            yield held, was
            held = []
        held.append(letter)
        was = raised
    yield held, was


def _spaced(run: Sequence[Letter], place: int) -> bool:
    if place == 0:
        return False
    letter, last = run[place], run[place - 1]
    return letter.after_space or letter.x - last.end > _SPACE * letter.size


def in_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Return lines from top to bottom, those on one baseline together."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y):
        if rows and abs(rows[-1][0].y - line.y) < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.x) for row in rows]


def join_row(row: Sequence[Line]) -> Line:
    """Return the pieces of a row as one line; a number apart in front makes it hang."""
    first = row[0]
    if len(row) == 1:
        return first
    mark = first.text if first.text != "o" else "•"
    hanging = bool(_HANGING.fullmatch(mark))
    rest = row[1:]
    size = most_size((one.size, one.text) for one in rest)
    return replace(
        first,
        text=" ".join([mark, *(one.text for one in rest)]),
        end=row[-1].end,
        size=size if hanging else first.size,
        bold=all(one.bold for one in (rest if hanging else row)),
        letters=tuple(letter for one in row for letter in one.letters),
        notes=tuple(note for one in row for note in one.notes),
        hanging=hanging,
    )


def most_size(texts: Iterable[tuple[float, str]]) -> float:
    """Return the size of type in which most of some texts is set."""
    letters: Counter[float] = Counter()
    for size, text in texts:
        letters[size] += len(text)
    return max(letters, key=letters.__getitem__, default=0.0)


def in_columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines of each column, left before right, what spans them between."""
    ordered = sorted(lines, key=lambda line: -line.y)
    starts = Counter(round(line.x) for line in ordered)
    for start, _ in starts.most_common(8):
        for before, left, right, after in _gutters(ordered, start):
            parts = (before, left, right, after)
            return [column for part in parts if part for column in in_columns(part)]
    return [ordered] if ordered else []


Columns = tuple[list[Line], list[Line], list[Line], list[Line]]


def _gutters(lines: Sequence[Line], start: float) -> Iterator[Columns]:
    """Yield how a gutter before ``start`` parts lines, where columns stand beside it."""
    first = 0
    for place in range(len(lines) + 1):
        crosses = place == len(lines) or (
            lines[place].x < start - 3 and lines[place].end > start - _GUTTER
        )
        if not crosses:
            continue
        run = lines[first:place]
        left = [line for line in run if line.x < start - 3]
        right = [line for line in run if line.x >= start - 3]
        if _is_column(left) and _is_column(right):
            yield list(lines[:first]), left, right, list(lines[place:])
        first = place + 1


def _is_column(lines: Sequence[Line]) -> bool:
    return (
        len(lines) >= _COLUMN_LINES
        and mean(len(line.text) for line in lines) > _COLUMN_LETTERS
    )


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page in the order in which they are read."""
    columns = in_columns(lines)
    return [line for column in columns for row in in_rows(column) for line in row]


def join_lines(lines: Iterable[str], words: Counter[str]) -> str:
    """Join lines to one text, mending words that were broken at their end.

    ``words`` decides whether "long-" and "standing" are one word or keep the hyphen;
    where it knows neither form, the hyphen is taken as the break's own.
    """
    text = ""
    for line in lines:
        broken = re.search(r"([^\W\d_]+)[-\u2010\u00ad]$", text)
        following = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*", line)
        if broken and following and following.group()[0].islower():
            left, right = broken.group(1).lower(), following.group().lower()
            hyphened = words[f"{left}-{right}"] > words[left + right]
            text = (text if hyphened else text[:-1]) + line
        else:
            text = f"{text} {line}" if text else line
    return text


def count_words(lines: Iterable[Line]) -> Counter[str]:
    """Count the words of lines, those with a hyphen within as a whole."""
    words: Counter[str] = Counter()
    for line in lines:
        text = line.text.lower()
        words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![-\u2010\u00ad]$)", text))
    return words
