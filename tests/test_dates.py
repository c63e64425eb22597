"""Dates in words, ages, and from when a report counts as old."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.text.dates import age_of, date_words, is_old


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ("2023-07-05", "5 July 2023"),
        ("2023-12", "December 2023"),
        ("2024", "2024"),
        (None, "date unknown"),
    ],
)
def test_date_words_are_as_precise_as_the_date(
    published: str | None, words: str
) -> None:
    assert date_words(published) == words


@pytest.mark.parametrize(
    ("published", "age"),
    [
        ("2013-10-15", "13 years"),
        ("2024-11", "2 years"),
        ("2024-12", "23 months"),
        ("2026-10", "1 month"),
        ("2026-11-21", "this month"),
        ("2013", "about 13 years"),
        ("2025", "about 1 year"),
        ("2026", "this year"),
        ("2027-01", "this month"),
        (None, "age unknown"),
    ],
)
def test_age_of_counts_whole_months_and_years(published: str | None, age: str) -> None:
    assert age_of(published, "2026-11-22T10:00+00:00") == age


@pytest.mark.parametrize(
    ("published", "old"),
    [
        ("2021-11-21", True),
        ("2021-11-22", False),
        ("2021-10", True),
        ("2021-11", False),
        ("2020", True),
        ("2021", False),
        (None, False),
    ],
)
def test_is_old_after_five_years_for_certain(published: str | None, old: bool) -> None:
    assert is_old(published, date(2026, 11, 22)) is old
