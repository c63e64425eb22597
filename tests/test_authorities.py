"""Whose papers a question is likely about, though it names no report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.understanding.authorities import (
    older_editions,
    places_in,
    spoken_of,
    years_in,
)
from assistant.answering.understanding.naming_phrases import short_titles
from assistant.schema import ReportDetails


def paper(report: str, title: str, publisher: str) -> ReportDetails:
    return ReportDetails(report, "report", title, publisher, "PDF", "", "-")


SHELF = (
    paper("weirs-2022", "Monitoring Report 2021/22", "Weirford Borough Council"),
    paper("weirs-2023", "Monitoring Report 2022/23", "Weirford Borough Council"),
    paper("locks", "Lock Keepers: a review", "Weirford Borough Council"),
    paper("mills", "Mills and Millers 2019 to 2024", "Quillham District Council"),
)


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("How many weirs has Quillham?", ("mills",)),
        ("Weirs cleared in Weirford in 2022/23", ("weirs-2023",)),
        ("weirs cleared 22/23", ("weirs-2023",)),
        ("What do Lock Keepers earn?", ("locks",)),
        ("Who pays in Mills and Millers?", ("mills",)),
        ("What does the council say about weirs?", ()),
        ("Lock Keepers in Weirford, and mills in Quillham?", ("locks", "mills")),
    ],
)
def test_spoken_of_hears_places_years_and_short_titles(
    question: str, reports: tuple[str, ...]
) -> None:
    assert spoken_of(question, SHELF) == reports


def test_of_one_council_no_word_tells_its_papers_apart() -> None:
    assert spoken_of("How many weirs has Weirford?", SHELF[:3]) == ()


@pytest.mark.parametrize("year", ["2022/23", "22/23", "2022-23", "2022/2023"])
def test_a_financial_year_is_one_however_it_is_written(year: str) -> None:
    assert years_in(f"Weirs in {year}") == {"22/23"}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        (
            "Medium-Term Plan for Weirs 2024/25 to 2028/29",
            ["Medium-Term Plan for Weirs", "MTPW"],
        ),
        ("Weirs Next: where we are", ["Weirs Next"]),
        ("Weirs", []),
    ],
)
def test_short_titles_are_what_people_call_a_report(
    title: str, names: list[str]
) -> None:
    assert short_titles(title) == names


def test_a_name_in_a_title_tells_whose_paper_is_meant() -> None:
    inspection = paper("care-2024", "Quornham Council: adult care", "Inspectorate")
    strategy = paper("care-2025", "Caring for all: a strategy", "Eastshire Council")
    shelf = (inspection, strategy)

    def knows(word: str) -> bool:
        return word != "quornham"

    question = "How long do people wait in Quornham?"
    assert spoken_of(question, shelf, knows) == ("care-2024",)
    assert places_in(question, shelf, knows) == {"quornham"}
    assert spoken_of("How long do people wait for care?", shelf, knows) == ()


def test_a_title_told_in_part_beside_a_word_for_a_document_is_meant() -> None:
    one = paper("ta", "Reducing the Use of Temporary Accommodation", "Ash Council")
    other = paper("waste", "Less Waste, Used Again", "Ash Council")
    told = "What does the report on reducing temporary accommodation recommend?"
    assert spoken_of(told, (one, other)) == ("ta",)
    assert spoken_of("Why is temporary accommodation dear?", (one, other)) == ()


def test_papers_of_one_name_without_years_are_no_editions() -> None:
    notices = [paper(f"notice-{n}", "Public Notice", "Ashmere Council") for n in "ab"]
    assert older_editions(notices) == frozenset()
    dated = [replace(notices[0], published="2023-05"), notices[1]]
    assert older_editions(dated) == frozenset()
    dated[1] = replace(notices[1], published="2024-01")
    assert older_editions(dated) == {"notice-a"}
    years = [
        paper("later", "Monitoring 2022/23", "Ashmere Council"),
        paper("earlier", "Monitoring 2021/22", "Ashmere Council"),
        paper("other", "Monitoring 2020/21", "Penbury Council"),
    ]
    assert older_editions(years) == {"earlier"}
