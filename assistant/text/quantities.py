"""The quantities of a text: dates, numbers, amounts and percentages, in one form each."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from assistant.text.words import number_value, plain

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct",
            "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b\.?,?"
        r"(?: (?P<y>(?:19|20)\d\d))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)"
        r"(?:,? (?P<y>(?:19|20)\d\d))?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<m>{_MONTH})\.?,? (?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?\b"),
    re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>(?:19|20)\d\d)\b"),
)
# A month alone; "may" and "march" are verbs as well.
_BARE_MONTH = re.compile(
    r"\b(January|February|April|June|July|August|September|October|November|December)\b"
    r"|\b(?:[Ii]n|[Bb]y|of|[Ff]rom|[Ss]ince|until) (March|May)\b"
)
_SCALE = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6,
    "bn": 10**9, "billion": 10**9, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
QUANTITY = re.compile(
    r"(?P<currency>[£$€])?\s?(?<![\w.])(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<scale>thousand|million|billion|trillion|bn|mn|tn|m|k)\b)?"
    r"(?:\s?(?P<percent>%|per cent\b|percent\b)|\s(?P<pounds>pounds?)\b)?",
    re.IGNORECASE,
)
# "2018/19", and "2018-19" where it can be no month, are the years 2018 and 2019.
_TWO_YEARS = re.compile(
    r"\b(19|20)(\d\d)(?:\s?/\s?(\d\d)|\s?-\s?(1[3-9]|[2-9]\d))\b(?![/-])"
)
_SPANS = {"dozen": 12.0, "decade": 10.0, "century": 100.0}
ORDINALS = {
    word: str(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh "
        "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
        "nineteenth twentieth".split(),
        start=1,
    )
}
_UNITS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = rf"(?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|{_UNITS})"
_SPELT = re.compile(
    rf"\b(?:(?:{_SMALL}|a) hundred(?:(?: and)? {_SMALL})?|{_SMALL})\b", re.IGNORECASE
)
# Alone, "one" is a pronoun more often than a quantity; before these it counts.
_COUNTED = re.compile(
    r"\s?(?:%|per ?cent|hundred|thousand|million|billion|pounds?)\b", re.I
)
# "First, …" and "second, …" order an argument; "the second element" counts.
_PLACED = re.compile(r"\b(?:the|its|their|a) (first|second)\b", re.IGNORECASE)


def _take_dates(text: str) -> tuple[set[tuple[int, int, int]], str]:
    """Return the dates (year, month, day; 0 is open) and the text without them."""
    found: set[tuple[int, int, int]] = set()

    def take(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts.get("m") or "0"
        number = int(month) if month.isdigit() else MONTHS[month.lower()]
        found.add((int(parts.get("y") or 0), number, int(parts.get("d") or 0)))
        return " "

    for pattern in _DATES:
        text = pattern.sub(take, text)
    for month in _BARE_MONTH.finditer(text):
        found.add((0, MONTHS[(month[1] or month[2]).lower()], 0))
    return found, text


def _spelt_value(text: str) -> int:
    """Return the value of a number in words, up to 999."""
    total = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word == "hundred":
            total = max(total, 1) * 100
        else:
            total += int(number_value(word) or 0)
    return total


def in_digits(text: str) -> str:
    """Return a text with its number words as digits: "twenty-five" is "25"."""

    def digits(match: re.Match[str]) -> str:
        after = text[match.end() :]
        if match.group().lower() == "one" and not _COUNTED.match(after):
            return match.group()
        return str(_spelt_value(match.group()))

    return _SPELT.sub(digits, text)


_UNIT_OF_HEAD = re.compile(
    r"\((?=[^)])(?P<currency>[£$€])?\s?"
    r"(?P<scale>000|millions?|billions?|thousands?|m|bn|k)?(?:, [^)]*)?\)"
)
_CELL = re.compile(r"(?P<name>[^:;]*): -?(?P<value>\d[\d,.]*\d|\d)")


# The evidence is read again for each sentence that cites it.
@lru_cache(maxsize=2_000)
def quantities(
    text: str,
) -> tuple[frozenset[tuple[int, int, int]], frozenset[tuple[float, str]]]:
    """Return the dates and the numbers of a text in one form each.

    Numbers are pairs of value and unit (``%``, a currency sign or nothing); number
    words and ordinals count as their digits.
    """
    spelt = _TWO_YEARS.sub(
        lambda years: f"{years[1]}{years[2]} {years[1]}{years[3] or years[4]}",
        plain(text),
    )
    dates, rest = _take_dates(spelt)
    rest = in_digits(rest)
    numbers: set[tuple[float, str]] = set()
    numbers |= {quantity(match) for match in QUANTITY.finditer(rest)}
    words_found = re.findall(r"[a-z]+", rest.lower())
    ordinals = [
        w for w in words_found if w in ORDINALS and w not in ("first", "second")
    ]
    ordinals += [word.lower() for word in _PLACED.findall(rest)]
    numbers |= {(float(ORDINALS[word]), "") for word in ordinals}
    numbers |= {(_SPANS[word], "") for word in words_found if word in _SPANS}
    return frozenset(dates), frozenset(numbers)


def quantity(match: re.Match[str]) -> tuple[float, str]:
    """Return the value of a number, and its unit."""
    scale = _SCALE.get((match["scale"] or "").lower(), 1)
    # 8.2 × 10⁶ is 8,199,999.999… to a computer that reckons with floats.
    value = float(Decimal(match["value"].replace(",", "")) * scale)
    currency = "£" if match["pounds"] else (match["currency"] or "")
    return value, "%" if match["percent"] else currency


# The dash of a row, as it stands or with plain signs.
_CELLS = re.compile(r" [—-] ")


@lru_cache(maxsize=2_000)
def with_units_of_tables(evidence: str) -> str:
    """Return evidence with the numbers of tables also in the unit that their head gives.

    >>> with_units_of_tables("Costs (£ million): Depots — Amount: 78.4").splitlines()[1]
    '£78.4 million'
    """
    told = [evidence]
    for line in evidence.splitlines():
        head, *row = _CELLS.split(line, maxsplit=1)
        if not row:
            continue
        of_all = _UNIT_OF_HEAD.search(head)
        for cell in _CELL.finditer(row[0]):
            unit = _UNIT_OF_HEAD.search(cell["name"]) or of_all
            if unit is not None:
                currency, scale = unit["currency"] or "", unit["scale"] or ""
                scale = "thousand" if scale == "000" else scale.removesuffix("s")
                told.append(f"{currency}{cell['value']} {scale}".strip())
    return "\n".join(told)
