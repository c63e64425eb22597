"""Quantities: one form each, and only those of the evidence pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.checking.quantities import as_written, missing_quantities
from assistant.text.quantities import quantities
from assistant.text.words import plain


@given(st.integers(min_value=13, max_value=10**7))
def test_quantities_read_a_number_with_and_without_its_commas(number: int) -> None:
    assert quantities(f"It has {number} parts.") == quantities(
        f"It has {number:,} parts."
    )


@given(
    st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=10**6)
)
def test_missing_quantities_finds_every_other_number(one: int, other: int) -> None:
    missing = missing_quantities(f"It cost £{one}.", f"It cost £{other}.")
    assert bool(missing) == (one != other)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It lasted ten years.", "It lasted a decade."),
        ("It lasted a decade.", "It lasted 10 years."),
        ("It has 2,000 parts and a dozen doors.", "It has 2000 parts and 12 doors."),
        ("One in four schools closed.", "A quarter of schools closed."),
        ("A quarter of schools closed.", "25% of schools closed."),
        ("Three quarters of it went.", "It lost 75 per cent."),
        ("It met once in 2018/19.", "It met once in 2018-19."),
        ("It ran from 2018 to 2019.", "It ran in 2018/19."),
        ("They put 1 question.", "They put one question."),
    ],
)
def test_missing_quantities_reads_words_for_numbers(
    sentence: str, evidence: str
) -> None:
    assert missing_quantities(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("It names five findings.", "It came out on 5 July 2023."),
        ("It rose by 5 percentage points.", "It rose by 5%."),
        ("It lasted a century.", "It lasted a decade."),
        ("One in four schools closed.", "A fifth of schools closed."),
        ("It ran from 2018 to 2020.", "It ran in 2018/19."),
    ],
)
def test_missing_quantities_is_not_taken_in(sentence: str, evidence: str) -> None:
    assert missing_quantities(sentence, evidence)


def test_a_number_with_another_span_of_time_is_missing() -> None:
    sentence = "The budget runs for five months."
    assert missing_quantities(sentence, "It runs for five years.") == ["5 months"]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Nearly 19,000 people came.", "We counted 18,700 visitors."),
        ("It cost £13,000 or so.", "The cost would be 13,356 pounds."),
        ("More than two in five were single.", "Single people made up 44%."),
        ("About 37,000 adults, eight in a hundred, are offline.", "37,000 adults (8%)"),
        ("A fifth of the forms are late.", "One in five forms is late."),
        ("A third of the bin is food.", "Food made up 34% of it."),
        ("More than four in ten won: 52 of 118.", "It heard 118 and allowed 52."),
        ("Both cost £140,500: £86,000 and £54,500.", "£86,000 and £54,500"),
        ("It fell by ten, from 38 to 28.", "38 in March; 28 in June"),
        ("Eleven years lie between them.", "Localis 2013. Localis 2024."),
    ],
)
def test_what_follows_from_the_figures_stands(sentence: str, evidence: str) -> None:
    assert missing_quantities(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("Nearly 29,000 people came.", "We counted 18,700 visitors."),
        ("Exactly 19,000 people came.", "We counted 18,700 visitors."),
        ("More than three in five were single.", "Single people made up 44%."),
        ("Both cost £150,500: £86,000 and £54,500.", "£86,000 and £54,500"),
        ("Twelve years lie between them.", "Localis 2013. Localis 2024."),
    ],
)
def test_what_does_not_follow_is_missing(sentence: str, evidence: str) -> None:
    assert missing_quantities(sentence, evidence)


@given(st.text(max_size=80))
def test_no_text_lacks_its_own_figures(text: str) -> None:
    assert missing_quantities(text, text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It cost £7m.", "£7 million"),
        ("It cost £1.5 billion.", "£1.5 billion"),
        ("It cost £99,950.", "£99,950"),
        ("It rose by 12.5 per cent.", "12.5%"),
        ("It has 2019 parts.", "2019"),
        ("It has 40 parts.", "40"),
    ],
)
def test_a_missing_number_is_told_as_one_writes_it(text: str, shown: str) -> None:
    assert missing_quantities(text, "It has parts.") == [shown]


@given(st.integers(min_value=13, max_value=10**10))
def test_a_number_as_written_reads_as_the_same_number(number: int) -> None:
    assert (float(number), "£") in quantities(as_written(float(number), "£"))[1]


ROWS = """Costs (£ million): Depots — Amount: 78.4

Actions: Tablets — Cost (£): 412,000; Homes: 30

Journeys (million), 2022/23: All — 2029/30: 53"""


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Depots cost £78.4 million.", []),
        ("Tablets cost £412,000.", []),
        ("By 2029/30 there are 53 million journeys.", []),
        ("Homes cost £30.", ["£30"]),
        ("Depots cost £78.4 billion.", ["£78.4 billion"]),
    ],
)
def test_the_numbers_of_a_table_have_the_unit_of_its_head(
    sentence: str, missing: list[str]
) -> None:
    assert missing_quantities(sentence, ROWS) == missing
    # As the check reads it: signs made plain.
    assert missing_quantities(sentence, plain(ROWS)) == missing


@pytest.mark.parametrize(
    "sentence",
    [
        "Seven left in 2021/22 and were homeless.",
        "There were 219 households in paid homes.",
    ],
)
def test_a_financial_year_and_a_cell_count_nothing_else(sentence: str) -> None:
    evidence = (
        "Of 61 who left in 2021/22, seven were homeless.\n\n"
        "Households by kind: Paid — Households: 219; Cost a week: 455"
    )
    assert missing_quantities(sentence, evidence) == []


def test_of_which_figures_a_difference_is_a_second_reading_says() -> None:
    sentence, evidence = "Eight are still to be done.", "Of 29 calls, 21 were heeded."
    assert missing_quantities(sentence, evidence) == ["8"]
    assert missing_quantities(sentence, evidence, read_again=True) == []
    assert missing_quantities("Nine are left.", evidence, read_again=True) == ["9"]
    points = "It rose by 12 percentage points."
    assert missing_quantities(points, "From 49% to 61%.", read_again=True) == []
