"""Attribution: publisher and year are in the words of a sentence, once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.attribution import attribute, is_attributed, report_name
from assistant.answering.checking.evidence import check_sentence
from assistant.schema import NO_PUBLISHER, ReportDetails
from assistant.text.sentences import split_sentences
from tests.passages import (
    make_details,
    make_passage,
    shipped_catalogue,
    shipped_documents,
    unrelated,
)

AVON = make_details(
    "avon-2021", title="River Work", publisher="Avon Press", published="2021-03-09"
)
LATER = make_details(
    "avon-2023", title="More Weirs", publisher="Avon Press", published="2023"
)
QUILL = make_details("quill-2020", published="2020")
UNDATED = make_details("quill", publisher="Quill House")


def test_a_publisher_that_is_not_known_names_no_report() -> None:
    details = make_details("ferries", title="On Ferries", publisher=NO_PUBLISHER)
    assert attribute("The report recommends tar.", details) == (
        "The report recommends tar (On Ferries, publisher not known, date unknown)."
    )


@pytest.mark.parametrize(
    ("sentence", "attributed"),
    [
        ("Avon Press recommends care.", "Avon Press (2021) recommends care."),
        ("Care matters, Avon Press says.", "Care matters, Avon Press (2021) says."),
        ("The report recommends care.", "The Avon Press report (2021) recommends care."),
        ("According to the study, care matters.",
         "According to the Avon Press study (2021), care matters."),
        ("This paper is short.", "This Avon Press paper (2021) is short."),
        ("River Work recommends care.",
         "River Work (Avon Press, 2021) recommends care."),
        ("Care matters.", "Care matters (River Work, Avon Press, 2021)."),
        ("Do weirs need care?", "Do weirs need care (River Work, Avon Press, 2021)?"),
        ("She said 'weirs need care.'",
         "She said 'weirs need care.' (River Work, Avon Press, 2021)"),
        ('It has "a door that Avon Press keeps shut."',
         'It has "a door that Avon Press keeps shut." (River Work, Avon Press, 2021)'),
        ('He asks for "the report" each year.',
         'He asks for "the report" each year (River Work, Avon Press, 2021).'),
        ("The New Avon Press Office asks for care.",
         "The New Avon Press Office asks for care (River Work, Avon Press, 2021)."),
        ("The reports say care matters.",
         "The reports say care matters (River Work, Avon Press, 2021)."),
        ("The report's aim is care.",
         "The report's aim is care (River Work, Avon Press, 2021)."),
        ("The report by others asks for care.",
         "The report by others asks for care (River Work, Avon Press, 2021)."),
        ("Avon Press (2021) recommends care.", "Avon Press (2021) recommends care."),
        ("In 2021 Avon Press asked for care.", "In 2021 Avon Press asked for care."),
        ("Care matters (Avon Press, 2021).", "Care matters (Avon Press, 2021)."),
    ],
)  # fmt: skip
def test_attribute_puts_publisher_and_year_where_they_read_best(
    sentence: str, attributed: str
) -> None:
    assert attribute(sentence, AVON) == attributed


@pytest.mark.parametrize(
    ("sentence", "attributed"),
    [
        ("Avon Press and Quill House ask for care.",
         "Avon Press (2021) and Quill House (2020) ask for care."),
        ("Both ask for care.",
         "Both ask for care (River Work, Avon Press, 2021; Plain Speech, Quill House, 2020)."),
        ("Avon Press (2021) asks for more than others.",
         "Avon Press (2021) asks for more than others (Plain Speech, Quill House, 2020)."),
        ("The report asks for care.",
         "The report asks for care "
         "(River Work, Avon Press, 2021; Plain Speech, Quill House, 2020)."),
    ],
)  # fmt: skip
def test_attribute_names_each_of_several_reports(
    sentence: str, attributed: str
) -> None:
    assert attribute(sentence, AVON, QUILL) == attributed


def test_attribute_gives_one_publisher_the_years_of_both_its_reports() -> None:
    sentence = "Avon Press asks for care."
    assert (
        attribute(sentence, LATER, AVON) == "Avon Press (2021 and 2023) asks for care."
    )


def test_attribute_takes_two_documents_of_a_report_for_one() -> None:
    news = make_details(
        "avon-2021", document="news", title="River Work", publisher="Avon Press",
        published="2021-03-09",
    )  # fmt: skip
    shown = attribute("Care matters.", AVON, news)
    assert shown == "Care matters (River Work, Avon Press, 2021)."


def test_attribute_says_that_a_date_is_unknown() -> None:
    sentence = "Quill House asks for care."
    assert attribute(sentence, UNDATED) == "Quill House (date unknown) asks for care."


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Warsaw", "The Warsaw Uprising failed."),
        ("Force", "A Task Force met."),
        ("Devolution", "Devolution needs a lead."),
        ("Task", "A Task Force met."),
    ],
)
def test_a_source_is_not_put_into_other_words(title: str, sentence: str) -> None:
    details = make_details("w", title=title, publisher="Wiki")
    assert attribute(sentence, details) == (
        f"{sentence[:-1]} ({title}, Wiki, date unknown)."
    )


def test_a_report_without_a_publisher_is_named_by_its_title() -> None:
    nobody = make_details("n", title="Weir Plan", publisher="", published="2019")
    assert attribute("Care matters.", nobody) == "Care matters (Weir Plan, 2019)."
    assert attribute("The report is new.", nobody) == (
        "The report is new (Weir Plan, 2019)."
    )
    assert attribute("The Weir Plan is new.", nobody) == "The Weir Plan (2019) is new."
    assert attribute("In 2019 came the Weir Plan.", nobody).count("2019") == 1


def test_attribute_keeps_its_hands_off_addresses() -> None:
    shown = attribute("Write to a@Avon Press.example or see x.org/2021.", AVON)
    assert shown.endswith("x.org/2021 (River Work, Avon Press, 2021).")


WORDS = st.lists(
    st.sampled_from(
        "Avon Press Quill House River Work Plain Speech The the This report reports study "
        "2020 2021 (2021) says, care. ' \" ) ( weirs' 's https://x.org/2021 by".split(
            " "
        )
    ),
    max_size=14,
).map(" ".join)
REPORTS = st.lists(
    st.sampled_from([AVON, LATER, QUILL, UNDATED]), min_size=1, max_size=3
)


@given(st.one_of(WORDS, st.text(max_size=80)), REPORTS)
def test_attribute_names_every_report_and_changes_nothing_twice(
    sentence: str, reports: list[ReportDetails]
) -> None:
    once = attribute(sentence, *reports)
    assert all(is_attributed(once, details) for details in reports)
    assert attribute(once, *reports) == once


@given(WORDS, REPORTS)
def test_attribute_takes_no_word_away(
    sentence: str, reports: list[ReportDetails]
) -> None:
    rest = iter(re.findall(r"\w+", attribute(sentence, *reports)))
    assert all(word in rest for word in re.findall(r"\w+", sentence))


def test_attributed_digest_sentences_still_stand_in_their_passages() -> None:
    for document in shipped_documents():
        for section in document.sections:
            passage = make_passage(section.text, document.details, section.heading)
            for sentence in split_sentences(section.text):
                shown = attribute(sentence, document.details)
                verdict = check_sentence(
                    shown, [passage], shipped_catalogue(), unrelated
                )
                assert is_attributed(shown, document.details)
                assert (verdict.support, verdict.problems) == (1.0, ()), shown


def test_report_name_gives_title_publisher_and_year() -> None:
    assert report_name([AVON, QUILL], "avon-2021") == "River Work (Avon Press, 2021)"
