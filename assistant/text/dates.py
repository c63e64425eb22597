"""Dates of reports in words, and how old a report is."""

from __future__ import annotations

from datetime import date

OLD_AFTER_YEARS = 5
"""A report that is older is marked as such wherever it is cited."""

MONTHS = (
    "January February March April May June July August September October November "
    "December".split()
)


def date_words(published: str | None) -> str:
    """Return an ISO date as people write it: ``5 July 2023``, ``July 2023``, ``2023``."""
    if not published:
        return "date unknown"
    year, *rest = published.split("-")
    month = [MONTHS[int(part) - 1] for part in rest[:1]]
    day = [str(int(part)) for part in rest[1:2]]
    return " ".join([*day, *month, year])


def age_of(published: str | None, today: str) -> str:
    """Return how old a report is: "11 years", "5 months"; both dates are ISO.

    >>> age_of("2013-10", "2024-11-14")
    '11 years'
    """
    if not published:
        return "age unknown"
    year, month = [*(int(part) for part in published.split("-")[:2]), 0][:2]
    year_now, month_now = (int(part) for part in today.split("-")[:2])
    if not month:
        years = year_now - year
        return "this year" if years < 1 else f"about {_counted(years, 'year')}"
    months = 12 * (year_now - year) + month_now - month
    if months < 1:
        return "this month"
    return _counted(months // 12, "year") if months > 23 else _counted(months, "month")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def latest_day(published: str) -> tuple[int, int, int]:
    """Return a date's year, month and day; a month or a year counts as its last day."""
    year, *rest = map(int, published.split("-"))
    return year, rest[0] if rest else 12, rest[1] if len(rest) > 1 else 31


def is_old(published: str | None, today: date) -> bool:
    """Tell whether a report is older than five years, however its date is read."""
    if not published:
        return False
    limit = (today.year - OLD_AFTER_YEARS, today.month, today.day)
    return latest_day(published) < limit
