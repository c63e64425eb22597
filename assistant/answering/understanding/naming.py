"""Which reports a question names: by title, alias, publisher, year or supporter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.switches import is_on
from assistant.answering.understanding.naming_kinds import find_kind
from assistant.answering.understanding.naming_phrases import (
    DOCUMENTS,
    NOUNS,
    find_phrase,
    is_meant,
    title_phrases,
)
from assistant.schema import ReportDetails
from assistant.text.words import STOP_WORDS, words

_YEAR = re.compile(r"(19|20)\d\d")
_DROPPED = NOUNS | frozenset("reports papers ones".split())
_OF_A_SHELF = _DROPPED | frozenset(
    "studies publication research findings launch summary release work guide them four".split()
)
_NEWEST, _OLDEST = (
    frozenset("latest newest".split()),
    frozenset("oldest earliest".split()),
)
_JOINED = re.compile(
    r"\b(and|or|vs|versus|than|with|both|compared?|differ|beside)\b|,", re.IGNORECASE
)
_APART = re.compile(
    r"\b(?:(?:reports?|ones?|documents?) )?"
    r"(?:other than|apart from|besides|except(?: for)?|excluding)\b",
    re.IGNORECASE,
)
_NEAR = 3

Catalogue = Sequence[ReportDetails]


@dataclass(frozen=True, slots=True)
class Named:
    """What a question says about which reports it means.

    ``rest`` is the question's words with the names taken out: the matter itself.
    """

    reports: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    publishers: tuple[str, ...] = ()
    impossible: bool = False
    """The names exclude one another: no report is by that publisher in that year."""
    excluded: tuple[str, ...] = ()
    """Reports named only to leave them out ("other than Level Measures")."""
    places: tuple[int, ...] = ()
    """Where among the question's words the names stand."""
    by_name: bool = True
    """Whether a name tells them, and not a year or an age alone: "the 2024 report"."""


def find_reports(question: str, catalogue: Catalogue) -> Named:
    """Find the reports that a question names.

    A title or alias names its report; a publisher names all of its reports, a year
    beside a publisher or a word such as "report" narrows to that year.
    """
    if not is_on("names of reports"):
        return Named(rest=tuple(words(question)))
    apart = _APART.search(question)
    if apart is not None:
        others = _find_named(question[apart.end() :], catalogue).reports
        kept = [details for details in catalogue if details.report not in others]
        if others and kept:
            rest = _find_named(question[: apart.start()], kept).rest
            return Named(_ids(kept), rest, excluded=others)
    return _find_named(question, catalogue)


def _ids(details: Iterable[ReportDetails]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(d.report for d in details))


def _find_named(question: str, catalogue: Catalogue) -> Named:
    text, taken = words(question), set[int]()
    titled = _by_title(text, catalogue, taken, question)
    titled = titled or _by_supporter(text, catalogue, taken)
    titled = titled or find_kind(text, catalogue, taken)
    # "Did Localis publish What's Next?" is about What's Next, and Localis is its matter.
    own = [d for d in catalogue if not titled or d.report in titled]
    publishers = _publishers(
        text, catalogue if _JOINED.search(question) else own, taken
    )
    years = _years(text, catalogue, taken, bool(publishers) and not titled)
    reports, impossible = _narrow(text, catalogue, titled, publishers, years)
    rest = tuple(
        word
        for place, word in enumerate(text)
        if place not in taken and not (word in _DROPPED and (titled or publishers))
    )
    places = tuple(sorted(taken))
    by_name = bool(titled or publishers)
    return Named(reports, rest, years, publishers, impossible, (), places, by_name)


def _by_title(
    text: list[str], catalogue: Catalogue, taken: set[int], question: str
) -> list[str]:
    named: dict[tuple[str, ...], set[str]] = {}
    for details in catalogue:
        for phrase in title_phrases(details):
            if list(phrase) != words(details.title) or is_meant(phrase, question):
                named.setdefault(phrase, set()).add(details.report)
    found: dict[str, int] = {}
    for phrase in sorted(named, key=lambda phrase: (-len(phrase), phrase)):
        while places := find_phrase(phrase, text, taken):
            taken.update(places)
            for report in _editions(named[phrase], text, catalogue, taken):
                found.setdefault(report, places[0])
    return sorted(found, key=lambda report: found[report])


def _editions(
    reports: set[str], text: list[str], catalogue: Catalogue, taken: set[int]
) -> list[str]:
    """Return which of the reports of one name are meant: by year, then by publisher."""
    free = [word for place, word in enumerate(text) if place not in taken]
    folded, kept = f" {' '.join(free)} ", sorted(reports)
    own = [d for d in catalogue if d.report in reports] if len(kept) > 1 else []
    for told in (
        {d.report for d in own if d.year and str(d.year) in free},
        {d.report for d in own if f" {' '.join(words(d.publisher))} " in folded},
    ):
        kept = [report for report in kept if report in told] or kept
    return kept


def _publishers(
    text: list[str], catalogue: Catalogue, taken: set[int]
) -> tuple[str, ...]:
    found: list[str] = []
    for details in catalogue:
        kind = details.publisher_type
        for name in (words(details.publisher), ["the", *words(kind)] if kind else []):
            while name and (places := find_phrase(name, text, taken)):
                taken.update(places)
                found.append(details.publisher)
    return tuple(dict.fromkeys(found))


def _by_supporter(text: list[str], catalogue: Catalogue, taken: set[int]) -> list[str]:
    """Return the reports that a backer's name stands beside: "the Civica-backed one"."""
    found: list[str] = []
    for details in catalogue:
        for name in details.supporters:
            places = find_phrase(words(name), text, taken)
            if not places:
                continue
            around = range(max(0, places[0] - _NEAR), places[-1] + _NEAR)
            nouns = [p for p in around if text[p : p + 1] and text[p] in NOUNS]
            if nouns:
                taken.update(range(min(*places, *nouns), max(*places, *nouns) + 1))
                found.append(details.report)
    return list(dict.fromkeys(found))


def _years(
    text: list[str], catalogue: Catalogue, taken: set[int], by_publisher: bool
) -> tuple[int, ...]:
    """Return the years that are said of a report, and take their places.

    "In 2013" may be about the world; "the 2013 report" is about the shelf, and so are
    "Localis 2013" and "from 2013 to 2024", where the shelf has both.
    """
    free = [
        i for i, word in enumerate(text) if i not in taken and _YEAR.fullmatch(word)
    ]
    every = {int(text[place]) for place in free}
    spans = len(every) > 1 and every <= {d.year for d in catalogue}
    if not (by_publisher or spans):
        own = {d.year for d in catalogue}
        free = [
            place
            for place in free
            if {*text[max(0, place - 1) : place + 3]} & _OF_A_SHELF
            or _is_of_a_kind(text, place)
            or (int(text[place]) in own and _stands_for_one(text, place))
        ]
    taken.update(free)
    return tuple(int(text[place]) for place in free)


def _is_of_a_kind(text: list[str], place: int) -> bool:
    """Tell whether a year is that of a document: "the 2015 Sallowfield strategy"."""
    return text[place - 1 : place] == ["the"] and bool(
        {*text[place + 1 : place + 4]} & DOCUMENTS
    )


def _stands_for_one(text: list[str], place: int) -> bool:
    """Tell whether a year is all that is said of a thing: "the 2013 or the 2024"."""
    follows = text[place + 1 : place + 2]
    return text[place - 1 : place] == ["the"] and {*follows} <= STOP_WORDS


def _narrow(
    text: list[str],
    catalogue: Catalogue,
    titled: list[str],
    publishers: tuple[str, ...],
    years: tuple[int, ...],
) -> tuple[tuple[str, ...], bool]:
    """Join what title, publisher and year say; the flag tells that nothing fits."""
    if titled:
        # "31ten vs Heart of the Matter": a publisher beside a title joins it, unless
        # it is that report's own; so does a year.
        own = [d for d in catalogue if d.report in titled]
        known, ages = {d.publisher for d in own}, {d.year for d in own}
        others = [d for d in catalogue if d.publisher in {*publishers} - known]
        others += [d for d in catalogue if d.year in {*years} - ages]
        return tuple(dict.fromkeys([*titled, *_ids(others)])), False
    fit = [d for d in catalogue if not publishers or d.publisher in publishers]
    if years:
        dated = [d for d in fit if d.year in years]
        # "31ten and Localis 2024": each publisher keeps a say.
        left = {*publishers} - {d.publisher for d in dated}
        dated += [d for d in fit if dated and d.publisher in left]
        return _ids(dated), not dated
    return _by_age(text, fit, bool(publishers)) or _ids(
        fit if publishers else ()
    ), False


def _by_age(
    text: list[str], fit: Sequence[ReportDetails], some: bool
) -> tuple[str, ...]:
    """Return the newest or the oldest report, or both, where the words ask for it.

    Such a word is near one for a report; of ``some`` reports ("their recent one",
    "Localis, the older") more words tell it, and it may end the question.
    """
    newest = _NEWEST | ({"recent", "last", "newer"} if some else set())
    oldest = _OLDEST | ({"older", "old"} if some else set())
    near = {
        word
        for place, word in enumerate(text)
        if {*text[place + 1 : place + 4]} & _OF_A_SHELF
        or (some and place + 1 == len(text))
    }
    told = set(text) if near & (newest | oldest) else set()
    ordered = sorted(fit, key=lambda d: d.published or "")
    first = ordered[:1] if told & oldest else []
    return _ids([*first, *(ordered[-1:] if told & newest else [])])
