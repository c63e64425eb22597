"""A pack on the page: what is said of it, its text, and its files."""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.briefing import export
from assistant.web.answers.answer_text import count_of

if TYPE_CHECKING:
    from assistant.briefing.pack import Pack

FORMATS = {suffix: known.name for suffix, known in export.FORMATS.items()}
# A browser shows no more than this at a pace that anyone would wait for.
MOST_SHOWN = 400_000
_TOO_LONG = (
    "The pack is too long to be shown here whole. Its page in front is; the files have "
    "all of it."
)
_MOST_NAME = 60


def summary_of(pack: Pack) -> str:
    """Return in a sentence or two what came of a run."""
    count = len(pack.items)
    states = Counter(item.state for item in pack.items)
    failed, left = states["failed"], states["not reached"]
    told = f"Done: {count_of(count, 'item')}, {len(pack.references)} references."
    if states["not needed"]:
        told += f" {states['not needed']} need no briefing."
    if left:
        told = (
            f"Stopped after {count - left} of {count_of(count, 'item')}. The pack below holds what "
            "is done. Make the pack again to go on from there."
        )
    if failed:
        told += f" {failed} failed; the pack says why."
    return " ".join([told, *pack.notes])


def pack_html(pack: Pack) -> str:
    """Return a pack as part of a page that has its own first heading."""
    from dataclasses import replace

    from assistant.briefing.front import shown

    text = _body(pack)
    if len(text) > MOST_SHOWN:
        front = _body(shown(replace(pack, length="3min")))
        text = f'<p class="warning">{escape(_TOO_LONG)}</p>{front}'
    return f'<div class="pack">{text}</div>'


def _body(pack: Pack) -> str:
    from assistant.briefing.export import render

    page = render(pack, ".html").decode()
    found = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    # A blank line would end the HTML, and what follows be read as Markdown.
    text = re.sub(r"\n\s*\n", "\n", found[1].strip()) if found else ""
    text = re.sub(r"(</?h)([1-4])\b", lambda m: f"{m[1]}{int(m[2]) + 1}", text)
    # The site has a landmark for its own navigation; this one would only be in the way.
    contents = '<div class="contents"><p><strong>Contents</strong></p>'
    text = text.replace('<nav aria-label="Contents">', contents)
    text = text.replace("</nav>", "</div>")
    # A table that is wider than a narrow window is scrolled by itself.
    opened = '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
    return text.replace("<table>", opened).replace("</table>", "</table></div>")


def write_files(pack: Pack, folder: Path) -> dict[str, Path]:
    """Write a pack in every format; return the files by suffix."""
    from assistant.briefing.export import render

    name = re.sub(r"[^a-z0-9]+", "-", pack.title.lower())[:_MOST_NAME].strip("-")
    files = {suffix: folder / f"{name or 'briefing'}{suffix}" for suffix in FORMATS}
    for suffix, file in files.items():
        file.write_bytes(render(pack, suffix))
    return files
