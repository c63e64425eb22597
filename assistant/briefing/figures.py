"""The figures card: the numbers that cited sentences give, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.briefing.pack import Figure, Statement
from assistant.text.quantities import quantities
from assistant.text.words import STOP_WORDS

_SMALL = "two|three|four|five|six|seven|eight|nine|ten"
_SPELT = (
    f"{_SMALL}|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty"
    "|seventy|eighty|ninety|(?:a|one|two|three|four|five|six|seven|eight|nine) hundred"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|(?!0\d)\d+)(?:\.\d+)?"
_SCALE = r"(?:thousand|million|billion|trillion|bn|mn|tn|m|k)\b"
_PERCENT = r"(?:\s?(?:%|per cent\b|percent\b))"
# "One in five", "two-thirds", "half of": a share in words.
_SHARE = (
    rf"(?:one|{_SMALL}|\d+)\s(?:in|out of)\s(?:every\s)?(?:{_SMALL}|\d+)\b"
    r"|(?:a|one|two|three|four)[\s-](?:half|halves|thirds?|quarters?|fifths?|tenths?)\b"
    r"|half(?=\sof\b)"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/@-])(?<!\d\s)(?:(?P<share>{_SHARE})"
    rf"|[£$€]\s?{_DIGITS}(?:\s?{_SCALE})?"
    rf"(?:\s?(?:–|-|to)\s?[£$€]?{_DIGITS}(?:\s?{_SCALE})?)?"
    rf"|{_DIGITS}\s?(?:–|-|to)\s?{_DIGITS}{_PERCENT}"
    rf"|{_DIGITS}(?:\s?{_SCALE})?{_PERCENT}?"
    rf"|(?:{_SPELT})(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
    r"(?:\sper cent)?)(?![\w@/]|[,.:]\d|-\w)",
    re.IGNORECASE,
)
# Numbers behind these are labels: they count nothing.
_ORDERING = frozenset(
    "page pages section sections chapter figure table no number key part article schedule "
    "tier type level stage phase grade step category class band regulation clause "
    "paragraph wave round act appendix annex item option covid telephone mobile".split()
)
# A phrase that is counted: adjectives and a noun, up to what ends a phrase.
_PHRASE = re.compile(r"^[\s-]+((?:[A-Za-z][\w'’-]*\s?){1,6})")
_MOST_WORDS = 5
_ONE_OF = re.compile(r"\b[Oo]ne of the\s*$")
# How many of these a report has says how it is built, and nothing of the matter.
_PARTS_OF_A_TEXT = frozenset(
    "recommendations principles findings lessons sections chapters themes conclusions "
    "parts pages".split()
)
_PLURALS = frozenset("people staff children men women police".split())
_ENDS = frozenset(
    "is are was were has have had that which who whose where when while will would can "
    "could may might must should says said held made gave set out call calls include "
    "includes including such according published lies stand stands".split()
)


def find_figures(statements: Iterable[Statement]) -> tuple[Figure, ...]:
    """Return the amounts, shares and counts of some statements, each once."""
    found: dict[tuple[str, str, str], Figure] = {}
    for statement in statements:
        for figure in _figures_of(statement):
            key = (figure.number.lower(), figure.unit.lower(), figure.source.report)
            found.setdefault(key, figure)
    return tuple(found.values())


def has_figure(sentence: str) -> bool:
    """Tell whether a sentence gives a number that says something."""
    return next(_numbers(sentence), None) is not None


def _figures_of(statement: Statement) -> Iterator[Figure]:
    source = statement.sources[0]
    for number, unit in _numbers(statement.text):
        yield Figure(
            number=number,
            unit=unit,
            year=source.published[:4] if source.published else "date unknown",
            whose=f"{source.publisher}, {source.title}",
            said=statement,
        )


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number of a sentence and its unit: what is counted, or a measure."""
    known = quantities(text)[1]
    for match in _NUMBER.finditer(text):
        number = match.group().strip()
        counted = _counted(text[match.end() :])
        if match["share"]:
            yield number, "share"
            continue
        dates, numbers = quantities(number)
        if dates or not numbers or not numbers <= known:
            continue
        unit = next((unit for _, unit in numbers if unit), "")
        part = counted.lower().split()[-1:]
        if not unit and (not part or _PARTS_OF_A_TEXT.issuperset(part)):
            continue
        if not unit and _is_label(text, match):
            continue
        yield _bare(number), _MEASURES.get(unit, counted)


_MEASURES = {"%": "per cent", "£": "pounds", "$": "dollars", "€": "euros"}


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number without a measure is a year, or the name of a thing."""
    number, before = match.group().strip(), text[: match.start()]
    if number.isdigit() and 1900 <= int(number) < 2100:
        return True
    last = re.findall(r"[\w-]+", before.lower())[-1:]
    # "One of the seven principles" counts what another sentence lists.
    return bool(_ORDERING.intersection(last)) or bool(_ONE_OF.search(before))


def _bare(number: str) -> str:
    """Return a number without its unit, which stands beside it."""
    return re.sub(r"\s?(?:%|per cent|percent)$", "", number, flags=re.IGNORECASE)


def _counted(rest: str) -> str:
    """Return the words that follow a number up to the noun that it counts."""
    phrase = _PHRASE.match(rest)
    kept: list[str] = []
    for word in phrase[1].split() if phrase else ():
        if word.lower() in _ENDS or (word.lower() in STOP_WORDS and word != "up"):
            break
        kept.append(word)
        # What is counted is a plural, and stands last of its phrase.
        if re.search(r"[^s]s$", word) or word.lower() in _PLURALS:
            break
    return " ".join(kept[:_MOST_WORDS])
