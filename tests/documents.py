"""Real documents made for tests: PDFs drawn line by line, Word files, printed pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import docx
from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

HEIGHT, WIDTH = 842, 595
LETTERS_A_LINE = 80


class Text(NamedTuple):
    """A line of a page: where it stands, in points from the lower left corner."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    bold: bool = False
    before: str = ""
    """Operators in front of it, for instance ``3 Tr`` (invisible)."""


def _drawn(line: Text) -> str:
    letters = line.text.encode("cp1252").hex()
    font = "F2" if line.bold else "F1"
    return (
        f"q {line.before} BT /{font} {line.size} Tf 1 0 0 1 {line.x} {line.y} Tm "
        f"<{letters}> Tj ET Q"
    )


def ruled(xs: Sequence[float], ys: Sequence[float]) -> Text:
    """The rulings of a table between these places, drawn with an empty line."""
    level = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys]
    upright = [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs]
    return Text("", before=" ".join([*level, *upright]))


def _page(lines: Sequence[Text]) -> PageObject:
    page = PageObject.create_blank_page(width=WIDTH, height=HEIGHT)
    fonts = DictionaryObject()
    for name, base in (("/F1", "/Helvetica"), ("/F2", "/Helvetica-Bold")):
        fonts[NameObject(name)] = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(base),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data("\n".join(map(_drawn, lines)).encode())
    page[NameObject("/Contents")] = content
    return page


@dataclass
class Labels:
    """A run of page labels from a page on: style ``r`` (Roman) or ``D`` (decimal)."""

    page: int
    style: str


def write_pdf(
    file: Path,
    pages: Sequence[Sequence[Text]],
    *,
    bookmarks: Sequence[tuple[str, int, int]] = (),
    labels: Sequence[Labels] = (),
    title: str | None = None,
    author: str | None = None,
    password: str | None = None,
    turned: int = 0,
) -> Path:
    """Write a PDF; a bookmark is its title, its page from 0 and its level from 1."""
    writer = PdfWriter()
    for lines in pages:
        writer.add_page(_page(lines)).rotation = turned
    parents: dict[int, IndirectObject] = {}
    for name, page, level in bookmarks:
        parents[level] = writer.add_outline_item(
            title=name, page_number=page, parent=parents.get(level - 1)
        )
    if labels:
        numbers = ArrayObject()
        for run in labels:
            style = DictionaryObject({NameObject("/S"): NameObject(f"/{run.style}")})
            numbers += [NumberObject(run.page), style]
        writer.root_object[NameObject("/PageLabels")] = DictionaryObject(
            {NameObject("/Nums"): numbers}
        )
    details = {"/Title": title, "/Author": author}
    writer.add_metadata({k: TextStringObject(v) for k, v in details.items() if v})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    file.write_bytes(buffer.getvalue())
    return file


def paragraph(text: str, y: float = 700, x: float = 72, size: float = 11) -> list[Text]:
    """The lines of a paragraph, one under the other."""
    lines, line = [], ""
    for word in text.split():
        if len(f"{line} {word}") > LETTERS_A_LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return [
        Text(part, x, y - number * size * 1.3, size)
        for number, part in enumerate(lines)
    ]


def write_word(file: Path) -> Path:
    """Write a committee paper with headings, a table, a deletion and hidden text."""
    document = docx.Document()
    document.core_properties.title = "Paper on Weirs"
    document.core_properties.author = "Ada Green; Ben Low"
    document.sections[0].header.paragraphs[0].text = "Confidential header"
    document.add_heading("Paper on Weirs", 0)
    document.add_paragraph("5 July 2023")
    document.add_paragraph("Published by Quill House")
    document.add_heading("Findings", 1)
    document.add_paragraph("Quill House found that weirs need care every year.")
    document.add_heading("Costs", 2)
    table = document.add_table(rows=0, cols=3)
    for cells in (("Service", "2023", "2024"), ("Weirs", "£1.2m", "£1.4m")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    last = document.add_paragraph("Visible words. ")
    hidden = last.add_run("Hidden words. ")
    hidden.font.hidden = True
    last.add_run("The end.")
    document.save(str(file))
    return file
