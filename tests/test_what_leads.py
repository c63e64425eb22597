"""What leads an answer from a paper with lists, questions and tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answering.pipeline import Parts, Question, answer_question
from assistant.answering.quoting.refusing import UNSURE
from assistant.answering.understanding.glossary import Glossary
from assistant.answering.understanding.question import kind_of
from assistant.index.embeddings import MiniLMEmbedder
from assistant.index.opening import open_shelf
from tests.test_whose_papers import paper

BRANCHES = "\n\n".join(
    f"Table 1: Branches in 2023/24: {name} — Visits: {visits}; Cost per visit: £{cost}"
    for name, visits, cost in (
        ("Harl Road", "41,200", "3.10"),
        ("Upper Tarn", "6,050", "11.75"),
        ("Cinder Lane", "18,900", "4.60"),
        ("South together, total", "60,100", "7.70"),
        ("Total", "66,150", "19.45"),
    )
)


LAND = "\n\n".join(
    f"Table {number}: Land needed to {year} (hectares): {place} — Office: {office}; "
    f"Industry: {industry}"
    for number, year, office, industry in (
        (2, 2041, "5.2", "150.5"),
        (3, 2050, "6.5", "218.2"),
    )
    for place in ("Harl", "Upper Tarn")
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    libraries = paper(
        "tarn-libraries",
        "Review of Branch Libraries",
        "Tarnholm Council",
        ("2 Branches", f"The council runs three branches.\n\n{BRANCHES}"),
        (
            "3 Repairs",
            "How many of the branches have a leaking roof, and who should pay? The survey "
            "in May found leaks in two of them.",
        ),
        (
            "4 Recommendations",
            "The council should:\n\n1. mend every roof before the winter;\n\n2. keep a "
            "waiting list for study rooms and tell people where they stand;\n\n3. lend "
            "tablets in all branches.",
        ),
        (
            "1 Method",
            "Recommendations are made at the end of this document, in a list.",
        ),
        ("5 Rooms", "By opening at eight the service cut its waiting list by half."),
        (
            "6 Contact",
            "Report author: Ivo Marchbank\n\nTelephone and e-mail: 01632 960 118, "
            "ivo.marchbank@tarnholm.example",
        ),
    )
    land = paper(
        "tarn-land",
        "Employment Land Review",
        "Tarnholm Council",
        ("1 Need", f"Employment land is needed in every part of Tarnholm.\n\n{LAND}"),
        (
            "2 Risks",
            "Owners of employment land may hold it back. A new road may come late. The "
            "grid may lack power for large sheds.",
        ),
        (
            "3 Employment land in Harl",
            "Harl has most of the employment land. Two sites there are flooded each year.",
        ),
        (
            "4 Conclusion and Recommendations",
            "Tarnholm has too little employment land. The council should buy the old "
            "dairy. It should ask for a second junction.",
        ),
    )
    shelf = open_shelf(
        tmp_path_factory.mktemp("index"), [libraries, land], MiniLMEmbedder()
    )
    yield Parts(shelf=shelf, glossary=Glossary(()), log_turns=False)
    shelf.close()


def first_quote(question: str, parts: Parts) -> str:
    answer = answer_question(Question(question), parts)
    return answer.sentences[0].text


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which branch had the most visits?", "Harl Road"),
        ("Which branch had the fewest visits?", "Upper Tarn"),
        ("which branch has the highest cost per visit", "Upper Tarn"),
    ],
)
def test_the_row_with_the_most_or_the_least_leads(
    question: str, row: str, parts: Parts
) -> None:
    assert row in first_quote(question, parts)


def test_a_paper_s_own_question_does_not_lead(parts: Parts) -> None:
    said = first_quote("How many branches have a leaking roof?", parts)
    assert said.startswith("The survey in May found leaks in two")


def test_the_numbers_of_a_list_count_nothing(parts: Parts) -> None:
    said = first_quote("How did the service cut its waiting list?", parts)
    assert said.startswith("By opening at eight")


def test_rows_of_two_tables_do_not_repeat_each_other(parts: Parts) -> None:
    said = answer_question(Question("Harl industry land, 2041 vs 2050?"), parts).text
    assert "150.5" in said
    assert "218.2" in said


def test_a_row_holds_a_number_whose_unit_its_caption_has(parts: Parts) -> None:
    said = first_quote("how many hectares for offices does Harl need up to 2041", parts)
    assert "Office: 5.2" in said


def test_the_risks_of_a_report_s_subject_are_its_risks(parts: Parts) -> None:
    answer = answer_question(
        Question("What are the risks in Tarnholm's review of employment land?"), parts
    )
    assert [c.section for c in answer.citations] == ["2 Risks"]
    assert "second junction" not in answer.text
    assert "power for large sheds" in answer.text


def test_half_a_heading_is_enough_for_a_report_asked_by_name(parts: Parts) -> None:
    answer = answer_question(
        Question("What did the Employment Land Review conclude?"), parts
    )
    assert {c.section for c in answer.citations} == {"4 Conclusion and Recommendations"}


def test_what_a_named_report_recommends_is_its_recommendations(parts: Parts) -> None:
    answer = answer_question(
        Question("what does the review of branch libraries recommend?"), parts
    )
    assert {c.section for c in answer.citations} == {"4 Recommendations"}


def test_whom_to_contact_stands_in_a_label(parts: Parts) -> None:
    answer = answer_question(
        Question("Who should I contact about the review of branch libraries?"), parts
    )
    assert "01632 960 118" in answer.text


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Did anyone ring the people on the waiting list?", "open"),
        ("Give me a list of the branches", "list"),
        ("List the actions", "list"),
        ("How much land is needed to 2041?", "how_many"),
        ("number of homes flooded in 2019", "how_many"),
    ],
)
def test_a_few_words_tell_the_kind(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("How many hectares of office land does Harl need to 2050?", "answered"),
        ("How many visits did the branches get in 2023/24?", "answered"),
        ("Employment land needed in Harl to 2060?", "partial"),
    ],
)
def test_an_answer_without_the_year_asked_for_is_shown_with_doubt(
    question: str, outcome: str, parts: Parts
) -> None:
    answer = answer_question(Question(question), parts)
    assert answer.outcome == outcome
    assert answer.text.startswith(UNSURE) == (outcome == "partial")
