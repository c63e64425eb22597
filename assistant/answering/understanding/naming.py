"""Which reports a question names: by title, alias, publisher, year or supporter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.switches import is_on
from assistant.answering.understanding.naming_phrases import find_phrase, title_phrases
from assistant.answering.understanding.naming_when import (
    YEAR,
    asks_for_age,
    by_age,
    by_month,
    years_named,
)
from assistant.schema import ReportDetails
from assistant.words import STOP_WORDS, words

_DROPPED = frozenset("report reports paper papers study document one ones".split())
_JOINED = re.compile(
    r"\b(and|or|vs|versus|than|with|both|compared?|differ|beside)\b|,", re.IGNORECASE
)
_APART = re.compile(
    r"\b(?:(?:reports?|ones?|documents?) )?"
    r"(?:other than|apart from|besides|except(?: for)?|excluding)\b",
    re.IGNORECASE,
)


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


def _is_meant(phrase: tuple[str, ...], question: str) -> bool:
    """Tell whether a title of one word is meant as a title: "Homelessness".

    It is beside "report" or the like, in quotation marks, or with a capital within a
    sentence; else it is the subject, of which any report may speak.
    """
    if len([word for word in phrase if word not in STOP_WORDS]) > 1:
        return True
    word = re.escape(" ".join(phrase))
    if any(c.isdigit() for c in word):
        return True
    nouns = r"(?:report|paper|study|strategy|plan|document|review|policy)"
    signs = (
        rf"\b{word}['\"’”]?,? (?:the )?{nouns}\b|\b{nouns}:? (?:called |on )?['\"‘“]?{word}\b"
        rf"|['\"‘“]{word}['\"’”]"
    )
    if re.search(signs, question, re.IGNORECASE):
        return True
    capital = re.search(
        rf"(?<=[a-z,] ){re.escape(' '.join(phrase).title())}\b", question
    )
    return capital is not None


def _by_title(
    text: list[str],
    catalogue: Sequence[ReportDetails],
    taken: set[int],
    question: str,
) -> list[str]:
    named: dict[tuple[str, ...], set[str]] = {}
    for details in catalogue:
        for phrase in title_phrases(details):
            if list(phrase) != words(details.title) or _is_meant(phrase, question):
                named.setdefault(phrase, set()).add(details.report)
    found: dict[str, int] = {}
    for phrase in sorted(named, key=lambda phrase: (-len(phrase), phrase)):
        while places := find_phrase(phrase, text, taken):
            taken.update(places)
            for report in _editions(named[phrase], text, catalogue, taken):
                found.setdefault(report, places[0])
    return sorted(found, key=lambda report: found[report])


def _editions(
    reports: set[str],
    text: list[str],
    catalogue: Sequence[ReportDetails],
    taken: set[int],
) -> list[str]:
    """Return which of the reports of one name are meant: by year, then by publisher."""
    kept = sorted(reports)
    if len(kept) > 1:
        free = [word for place, word in enumerate(text) if place not in taken]
        folded = f" {' '.join(free)} "
        own = [d for d in catalogue if d.report in reports]
        for told in (
            {d.report for d in own if d.year and str(d.year) in free},
            {d.report for d in own if f" {' '.join(words(d.publisher))} " in folded},
        ):
            kept = [report for report in kept if report in told] or kept
    return kept


def _publishers(
    text: list[str], catalogue: Sequence[ReportDetails], taken: set[int]
) -> list[str]:
    found = []
    for publisher in dict.fromkeys(d.publisher for d in catalogue if d.publisher):
        kinds = {d.publisher_type for d in catalogue if d.publisher == publisher}
        names = [words(publisher), *(["the", *words(k)] for k in kinds if k)]
        for name in names:
            while places := find_phrase(name, text, taken):
                taken.update(places)
                found.append(publisher)
    return list(dict.fromkeys(found))


def _by_author(
    text: list[str], catalogue: Sequence[ReportDetails], taken: set[int]
) -> list[str]:
    """Return the reports of an author named in full ("how does Ann Example see…")."""
    found = []
    for details in catalogue:
        for person in details.authors:
            if places := find_phrase(words(person), text, taken):
                taken.update(places)
                found.append(details.report)
    return list(dict.fromkeys(found))


def find_reports(question: str, catalogue: Sequence[ReportDetails]) -> Named:
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
        rest = _find_named(question[: apart.start()], kept).rest
        if others and kept:
            left = tuple(dict.fromkeys(details.report for details in kept))
            return Named(left, rest, excluded=others)
    return _find_named(question, catalogue)


def _find_named(question: str, catalogue: Sequence[ReportDetails]) -> Named:
    text = words(question)
    taken: set[int] = set()
    titled = _by_title(text, catalogue, taken, question)
    titled = titled or by_month(text, catalogue)
    # "Did Localis publish What's Next?" is about What's Next, and Localis is its matter.
    own = [d for d in catalogue if not titled or d.report in titled]
    joined = _JOINED.search(question) is not None
    publishers = _publishers(text, catalogue if joined else own, taken)
    if not titled and not publishers:
        titled = _by_author(text, catalogue, taken)
    unclaimed = [
        int(w) for i, w in enumerate(text) if i not in taken and YEAR.fullmatch(w)
    ]
    years = years_named(text, taken)
    ages = {details.year for details in catalogue}
    if len(set(unclaimed)) > 1 and set(unclaimed) <= ages:
        # "From 2013 to 2024": the reports of those years are set side by side.
        years = unclaimed
    if publishers and not titled:
        # "Localis 2023", "Localis (2023)": a year in the same breath belongs to it.
        years = unclaimed or years
    reports, impossible = _narrow(text, catalogue, titled, publishers, years)
    rest = tuple(
        word
        for place, word in enumerate(text)
        if place not in taken and not (word in _DROPPED and (titled or publishers))
    )
    return Named(
        tuple(reports),
        rest,
        tuple(years),
        tuple(publishers),
        impossible,
        places=tuple(sorted(taken)),
    )


def _narrow(
    text: list[str],
    catalogue: Sequence[ReportDetails],
    titled: list[str],
    publishers: list[str],
    years: list[int],
) -> tuple[list[str], bool]:
    """Join what title, publisher and year say; the flag tells that nothing fits."""

    def of(publisher: str | None, year: int | None) -> list[str]:
        return list(
            dict.fromkeys(
                details.report
                for details in catalogue
                if publisher in (None, details.publisher)
                and year in (None, details.year)
            )
        )

    if titled:
        # "31ten vs Heart of the Matter": a publisher beside a title joins it, unless
        # it is that report's own.
        own = {d.publisher for d in catalogue if d.report in titled}
        others = [r for p in publishers if p not in own for r in of(p, None)]
        ages = {d.year for d in catalogue if d.report in titled}
        others += [r for year in years if year not in ages for r in of(None, year)]
        return list(dict.fromkeys([*titled, *others])), False
    if not publishers and not years:
        if asks_for_age(text):
            every = list(dict.fromkeys(d.report for d in catalogue))
            return by_age(text, catalogue, every), False
        return [], False
    if not years:
        chosen = [r for publisher in publishers for r in of(publisher, None)]
        return by_age(text, catalogue, chosen), False
    if not publishers:
        chosen = [report for year in years for report in of(None, year)]
        return chosen, not chosen
    chosen = [r for p in publishers for year in years for r in of(p, year)]
    # "31ten and Localis 2024": each publisher keeps a say.
    for publisher in publishers:
        if chosen and not set(of(publisher, None)) & set(chosen):
            chosen += of(publisher, None)
    return chosen, not chosen
