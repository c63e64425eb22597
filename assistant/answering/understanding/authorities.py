"""Whose papers a question is likely about: of an authority, a short title, a year in it.

"Households in temporary accommodation in Ashmere, 2022/23" names no report, and yet the
papers of Ashmere City Council, and of that year, are heard before others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.understanding.naming import Catalogue
from assistant.answering.understanding.naming_phrases import DOCUMENTS, short_titles
from assistant.schema import NO_PUBLISHER, ReportDetails
from assistant.text.words import STOP_WORDS, stem, stems, words

_KINDS = frozenset(map(stem, DOCUMENTS))
# What kind of body it is tells none of them, even where the shelf has just one such.
_BODIES = frozenset(
    "council authority county borough district city town parish combined metropolitan unitary"
    " department ministry office agency board body trust service services partnership group"
    " association institute foundation commission committee panel inspectorate adjudicator"
    " ombudsman unit centre public national local health care police fire research policy"
    " government executive company limited".split()
)
_NOTHING = frozenset(stem(word) for word in STOP_WORDS)
_LEAST_TOLD, _MOSTLY = 2, 0.6
_YEARS = re.compile(r"\b(?:(?:19|20)?(\d\d)\s?[/–-]\s?(?:20)?(\d\d)|((?:19|20)\d\d))\b")


Knows = Callable[[str], bool]


def _every(word: str) -> bool:
    return True


def spoken_of(
    text: str, catalogue: Catalogue, knows: Knows = _every
) -> tuple[str, ...]:
    """Return the reports that a text speaks of without naming them, of its year if any is.

    A word tells an authority where only that publisher's name on the shelf holds it:
    of several councils the place does, "council" does not. So does a name in a title:
    "Harrowdene" in an inspector's report on it.

    Args:
        text: a question.
        catalogue: the details of every report that may be meant.
        knows: tells whether a lower-case word is a common one, and no name.
    """
    own, folded = set(words(text)), f" {' '.join(words(text))} "
    told = [d for d in catalogue if _names(own, d, catalogue, knows)]
    called = [d for d in catalogue if _is_called(d.title, folded)]
    called = _most_told(text, [*called, *_by_words(text, catalogue)])
    # What is called so in each place; else whatever either says.
    here = {d.publisher for d in told if d in called}
    told = [d for d in told if d in called or d.publisher not in here] or called
    years = years_in(text)
    dated = [d for d in told or catalogue if years & years_in(d.title)]
    # The year chooses between the editions of one paper, and among those of one place.
    kept = dated if dated and (told or _are_editions(dated, catalogue)) else told
    return tuple(dict.fromkeys(d.report for d in kept))


def places_in(text: str, catalogue: Catalogue, knows: Knows = _every) -> frozenset[str]:
    """Return the words of a text that tell an authority: see ``spoken_of``."""
    own = set(words(text))
    return frozenset(w for d in catalogue for w in _names(own, d, catalogue, knows))


def _names(
    own: set[str], details: ReportDetails, catalogue: Catalogue, knows: Knows
) -> set[str]:
    titled = own & set(words(details.title))
    in_title = {w for w in titled if w.isalpha() and not knows(w)}
    return own & _telling(details.publisher, catalogue) | in_title


def _telling(publisher: str, catalogue: Catalogue) -> set[str]:
    if publisher == NO_PUBLISHER:
        return set()
    others = {d.publisher for d in catalogue} - {publisher}
    shared = {word for other in others for word in words(other)}
    return set(words(publisher)) - shared - STOP_WORDS - _BODIES if others else set()


def _by_words(text: str, catalogue: Catalogue) -> list[ReportDetails]:
    """Return the reports whose titles a text tells in part: "the report on reducing waste".

    Beside a word for a document, and most of the title's own words; those most told.
    """
    own = set(stems(text))
    if not own & _KINDS:
        return []
    titles = {details: _title_stems(details) for details in catalogue}
    return [
        details
        for details, title in titles.items()
        if len(title & own) >= max(_LEAST_TOLD, _MOSTLY * len(title))
    ]


def _most_told(text: str, called: Sequence[ReportDetails]) -> list[ReportDetails]:
    """Keep the reports of whose titles a text tells the most words."""
    own = set(stems(text))
    shared = {details: len(_title_stems(details) & own) for details in called}
    return [d for d, count in shared.items() if count == max(shared.values())]


def _title_stems(details: ReportDetails) -> set[str]:
    return {stem(w) for w in words(_YEARS.sub("", details.title))} - _NOTHING


def _is_called(title: str, folded: str) -> bool:
    return any(f" {' '.join(words(name))} " in folded for name in short_titles(title))


def years_in(text: str) -> set[str]:
    """Return the years in a text; "2022/23", "22/23" and "2022-23" are one."""
    return {
        three or f"{one}/{two}"
        for one, two, three in _YEARS.findall(text)
        if three or (int(one) + 1) % 100 == int(two)
    }


def edition_name(details: ReportDetails) -> tuple[str, str]:
    """Return what the editions of one paper share: its title without years, and whose."""
    return _without_years(details.title), details.publisher


def older_editions(catalogue: Catalogue) -> frozenset[str]:
    """Return the reports of which a later edition is there, by year of title, then date.

    Papers of one name whose years and dates are alike, or not known, are no editions.
    """
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    for details in catalogue:
        name = edition_name(details)
        newest[name] = max(newest.get(name, ("", "")), _age(details))
    return frozenset(
        details.report
        for details in catalogue
        if ("", "") != _age(details) < newest[edition_name(details)]
    )


def _age(details: ReportDetails) -> tuple[str, str]:
    return max(years_in(details.title), default=""), details.published or ""


def _without_years(title: str) -> str:
    return " ".join(words(_YEARS.sub("", title)))


def _are_editions(dated: Sequence[ReportDetails], catalogue: Catalogue) -> bool:
    titles = [_without_years(d.title) for d in catalogue]
    return any(titles.count(_without_years(d.title)) > 1 for d in dated)
