"""Which dates and numbers of a sentence stand in what it cites, or follow from that."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.text.quantities import (
    QUANTITY,
    in_digits,
    quantities,
    quantity,
    with_units_of_tables,
)
from assistant.text.words import plain

# Shares as they are told in words: "half", "two fifths", "one in nine", "six in ten".
_PARTS = "half third quarter fifth sixth seventh eighth ninth tenth".split()
_SHARE = re.compile(
    rf"\b(?:(?P<many>a|\d+)[ -])?(?P<part>{'|'.join(_PARTS)})s?\b"
    r"|\b(?P<own>one|\d+)(?: [a-z]+)? (?:in|out of)(?: every)? (?P<all>a hundred|\d+)\b(?!/)",
    re.IGNORECASE,
)
# "Some 19,000", "nearly £16 million": what is told so is rounded, by this much at most.
_ROUNDED = re.compile(
    r"\b(?:about|almost|around|close to|nearly|roughly|some|(?:just |well )?(?:over|under)"
    r"|not quite|(?:more|less|fewer) than)(?: an?)? ?$",
    re.IGNORECASE,
)
_ROUNDED_BY = 0.1
# "A third" is 34 % as well: a share in words is never exact. In points of percentage.
_SHARE_BY = 1.0
_OR_SO = re.compile(r" or so\b")
_SPAN_OF = re.compile(r"\b(\d+)[ -](year|month|week|day|hour|minute|mile)s?\b")
_NAMED = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6))


def _date_stands(
    date: tuple[int, int, int], among: Collection[tuple[int, int, int]]
) -> bool:
    """A less precise date stands where a more precise one agrees with it."""
    return any(
        all(part in (0, other) for part, other in zip(date, known, strict=True))
        for known in among
    )


def as_written(value: float, unit: str) -> str:
    """Return a number as one writes it.

    >>> as_written(7_500_000.0, "£"), as_written(2019.0, ""), as_written(1e5, "")
    ('£7.5 million', '2019', '100,000')
    """
    scale, name = next(
        ((scale, f" {name}") for name, scale in _NAMED if value >= scale), (1, "")
    )
    grouped = "," if value >= 10_000 else ""
    number = format(value / scale, f"{grouped}.12g") + name
    return f"{number}%" if unit == "%" else f"{unit}{number}"


def missing_quantities(
    text: str, evidence: str, *, read_again: bool = False
) -> list[str]:
    """Return the dates and numbers of a text that its evidence does not hold.

    What follows from them stands, too: a share told in words, a figure that is said to
    be rounded, the sum, difference or share of two figures that the text gives, and how
    many years lie between two of the evidence.

    Args:
        text: a sentence.
        evidence: what it rests on.
        read_again: whether a second reading says of which figures a sum, difference or
            share is: then it may be of any two of the evidence.
    """
    known_dates, known_numbers = quantities(with_units_of_tables(evidence))
    known_numbers |= {(share, "%") for share, _ in _shares(in_digits(plain(evidence)))}
    if re.search(r"\bone\b", evidence, re.IGNORECASE):
        known_numbers |= {(1.0, "")}
    text = in_digits(plain(text))
    given = known_numbers if read_again else quantities(text)[1] & known_numbers
    known_numbers |= _reckoned(given)
    text = _without_known(text, known_numbers)
    dates, numbers = quantities(text)
    years = {float(year) for year, _, _ in known_dates}
    years |= {value for value, unit in known_numbers if not unit and _is_year(value)}
    known_numbers |= {(year, "") for year in years}
    apart = {
        (float(told), "")
        for told, span in _SPAN_OF.findall(text)
        if span == "year" and any(year + float(told) in years for year in years)
    }
    known_numbers |= apart
    missing = [
        "-".join(str(part) for part in date if part)
        for date in sorted(dates)
        if not _date_stands(date, known_dates)
    ]
    # "100 %" is not "100"; a bare number may stand as the year of a date.
    missing += [
        as_written(value, unit)
        for value, unit in sorted(numbers)
        if (value, unit) not in known_numbers
    ]
    return missing + _other_spans(text, in_digits(plain(evidence)))


def _other_spans(text: str, evidence: str) -> list[str]:
    """Return the spans that the evidence gives in another unit alone: "5 months"."""
    told: dict[str, set[str]] = {}
    for number, span in _SPAN_OF.findall(evidence):
        told.setdefault(number, set()).add(span)
    return [
        f"{number} {span}s"
        for number, span in _SPAN_OF.findall(text)
        if number in told and span not in told[number]
    ]


def _is_year(value: float) -> bool:
    return value in range(1900, 2100)


def _shares(text: str) -> list[tuple[float, tuple[int, int]]]:
    """Return the shares told in words as percentages, and where each stands."""
    found = []
    for match in _SHARE.finditer(text):
        if part := match["part"]:
            many = match["many"] or "1"
            own, of_all = (
                int(many) if many.isdigit() else 1,
                2 + _PARTS.index(part.lower()),
            )
        else:
            own = int(match["own"]) if match["own"].isdigit() else 1
            of_all = 100 if match["all"].startswith("a") else int(match["all"])
        if own < of_all <= 1000:
            found.append((round(100 * own / of_all, 1), match.span()))
    return found


def _without_known(text: str, known: Collection[tuple[float, str]]) -> str:
    """Take out of a text the shares that stand, and the figures that stand rounded."""
    spans = [
        span
        for share, span in _shares(text)
        if _stands(share, "%", known, rounded=_is_rounded(text, *span))
    ]
    for match in QUANTITY.finditer(text):
        if _is_rounded(text, *match.span()):
            value, unit = quantity(match)
            if _stands(value, unit, known, rounded=True):
                spans.append(match.span())
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _is_rounded(text: str, start: int, end: int) -> bool:
    return bool(_ROUNDED.search(text[:start]) or _OR_SO.match(text[end:]))


def _stands(
    value: float, unit: str, known: Collection[tuple[float, str]], *, rounded: bool
) -> bool:
    return any(
        u == unit
        and abs(value - other) <= (_ROUNDED_BY * other if rounded else _SHARE_BY)
        for other, u in known
    )


def _reckoned(numbers: Collection[tuple[float, str]]) -> set[tuple[float, str]]:
    """Return the sums and differences of two numbers of one unit, and their shares."""
    return {
        found
        for one, unit in numbers
        for other, of in numbers
        if unit == of and one < other
        for found in (
            (round(one + other, 6), unit),
            (round(other - one, 6), unit),
            (100 * one / other, "%"),
            # Percentages lie so many points apart.
            *([(round(other - one, 6), "")] if unit == "%" else []),
        )
    }
