"""Which reports a question names, over the shipped catalogue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.understanding.naming import find_reports
from tests.passages import shipped_catalogue

CHANGING, HEART = "changing-places-2013", "heart-of-the-matter-2024"
LEVEL, NEXT = "level-measures-2023", "whats-next-2024"
LOCALIS = {CHANGING, HEART, LEVEL}


@pytest.mark.parametrize(
    ("question", "report"),
    [
        ("What does Level Measures say about audit?", LEVEL),
        ("what does HEART OF THE MATTER say?", HEART),
        ("HOTM on prevention", HEART),
        ("Getting to Grips with Whole Place Transformation", HEART),
        ("A modern agenda for public service integration: who wrote it?", LEVEL),
        ("What does Changing Places recommend?", CHANGING),
        ("the Howell report on data", CHANGING),
        ("the Civica one", CHANGING),
        ("the Capita report", LEVEL),
        ("What’s Next For Local Government", NEXT),
        ("whats next for local government", NEXT),
        ("the 31ten report", NEXT),
        ("31ten on AI", NEXT),
        ("the consultancy's report", NEXT),
        ("Localis 2023 on audit", LEVEL),
        ("Localis (2013) on data", CHANGING),
        ("the 2013 report", CHANGING),
        ("the 2013 Localis report", CHANGING),
        ("the oldest report", CHANGING),
        ("the latest Localis report", HEART),
        ("level mesures on audit", LEVEL),
        ("hart of the mater on prevention", HEART),
    ],
)
def test_find_reports_knows_a_report_by_its_names(question: str, report: str) -> None:
    assert find_reports(question, shipped_catalogue()).reports == (report,)


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("What did Localis say about audit?", LOCALIS),
        ("the think-tank reports on audit", LOCALIS),
        ("Level Measures and Changing Places on data", {LEVEL, CHANGING}),
        ("31ten vs Heart of the Matter", {NEXT, HEART}),
        ("Localis 2023 and 2013", {LEVEL, CHANGING}),
        ("31ten and Localis 2024", {NEXT, HEART}),
        ("reports other than Level Measures", {CHANGING, HEART, NEXT}),
    ],
)
def test_find_reports_knows_several(question: str, reports: set[str]) -> None:
    assert set(find_reports(question, shipped_catalogue()).reports) == reports


@pytest.mark.parametrize(
    "question",
    [
        "",
        "What is said about prevention?",
        "what is the matter with the heart of town",
        "In 2013 councils coped: how?",
        "How many level crossings are there?",
        "Who made up most of the council in the 2012 spring term?",
        "What happened to rents between 2004 and 2014?",
        "Who led the county in the 1960's?",
        "Which homes were hit in the 2013 floods?",
    ],
)
def test_find_reports_names_none_where_none_is_named(question: str) -> None:
    named = find_reports(question, shipped_catalogue())
    assert named.reports == ()
    assert not named.impossible


@pytest.mark.parametrize(
    "question",
    [
        "the 2019 Localis report",
        "What does the 2018 Localis report say about prevention?",
        "the Localis report of 2019",
        "Localis 2019 on audit",
        "a 2019 report on audit",
        "What did the 2019 county strategy promise?",
        "31ten 2013",
    ],
)
def test_find_reports_knows_no_report_of_a_wrong_year(question: str) -> None:
    named = find_reports(question, shipped_catalogue())
    assert named.reports == ()
    assert named.impossible


@pytest.mark.parametrize(
    ("question", "report"),
    [("the 2024 Localis report", HEART), ("the 2023 Localis report", LEVEL)],
)
def test_find_reports_takes_a_year_for_no_slip_of_the_pen(
    question: str, report: str
) -> None:
    assert find_reports(question, shipped_catalogue()).reports == (report,)


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What does Level Measures say about audit?", "what does say about audit"),
        ("audit in the Howell report", "audit in the"),
        ("Localis (2023) on audit", "on audit"),
        ("data and audit", "data and audit"),
    ],
)
def test_find_reports_leaves_the_matter(question: str, matter: str) -> None:
    named = find_reports(question, shipped_catalogue())
    assert " ".join(named.rest) == matter


def test_find_reports_tells_what_was_left_out() -> None:
    named = find_reports("data in others besides Level Measures", shipped_catalogue())
    assert named.excluded == (LEVEL,)
    assert LEVEL not in named.reports


def test_find_reports_of_an_empty_shelf_are_none() -> None:
    assert find_reports("Level Measures on audit", ()).reports == ()


@given(st.text(max_size=80))
def test_find_reports_names_shelved_reports_only(question: str) -> None:
    named = find_reports(question, shipped_catalogue())
    assert set(named.reports) <= {d.report for d in shipped_catalogue()}
