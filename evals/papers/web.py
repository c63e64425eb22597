"""Writes papers that are text: a web page with all that stands around it, Markdown, text."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from evals.papers.source import TEXTS, Block, Source

_RANKS = {"title": "#", "h1": "##", "h2": "###", "h3": "####"}
_TAGS = {"title": "h1", "h1": "h2", "h2": "h3", "h3": "h4", "p": "p", "small": "p"}


def write_page(source: Source, file: Path) -> None:
    """Write a web page: the text inside ``page.html``, which has menus and notices."""
    frame = Template((TEXTS / "page.html").read_text(encoding="utf-8"))
    body = "\n".join(
        _list(list(blocks)) if kind == "item" else "\n".join(map(_element, blocks))
        for kind, blocks in groupby(source.blocks, lambda block: block.kind)
    )
    page = frame.substitute(
        title=escape(source.heading),
        site=escape(source.settings["site"]),
        foot=escape(source.settings["foot"]),
        body=body,
    )
    file.write_text(page, encoding="utf-8")


def write_markdown(source: Source, file: Path) -> None:
    """Write Markdown with its notes at the end."""
    parts = [_markdown(block) for block in source.blocks]
    parts += [f"[^{number}]: {text}" for number, text in source.notes.items()]
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def write_text(source: Source, file: Path) -> None:
    """Write plain text: paragraphs with an empty line between, nothing else."""
    texts = [f"{block.mark} {block.text}".strip() for block in source.blocks]
    file.write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def _element(block: Block) -> str:
    if block.kind == "table":
        rows = [
            "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
            for row, tag in zip(
                block.rows, ["th"] + ["td"] * len(block.rows), strict=False
            )
        ]
        inside = "".join(f"<tr>{row}</tr>\n" for row in rows)
        return f"<table><caption>{escape(block.text)}</caption>\n{inside}</table>"
    tag = _TAGS[block.kind]
    return f"<{tag}>{escape(block.text)}</{tag}>"


def _list(blocks: list[Block]) -> str:
    tag = "ul" if blocks[0].mark == "•" else "ol"
    items = "".join(f"<li>{escape(block.text)}</li>\n" for block in blocks)
    return f"<{tag}>\n{items}</{tag}>"


def _markdown(block: Block) -> str:
    if block.kind in _RANKS:
        return f"{_RANKS[block.kind]} {block.text}"
    if block.kind == "item":
        mark = "-" if block.mark == "•" else block.mark
        return f"{mark} {block.text}"
    if block.kind == "table":
        lines = ["| " + " | ".join(row) + " |" for row in block.rows]
        lines.insert(1, "|" + " --- |" * len(block.rows[0]))
        return "\n".join([f"**{block.text}**", "", *lines])
    return block.text
