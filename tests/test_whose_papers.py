"""Of several councils' papers, whose a question is about, through the real pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.answering.pipeline import (
    Parts,
    Question,
    answer_question,
    read,
    search,
)
from assistant.answering.quoting.comparing import hear_each
from assistant.answering.understanding.authorities import places_in
from assistant.answering.understanding.conversation import reports_told
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.naming import find_reports
from assistant.index.embeddings import MiniLMEmbedder
from assistant.index.opening import open_shelf
from assistant.reading.about import about
from assistant.schema import Answer, Document, ReportDetails, Section, Turn


def paper(
    report: str, title: str, publisher: str, *sections: tuple[str, str]
) -> Document:
    details = ReportDetails(report, "report", title, publisher, "PDF", "", "-")
    parts = [Section((heading,), text) for heading, text in sections]
    return Document(details, (*parts, about(details, 9)), report)


def monitoring(year: str, homes: int) -> Document:
    return paper(
        f"monitoring-{year[-2:]}",
        f"Authority Monitoring Report {year}",
        "Quornham Borough Council",
        ("Homes", f"In {year} there were {homes} new homes completed in the borough."),
        (
            "Air",
            f"The air on Mill Street was cleaner in {year} than in any year before.",
        ),
    )


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    waste = paper(
        "eastmere-waste",
        "Waste Strategy",
        "Eastmere City Council",
        ("Better", "Food waste will be collected each week from October 2027."),
        (
            "Charges",
            "Garden waste costs £48 a year, and half as much on council tax support.",
        ),
    )
    libraries = paper(
        "quornham-libraries",
        "Libraries Next",
        "Quornham Borough Council",
        ("Summary", "Libraries need a home. We propose three things for Quornham."),
        ("Visits", "Visits to the seven libraries fell by a fifth in ten years."),
        (
            "4 Recommendations",
            "Cabinet is asked to open each branch on Sundays. Cabinet is asked to lend "
            "tablets from May.",
        ),
    )
    inspector = paper(
        "inspector-quornham",
        "Report on the Examination of the Quornham Local Plan",
        "Planning Inspectorate",
        ("Need", "The requirement of the plan should be 412 dwellings a year."),
    )
    shelf = open_shelf(
        tmp_path_factory.mktemp("index"),
        [
            waste,
            libraries,
            inspector,
            monitoring("2021/22", 694),
            monitoring("2022/23", 547),
        ],
        MiniLMEmbedder(),
    )
    yield Parts(shelf=shelf, glossary=Glossary(()), log_turns=False)
    shelf.close()


def ask(question: str, parts: Parts, *before: str) -> Answer:
    """Ask after other questions, each answered by what answers this one."""
    history: list[Turn] = []
    for earlier in before:
        answer = answer_question(Question(earlier, tuple(history)), parts)
        history += [Turn("user", earlier), Turn("assistant", answer.text)]
    return answer_question(Question(question, tuple(history)), parts)


def cited(answer: Answer) -> set[str]:
    return {citation.report for citation in answer.citations}


def test_another_council_s_paper_does_not_answer(parts: Parts) -> None:
    here = ask("When will Eastmere start weekly food waste collections?", parts)
    assert cited(here) == {"eastmere-waste"}
    there = ask("When will Quornham start weekly food waste collections?", parts)
    assert "eastmere-waste" not in cited(there)


def test_the_edition_of_the_year_asked_about_answers_alone(parts: Parts) -> None:
    answer = ask("How many homes were completed in Quornham in 2022/23?", parts)
    assert "547" in answer.text
    assert cited(answer) == {"monitoring-23"}


def test_of_the_editions_of_a_paper_the_latest_leads(parts: Parts) -> None:
    answer = ask("How many new homes were completed in Quornham?", parts)
    assert "547" in answer.text
    assert cited(answer) == {"monitoring-23"}


def test_a_comparison_of_places_hears_all_papers_of_each(parts: Parts) -> None:
    question = Question("How do Eastmere and Quornham compare on visits?")
    [found] = search(read(question, parts), question, parts)
    heard = hear_each(found, parts.shelf)
    assert ("eastmere-waste",) in heard
    [side] = [side for side in heard if len(side) > 1]
    assert {"quornham-libraries", "monitoring-22", "monitoring-23"} <= set(side)
    assert "fell by a fifth" in heard[side].candidates[0].text


def test_the_details_of_a_paper_answer_on_itself_alone(parts: Parts) -> None:
    assert "9 pages" in ask("How many pages has Libraries Next?", parts).text
    assert (
        "9 pages" not in ask("What do visits to Quornham's libraries show?", parts).text
    )


def test_another_s_paper_on_the_authority_is_found_beside_its_own(parts: Parts) -> None:
    answer = ask("How many dwellings a year should Quornham's plan require?", parts)
    assert "412" in answer.text
    nearest = [passage.chunk.details.report for passage in answer.passages[:2]]
    assert "inspector-quornham" in nearest


def test_a_paper_is_named_by_words_of_its_title_and_its_kind(parts: Parts) -> None:
    catalogue = parts.shelf.details
    for question in ("What does the waste strategy charge?", "the Eastmere waste one"):
        assert find_reports(question, catalogue).reports == ("eastmere-waste",)
    # Two are called so; of any plan no paper is meant.
    for question in (
        "What does the monitoring report say?",
        "What does a new local plan cost?",
    ):
        assert not find_reports(question, catalogue).reports


def test_what_it_means_is_asked_of_no_other_paper(parts: Parts) -> None:
    asked = "What does the waste strategy say on food waste?"
    assert cited(ask("and the visits to it?", parts, asked)) <= {"eastmere-waste"}


def test_the_last_question_is_asked_of_another_place(parts: Parts) -> None:
    asked = "How much is garden waste in Eastmere?"
    answer = ask("and in Quornham?", parts, asked)
    assert answer.standalone_question == "How much is garden waste in Quornham?"
    assert "eastmere-waste" not in cited(answer)


def test_a_council_s_name_and_year_tell_none_of_its_papers(parts: Parts) -> None:
    said = (
        "Visits fell by a fifth (Libraries Next, Quornham Borough Council, 2024). [1]"
    )
    catalogue = [replace(d, published="2024-05-01") for d in parts.shelf.details]
    assert reports_told(said, catalogue) == ("quornham-libraries",)


def test_details_do_not_answer_what_is_asked_of_the_matter(parts: Parts) -> None:
    assert "9 pages" not in ask("In Libraries Next, who is eligible?", parts).text


def test_what_a_paper_recommends_is_its_recommendations(parts: Parts) -> None:
    answer = ask("What does Libraries Next recommend?", parts)
    assert {c.section for c in answer.citations} == {"4 Recommendations"}
    assert "Sundays" in answer.text
    assert "May" in answer.text


def test_a_word_of_a_title_that_several_write_of_is_no_name() -> None:
    papers = [paper("one", "On Weirs", "Quill House").details]
    assert places_in("who mends weirs?", papers, knows=lambda word: False) == {"weirs"}
    assert not places_in("who mends weirs?", papers, knows=lambda word: True)
