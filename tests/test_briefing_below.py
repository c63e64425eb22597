"""The lines below an item's heading: what is asked of them, and what is left out and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.briefing.agenda.agenda import Agenda, parse_agenda
from assistant.briefing.agenda.file import read_agenda_file
from assistant.briefing.agenda.papers import file_name, take_paper
from assistant.briefing.agenda.questions import with_questions
from evals.agenda_cases import AgendaCase, load_agendas
from evals.agenda_pack import make_pack

PUBLISHED = [case for case in load_agendas() if case.dropped]


def read(text: str) -> Agenda:
    return with_questions(parse_agenda(text))


def reasons(agenda: Agenda) -> dict[str, str]:
    return {one.text: one.why for one in agenda.left_out}


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("To agree the fares, including free travel.", ["fares", "free travel"]),
        ("The Board is asked to approve the plan for a depot.", ["plan for a depot"]),
        ("Purpose: to set out how vans run, and who pays.", ["how vans run", "who pays"]),
        ("RECOMMENDED that Cabinet\n   (a) adopts the charter; and", ["charter"]),
        ("   - night buses\n   - fares", ["night buses", "fares"]),
    ],
)  # fmt: skip
def test_what_is_asked_of_an_item_becomes_its_questions(
    line: str, asked: list[str]
) -> None:
    (item,) = read(f"1. Transport\n   {line}").items
    matters = [q.split(" say about ")[1].rstrip("?") for q in item.questions[1:]]
    assert [m.removeprefix("the ") for m in matters] == [
        a.removeprefix("the ") for a in asked
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Report of the Director of Roads (B. Lane)", "who reports"),
        ("(Pages 13 - 48)", "a document, not a matter"),
        ("Appendix B", "a document, not a matter"),
        ("Wards affected: All", "a detail of the item"),
        ("Not for publication by virtue of paragraph 3", "a mark of exemption"),
        ("Ask for Jo on 01632 960111", "contact details"),
        ("jo@roads.example", "contact details"),
        ("24/00871/FUL A porch at 3 Mill Row", "an application by its number"),
        ("To note the report.", "a form of words, no matter"),
    ],
)
def test_what_is_no_matter_is_left_out_and_says_why(line: str, why: str) -> None:
    agenda = read(f"1. Transport\n   {line}\n2. Housing")
    assert agenda.items[0].questions == ("What do the reports say about Transport?",)
    assert reasons(agenda) == {line: why}


def test_what_asks_something_of_the_reader_is_an_item() -> None:
    agenda = read(
        "Hi all,\n\nFor Friday:\n\n- night buses\n- fares\n\nOne more thing. Could somebody "
        "explain what a tram order is, I never knew.\n\nThanks\nJo\n01632 960111"
    )
    assert [item.title for item in agenda.items][2:] == [
        "Could somebody explain what a tram order is?"
    ]
    assert {"Hi all,", "For Friday:", "One more thing.", "Thanks"} <= set(
        reasons(agenda)
    )


def test_a_heading_over_items_belongs_to_none() -> None:
    agenda = read("1. Trams\n   To agree fares.\n\nKEY DECISIONS\n\n2. Depots")
    assert reasons(agenda)["KEY DECISIONS"] == "a heading over items"


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.id)
def test_nothing_of_an_agenda_vanishes_unsaid(case: AgendaCase) -> None:
    text = case.read_file().text if case.made else case.agenda
    agenda = with_questions(parse_agenda(text))
    told = [agenda.council, agenda.meeting, agenda.date, agenda.place]
    told += [*agenda.attendees, *(one.text for one in agenda.left_out)]
    for item in agenda.items:
        told += [item.number, item.title, *item.matters, *item.questions]
    known = set(re.findall(r"\w{4,}", " ".join(told).lower()))
    plain = re.sub(r"<[^>]*>|\(Pages[^)]*\)|PDF \d+ [KM]B", " ", text)
    words = set(re.findall(r"[a-z]{4,}", plain.lower()))
    # What only leads in to a matter is in the question's own words.
    assert len(words - known) <= len(words) / 12, words - known


def test_a_pack_s_agenda_is_found_and_its_reports_with_it(tmp_path: Path) -> None:
    case = next(case for case in load_agendas() if case.made)
    found = case.read_file()
    assert {p.item: (p.first, p.last) for p in found.papers} == case.papers
    titles = {item.number: item.title for item in parse_agenda(found.text).items}
    assert all(paper.title == titles[paper.item] for paper in found.papers)
    assert "family hubs" not in found.text
    file = tmp_path / "pack.pdf"
    file.write_bytes(make_pack(bookmarks=False))
    paper = read_agenda_file(file).papers[1]
    (tmp_path / file_name(paper)).write_bytes(take_paper(file, paper))
    assert (
        file_name(paper) == "item-04-prevention-and-early-help-strategy-2025-2030.pdf"
    )
    from assistant.reading.reader import read_file

    extract = read_file(tmp_path / file_name(paper))
    assert extract.pages == 18
    assert "Seven family hubs" in " ".join(s.text for s in extract.sections)


def test_a_mail_s_file_is_read_as_one_would_paste_it(tmp_path: Path) -> None:
    file = tmp_path / "m.eml"
    file.write_text(
        "From: Jo <jo@x.example>\nTo: Al <al@x.example>\nSubject: Friday\n"
        "Content-Type: text/plain; charset=utf-8\n\nHi Al,\n\n- Trams\n- Fares\n"
    )
    agenda = parse_agenda(read_agenda_file(file).text)
    assert [item.title for item in agenda.items] == ["Trams", "Fares"]
