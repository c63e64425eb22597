"""Makes a PDF a scan of itself: pictures of its pages, a little askew, with no letters."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

# Dots to the inch, as an office copier has it; degrees that the sheet lies askew.
DOTS = 150
ASKEW = 0.5


def make_scan(file: Path) -> None:
    """Put pictures of the pages in the place of the pages."""
    with pdfium.PdfDocument(file) as document:
        sizes = [page.get_size() for page in document]
        pictures = [page.render(scale=DOTS / 72).to_pil() for page in document]
    canvas = Canvas(str(file), invariant=1)
    for number, (picture, size) in enumerate(zip(pictures, sizes, strict=True)):
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(_copied(picture, number)), 0, 0, *size)
        canvas.showPage()
    canvas.save()


def _copied(picture: Image.Image, number: int) -> BytesIO:
    """Return a sheet as a copier sees it: grey, askew, with grain."""
    turn = ASKEW if number % 2 == 0 else -ASKEW
    grey = picture.convert("L").rotate(turn, Image.Resampling.BICUBIC, fillcolor=250)
    grain = np.random.default_rng(number).normal(0, 6, (grey.height, grey.width))
    seen = np.clip(np.asarray(grey, dtype=float) * 0.94 + grain, 0, 255)
    packed = BytesIO()
    Image.fromarray(seen.astype(np.uint8)).save(packed, "JPEG", quality=55)
    packed.seek(0)
    return packed
