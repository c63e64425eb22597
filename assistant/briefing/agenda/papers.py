"""An agenda pack taken apart: its agenda's pages, and the report of each item."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from assistant.briefing.agenda.lines import read_lines
from assistant.errors import AgendaError
from assistant.reading.blocks import Block, Extract, FoundTable, Page, Part, letters
from assistant.reading.limited import part_limited

# "(Pages 13 - 48)" behind an item.
_PAGES = re.compile(
    r"[(\[]\s*(?:pages?|pp?\.)\s*(?P<first>\d+)(?:\s*(?:[-–—]|to)\s*(?P<last>\d+))?\s*[)\]]",
    re.IGNORECASE,
)
# Fewer numbered lines than this are no agenda, and fewer pages no pack.
_LEAST_ITEMS, _LEAST_PAGES = 3, 4
_MOST_NAME = 60


class Paper(NamedTuple):
    """A report of an agenda pack: its item, title, and pages of the file, from 1."""

    item: str
    title: str
    first: int
    last: int


class _Numbered(NamedTuple):
    """A numbered part of a file: its number, text, pages as printed, and page."""

    number: str
    text: str
    pages: tuple[int, int] | None
    page: int


def take_paper(file: Path, paper: Paper) -> bytes:
    """Return the report of an agenda pack as a PDF of its own.

    Raises:
        AgendaError: its pages cannot be taken out.
    """
    made = part_limited(file, paper.first, paper.last)
    if made is None:
        raise AgendaError(
            f"Pages {paper.first} to {paper.last} cannot be taken out of {file.name}. "
            "Print them to a new PDF and add that."
        )
    return made


def told_of_papers(papers: Sequence[Paper]) -> str:
    """Say which reports an agenda pack holds, and what they are good for."""
    listed = "; ".join(f"item {p.item}, pages {p.first} to {p.last}" for p in papers)
    return (
        f"The file holds the reports of its items ({listed}). `assistant brief --papers "
        "FOLDER` takes them out; one that is added to the shelf under its item's title "
        "is heard first on that item."
    )


def file_name(paper: Paper) -> str:
    """Return a name for the file of a paper: its item's number and its title."""
    words = re.sub(r"[^a-z0-9]+", "-", paper.title.lower())[:_MOST_NAME].strip("-")
    number = re.sub(r"\D+", "-", paper.item).strip("-")
    return f"item-{number.zfill(2)}-{words}.pdf"


def find_papers(read: Extract) -> tuple[tuple[Part, ...], tuple[Paper, ...]]:
    """Return the parts of a PDF that are its agenda, and the reports that follow it.

    Where a report stands is told behind its item ("Pages 13 - 48"), else by the file's
    bookmarks. A file without either, or a short one, is all agenda.
    """
    items = _run(list(_numbered(read.parts)))
    if len(items) < _LEAST_ITEMS or (read.pages or 0) < _LEAST_PAGES:
        return read.parts, ()
    papers = _by_pages(items, read) or _by_outline(items, read)
    end = min((p.first for p in papers), default=items[-1].page + 1)
    agenda = tuple(p for p in read.parts if _first_page(p, 0) < end)
    return agenda, tuple(papers)


def _numbered(parts: Iterable[Part]) -> Iterable[_Numbered]:
    page = 1
    for part in parts:
        page = _first_page(part, page)
        for text in _texts(part):
            line = next(iter(read_lines(text)), None)
            if line is not None and line.kind == "number":
                yield _Numbered(line.number, line.text, _pages_in(text), page)


def _texts(part: Part) -> Iterable[str]:
    if isinstance(part, Block):
        return [part.text]
    return [" ".join(row) for row in part.grid]


def _pages_in(text: str) -> tuple[int, int] | None:
    found = _PAGES.search(text)
    if found is None:
        return None
    return int(found["first"]), int(found["last"] or found["first"])


def _run(numbered: Sequence[_Numbered]) -> list[_Numbered]:
    """Return the items: the run of numbers that goes on, with pages behind if any has."""
    runs: list[list[_Numbered]] = []
    for one in numbered:
        count = int(one.number.split("/")[0])
        last = runs[-1][-1] if runs else None
        near = last is not None and one.page - last.page <= 1
        if last and near and count == int(last.number.split("/")[0]) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    runs = [run for run in runs if len(run) >= _LEAST_ITEMS]
    with_pages = [run for run in runs if any(one.pages for one in run)]
    return next(iter(with_pages or runs), [])


def _by_pages(items: Sequence[_Numbered], read: Extract) -> list[Paper]:
    """Find the reports by the pages told; printed numbers may not be the file's own."""
    ahead = Counter(
        page.number - int(page.label)
        for part in read.parts
        for page in _pages_of(part)
        if page.label and page.label.isdigit()
    )
    off = ahead.most_common(1)[0][0] if ahead else 0
    papers = []
    for item in items:
        first, last = item.pages or (0, 0)
        if 1 <= first + off <= last + off <= (read.pages or 0):
            papers.append(Paper(item.number, _title(item), first + off, last + off))
    return papers


def _by_outline(items: Sequence[_Numbered], read: Extract) -> list[Paper]:
    """Find the reports by bookmarks that bear an item's title."""
    ends = [*read.outline, ("", (read.pages or 0) + 1)]
    papers = []
    for (name, first), (_, after) in pairwise(ends):
        for item in items:
            title = letters(_title(item))
            told = letters(name).lstrip("0123456789")
            same = told and title and (told.startswith(title) or title.startswith(told))
            if same and first > items[-1].page:
                papers.append(Paper(item.number, _title(item), first, after - 1))
                break
    return papers


def _title(item: _Numbered) -> str:
    return " ".join(_PAGES.sub(" ", item.text).split())


def _pages_of(part: Part) -> Sequence[Page]:
    if isinstance(part, FoundTable):
        return part.pages
    return [page for _, page in part.pages]


def _first_page(part: Part, otherwise: int) -> int:
    return next((page.number for page in _pages_of(part)), otherwise)
