"""Papers as councils set them: numbered paragraphs, lists, notes, tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from assistant.reading.blocks import Extract
from assistant.reading.pdf import read_pdf
from assistant.reading.pdf_marks import find_marks
from tests.documents import Labels, Text, paragraph, ruled, write_pdf
from tests.test_reading_pdf import LONG, numbered, texts

MORE = (
    "The panel heard in the spring that the owners of weirs seldom write down what they "
    "have seen, and that no two of them count the same things in the same way."
)


def read(tmp_path: Path, *pages: list[Text], **more: object) -> Extract:
    return read_pdf(write_pdf(tmp_path / "paper.pdf", pages, **more))  # type: ignore[arg-type]


def hanging(number: str, text: str, y: float) -> list[Text]:
    return [Text(number, 72, y), *paragraph(text, y, 110)]


def test_a_number_that_hangs_belongs_to_its_paragraph(tmp_path: Path) -> None:
    page = [*hanging("2.13", LONG, 700), *hanging("2.14", MORE, 640)]
    (section,) = read(tmp_path, page).sections
    assert section.text == f"2.13 {LONG}\n\n2.14 {MORE}"


def test_paragraphs_without_space_between_end_with_a_short_line(tmp_path: Path) -> None:
    first, second = paragraph(LONG, 700), paragraph(MORE, 700)
    step = 1.3 * 11
    moved = [line._replace(y=line.y - step * len(first)) for line in second]
    (section,) = read(tmp_path, [*first, *moved]).sections
    assert section.text == f"{LONG}\n\n{MORE}"


def test_a_justified_line_is_one_line(tmp_path: Path) -> None:
    page = [Text("The costs of weirs", 72, 700), Text("rise", 200, 700)]
    page += [Text("in every year.", 72, 686)]
    (section,) = read(tmp_path, page).sections
    assert section.text == "The costs of weirs rise in every year."


def test_raised_letters_of_ordinals_stay_with_their_number(tmp_path: Path) -> None:
    end = 72 + stringWidth("It ran from 8", "Helvetica", 11)
    page = [
        Text("It ran from 8", 72, 700),
        Text("th", end, 704, 6.5),
        Text(" August to the end of the year.", end + 6, 700),
    ]
    (section,) = read(tmp_path, page).sections
    assert section.text == "It ran from 8th August to the end of the year."


def test_numbered_headings_make_a_tree(tmp_path: Path) -> None:
    page = [
        Text("1.", 72, 780, bold=True),
        Text("Context", 110, 780, bold=True),
        *hanging("1.1", LONG, 750),
        Text("2. Options", 72, 680, bold=True),
        Text("2.1 The first option", 72, 650, bold=True),
        *paragraph(MORE, 630),
        Text("2.2 Costs", 72, 560),
        *paragraph(LONG, 540),
    ]
    found = texts(read(tmp_path, page))
    assert list(found) == [
        "1. Context",
        "2. Options › 2.1 The first option",
        "2. Options › 2.2 Costs",
    ]
    assert found["1. Context"] == f"1.1 {LONG}"


def test_a_lead_in_and_its_short_list_are_one_sentence(tmp_path: Path) -> None:
    page = [
        Text("There are three steps to it:", 72, 700),
        *(
            part
            for n, word in enumerate(("Screening", "Scoping", "Care of the weir"))
            for part in (
                Text(f"{n + 1}.", 90, 680 - 14 * n),
                Text(word, 110, 680 - 14 * n),
            )
        ),
        *paragraph(LONG, 600),
    ]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n")[0] == (
        "There are three steps to it: 1. Screening; 2. Scoping; 3. Care of the weir."
    )


def test_the_items_of_a_long_list_keep_their_marks(tmp_path: Path) -> None:
    page = [Text("The panel asks for three things:", 72, 760)]
    for n, text in enumerate((LONG, MORE, LONG)):
        page += [Text("•", 90, 730 - 60 * n), *paragraph(text, 730 - 60 * n, 110)]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n")[1:] == [f"• {LONG}", f"• {MORE}", f"• {LONG}"]


def test_a_number_at_the_head_of_many_pages_is_no_running_head(tmp_path: Path) -> None:
    pages = [hanging(f"{n}.7", f"{n * 'So'} {LONG}", 790) for n in range(1, 5)]
    sections = read(tmp_path, *pages).sections
    text = "\n\n".join(section.text for section in sections)
    assert all(f"{n}.7 {n * 'So'} Quill" in text for n in range(1, 5))


def test_a_footnote_stands_after_its_paragraph(tmp_path: Path) -> None:
    page = [
        Text("Councils saved a third", 72, 700),
        Text("3", 188, 704, 6),
        Text(" of it.", 194, 700),
        *paragraph(LONG, 660),
        Text("3", 72, 103, 5),
        Text("Weirs are counted in the spring.", 78, 100, 8),
    ]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        "Councils saved a third of it.",
        "Note 3: Weirs are counted in the spring.",
        LONG,
    ]


def cells(rows: Sequence[Sequence[str]], top: float) -> list[Text]:
    return [
        Text(cell, 80 + 130 * column, top - 20 * row)
        for row, own in enumerate(rows)
        for column, cell in enumerate(own)
    ]


VANS = [("Depot", "Electric", "Diesel"), ("North", "17", "63"), ("South", "42", "8")]


def test_a_row_of_a_ruled_table_says_what_its_figures_are(tmp_path: Path) -> None:
    page = [
        *paragraph(LONG, 780),
        Text("Table 2: Vans by depot", 72, 655, bold=True),
        ruled([72, 202, 332, 462], [580, 600, 620, 640]),
        *cells(VANS, 625),
        *paragraph(MORE, 540),
    ]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        LONG,
        "Table 2: Vans by depot: North — Electric: 17; Diesel: 63",
        "Table 2: Vans by depot: South — Electric: 42; Diesel: 8",
        MORE,
    ]


def test_cells_may_be_drawn_as_rectangles(tmp_path: Path) -> None:
    boxes = [f"{x} {y} 130 20 re S" for x in (72, 202, 332) for y in (580, 600, 620)]
    page = [Text("", before=" ".join(boxes)), *cells(VANS, 625)]
    (section,) = read(tmp_path, page).sections
    assert section.text.startswith("North — Electric: 17; Diesel: 63")


def test_the_colour_behind_a_cell_ends_no_cell(tmp_path: Path) -> None:
    shades = " ".join(f"{x} 625 118 12 re f" for x in (78, 208, 338))
    page = [
        Text("", before=f"0.8 g {shades}"),
        ruled([72, 202, 332, 462], [580, 600, 620, 640]),
        *cells(VANS, 625),
    ]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        "North — Electric: 17; Diesel: 63",
        "South — Electric: 42; Diesel: 8",
    ]


def test_a_table_goes_on_over_the_page(tmp_path: Path) -> None:
    xs = [72, 202, 332, 462]
    first = [*paragraph(LONG, 780), ruled(xs, [60, 80, 100]), *cells(VANS[:2], 85)]
    second = [ruled(xs, [760, 780]), ruled(xs, [740, 760]), *cells(VANS[2:], 765)]
    second += [*cells([("West", "5", "6")], 745), *paragraph(MORE, 700)]
    sections = read(tmp_path, first, second).sections
    rows = [line for s in sections for line in s.text.split("\n\n") if " — " in line]
    assert rows == [
        "North — Electric: 17; Diesel: 63",
        "South — Electric: 42; Diesel: 8",
        "West — Electric: 5; Diesel: 6",
    ]
    starts = [page.number for section in sections for page in section.pages]
    assert starts == [1, 2]


def test_a_page_may_end_amid_a_row_and_the_next_name_the_columns_again(
    tmp_path: Path,
) -> None:
    xs = [72, 202, 332, 462]
    first = [*paragraph(LONG, 780), ruled(xs, [60, 80, 100])]
    first += cells([VANS[0], ("North", "those with a", "63")], 85)
    second = [ruled(xs, [720, 740, 760, 780])]
    second += cells([VANS[0], ("", "battery", ""), VANS[2]], 765)
    (section,) = read(tmp_path, first, second).sections
    assert section.text.split("\n\n")[1:] == [
        "North, those with a battery — Diesel: 63",
        "South — Electric: 42; Diesel: 8",
    ]


def test_a_word_broken_in_a_cell_is_joined(tmp_path: Path) -> None:
    page = [ruled([72, 202, 332, 462], [580, 600, 640]), *cells(VANS[1:2], 585)]
    page += [Text("Vans of house-", 210, 628), Text("holds", 210, 612)]
    (section,) = read(tmp_path, page).sections
    assert section.text == "North — Vans of households: 17; 63"


def by_rows(xs: Sequence[float], ys: Sequence[float]) -> list[Text]:
    """Rulings as Word draws them: those of each row by themselves."""
    return [ruled(xs, pair) for pair in pairwise(ys)]


def test_a_cell_over_several_rows_stands_in_each(tmp_path: Path) -> None:
    page = by_rows([202, 332, 462], [560, 580, 600, 620])
    page += [ruled([72, 202], [560, 600]), ruled([72, 202], [600, 620])]
    page += cells([VANS[0], ("", "17", "63"), ("", "42", "8")], 605)
    page += [Text("City", 80, 575)]
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        "City — Electric: 17; Diesel: 63",
        "City — Electric: 42; Diesel: 8",
    ]


def test_a_figure_over_several_rows_is_theirs_together(tmp_path: Path) -> None:
    page = by_rows([72, 202, 332], [560, 580, 600, 620])
    page += [ruled([332, 462], [560, 600]), ruled([332, 462], [600, 620])]
    page += cells([VANS[0], ("North", "17", "71"), ("South", "42", "")], 605)
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        "North — Electric: 17; Diesel: 71 (North to South together)",
        "South — Electric: 42; Diesel: 71 (North to South together)",
    ]


def test_the_labels_of_a_chart_are_left_out(tmp_path: Path) -> None:
    labels = [Text(f"{n}0%", 72, 600 - 40 * n) for n in range(1, 6)]
    (section,) = read(tmp_path, [*paragraph(LONG, 700), *labels]).sections
    assert section.text == LONG


def test_a_line_of_text_between_its_rows_parts_no_table(tmp_path: Path) -> None:
    xs = [72, 202, 332, 462]
    page = [*by_rows(xs, [600, 620, 640]), *by_rows(xs, [566, 586])]
    page += [*cells(VANS[:2], 625), Text("Counted in spring.", 80, 590)]
    page += cells(VANS[2:], 572)
    (section,) = read(tmp_path, page).sections
    assert section.text.split("\n\n") == [
        "North — Electric: 17; Diesel: 63",
        "Counted in spring.",
        "South — Electric: 42; Diesel: 8",
    ]


def test_a_cited_row_is_marked_where_it_stands(tmp_path: Path) -> None:
    page = [ruled([72, 202, 332, 462], [580, 600, 620, 640]), *cells(VANS, 625)]
    file = write_pdf(tmp_path / "a.pdf", [page])
    (boxes,) = find_marks(file, 1, ["Table 2: Vans: South — Electric: 42; Diesel: 8"])
    assert len(boxes) == 3
    assert all(bottom < 585 < top for _, bottom, _, top in boxes)


def test_a_box_around_prose_is_no_table(tmp_path: Path) -> None:
    page = [ruled([60, 560], [600, 720]), *paragraph(LONG, 700)]
    (section,) = read(tmp_path, page).sections
    assert section.text == LONG


def test_text_set_sideways_is_read_on_a_page_that_is_not_turned(tmp_path: Path) -> None:
    up = "0 1 -1 0 595 0 cm"
    lines = [line._replace(before=up) for line in paragraph(LONG, 400)]
    (section,) = read(tmp_path, lines).sections
    assert section.text == LONG


def test_a_long_section_is_parted_between_paragraphs(tmp_path: Path) -> None:
    pages = [[Text("Weirs", 72, 780, 16, bold=True)]]
    pages[0] += [t for n in range(8) for t in paragraph(f"{n}{LONG}", 740 - 80 * n)]
    for _ in range(3):
        pages.append([t for n in range(9) for t in paragraph(f"A{MORE}", 760 - 80 * n)])
    sections = read(tmp_path, *pages).sections
    assert [s.heading for s in sections] == ["Weirs", "Weirs (2)"]
    assert all(len(s.text.split()) < 700 for s in sections)


def test_a_text_without_headings_is_read_by_the_paragraph(tmp_path: Path) -> None:
    page = [t for n in range(8) for t in paragraph(f"{LONG} {MORE}", 780 - 90 * n)]
    sections = read(tmp_path, page).sections
    assert [s.heading for s in sections][:2] == [
        "Paragraphs 1 to 2",
        "Paragraphs 3 to 4",
    ]


@pytest.mark.parametrize("lone", ["Contents", "Introduction"])
def test_contents_are_left_out(tmp_path: Path, lone: str) -> None:
    page = [Text(f"{lone} ................................ 4", 72, 760)]
    (section,) = read(tmp_path, [*page, *paragraph(LONG)]).sections
    assert section.text == LONG


def test_bold_lines_that_head_nothing_stay_in_the_text(tmp_path: Path) -> None:
    page = [
        Text("Care of weirs", 72, 780, 16, bold=True),
        *paragraph(LONG, 740),
        Text("Ada Green", 72, 600, bold=True),
        Text("Ben Low", 72, 560, bold=True),
    ]
    found = texts(read(tmp_path, page))
    assert "Ada Green\n\nBen Low" in "\n\n".join(found.values())


def test_lines_that_stand_apart_on_a_page_of_their_own_are_paragraphs(
    tmp_path: Path,
) -> None:
    lines = [
        Text(f"The panel is asked to agree to part {n} of the plan.", 72, 700 - 20 * n)
        for n in range(3)
    ]
    sections = read(tmp_path, paragraph(f"{LONG} {MORE} " * 4), lines).sections
    text = "\n\n".join(section.text for section in sections)
    assert text.endswith("\n\n".join(line.text for line in lines))


def test_the_number_of_a_row_is_no_number_of_a_page(tmp_path: Path) -> None:
    pages = [
        [
            *paragraph(f"Part {n}. {LONG}"),
            Text(str(17 + n), 72, 60),
            Text(word, 140, 60),
        ]
        for n, word in enumerate(("Weirs", "Locks and gates"), 1)
    ]
    sections = read(tmp_path, *pages).sections
    assert {page.label for section in sections for page in section.pages} == {None}


def test_a_year_is_no_number_of_a_page(tmp_path: Path) -> None:
    pages = [[*paragraph(LONG), Text(str(2022 + n), 72, 60)] for n in range(3)]
    sections = read(tmp_path, *pages).sections
    assert {page.label for section in sections for page in section.pages} == {None}


def test_the_label_of_the_file_gives_way_to_a_number_printed_elsewhere(
    tmp_path: Path,
) -> None:
    pages = [paragraph(LONG), *numbered(3)]
    sections = read(tmp_path, *pages, labels=[Labels(0, "D")]).sections
    labels = [page.label for section in sections for page in section.pages]
    assert labels == [None, "1", "2", "3"]
