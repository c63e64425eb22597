"""A pack as Markdown; text is escaped so that none of it is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.briefing.export import blocks

# Whatever CommonMark, its tables and footnotes, and formulas in dollars may read.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$&{}^!@])")
# At the beginning of a line these open a list, a rule or a heading underlined.
_OPENING = re.compile(r"^(\s*)([-+=]|\d+[.)])")
# A bare address would become a link in some readers.
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|www)([:.])")


def render_markdown(document: blocks.Document) -> bytes:
    """Return a document as a Markdown file."""
    parts = [f"# {escape(document.title)}"]
    if document.subtitle:
        parts.append(_line(document.subtitle))
    for block in document.blocks:
        parts += _block(block, document)
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def escape(text: str) -> str:
    """Return a text of which Markdown reads nothing as markup."""
    text = _MARKUP.sub(r"\\\1", text)
    text = _ADDRESS.sub(r"\1\\\2", text)
    return _OPENING.sub(_escape_opening, text)


def _escape_opening(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}\\{mark[-1]}"


def _line(spans: blocks.Spans) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: blocks.Span) -> str:
    if span.kind == "cite":
        return f"[\\[{span.text}\\]](#ref-{span.reference})"
    if span.kind == "link":
        address = span.text.replace("<", "%3C").replace(">", "%3E")
        return f"[{escape(span.text)}](<{address}>)"
    if span.kind == "break":
        return "<br>"
    if span.kind == "strong":
        text = span.text.rstrip()
        return f"**{escape(text)}**{span.text[len(text) :]}"
    return escape(span.text)


def _block(block: blocks.Block, document: blocks.Document) -> Iterator[str]:
    match block:
        case blocks.Heading():
            marks = "#" * (block.level + 1)
            yield f'<a id="{block.anchor}"></a>\n\n{marks} {escape(block.text)}'
        case blocks.Paragraph():
            text = _line(block.spans)
            yield f"> {text}" if block.style == "warning" else text
        case blocks.Bullets():
            yield "\n".join(f"- {_line(line)}" for line in block.lines)
        case blocks.Table():
            yield f"**{escape(block.caption)}**"
            yield "\n".join(_table(block))
        case blocks.Contents():
            yield "\n".join(
                f"{'  ' * (h.level - 1)}- [{escape(h.text)}](#{h.anchor})"
                for h in document.headings
            )
        case blocks.References():
            for entry in block.entries:
                mark = f'<a id="ref-{entry.reference}"></a>'
                yield f"{mark}\\[{entry.number}\\] {_line(entry.spans)}"
        case blocks.NewPage():
            pass


def _table(table: blocks.Table) -> Iterator[str]:
    rows = [tuple(escape(cell) for cell in table.header)]
    rows += [tuple(_line(cell) for cell in row) for row in table.rows]
    yield _row(rows[0])
    yield _row(tuple("---" for _ in table.header))
    yield from (_row(row) for row in rows[1:])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
