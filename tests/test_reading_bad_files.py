"""Bad files: each a clear error from a process with limits, and the rest goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError
from assistant.reading.limited import Limits, read_limited
from assistant.reading.reader import read_file
from tests.documents import Text, paragraph, write_pdf, write_word

TEXT = "Quill House found that weirs need care and that they cost councils £9,000. "


def empty(file: Path) -> Path:
    file.write_bytes(b"")
    return file


def written(data: bytes, name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def zip_bomb(folder: Path) -> Path:
    file = folder / "bomb.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"<a>" * 20_000_000)
    return file


def pdf_bomb(folder: Path) -> Path:
    """One page whose content unpacks to 300 MB."""
    packed = zlib.compress(b"0 " * 150_000_000, 9)
    file = write_pdf(folder / "bomb.pdf", [paragraph(TEXT * 3)])
    stream = b"stream\n" + packed + b"\nendstream"
    head = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<<>>>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
    )
    file.write_bytes(
        head + str(len(packed)).encode() + b">>" + stream + b"endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    return file


def encrypted_pdf(folder: Path) -> Path:
    return write_pdf(folder / "locked.pdf", [paragraph(TEXT)], password="x")


def scan(folder: Path) -> Path:
    return write_pdf(folder / "scan.pdf", [[], []])


def many_pages(folder: Path) -> Path:
    return write_pdf(folder / "long.pdf", [[]] * 2001)


def truncated_word(folder: Path) -> Path:
    file = write_word(folder / "cut.docx")
    file.write_bytes(file.read_bytes()[:-400])
    return file


def spreadsheet(folder: Path) -> Path:
    file = folder / "sheet.docx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return file


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (written(b"", "empty.pdf"), r"empty\.pdf is empty"),
    "blank": (written(b" \n\n ", "blank.txt"), r"blank\.txt is empty"),
    "truncated PDF": (
        written(b"%PDF-1.7\n1 0 obj<</Type/Catalog", "cut.pdf"),
        r"cut\.pdf is (damaged|no well-formed)",
    ),
    "truncated Word": (truncated_word, r"cut\.docx is damaged or incomplete"),
    "wrong type": (
        written(b"\x89PNG\r\n\x1a\n" + b"x" * 99, "photo.pdf"),
        r"photo\.pdf is a picture",
    ),
    "text named PDF": (written(b"Just text.", "text.pdf"), r"no PDF file, whatever"),
    "old Word": (written(b"\xd0\xcf\x11\xe0" + b"x" * 99, "old.doc"), r"old Office"),
    "spreadsheet": (spreadsheet, r"other than a Word document"),
    "program": (written(b"\x7fELF" + b"x" * 99, "run.txt"), r"a program"),
    "binary text": (written(bytes(range(256)) * 9, "b.txt"), r"b\.txt is not text"),
    "encrypted": (encrypted_pdf, r"locked\.pdf is encrypted"),
    "scanned": (scan, r"scan\.pdf .* was scanned.*ocrmypdf"),
    "zip bomb": (zip_bomb, r"bomb\.docx unpacks to"),
    "PDF bomb": (pdf_bomb, r"bomb\.pdf (unpacks|holds pictures|is damaged|takes)"),
    "2,001 pages": (many_pages, r"has 2001 pages; at most 2000"),
    "script only": (
        written(b"<!doctype html><script>alert(1)</script>", "s.html"),
        r"s\.html (holds no text|is no readable)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_a_clear_error(tmp_path: Path, name: str) -> None:
    make, message = BAD[name]
    with pytest.raises(CorpusError, match=message) as caught:
        read_limited(make(tmp_path))
    shown = str(caught.value)
    assert "Traceback" not in shown
    assert shown.count("\n") == 0


def test_a_line_of_a_million_letters_is_read(tmp_path: Path) -> None:
    file = tmp_path / "line.txt"
    file.write_text(TEXT * (1_000_000 // len(TEXT)), encoding="utf-8")
    extract = read_limited(file)
    assert sum(len(s.text) for s in extract.sections) > 990_000


def test_a_word_of_a_million_letters_is_read(tmp_path: Path) -> None:
    file = tmp_path / "word.txt"
    file.write_text("x" * 1_000_000, encoding="utf-8")
    assert len(read_limited(file).sections[0].text) == 1_000_000


def test_reading_stops_at_its_limit_of_time(tmp_path: Path) -> None:
    file = write_pdf(tmp_path / "slow.pdf", [paragraph(TEXT * 20)] * 400)
    with pytest.raises(CorpusError, match=r"slow\.pdf takes more than 1 seconds"):
        read_limited(file, Limits(seconds=1))


def test_reading_stops_at_its_limit_of_memory(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    file.write_text((TEXT + "\n\n") * 500_000, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"big\.txt (takes more memory|cannot be)"):
        read_limited(file, Limits(memory=200_000_000))


def test_reading_stops_at_its_limit_of_output(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    file.write_text(TEXT * 10_000, encoding="utf-8")
    with pytest.raises(CorpusError, match="holds more text than a report should"):
        read_limited(file, Limits(output=10_000))


def test_a_name_with_tricks_is_only_a_name(tmp_path: Path) -> None:
    file = tmp_path / "-rf $(touch x); ..%2f..;é\n.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert TEXT.strip() in read_limited(file).sections[0].text
    assert json.dumps(sorted(p.name for p in tmp_path.iterdir())) == json.dumps(
        [file.name]
    )


def test_a_module_beside_the_file_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "resource.py", "assistant.py"):
        (tmp_path / name).write_text("raise SystemExit('run')", encoding="utf-8")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert TEXT.strip() in read_limited(Path("a.txt")).sections[0].text


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """Its limits forbid it to leave anything behind, whatever a parser is led to."""
    code = (
        "from assistant.reading.worker import limit_this_process\n"
        "limit_this_process(10**9, 5)\n"
        f"print('x' * 10, file=open({str(tmp_path / 'out')!r}, 'w'), flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert "File too large" in ended.stderr
    assert (tmp_path / "out").read_bytes() == b""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("samples")
    pages = [paragraph(TEXT * 3), [Text("Weirs", size=20), *paragraph(TEXT)]]
    pdf = write_pdf(folder / "a.pdf", pages, bookmarks=[("Weirs", 1, 1)])
    word = write_word(folder / "a.docx")
    return {".pdf": pdf.read_bytes(), ".docx": word.read_bytes()}


@given(st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_file_with_broken_bytes_is_read_or_refused(
    tmp_path: Path, samples: dict[str, bytes], data: st.DataObject
) -> None:
    """In this very process: no parser's own error gets out."""
    suffix = data.draw(st.sampled_from(sorted(samples)))
    broken = bytearray(samples[suffix])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place : place + data.draw(st.integers(0, 4))] = data.draw(
            st.binary(max_size=4)
        )
    file = tmp_path / f"broken{suffix}"
    file.write_bytes(broken)
    with suppress(CorpusError):
        assert read_file(file).sections
