"""Agendas as officers paste them: front sheets, mails, tables, times, one paragraph."""

from __future__ import annotations

import time
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.briefing.agenda.agenda import Agenda, AgendaItem, parse_agenda
from assistant.briefing.agenda.file import read_agenda_file
from assistant.briefing.agenda.pasted import unwrap
from assistant.briefing.agenda.procedure import is_procedure
from assistant.briefing.agenda.questions import matter_of, questions_of
from assistant.errors import AgendaError

SHEET = """OXBRIDGE DISTRICT COUNCIL

Agenda for a meeting of the
OVERVIEW AND SCRUTINY COMMITTEE
to be held on Thursday, 14 November 2024 at 6.30 pm
in the Council Chamber, Civic Offices, High Street

Membership: Councillors A Green (Chair), B White (Vice-Chair),
D Brown and E Grey

Quorum: 3
Contact: Jane Doe, Democratic Services

AGENDA

1. APOLOGIES FOR ABSENCE
   To receive apologies for absence.
5. DEVOLUTION WHITE PAPER (Pages 13 - 40)
"""
MAIL = """From: Jane Doe
To: Sam Smith
Subject: RE: Agenda for Thursday

Hi Sam,

Can we cover the following on Thursday please?

Devolution framework
Oflog

Kind regards,
Jane

Jane Doe
Head of Policy | Oxbridge District Council
"""


def titles(agenda: Agenda) -> list[str]:
    return [item.title for item in agenda.items]


def test_a_front_sheet_gives_the_body_that_meets_when_where_and_who() -> None:
    agenda = parse_agenda(SHEET)
    assert agenda.meeting == "OVERVIEW AND SCRUTINY COMMITTEE"
    assert agenda.date == "Thursday, 14 November 2024 at 6.30 pm"
    assert agenda.place == "Council Chamber, Civic Offices, High Street"
    assert agenda.attendees == (
        "A Green (Chair)",
        "B White (Vice-Chair)",
        "D Brown",
        "E Grey",
    )
    assert [item.number for item in agenda.items] == ["1", "5"]


@pytest.mark.parametrize(
    ("head", "meeting", "date", "place"),
    [
        ("Cabinet – 5 February 2025", "Cabinet", "5 February 2025", ""),
        (
            "Meeting of the Growth Board on 14/11/2024 at 10:00 in Room 4",
            "Growth Board",
            "14/11/2024 at 10:00",
            "Room 4",
        ),
        (
            "Growth Board\n14th Nov 2024, 10am-12pm\nMicrosoft Teams",
            "Growth Board",
            "14th Nov 2024, 10am-12pm",
            "Microsoft Teams",
        ),
        (
            "Meeting: Board\nWhen: 4 May 2025\nWhere: Town Hall\nApologies: Bo",
            "Board",
            "4 May 2025",
            "Town Hall",
        ),
        ("The Growth Board meets", "The Growth Board meets", "", ""),
    ],
)
def test_heads_are_read(head: str, meeting: str, date: str, place: str) -> None:
    agenda = parse_agenda(f"{head}\n\n1. Oflog\n2. Skills")
    assert (agenda.meeting.removeprefix("The "), agenda.date, agenda.place) == (
        meeting.removeprefix("The "),
        date,
        place,
    )
    assert titles(agenda) == ["Oflog", "Skills"]


def test_names_in_lines_below_their_label_attend() -> None:
    agenda = parse_agenda("Board\nAttendees:\nAnn Smith\nBo Jones\n\n1. Oflog")
    assert agenda.attendees == ("Ann Smith", "Bo Jones")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MAIL, ["Devolution framework", "Oflog"]),
        ("Hi all\n\nAgenda for Monday:\n- Oflog\n- Skills\n\nThanks\nJane", ["Oflog", "Skills"]),
        ("14:00 Welcome\n14:05 Oflog\n2.45pm Data", ["Welcome", "Oflog", "Data"]),
        ("13:15 – 14:00 Finance\n14:00-14:45 Skills", ["Finance", "Skills"]),
        ("<ol><li>Oflog</li><li>A &amp; B growth</li></ol>", ["Oflog", "A & B growth"]),
        ("No,Item,Lead\n1,\"Oflog, and data\",JS\n2,Skills,AB", ["Oflog, and data", "Skills"]),
        ("No\tItem\tLead\n1\tOflog\tJS\n2\tSkills\tAB", ["Oflog", "Skills"]),
        ("| Time | Item |\n|---|---|\n| 10:00 | Oflog |\n| 11:00 | Skills |", ["Oflog", "Skills"]),
        ("Item           Page\n1   Oflog      5 - 8\n2   Skills     9", ["Oflog", "Skills"]),
        ("5.\nDevolution\n(Pages 3 - 10)\n6.\nOflog", ["Devolution", "Oflog"]),
        ("Item No. 1 Oflog\nAgenda Item 3 - Skills", ["Oflog", "Skills"]),
        ("Agenda: Oflog; devolution; AOB", ["Oflog", "devolution", "AOB"]),
        ("1. [Oflog](https://a.uk)\n2. *Skills*\n3. ~~Bins~~", ["Oflog", "Skills", "Bins"]),
        ("1. Of\u200blog\n2. De\u00advolution", ["Oflog", "Devolution"]),
        ("Questions for the minister:\nWhat is Oflog?\nWho pays?", ["What is Oflog?", "Who pays?"]),
        ("Growth Board\n1. Thanks, and what next\n2. Skills", ["Thanks, and what next", "Skills"]),
        ("1, 2 and 3 year settlements\nOflog", ["1, 2 and 3 year settlements", "Oflog"]),
    ],
)  # fmt: skip
def test_items_are_found_whatever_stands_around_them(
    text: str, found: list[str]
) -> None:
    assert titles(parse_agenda(text)) == found


def test_one_long_paragraph_is_taken_by_its_sentences_and_says_so() -> None:
    text = (
        "First we talk about Oflog and what it means for our data. "
        + "Next come "
        + "many " * 40
        + "matters. "
    )
    agenda = parse_agenda(text + "Then Jim presents the devolution paper.")
    assert len(agenda.items) == 3
    assert "one paragraph" in agenda.notes[0]


PASTED = st.lists(
    st.one_of(
        st.sampled_from([*SHEET.splitlines(), *MAIL.splitlines(), "|a|b|", "<li>x", "</p>"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40),
    ),
    max_size=30,
).map("\n".join)  # fmt: skip


@given(PASTED)
@example("</p>\n</p>")
def test_whatever_is_pasted_is_an_agenda_or_an_error_of_ours(text: str) -> None:
    try:
        agenda = parse_agenda(text)
    except AgendaError:
        return
    assert agenda.items


@pytest.mark.parametrize(
    "line",
    ["<p>" * 20_000, "| " * 50_000, "a\t" * 50_000, "[" * 90_000, "1," + '"' * 90_000],
    ids=["tags", "bars", "tabs", "brackets", "quotes"],
)
def test_nothing_pasted_hangs(line: str) -> None:
    before = time.process_time()
    unwrap(f"1. Oflog\n{line}\n2. Skills")
    # Of processor time: a busy machine does not count.
    assert time.process_time() - before < 20


@pytest.mark.parametrize(
    "title",
    [
        "To elect a Vice-Chair for the municipal year",
        "Mayor's communications",
        "Questions on notice from members",
        "Motions on notice",
        "Actions from last meeting",
        "Members’ interests",
        "Substitute members",
        "Exempt information",
        "Arrival and coffee",
        "Networking lunch",
        "Welcome – Sarah Jones",
        "Forward plan of key decisions",
        "WORK PROGRAMME 2024/25",
        "Any other items the Chair decides are urgent",
    ],
)
def test_procedure_is_known_by_its_usual_names(title: str) -> None:
    assert is_procedure(title)


@pytest.mark.parametrize(
    "title",
    [
        "Welcome to the UK programme for refugees",
        "Petitions scheme review",
        "Work programme for devolution",
        "Breakfast clubs",
        "Announcements by government on devolution",
        "Forward plan for neighbourhood services",
        "Public participation in local decision-making",
        "Election of mayors and combined authorities",
        "Membership of combined authorities",
        "Closing the attainment gap",
        "Lunchtime street trading",
    ],
)
def test_a_matter_that_begins_like_procedure_is_none(title: str) -> None:
    assert not is_procedure(title)


@pytest.mark.parametrize(
    ("title", "matter"),
    [
        ("Update on Oflog – verbal update (JS)", "Oflog"),
        ("Adult social care [Paper A]", "Adult social care"),
        ("Workforce strategy – Jane Smith, Director of HR", "Workforce strategy"),
        ("Presentation from Localis on place leadership", "place leadership"),
        ("Integrated Care Boards (Dr. A Khan)", "Integrated Care Boards"),
        ("Devolution deals 9 - 20", "Devolution deals"),
        ("Approbation du procès-verbal", "Approbation du procès-verbal"),
        ("Data-led prevention", "Data-led prevention"),
    ],
)
def test_presenters_papers_and_pages_are_no_part_of_a_matter(
    title: str, matter: str
) -> None:
    assert matter_of(title) == matter


def test_letters_that_spell_no_word_keep_their_capitals() -> None:
    assert matter_of("HM TREASURY FUNDING", lambda word: True) == "HM treasury funding"


def test_of_a_title_in_capitals_no_word_is_left_shouted() -> None:
    known = "resurfacing roads land at".split().__contains__
    shouted = "RESURFACING - UNCLASSIFIED ROADS AT QUAYSIDE (NHS)"
    assert matter_of(shouted, known) == "resurfacing - Unclassified roads at Quayside"


def test_who_gives_a_verbal_update_is_no_matter_though_the_name_be_words() -> None:
    assert (
        matter_of("Prevention (verbal) – Jane Smith", lambda word: True) == "prevention"
    )


def test_a_title_that_groups_matters_is_not_asked_about() -> None:
    item = AgendaItem("3", "Key decisions", ("Local growth plan", "Data centre"))
    assert [q.split("about ")[1] for q in questions_of(item)] == [
        "Local growth plan?",
        "Data centre?",
    ]


def test_a_question_is_put_whole() -> None:
    item = AgendaItem("3", "Oflog", questions=("What is it for?",))
    assert questions_of(item) == ("Oflog: What is it for?",)
    assert questions_of(AgendaItem("1", "How will devolution be funded")) == (
        "How will devolution be funded?",
    )


def word_file(folder: Path, *body: str) -> Path:
    document = docx.Document()
    for xml in body:
        document.element.body.insert(
            -1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))
        )
    file = folder / "agenda.docx"
    document.save(str(file))
    return file


def test_tracked_changes_of_a_word_file_are_read_as_accepted(tmp_path: Path) -> None:
    file = word_file(
        tmp_path,
        "<w:p><w:r><w:t>1. </w:t></w:r><w:ins w:id='1' w:author='a'><w:r><w:t>Oflog"
        "</w:t></w:r></w:ins><w:del w:id='2' w:author='a'><w:r><w:delText>Bins</w:delText>"
        "</w:r></w:del></w:p>",
        "<w:p><w:r><w:t>2. Skills</w:t></w:r></w:p>",
    )
    assert titles(parse_agenda(read_agenda_file(file).text)) == ["Oflog", "Skills"]


def test_content_controls_and_text_boxes_are_read_and_fields_are_not(
    tmp_path: Path,
) -> None:
    file = word_file(
        tmp_path,
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Growth Board</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>",
        "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>1. Oflog"
        "</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:t>2. Skills</w:t></w:r><w:r><w:instrText> INCLUDETEXT c:\\x "
        "</w:instrText></w:r></w:p>",
    )
    agenda = parse_agenda(read_agenda_file(file).text)
    assert agenda.meeting == "Growth Board"
    assert titles(agenda) == ["Oflog", "Skills"]


def test_a_table_of_a_word_file_is_read_by_its_header(tmp_path: Path) -> None:
    document = docx.Document()
    rows = (
        ("Time", "Item", "Lead"),
        ("10.00", "Oflog\nTo discuss", "Jo"),
        ("10.30", "Skills", ""),
    )
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            first, *more = text.split("\n")
            cell.text = first
            for line in more:
                cell.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    agenda = parse_agenda(read_agenda_file(tmp_path / "a.docx").text)
    assert titles(agenda) == ["Oflog", "Skills"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "as .docx or PDF"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AgendaError, match=told):
        read_agenda_file(tmp_path / name)


@pytest.mark.parametrize(
    ("signed", "council"),
    [
        ("Chair, Scrutiny Panel | Wexdale Borough Council", "Wexdale Borough Council"),
        ("Isle of Wry and Sandle District Council",) * 2,
        ("Leader of the Council", ""),
        ("This mail is from Wexdale Borough Council and is confidential.", ""),
    ],
)
def test_the_sign_off_of_a_mail_names_the_council(signed: str, council: str) -> None:
    text = f"Hi all,\n\n- Trams\n- Fares\n\nBest wishes\nJo\n{signed}\n"
    assert parse_agenda(text).council == council


def test_whom_an_agenda_is_sent_to_is_no_council() -> None:
    text = "LITTLE SANDLE PARISH COUNCIL\n\nTo all members of the Parish Council\n\n"
    assert parse_agenda(f"{text}1. Trams\n2. Fares").council == ""
