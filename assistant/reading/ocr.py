"""Reads the pictures of scanned pages by text recognition (``tesseract``)."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING

from assistant.reading.pdf_letters import Letter, PageLetters

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_SCANNED = 200
"""Pages of one file that are recognised at most: about a second each."""
_DOTS = 200  # an inch
_SECONDS = 60
# Words that it is less sure of, in per cent, are specks and lines.
_SUREST = 40
# Lines so much higher than most are set larger; less is the scanner's.
_LARGER = 1.4
_HINT = (
    "Install tesseract (https://tesseract-ocr.github.io; on Debian and Ubuntu `apt install "
    "tesseract-ocr`, on a Mac `brew install tesseract`) and add it again, or run it "
    "through text recognition elsewhere (for instance `ocrmypdf in.pdf out.pdf`)."
)


def is_installed() -> bool:
    """Tell whether text recognition is at hand."""
    return shutil.which("tesseract") is not None


def how_to_install() -> str:
    """Say what is to be done where it is not."""
    return _HINT


def recognise(page: PdfPage, drawn: PageLetters) -> PageLetters:
    """Return a page with the words that are recognised in its picture, each as a letter.

    A page that cannot be recognised stays without any.
    """
    picture = BytesIO()
    bitmap = page.render(scale=_DOTS / 72, grayscale=True, limit_image_cache=True)
    bitmap.to_pil().save(picture, "PNG")
    program = shutil.which("tesseract")
    assert program is not None
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "--dpi", str(_DOTS), "tsv"],
            input=picture.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return drawn
    table = done.stdout.decode("utf-8", "replace").splitlines()
    rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return replace(drawn, letters=list(_words(rows, drawn.height)))


def _words(rows: Sequence[Mapping[str, str]], height: float) -> Iterator[Letter]:
    lines = [row for row in rows if row["level"] == "4"]
    sizes = {_line_of(row): int(row["height"]) * 72 / _DOTS for row in lines}
    usual = median(sizes.values()) if sizes else 0.0
    bottoms = {_line_of(r): int(r["top"]) + int(r["height"]) for r in lines}
    for row in rows:
        text = (row.get("text") or "").strip()
        if row["level"] != "5" or not text or float(row["conf"]) < _SUREST:
            continue
        size = sizes[_line_of(row)]
        size = round(size if size > _LARGER * usual else usual, 1)
        left, top, wide, high = (
            int(row[key]) * 72 / _DOTS for key in ("left", "top", "width", "height")
        )
        base = height - bottoms[_line_of(row)] * 72 / _DOTS + 0.2 * size
        box = (left, height - top - high, left + wide, height - top)
        yield Letter(text, left, left + wide, base, size, False, -1, 0, box, box, True)


def _line_of(row: Mapping[str, str]) -> tuple[str, ...]:
    return row["block_num"], row["par_num"], row["line_num"]
