"""Turns the pages of a PDF as Word's printer does: drawn sideways, shown upright."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import NameObject, NumberObject, RectangleObject


def turn_pages(file: Path) -> None:
    """Draw the pages on their side and tell viewers to turn them back (/Rotate 90)."""
    writer = PdfWriter(clone_from=PdfReader(file))
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        page.add_transformation(Transformation((0, 1, -1, 0, height, 0)))
        box = RectangleObject((0, 0, height, width))
        page.mediabox = page.cropbox = box
        page[NameObject("/Rotate")] = NumberObject(90)
    writer.write(file)
