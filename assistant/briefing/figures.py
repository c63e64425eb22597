"""The figures card: the numbers that cited sentences give, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.answering.quantities import quantities
from assistant.briefing.pack import Figure, Statement
from assistant.words import STOP_WORDS

_SPELT = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    "|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty"
    "|seventy|eighty|ninety|(?:a|one|two|three|four|five|six|seven|eight|nine) hundred"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SCALE = r"(?:thousand|million|billion|trillion|bn|mn|tn|m|k)\b"
_NUMBER = re.compile(
    rf"(?<![\w.,/@-])(?:[£$€]\s?{_DIGITS}(?:\s?{_SCALE})?"
    rf"|{_DIGITS}(?:\s?{_SCALE})?(?:\s?(?:%|per cent\b|percent\b))?"
    rf"|(?:{_SPELT})(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
    r"(?:\sper cent)?)(?![\w@]|[,.]\d|-\w)",
    re.IGNORECASE,
)
_ORDERING = frozenset(
    "page pages section chapter figure table no number key part".split()
)
# A phrase that is counted: adjectives and a noun, up to what ends a phrase.
_PHRASE = re.compile(r"^[\s-]+((?:[A-Za-z][\w'’-]*\s?){1,6})")
_MOST_WORDS = 5
_ONE_OF = re.compile(r"\b[Oo]ne of the\s*$")
_ENDS = frozenset(
    "is are was were has have had that which who whose where when while will would can "
    "could may might must should says said held made gave set out call calls include "
    "includes including such according published lies stand stands".split()
)


def find_figures(statements: Iterable[Statement]) -> tuple[Figure, ...]:
    """Return the amounts, percentages and counts of some statements, each once."""
    found: dict[tuple[str, str, str], Figure] = {}
    for statement in statements:
        for figure in _figures_of(statement):
            key = (figure.number.lower(), figure.counts.lower(), figure.source.report)
            found.setdefault(key, figure)
    return tuple(found.values())


def _figures_of(statement: Statement) -> Iterator[Figure]:
    source = statement.sources[0]
    known = quantities(statement.text)[1]
    for match in _NUMBER.finditer(statement.text):
        dates, numbers = quantities(match.group())
        if dates or len(numbers) != 1 or not numbers <= known:
            continue
        ((value, unit),) = numbers
        counts = _counted(statement.text[match.end() :])
        is_year = unit == "" and 1900 <= value < 2100 and match.group().isdigit()
        before = re.findall(r"[a-z]+", statement.text[: match.start()].lower())[-1:]
        ordering = bool(_ORDERING.intersection(before))
        # "One of the seven principles" counts what another sentence lists.
        ordering = ordering or bool(_ONE_OF.search(statement.text[: match.start()]))
        if is_year or ordering or (not counts and not unit):
            continue
        yield Figure(
            number=match.group().strip(),
            unit=_unit(unit),
            counts=counts,
            year=source.published[:4] if source.published else "date unknown",
            whose=f"{source.publisher}, {source.title}",
            source=source,
        )


def _unit(unit: str) -> str:
    return {"%": "per cent", "£": "pounds", "$": "dollars", "€": "euros"}.get(
        unit, "count"
    )


def _counted(rest: str) -> str:
    """Return the words that follow a number up to the noun that it counts."""
    phrase = _PHRASE.match(rest)
    kept: list[str] = []
    for word in phrase[1].split() if phrase else ():
        if word.lower() in _ENDS or (word.lower() in STOP_WORDS and word != "up"):
            break
        kept.append(word)
        # What is counted is a plural, and stands last of its phrase.
        if re.search(r"[^s]s$", word):
            break
    return " ".join(kept[:_MOST_WORDS])
