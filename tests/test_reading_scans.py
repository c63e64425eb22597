"""Scans: read by text recognition where it is at hand, else refused with what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from assistant.errors import CorpusError
from assistant.reading.limited import read_limited
from assistant.reading.reader import read_file
from tests.documents import paragraph, write_pdf
from tests.test_reading_pdf import LONG

SAID = "Councils must inspect each weir before the winter."


def scan(file: Path, *texts: str) -> Path:
    """A PDF of pictures of pages."""
    writer = PdfWriter()
    for text in texts:
        picture = Image.new("L", (1240, 1754), "white")
        font = ImageFont.load_default(36)
        ImageDraw.Draw(picture).text((120, 200), text, fill="black", font=font)
        drawn = BytesIO()
        picture.save(drawn, "PDF", resolution=150)
        writer.append(drawn)
    with file.open("wb") as handle:
        writer.write(handle)
    return file


def fake(folder: Path, words: Sequence[str]) -> None:
    """A text recognition that always finds these words."""
    head = (
        "level page_num block_num par_num line_num word_num left top width height conf"
    )
    rows = ["\t".join([*head.split(), "text"])]
    rows.append(
        "\t".join(["4", "1", "1", "1", "1", "0", "200", "300", "1100", "40", "-1", ""])
    )
    for number, word in enumerate(words, 1):
        left = str(100 + 100 * number)
        row = [
            "5",
            "1",
            "1",
            "1",
            "1",
            str(number),
            left,
            "300",
            "90",
            "40",
            "95",
            word,
        ]
        rows.append("\t".join(row))
    (folder / "words.tsv").write_text("\n".join(rows) + "\n")
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\ncat > /dev/null\ncat {folder}/words.tsv\n")
    program.chmod(0o755)


@pytest.fixture
def recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, SAID.split())
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")


@pytest.mark.usefixtures("recogniser")
def test_a_scan_is_read_and_says_so(tmp_path: Path) -> None:
    extract = read_limited(scan(tmp_path / "memo.pdf", SAID, SAID))
    assert extract.kind == "PDF, read by text recognition"
    assert [(s.text, s.pages[0].number) for s in extract.sections] == [
        (f"{SAID}\n\n{SAID}", 1)
    ]


@pytest.mark.usefixtures("recogniser")
def test_scanned_pages_among_others_are_read(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.append(write_pdf(tmp_path / "a.pdf", [paragraph(LONG)]))
    writer.append(PdfReader(scan(tmp_path / "b.pdf", SAID)))
    writer.write(tmp_path / "both.pdf")
    extract = read_limited(tmp_path / "both.pdf")
    assert extract.kind == "PDF, in part read by text recognition"
    (section,) = extract.sections
    assert section.text == f"{LONG}\n\n{SAID}"
    assert [page.number for page in section.pages] == [1, 2]


def test_without_the_program_the_package_reads_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    extract = read_limited(scan(tmp_path / "memo.pdf", SAID))
    assert " ".join(s.text for s in extract.sections) == SAID


def test_without_text_recognition_a_scan_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("assistant.reading.ocr.find_spec", lambda name: None)
    with pytest.raises(CorpusError, match=r"memo\.pdf .* was scanned\. Install text"):
        read_file(scan(tmp_path / "memo.pdf", SAID))


def test_a_text_recognition_that_fails_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    with pytest.raises(CorpusError, match="no text can be recognised"):
        read_limited(scan(tmp_path / "memo.pdf", SAID))


@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract")
def test_tesseract_reads_a_scan(tmp_path: Path) -> None:
    extract = read_limited(scan(tmp_path / "memo.pdf", SAID))
    assert " ".join(s.text for s in extract.sections) == SAID
