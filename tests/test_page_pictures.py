"""Pictures of pages: drawn within limits, marked where the words can be placed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from assistant.reading.limited import Limits, draw_limited
from assistant.reading.page_picture import HEIGHT, WIDTH
from assistant.web.documents.page_pictures import Pictures
from tests.documents import paragraph, write_pdf

LIMITS = Limits(seconds=60)
CITED = "Councils should inspect each weir."
FIRST = f"Weirs need care. {CITED} A weir costs £9,000."


def yellow(picture: bytes) -> float:
    """The share of a picture that has the colour of the mark."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    counts = image.getcolors(maxcolors=1_000_000)
    assert counts is not None
    marked = sum(number for number, colour in counts if colour == (255, 224, 102))
    return marked / (image.width * image.height)


def drawn(file: Path, quote: str = "", limits: Limits = LIMITS) -> bytes | None:
    return draw_limited(file, 1, quote, limits)


def test_what_opens_without_a_password_is_drawn(tmp_path: Path) -> None:
    file = write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)], password="")
    assert drawn(file, CITED) is not None


@pytest.mark.parametrize(
    ("width", "height"), [(14_400, 14_400), (1, 100_000), (1e30, 1e30), (0, 0)]
)
def test_a_page_of_any_size_is_drawn_within_bounds(
    tmp_path: Path, width: float, height: float
) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=width, height=height)
    writer.write(tmp_path / "a.pdf")
    picture = drawn(tmp_path / "a.pdf")
    assert picture is not None
    size = Image.open(BytesIO(picture)).size
    assert size[0] <= WIDTH
    assert size[1] <= HEIGHT


def test_drawing_is_limited(tmp_path: Path) -> None:
    file = write_pdf(tmp_path / "a.pdf", [paragraph(FIRST)])
    assert drawn(file, CITED) is not None
    assert drawn(file, CITED, Limits(output=100)) is None
    assert drawn(file, CITED, Limits(memory=60_000_000)) is None
    assert drawn(file, CITED, Limits(seconds=0)) is None


def test_a_scanned_page_is_drawn_without_marks(tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), "grey").save(tmp_path / "a.pdf")
    picture = drawn(tmp_path / "a.pdf", CITED)
    assert picture is not None
    assert yellow(picture) == 0


def test_a_page_is_drawn_anew_where_its_file_changed(tmp_path: Path) -> None:
    seen: list[bool] = []

    def draw(file: Path, page: int, quotes: str, marked: bool) -> bytes | None:
        seen.append(marked)
        return b"a picture"

    pictures = Pictures(draw)
    kept = pictures.respond(tmp_path, "hash", 1, "", marked=False)
    assert (kept.body, seen) == (b"a picture", [False])
    renewed = pictures.respond(
        tmp_path, "other", 1, "", marked=True, known=kept.headers["ETag"]
    )
    assert (renewed.status_code, seen) == (200, [False, True])
