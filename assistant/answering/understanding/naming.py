"""Which reports a question names: by title, alias, publisher, year or supporter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from assistant.schema import ReportDetails
from assistant.words import words

_YEAR = re.compile(r"(19|20)\d\d")
_REPORT_NOUNS = frozenset(
    "report reports paper papers study studies publication document one ones research "
    "findings launch summary release work guide".split()
)
_DROPPED = frozenset("report reports paper papers study document one ones".split())
_SHELF_NOUNS = _REPORT_NOUNS | frozenset("four them release published on".split())
_NEWEST = frozenset("latest newest recent last".split())
_OLDEST = frozenset("oldest earliest older old first".split())
_SUPPORTED_NOUNS = ("report", "one", "paper", "study")
_SUPPORTED_VERBS = ("backed", "sponsored", "supported", "funded", "helped")
_LONG_PHRASE = 12
# So many words of a subtitle are enough to mean it.
_SUBTITLE_WORDS = 5
_MONTHS = {
    month: f"{number:02}"
    for number, month in enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        start=1,
    )
}
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


@lru_cache(maxsize=20_000)
def _alike(left: str, right: str) -> bool:
    if left == right:
        return True
    return (
        min(len(left), len(right)) > 4
        and left[0] == right[0]
        and OSA.distance(left, right, score_cutoff=2) <= (1 if len(left) < 8 else 2)
    )


def _same_phrase(phrase: Sequence[str], window: Sequence[str]) -> bool:
    if all(_alike(wanted, found) for wanted, found in zip(phrase, window, strict=True)):
        return True
    # "heart of teh matter": a long phrase may have a slip or two anywhere.
    joined, typed = " ".join(phrase), " ".join(window)
    # A digit is no slip: the report of 2019 is not that of 2013.
    long = len(joined) >= _LONG_PHRASE and not re.search(r"\d", joined + typed)
    most = 2 if long else 0
    return most > 0 and OSA.distance(joined, typed, score_cutoff=most) <= most


def _find(phrase: Sequence[str], text: Sequence[str], taken: set[int]) -> list[int]:
    """Return the places in a text where a phrase stands, typing errors allowed."""
    size, first = len(phrase), phrase[0][:1]
    for start in range(len(text) - size + 1):
        # A slip hardly ever hits the first letter, and looking there first is cheap.
        if text[start][:1] != first:
            continue
        places = list(range(start, start + size))
        window = text[start : start + size]
        if not taken.intersection(places) and _same_phrase(phrase, window):
            return places
    return []


@lru_cache(maxsize=2_000)
def _phrases(details: ReportDetails) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase) for phrase in _title_phrases(details) if phrase)


def _title_phrases(details: ReportDetails) -> Iterable[list[str]]:
    yield words(details.title)
    if details.subtitle:
        yield words(details.subtitle)
        yield words(details.subtitle)[:_SUBTITLE_WORDS]
    for alias in details.aliases:
        yield [w for w in words(alias) if w != "the"]
    for person in details.authors:
        yield [*words(person), "report"]
        yield [words(person)[-1], "report"]
    for name in details.supporters:
        for noun in _SUPPORTED_NOUNS:
            yield [*words(name), noun]
            for verb in _SUPPORTED_VERBS:
                # "the Civica-backed report", "the study that Civica supported"
                yield [*words(name), verb, noun]
                yield [noun, *words(name), verb]
                yield [noun, "that", *words(name), verb]


def _by_title(
    text: list[str], catalogue: Sequence[ReportDetails], taken: set[int]
) -> list[str]:
    named: dict[tuple[str, ...], set[str]] = {}
    for details in catalogue:
        for phrase in _phrases(details):
            named.setdefault(phrase, set()).add(details.report)
    found: dict[str, int] = {}
    for phrase in sorted(named, key=lambda phrase: (-len(phrase), phrase)):
        while places := _find(phrase, text, taken):
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
    for publisher in dict.fromkeys(details.publisher for details in catalogue):
        kinds = {d.publisher_type for d in catalogue if d.publisher == publisher}
        names = [words(publisher), *(["the", *words(k)] for k in kinds if k)]
        for name in names:
            while places := _find(name, text, taken):
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
            if places := _find(words(person), text, taken):
                taken.update(places)
                found.append(details.report)
    return list(dict.fromkeys(found))


def _by_month(text: list[str], catalogue: Sequence[ReportDetails]) -> list[str]:
    """Return the reports published in a month that the question names with its year."""
    months = {
        f"{year}-{_MONTHS[month]}"
        for month, year in pairwise(text)
        if month in _MONTHS and _YEAR.fullmatch(year)
    }
    found = [d.report for d in catalogue if (d.published or "")[:7] in months]
    return list(dict.fromkeys(found)) if set(text) & _REPORT_NOUNS else []


def _years(text: list[str], taken: set[int]) -> list[int]:
    years = []
    for place, word in enumerate(text):
        if _YEAR.fullmatch(word) and place not in taken:
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            near = {*before, *after, *text[place + 2 : place + 3]}
            # "in 2013" may be about the world; "the 2013 report" is about the shelf.
            named = bool(near & _REPORT_NOUNS) or bool({"the", "and"} & set(before))
            years.append((int(word), place, named))
    taken.update(place for _, place, _ in years)
    return [year for year, _, named in years if named]


def find_reports(question: str, catalogue: Sequence[ReportDetails]) -> Named:
    """Find the reports that a question names.

    A title or alias names its report; a publisher names all of its reports, a year
    beside a publisher or a word such as "report" narrows to that year.
    """
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
    titled = _by_title(text, catalogue, taken)
    titled = titled or _by_month(text, catalogue)
    # "Did Localis publish What's Next?" is about What's Next, and Localis is its matter.
    own = [d for d in catalogue if not titled or d.report in titled]
    joined = _JOINED.search(question) is not None
    publishers = _publishers(text, catalogue if joined else own, taken)
    if not titled and not publishers:
        titled = _by_author(text, catalogue, taken)
    unclaimed = [
        int(w) for i, w in enumerate(text) if i not in taken and _YEAR.fullmatch(w)
    ]
    years = _years(text, taken)
    if publishers and not titled:
        # "Localis 2023", "Localis (2023)": a year in the same breath belongs to it.
        years = unclaimed or years
    reports, impossible = _narrow(text, catalogue, titled, publishers, years)
    rest = tuple(
        word
        for place, word in enumerate(text)
        if place not in taken and not (word in _DROPPED and (titled or publishers))
    )
    return Named(tuple(reports), rest, tuple(years), tuple(publishers), impossible)


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
        aged = {w for i, w in enumerate(text) if {*text[i + 1 : i + 4]} & _SHELF_NOUNS}
        if aged & (_NEWEST | _OLDEST - {"first", "old"}):
            every = list(dict.fromkeys(d.report for d in catalogue))
            return _by_age(text, catalogue, every), False
        return [], False
    if not years:
        chosen = [r for publisher in publishers for r in of(publisher, None)]
        return _by_age(text, catalogue, chosen), False
    if not publishers:
        chosen = [report for year in years for report in of(None, year)]
        return chosen, not chosen
    chosen = [r for p in publishers for year in years for r in of(p, year)]
    # "31ten and Localis 2024": each publisher keeps a say.
    for publisher in publishers:
        if chosen and not set(of(publisher, None)) & set(chosen):
            chosen += of(publisher, None)
    return chosen, not chosen


def _by_age(
    text: list[str], catalogue: Sequence[ReportDetails], chosen: list[str]
) -> list[str]:
    """Keep the newest or oldest of the reports where the question asks for it."""
    ages = {d.report: d.published or "" for d in catalogue if d.report in chosen}
    near = {
        word
        for place, word in enumerate(text)
        if {*text[place + 1 : place + 4]} & _SHELF_NOUNS
        or place + 1 == len(text)
        or text[place + 1]
        in ("want", "wants", "say", "says", "suggest", "suggests", "differ")
    }
    # "The oldest and the newest think-tank papers": the noun stands beside one of them.
    oldest, newest = (
        set(text) & words_of for words_of in (_OLDEST - {"first", "old"}, _NEWEST)
    )
    if len(chosen) > 1 and oldest and newest and near & (oldest | newest):
        ordered = sorted(chosen, key=lambda report: ages[report])
        return [ordered[0], ordered[-1]]
    if len(chosen) > 1 and near & _NEWEST:
        return [max(chosen, key=lambda report: ages[report])]
    if len(chosen) > 1 and near & _OLDEST and "first" not in near:
        return [min(chosen, key=lambda report: ages[report])]
    return chosen
