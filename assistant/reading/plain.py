"""Reads Markdown without details in front, and plain text, whatever its encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import yaml

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    clean,
    make_sections,
    row_text,
)
from assistant.reading.front_page import find_date, read_front_page

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S.{0,100}$")
_LONGEST_HEADING = 100
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode(data: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, UTF-16 or UTF-32 by its mark, else Windows.

    Raises:
        CorpusError: it is no text in any of them.
    """
    coding = next((c for mark, c in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    for attempt in [coding] if coding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(attempt)
        except UnicodeDecodeError:
            continue
        if len(_CONTROL.findall(text[:100_000])) <= len(text[:100_000]) / 1000:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise CorpusError(
        f"{name} is not text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8."
    )


def read_markdown_notes(text: str) -> Extract:
    """Read Markdown: headings, paragraphs, items and rows, without their marks."""
    front = _FRONT.match(text)
    values = _front_values(front.group(1)) if front else {}
    blocks = list(_markdown_blocks(text[front.end() :] if front else text))
    found = _front_of(blocks)
    authors = values.get("authors") or values.get("author") or ()
    if isinstance(authors, str):
        authors = [authors]
    given = {k: clean(str(values[k])) for k in ("title", "publisher") if values.get(k)}
    date = values.get("date") or values.get("published")
    found = Found(
        title=given.get("title") or found.title,
        authors=tuple(str(a) for a in authors) or found.authors,
        published=(find_date(str(date)) if date else None) or found.published,
        publisher=given.get("publisher") or found.publisher,
    )
    return Extract("Markdown", make_sections(blocks, found.title), found)


def _front_values(text: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _markdown_blocks(text: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt

    # Raw HTML of a note is dropped: no script and no comment is its text.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 50}).enable("table")
    opened = ""
    cells: list[str] = []
    for token in parser.parse(text):
        if token.type == "tr_close" and (row := clean(row_text(cells))):
            yield Block("row", row)
        if token.type in ("heading_open", "td_open", "th_open"):
            opened = token.tag
        elif token.type in ("tr_open", "heading_close", "td_close", "th_close"):
            opened = ""
        if token.type == "tr_open":
            cells = []
        if token.type in ("inline", "fence", "code_block"):
            words = clean(_inline(token.children) if token.children else token.content)
            if opened in ("td", "th"):
                cells.append(words)
            elif words:
                level = int(opened[1:] or 0)
                yield Block("heading" if level else "text", words, level)


def _inline(tokens: Sequence[Token]) -> str:
    return "".join(
        " " if token.type in ("softbreak", "hardbreak") else token.content
        for token in tokens
        if token.type not in ("html_inline", "image")
    )


def read_plain(text: str) -> Extract:
    """Read plain text: its paragraphs are parted by blank lines.

    A heading is underlined, or stands alone and is numbered or in capitals.
    """
    blocks = list(_plain_blocks(text))
    found = _front_of(blocks)
    return Extract("plain text", make_sections(blocks, found.title), found)


def _plain_blocks(text: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n|\f", text):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        if not lines:
            continue
        if len(lines) >= 2 and re.fullmatch(r"[=\-~*]{3,}", lines[1]):
            yield Block("heading", clean(lines[0]), 1 if lines[1][0] == "=" else 2)
            lines = lines[2:]
        elif len(lines) == 1 and (level := _stands_as_heading(lines[0])):
            yield Block("heading", clean(lines[0]), level)
            continue
        if words := clean(" ".join(lines)):
            yield Block("text", words)


def _stands_as_heading(line: str) -> int:
    """Return the level of a line that stands alone as a heading, else 0."""
    if len(line) > _LONGEST_HEADING or line.endswith((".", ",", ";", ":")):
        return 0
    numbered = _NUMBERED.match(line)
    if numbered:
        return numbered.group(1).count(".") + 1
    return 1 if line.isupper() and sum(c.isalpha() for c in line) > 3 else 0


def _front_of(blocks: Sequence[Block]) -> Found:
    found = read_front_page(
        [(b.text, 30.0 - b.level if b.kind == "heading" else 10.0) for b in blocks[:10]]
    )
    first = blocks[0] if blocks else None
    # A first line that stands alone is a title even where nothing is larger.
    short = first is not None and len(first.text) <= _LONGEST_HEADING
    alone = (
        first.text
        if short and first is not None and first.text[-1] not in ".:"
        else None
    )
    return Found(
        title=found.title or alone,
        authors=found.authors,
        published=found.published,
        publisher=found.publisher,
    )
