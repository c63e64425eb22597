"""The evidence check: a sentence is shown only when its cited passages carry it.

Every number, date, amount, percentage and quoted string must stand in the passages
(or, for years and names, in the report's own details); every name must stand there; a
sentence that names a report or publisher must cite it; and its meaning must be close.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.sentences import split_sentences
from assistant.words import STOP_WORDS, number_value, plain, stem, words

# Below this closeness of meaning a sentence is withheld.
MIN_SUPPORT = 0.55

Similarity = Callable[[str, Sequence[str]], float]
"""Closeness (0 to 1) of a sentence to the nearest of some texts."""

_MONTHS = {
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
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
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
    r"|\b(?:in|by|of|from|since|until) (March|May)\b"
)
_SCALE = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6,
    "bn": 10**9, "billion": 10**9, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
_QUANTITY = re.compile(
    r"(?P<currency>[£$€])?\s?(?<![\w.])(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<scale>thousand|million|billion|trillion|bn|mn|tn|m|k)\b)?"
    r"(?:\s?(?P<percent>%|per cent\b|percent\b)|\s(?P<pounds>pounds?)\b)?",
    re.IGNORECASE,
)
_ORDINALS = {
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
_QUOTED = re.compile(r'"([^"]{2,})"|(?<!\w)\'([^\'].*?[^s\s]|[^\'].*?)\'(?!\w)')
_NAME = re.compile(
    r"\b(?:[A-Z][\w&'-]*|31ten)(?:(?: (?:of|and|for|the|&))* (?:[A-Z][\w&'-]*|31ten))*"
)
# Capitalised words that open a sentence without naming anybody.
_OPENERS = frozenset(
    stem(word)
    for word in """
    councils council local central government governments authorities leaders ministers
    residents reports report services funding devolution prevention public private
    according however among better greater key new
    """.split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: how close the evidence is, and what is missing."""

    support: float
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where the sentence may be shown."""
        return not self.problems


def _take_dates(text: str) -> tuple[set[tuple[int, int, int]], str]:
    """Return the dates (year, month, day; 0 is open) and the text without them."""
    found: set[tuple[int, int, int]] = set()

    def take(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts.get("m") or "0"
        number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        found.add((int(parts.get("y") or 0), number, int(parts.get("d") or 0)))
        return " "

    for pattern in _DATES:
        text = pattern.sub(take, text)
    for month in _BARE_MONTH.finditer(text):
        found.add((0, _MONTHS[(month[1] or month[2]).lower()], 0))
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


def _in_digits(text: str) -> str:
    """Return a text with its number words as digits: "twenty-five" is "25"."""

    def digits(match: re.Match[str]) -> str:
        after = text[match.end() :]
        if match.group().lower() == "one" and not _COUNTED.match(after):
            return match.group()
        return str(_spelt_value(match.group()))

    return _SPELT.sub(digits, text)


def quantities(text: str) -> tuple[set[tuple[int, int, int]], set[tuple[float, str]]]:
    """Return the dates and the numbers of a text in one form each.

    Numbers are pairs of value and unit (``%``, a currency sign or nothing); number
    words and ordinals count as their digits.
    """
    dates, rest = _take_dates(plain(text))
    rest = _in_digits(rest)
    numbers: set[tuple[float, str]] = set()
    for match in _QUANTITY.finditer(rest):
        value = float(match["value"].replace(",", ""))
        value *= _SCALE.get((match["scale"] or "").lower(), 1)
        currency = "£" if match["pounds"] else (match["currency"] or "")
        numbers.add((value, "%" if match["percent"] else currency))
    words_found = re.findall(r"[a-z]+", rest.lower())
    ordinals = [
        w for w in words_found if w in _ORDINALS and w not in ("first", "second")
    ]
    ordinals += [word.lower() for word in _PLACED.findall(rest)]
    numbers |= {(float(_ORDINALS[word]), "") for word in ordinals}
    numbers |= {(12.0, "") for word in words_found if word == "dozen"}
    return dates, numbers


def _date_stands(date: tuple[int, int, int], among: set[tuple[int, int, int]]) -> bool:
    """A less precise date stands where a more precise one agrees with it."""
    return any(
        all(part in (0, other) for part, other in zip(date, known, strict=True))
        for known in among
    )


def _missing_quantities(text: str, evidence: str) -> list[str]:
    dates, numbers = quantities(text)
    known_dates, known_numbers = quantities(evidence)
    years = {float(year) for year, _, _ in known_dates}
    days = {float(day) for _, _, day in known_dates}
    missing = [
        "-".join(str(part) for part in date if part)
        for date in sorted(dates)
        if not _date_stands(date, known_dates)
    ]
    # "100 %" is not "100"; a bare number may stand as a year or day of a date.
    missing += [
        f"{value:g}{unit}"
        for value, unit in sorted(numbers)
        if (value, unit) not in known_numbers
        and not (unit == "" and value in years | days)
    ]
    return missing


def quotations(text: str) -> list[str]:
    """Return the quoted strings of a text (double, or single around whole words)."""
    found = [double or single for double, single in _QUOTED.findall(plain(text))]
    return [quote.strip(" .,;:!?…") for quote in found if quote.strip(" .,;:!?…")]


def names(text: str) -> list[str]:
    """Return the capitalised names of a text, a plain opening word left out."""
    found = []
    folded = plain(text)
    for match in _NAME.finditer(folded):
        name = match.group().removesuffix("'s").removesuffix("'")
        parts = name.split()
        before = folded[: match.start()].rstrip(" \"'([")
        opening = not before or before[-1] in ".!?:"
        while parts and (_is_number(parts[0]) or (opening and _is_plain(parts[0]))):
            parts = parts[1:]
            while parts and parts[0] in ("of", "and", "for", "the", "&"):
                parts = parts[1:]
        if parts and not re.fullmatch(r"I(?:'\w+)?", parts[0]):
            found.append(" ".join(parts))
    return found


def _is_number(word: str) -> bool:
    """Tell whether a capitalised word is a number or a month: the numbers' business."""
    lower = word.lower()
    return number_value(lower) is not None or lower in _MONTHS


def _is_plain(word: str) -> bool:
    lower = words(word)
    return bool(lower) and (lower[0] in STOP_WORDS or stem(lower[0]) in _OPENERS)


def _folded(text: str) -> str:
    return " " + " ".join(words(text)) + " "


def _name_stands(name: str, evidence: str) -> bool:
    if f" {' '.join(words(name))} " in evidence:
        return True
    # "Localis and Capita" may stand apart: then each part must.
    parts = re.split(r" (?:and|of|for|the|&) ", name)
    return len(parts) > 1 and all(f" {' '.join(words(p))} " in evidence for p in parts)


def _details_text(details: ReportDetails) -> str:
    parts = (
        details.title, details.subtitle, details.publisher, *details.authors,
        *details.supporters, details.published, str(details.year or ""),
    )  # fmt: skip
    return " . ".join(part for part in parts if part)


def _wrong_report(
    text: str, passages: Sequence[Passage], catalogue: Sequence[ReportDetails]
) -> list[str]:
    """Return the titles and publishers that the sentence names and does not cite."""
    folded = _folded(text)
    cited = {passage.chunk.details.report for passage in passages}
    publishers = {passage.chunk.details.publisher for passage in passages}
    evidence = _folded(" ".join(passage.chunk.text for passage in passages))
    missing = []
    for details in catalogue:
        title = f" {' '.join(words(details.title))} "
        if title in folded and details.report not in cited:
            missing.append(details.title)
        publisher = f" {' '.join(words(details.publisher))} "
        if (
            publisher in folded
            and details.publisher not in publishers
            and publisher not in evidence
        ):
            missing.append(details.publisher)
    return list(dict.fromkeys(missing))


def check_sentence(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    similarity: Similarity,
) -> Verdict:
    """Check one sentence against the passages that it cites.

    Args:
        text: the sentence; citation markers in it are passed over.
        passages: the passages it cites.
        catalogue: the details of every report on the shelf.
        similarity: closeness of meaning; not asked where the words themselves stand.
    """
    bare = strip_markers(text).strip()
    if not passages:
        return Verdict(0.0, ("cites no passage",))
    sections = [f"{p.chunk.section}. {p.chunk.text}" for p in passages]
    details = [_details_text(passage.chunk.details) for passage in passages]
    # With and without what looks like a marker: "[2]" may be the passage's own.
    told = [*sections, *(strip_markers(section) for section in sections), *details]
    evidence = plain(" \n ".join(told))
    folded = _folded(evidence)
    problems = [
        f"the number or date {item} is not in the cited passage"
        for item in _missing_quantities(bare, evidence)
    ]
    problems += [
        f"the words '{quote}' are not in the cited passage"
        for quote in quotations(bare)
        if _folded(quote).strip() not in folded
    ]
    problems += [
        f"the name {name} is not in the cited passage"
        for name in dict.fromkeys(names(bare))
        if not _name_stands(name, folded)
    ]
    problems += [
        f"it names {name} and does not cite it"
        for name in _wrong_report(bare, passages, catalogue)
    ]
    support = support_of(bare, passages, similarity)
    if support < MIN_SUPPORT:
        problems.append("its meaning is not close to the cited passage")
    return Verdict(round(support, 3), tuple(problems))


def support_of(text: str, passages: Sequence[Passage], similarity: Similarity) -> float:
    """Return how close (0 to 1) a sentence is to its passages; 1 where it stands there.

    An attribution in brackets at its end or after a name, such as ``(2023)``, is not
    part of what must stand there.
    """
    bare = _folded(re.sub(r"\s\([^()]*\b(?:19|20)\d\d\)", "", text)).strip()
    if any(bare and bare in _folded(passage.chunk.text) for passage in passages):
        return 1.0
    texts = [
        s for p in passages for s in (*split_sentences(p.chunk.text), p.chunk.text)
    ]
    return max(0.0, min(1.0, similarity(text, texts)))
