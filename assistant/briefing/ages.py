"""Dates of sources in words, and how old a source is at the pack's date."""

from __future__ import annotations

_MONTHS = (
    "January February March April May June July August September October November "
    "December".split()
)


def date_words(published: str | None) -> str:
    """Return an ISO date as people write it: ``5 July 2023``, ``July 2023``, ``2023``."""
    if published is None:
        return "date unknown"
    year, *rest = published.split("-")
    month = [_MONTHS[int(part) - 1] for part in rest[:1]]
    day = [str(int(part)) for part in rest[1:2]]
    return " ".join([*day, *month, year])


def age_of(published: str | None, made_at: str) -> str:
    """Return how old a source is: "11 years", "5 months"; both dates are ISO.

    >>> age_of("2013-10", "2024-11-14")
    '11 years'
    """
    if published is None:
        return "age unknown"
    year, month = [*(int(part) for part in published.split("-")[:2]), 0][:2]
    year_now, month_now = (int(part) for part in made_at.split("-")[:2])
    if not month:
        years = year_now - year
        return "this year" if years < 1 else f"about {_counted(years, 'year')}"
    months = 12 * (year_now - year) + month_now - month
    if months < 1:
        return "this month"
    return _counted(months // 12, "year") if months > 23 else _counted(months, "month")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
