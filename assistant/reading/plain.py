"""Reads Markdown without details in front, and plain text, whatever its encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from assistant.errors import CorpusError
from assistant.reading.blocks import (
    Block,
    Extract,
    Found,
    FoundTable,
    Kind,
    Part,
    clean,
    make_sections,
)
from assistant.reading.front_page import find_date, is_title, read_front_blocks
from assistant.reading.markdown import FRONT
from assistant.reading.tables import with_rows

if TYPE_CHECKING:
    from markdown_it.token import Token

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\S.{0,100}$")
_LONGEST_HEADING = 100
_RULE = re.compile(r"[=\-~*_#+]{3,}")
_ITEM = re.compile(r"(?:[-*+•–]|\d{1,2}[.)]|\(?[a-z][.)])\s+(?=\S)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,2}|_{1,2})(\S(?:[^*_]*\S)?)\1(?!\w)")
_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|table|section|article|body|html)\b", re.I
)
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
    front = FRONT.match(text)
    values = _front_values(front.group(1)) if front else {}
    body = text[front.end() :] if front else text
    if _is_html(body):
        from assistant.reading.webpage import read_webpage

        extract = read_webpage(body, "The text")
        found, blocks = extract.found, None
    else:
        parts = tuple(_markdown_blocks(body))
        blocks = with_rows(parts)
        found = _front_of(blocks)
    said = values.get("authors") or values.get("author") or []
    authors = said if isinstance(said, list) else [said]
    given = {k: clean(str(values[k])) for k in ("title", "publisher") if values.get(k)}
    date = values.get("date") or values.get("published")
    found = Found(
        title=given.get("title") or found.title,
        authors=tuple(str(a) for a in authors) or found.authors,
        published=(find_date(str(date)) if date else None) or found.published,
        publisher=given.get("publisher") or found.publisher,
    )
    if blocks is None:
        return replace(extract, kind="Markdown", found=found)
    sections = make_sections(blocks, found.title)
    return Extract("Markdown", sections, found, parts=parts)


def _is_html(body: str) -> bool:
    """Tell whether a text's paragraphs are written in HTML."""
    starts = [
        part.lstrip() for part in re.split(r"\n\s*\n|\n(?=<)", body) if part.strip()
    ]
    tagged = sum(bool(_TAG.match(part)) for part in starts)
    return 2 * tagged > len(starts)


def _front_values(text: str) -> dict[str, object]:
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _markdown_blocks(text: str) -> Iterator[Part]:
    from markdown_it import MarkdownIt

    # Raw HTML of a note is dropped: no script and no comment is its text.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 50}).enable("table")
    opened = mark = ""
    rows: list[list[str]] = []
    for token in parser.parse(text):
        if token.type in ("heading_open", "td_open", "th_open"):
            opened = token.tag
        elif token.type in ("heading_close", "td_close", "th_close"):
            opened = ""
        elif token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "• "
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield FoundTable(rows, heads=1)
            rows = []
        words = _words(token)
        if words and opened in ("td", "th"):
            rows[-1].append(words)
        elif words.strip():
            level = int(opened[1:] or 0)
            kind: Kind = "heading" if level else "item" if mark else "text"
            yield Block(kind, words if level else mark + words, level)
            mark = ""


def _words(token: Token) -> str:
    """Return the text of a token; a space for an empty one, nothing for other kinds."""
    if token.type not in ("inline", "fence", "code_block"):
        return ""
    text = _inline(token.children) if token.children else token.content
    return clean(text) or " "


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
        lines = [line.strip() for line in paragraph.splitlines()]
        lines = [line for line in lines if line]
        if len(lines) >= 2 and _RULE.fullmatch(lines[1]):
            yield Block("heading", clean(lines[0]), 1 if lines[1][0] == "=" else 2)
            lines = lines[2:]
        elif len(lines) == 1 and (level := _stands_as_heading(lines[0])):
            yield Block("heading", clean(lines[0].strip("#* ")), level)
            continue
        held: list[str] = []
        for line in [line for line in lines if not _RULE.fullmatch(line)]:
            item = _ITEM.match(line)
            if item and held:
                yield _plain_block(held)
                held = []
            held.append(line)
        if held:
            yield _plain_block(held)


def _plain_block(lines: Sequence[str]) -> Block:
    """Return a paragraph or an item, without the marks that stand for emphasis."""
    text = _EMPHASIS.sub(r"\2", clean(" ".join(lines)))
    item = _ITEM.match(text)
    mark = "• " if item and not item.group()[0].isalnum() else ""
    return Block(
        "item" if item else "text",
        mark + (text[item.end() :] if mark and item else text),
    )


def _stands_as_heading(line: str) -> int:
    """Return the level of a line that stands alone as a heading, else 0."""
    if len(line) > _LONGEST_HEADING or line.endswith((".", ",", ";", ":")):
        return 0
    numbered = _NUMBERED.match(line)
    if numbered:
        return numbered.group(1).count(".") + 1
    return 1 if line.isupper() and sum(c.isalpha() for c in line) > 3 else 0


def _front_of(blocks: Sequence[Block]) -> Found:
    found = read_front_blocks(blocks[:10])
    first = blocks[0] if blocks else None
    if first is None or found.title:
        return found
    # A first line that stands alone is a title even where nothing is larger.
    short = len(first.text) <= _LONGEST_HEADING and first.text[-1] not in ".:"
    named = first.kind == "heading" or is_title(first.text)
    return replace(found, title=first.text if short and named else None)
