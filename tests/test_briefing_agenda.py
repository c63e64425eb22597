"""Agendas: what is read of them, what is asked, and what is no agenda."""

from __future__ import annotations

from pathlib import Path
from random import Random

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.briefing.agenda.agenda import (
    MOST_CHARS,
    MOST_ITEMS,
    MOST_OF_A_LINE,
    AgendaItem,
    parse_agenda,
    write_agenda,
)
from assistant.briefing.agenda.file import read_agenda_file
from assistant.briefing.agenda.questions import (
    MOST_QUESTIONS,
    is_procedural,
    matter_of,
    questions_of,
    with_questions,
)
from assistant.errors import AgendaError
from tests.odd import odd

COMMITTEE = """Overview and Scrutiny Committee
Thursday 14 November 2024, 10.00am
Venue: Council Chamber
Present: Cllr A Green (Chair); Cllr B White

AGENDA

1. Apologies for absence
2. Minutes of the meeting held on 3 October 2024 (pages 3–8)
4. Oflog and performance data – for discussion
   - data sharing with health partners
5. Devolution and Local Growth Plans (Report of the Director of Place)
6. Prevention
   Does prevention
   reduce costs?
10. Date of next meeting: 12 December 2024
"""
ENGLISH = {"devolution", "and", "local", "growth", "plans", "prevention", "adult"}


def titles(text: str) -> list[str]:
    return [item.title for item in parse_agenda(text).items]


def test_a_committee_agenda_is_read_whole() -> None:
    agenda = parse_agenda(COMMITTEE)
    assert agenda.meeting == "Overview and Scrutiny Committee"
    assert agenda.date == "Thursday 14 November 2024, 10.00am"
    assert agenda.place == "Council Chamber"
    assert agenda.attendees == ("Cllr A Green (Chair)", "Cllr B White")
    assert [item.number for item in agenda.items] == ["1", "2", "4", "5", "6", "10"]
    assert agenda.items[2].matters == ("data sharing with health partners",)
    assert agenda.notes == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is Oflog for?\nWho pays?\n", ["What is Oflog for?", "Who pays?"]),
        (
            "# Growth Board\n\n## Devolution\nnote\n## Skills\n",
            ["Devolution", "Skills"],
        ),
        ("Agenda\n- Housing\n- Planning\n", ["Housing", "Planning"]),
        ("Growth Board\nHousing\nTransport links", ["Housing", "Transport links"]),
        ("a) Housing\nb) Transport", ["Housing", "Transport"]),
        ("1 Apologies\n2 Oflog", ["Apologies", "Oflog"]),
        ("Item 4: Oflog\nItem 5: Skills", ["Oflog", "Skills"]),
        ("**1.** Oflog\n**2.** Skills", ["Oflog", "Skills"]),
        ("| 1. | Oflog |\n|---|---|\n| 2. | Skills |", ["Oflog", "Skills"]),
        ("| No | Item |\n|---|---|\n| 1 | Oflog | JS |\n", ["Oflog"]),
        ("1. Devolution and\nlocal growth", ["Devolution and local growth"]),
        ("Devolution deals", ["Devolution deals"]),
    ],
)
def test_items_are_found_by_the_strongest_mark(text: str, found: list[str]) -> None:
    assert titles(text) == found


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "....\n---\n", "1.\n2.\n", "# \n", "7"]
)
def test_what_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(AgendaError, match="item or question a line"):
        parse_agenda(text)


def test_a_huge_agenda_is_cut_and_says_so() -> None:
    agenda = parse_agenda("\n".join(f"{n}. Matter {n} of it" for n in range(1, 201)))
    assert len(agenda.items) == MOST_ITEMS
    assert "200 items" in agenda.notes[0]
    with pytest.raises(AgendaError, match="without its papers"):
        parse_agenda("x" * (MOST_CHARS + 1))


def test_an_agenda_in_another_language_is_read_with_a_note() -> None:
    agenda = parse_agenda(
        "1. Begrüßung durch den Vorsitzenden\n2. Haushalt und Finanzen der Stadt\n"
        "3. Bericht zur Digitalisierung der Verwaltung"
    )
    assert len(agenda.items) == 3
    assert "English" in agenda.notes[0]


@pytest.mark.parametrize(
    "title",
    [
        "Apologies",
        "To receive any apologies for absence",
        "Minutes of the last meeting",
        "Declarations of Disclosable Pecuniary Interests",
        "AOB",
        "Any other urgent business",
        "Date and time of next meeting",
        "Exclusion of the press and public",
        "Chair’s announcements",
        "Election of Vice-Chair",
    ],
)
def test_procedure_needs_no_briefing(title: str) -> None:
    assert is_procedural(AgendaItem("1", title))
    assert questions_of(AgendaItem("1", title)) == ()
    assert questions_of(AgendaItem("1", title, questions=("Who?",))) == ("Who?",)


@pytest.mark.parametrize(
    "title",
    ["Public health", "Minuting decisions with AI", "Election funding", "Lunches"],
)
def test_what_only_sounds_like_procedure_is_briefed(title: str) -> None:
    assert questions_of(AgendaItem("1", title))


@pytest.mark.parametrize(
    ("title", "matter"),
    [
        ("Oflog and performance data – for discussion", "Oflog and performance data"),
        ("Update on prevention (verbal)", "prevention"),
        ("10:15 Local Growth Plans (10 mins)", "local growth plans"),
        ("Adult social care – Jane Smith", "adult social care"),
        ("Devolution (Report of the Director of Place)", "devolution"),
        ("To consider the devolution of growth", "devolution of growth"),
        ("LOCAL GROWTH PLANS", "local growth plans"),
        ("Devolution in Kent", "devolution in Kent"),
    ],
)
def test_matter_of_takes_off_what_is_not_the_matter(title: str, matter: str) -> None:
    assert matter_of(title, ENGLISH.__contains__) == matter


def test_an_item_gets_as_many_questions_as_it_has_matters_up_to_a_bound() -> None:
    item = AgendaItem("1", "Skills", ("lessons learned", "new academies"))
    assert questions_of(item) == (
        "What do the reports say about Skills?",
        "What do the reports say about lessons learned?",
        "What do the reports say about new academies?",
    )
    own = AgendaItem("1", "Skills", questions=tuple(f"Who is {n}?" for n in range(9)))
    assert len(questions_of(own)) == MOST_QUESTIONS


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60)


@given(st.lists(LINES, max_size=30).map("\n".join))
def test_any_text_is_an_agenda_or_an_error_of_ours(text: str) -> None:
    try:
        agenda = with_questions(parse_agenda(text))
    except AgendaError:
        return
    assert agenda.items
    assert all(len(item.questions) <= MOST_QUESTIONS for item in agenda.items)
    assert all(q.strip() for item in agenda.items for q in item.questions)


def some_titles(chance: Random) -> list[str]:
    def word() -> str:
        return "".join(chance.choices("abcdefghij", k=chance.randint(3, 8)))

    return [
        " ".join(word() for _ in range(chance.randint(1, 5))).capitalize()
        for _ in range(chance.randint(1, 9))
    ]


@given(odd(some_titles))
def test_an_agenda_written_for_editing_is_read_the_same(names: list[str]) -> None:
    lines = [f"{n}. {title}" for n, title in enumerate(names, start=1)]
    agenda = with_questions(parse_agenda("Meeting: The Board\n" + "\n".join(lines)))
    again = with_questions(parse_agenda(write_agenda(agenda)))
    assert (again.meeting, again.date) == (agenda.meeting, agenda.date)
    for one, other in zip(agenda.items, again.items, strict=True):
        assert (one.number, one.title) == (other.number, other.title)
        assert one.questions == other.questions


def test_a_word_agenda_keeps_the_numbers_that_word_shows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Growth Board", style="Title")
    document.add_paragraph("Date: 4 June 2024")
    document.add_paragraph("Apologies", style="List Number")
    document.add_paragraph("Oflog", style="List Number")
    document.add_paragraph("data for scrutiny", style="List Bullet")
    file = tmp_path / "agenda.docx"
    document.save(str(file))
    agenda = parse_agenda(read_agenda_file(file).text)
    assert (agenda.meeting, agenda.date) == ("Growth Board", "4 June 2024")
    assert [i.title for i in agenda.items] == ["Apologies", "Oflog"]
    assert agenda.items[1].matters == ("data for scrutiny",)


def test_a_word_agenda_in_a_table_is_read_by_rows(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows,
        (("1", "Oflog", "JS"), ("2", "Skills", "AB")),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    file = tmp_path / "agenda.docx"
    document.save(str(file))
    assert titles(read_agenda_file(file).text) == ["Oflog", "Skills"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", b"PK\x03\x04 broken", "damaged"),
        ("a.docx", b"", "empty"),
        ("a.pdf", b"%PDF-1.4", "damaged|no well-formed PDF"),
        ("a.txt", b"\x7fELF\x00\x00\x01\x00binary\x00", "a program"),
    ],
)
def test_a_file_that_is_no_agenda_is_refused(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(AgendaError, match=told):
        read_agenda_file(file)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(tmp_path: Path, coding: str) -> None:
    file = tmp_path / "agenda.txt"
    file.write_bytes("1. Councils’ data – “why”".encode(coding))
    assert titles(read_agenda_file(file).text) == ["Councils’ data – “why”"]


def test_marks_that_turn_a_text_round_are_taken_out() -> None:
    agenda = parse_agenda(
        "1. Housing \u202egnp.exe\u202c and\u200b health\u2066x\u2069"
    )
    assert agenda.items[0].title == "Housing gnp.exe and healthx"


def test_an_item_without_a_word_is_none() -> None:
    assert titles("1. Oflog\n2. ====1\n3. 1234\n4. +1+1") == ["Oflog"]


def test_a_very_long_item_is_cut_and_told() -> None:
    agenda = parse_agenda("1. " + "devolution " * 15_000 + "\n2. Oflog")
    assert len(agenda.items[0].title) <= MOST_OF_A_LINE + 2
    assert agenda.items[0].title.endswith(" …")
    assert "longer than" in agenda.notes[0]
    assert agenda.items[1].title == "Oflog"


@pytest.mark.parametrize(
    "line",
    ["- " * 60_000 + "Oflog", "# a" + " " * 150_000 + "Oflog", "**a " * 40_000],
    ids=["bullets", "spaces", "stars"],
)
def test_a_line_of_marks_neither_hangs_nor_breaks(line: str) -> None:
    assert titles(f"1. Health\n{line}\n2. Housing") == ["Health", "Housing"]


def test_a_heading_s_closing_marks_and_doubled_bullets_are_taken_off() -> None:
    assert titles("## Oflog ##\n## Health #") == ["Oflog", "Health"]
    assert titles("- - 4. Oflog\n- - 5. Health") == ["Oflog", "Health"]


def test_words_said_again_and_again_do_not_make_it_foreign() -> None:
    assert not parse_agenda("\n".join(f"{n}. Matter {n}" for n in range(1, 40))).notes


@pytest.mark.parametrize(
    "text",
    [
        "1. Ymddiheuriadau\n2. Datganoli a thwf lleol\n3. Iechyd a gofal cymdeithasol yn y "
        "gymuned heddiw gyda phartneriaid",
        "1. Otwarcie sesji\n2. Budżet i finanse samorządu terytorialnego na rok przyszły "
        "oraz wieloletnia prognoza finansowa gminy",
    ],
)
def test_an_agenda_in_another_language_is_told(text: str) -> None:
    assert "does not look like English" in parse_agenda(text).notes[0]


def test_a_table_within_a_cell_and_a_huge_cell_are_read(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "1", "Oflog"
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "2", "skills " * 5_000
    table.rows[0].cells[1].add_table(1, 1).rows[0].cells[0].text = "inner"
    file = tmp_path / "agenda.docx"
    document.save(str(file))
    agenda = parse_agenda(read_agenda_file(file).text)
    assert agenda.items[0].title.startswith("Oflog")
    assert agenda.items[1].title.startswith("skills skills")
