"""Which reports a turn points at without their names: "the other two", "the older one"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.understanding.conversation import Context
from assistant.answering.understanding.naming import Catalogue, Named, find_reports
from assistant.answering.understanding.reading import YEAR
from assistant.text.words import STOP_WORDS, number_value, words

_OTHER = re.compile(
    r"\b(?:(?P<one>(?:the|that) other(?: \w+)? (?:one|report|paper|study)\b|the other\W*$)"
    r"|others\b|other (?:two|three|reports|papers)|(?:anyone|anybody) else|elsewhere"
    r"|who else (?:says|mentions|talks|thinks)|rest of (?:them|the))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:both|either|neither|them|the pair|all of them|each(?: of them)?|side by side"
    r"|they (?:all|both|each)|compare[ds]?|differ\w*|agree|disagree|that and|than that)\b",
    re.IGNORECASE,
)
_OF_SO_MANY = re.compile(
    r"\b(?:the|all|these|those|any of the) (?P<first>first |last )?(?P<many>two|three|four)\b"
    r"(?: (?:reports|papers|of (?:them|these|those)))?(?P<next>(?: \w+)?)",
    re.IGNORECASE,
)
_WIDE = re.compile(
    r"\b(?:which (?:of (?:the|them)|ones?|reports?|papers?)|who (?:else )?(?:mentions?|talks?|says)"
    r"|any(?:one|where| of| report)|(?:the|these|your|all) (?:reports|papers)|the shelf"
    r"|in here)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:(?P<new>newer|newest|latest|later|most recent|more recent)"
    r"|older|oldest|earlier|earliest)\b",
    re.IGNORECASE,
)
_WHICH_AGE = re.compile(
    r"\bwhich\b.*(?:\b(?:newer|older|earlier|later|first)\b|(?P<most>\w+est\b))|\bthan\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:report|paper|one|study|document)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:who|what|which|when|where|why|how|does|do|did|is|are)\b", re.I
)
_ALL = re.compile(
    r"\b(?:all|both|every|each|any|either|whichever|not sure|mind)\b", re.I
)

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NTH = re.compile(
    rf"\b(?:(?:the|that|and|meant)|(?P<no>number|no\.?|#|point|option)) ?"
    rf"(?P<nth>{'|'.join(ORDINALS)}|last|penultimate|\d{{1,2}}(?:st|nd|rd|th)|(?(no)\d{{1,2}}\b))"
    rf"|^\W*(?P<start>{'|'.join(ORDINALS)}|last|penultimate)\b"
    r"|^\W*(?:and |then )?(?P<digit>\d{1,2})(?: and (?P<more>\d{1,2}))?\b(?! \w+s\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The reports that a turn points at; ``wide`` where it asks the whole shelf."""

    reports: tuple[str, ...] = ()
    compares: bool | None = None
    """None where the wording says; False where just one is meant."""
    wide: bool = False
    ages: bool = False
    """Whether it asks which of them is the older one."""


def pointed_at(
    text: str, named: Named, context: Context, catalogue: Catalogue
) -> Pointed:
    """Return which reports a turn means, by name or by what was spoken of before."""
    reports = named.reports or _dated(text, context, catalogue)
    if reports:
        return _by_name(text, reports, bool(named.publishers), context)
    return (
        _others(text, context, catalogue)
        or _by_count(text, context)
        or _by_age(text, context, catalogue)
        or Pointed(wide=_WIDE.search(text) is not None)
    )


def _by_name(
    text: str, reports: tuple[str, ...], of_publisher: bool, context: Context
) -> Pointed:
    """Return the reports named, less or more of those in hand where a turn says so."""
    other = _OTHER.search(text)
    if other and len(reports) > 1:
        left = tuple(r for r in reports if r not in context.reports)
        return Pointed(left, False if other["one"] else None)
    known = tuple(r for r in reports if r in context.spoken)
    if of_publisher and len(known) == 1 and _ONE.search(text):
        return Pointed(known)
    if _SEVERAL.search(text) and len(reports) == 1 and context.reports:
        both = tuple(dict.fromkeys([*context.reports, *reports]))
        ages = bool(_WHICH_AGE.search(text) and _AGE.search(text))
        return Pointed(both, True if len(both) > 1 else None, ages=ages)
    return Pointed(reports)


def _others(text: str, context: Context, catalogue: Catalogue) -> Pointed | None:
    other = _OTHER.search(text)
    if other is None:
        return None
    known = tuple(r for r in context.latest if r not in context.reports)
    every = dict.fromkeys(d.report for d in catalogue if not d.superseded_by)
    left = tuple(r for r in every if r not in context.reports)
    if other["one"]:
        return Pointed(known[:1] or left, False)
    return Pointed(left, len(left) > 1)


def _by_count(text: str, context: Context) -> Pointed | None:
    """Return "the first two", "both" of those spoken of."""
    if found := _of_so_many(text, context):
        return Pointed(found, compares=True)
    pair = _pair(context)
    if _AGE.search(text) or not _SEVERAL.search(text) or len(pair) < 2:
        return None
    every = re.search(r"\ball\b", text)
    return Pointed(context.latest if every else pair, compares=True)


def _pair(context: Context) -> tuple[str, ...]:
    return context.reports if len(context.reports) > 1 else context.latest[:2]


def _by_age(text: str, context: Context, catalogue: Catalogue) -> Pointed | None:
    """Return "the older one" of the pair in hand, or both for "which is older?"."""
    which, pair = _WHICH_AGE.search(text), _pair(context)
    if which and which["most"]:
        return Pointed(by_age(text, context.latest, catalogue), ages=True)
    if which and len(pair) > 1:
        return Pointed(pair, compares=True, ages=True)
    if _AGE.search(text):
        return Pointed(by_age(text, pair if len(pair) > 1 else (), catalogue))
    return None


def _dated(text: str, context: Context, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the reports of the years in a turn, of the publishers in hand if any."""
    years = {int(year) for year in YEAR.findall(text)}
    own = {d.publisher for d in catalogue if d.report in context.reports}
    found = [d for d in catalogue if d.year in years]
    kept = [d for d in found if d.publisher in own] or found
    return tuple(dict.fromkeys(d.report for d in kept))


def _of_so_many(text: str, context: Context) -> tuple[str, ...]:
    """Return the reports of "the first two", "all four"; not of "the three divisions"."""
    found = _OF_SO_MANY.search(text)
    after = found["next"].strip() if found else ""
    if found is None or (after.endswith("s") and after not in STOP_WORDS):
        return ()
    many = int(number_value(found["many"]) or 2)
    spoken = context.spoken
    if len(spoken) < many:
        return ()
    if (found["first"] or "").lower().startswith("first"):
        return spoken[:many]
    return context.latest[:many]


def by_age(
    text: str, reports: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """Return the newest or the oldest of reports (none: of the shelf), as a turn says."""
    found = _AGE.search(text)
    ages = {
        d.report: d.published or ""
        for d in catalogue
        if d.report in reports or not (reports or d.superseded_by)
    }
    if found is None or not ages:
        return ()
    return ((max if found["new"] else min)(ages, key=ages.__getitem__),)


def numbers_in(text: str, most: int) -> list[int]:
    """Return the places in a list of ``most`` items that a turn names, from 1."""
    found = _NTH.search(text)
    if found is None:
        return []
    told = (found["nth"] or found["start"] or found["digit"] or "").lower()
    if told in ("last", "penultimate"):
        places = [most - (told == "penultimate")]
    elif told in ORDINALS:
        places = [ORDINALS.index(told) + 1]
    else:
        places = [int(re.sub(r"\D", "", told) or 0)]
    places += [int(found["more"])] if found["more"] else []
    return [place for place in places if 0 < place <= most]


def picked(turn: str, context: Context, catalogue: Catalogue) -> tuple[str, ...]:
    """Return which of the reports offered a turn picks; empty where it picks none."""
    offered = context.offered
    own = [d for d in catalogue if d.report in offered]
    named = find_reports(turn, own)
    beside = [w for w in named.rest if w not in STOP_WORDS and not YEAR.fullmatch(w)]
    if not offered or len(beside) > 2 or (beside and _ASKS.match(turn)):
        return ()
    years = {d.report for d in own if str(d.year) in words(turn)}
    chosen = set(named.reports) if named.places else years
    chosen = chosen & years or chosen
    if chosen:
        return tuple(r for r in offered if r in chosen)
    if many := re.search(r"\bfirst (two|three)\b", turn, re.IGNORECASE):
        return offered[: int(number_value(many[1]) or 2)]
    if aged := by_age(turn, offered, catalogue):
        return aged
    numbers = [
        int(number_value(w) or w) for w in words(turn) if w.isdigit() or number_value(w)
    ]
    places = numbers_in(f"the {turn}", len(offered)) or numbers_in(turn, len(offered))
    places = places or [n for n in numbers[:1] if 0 < n <= len(offered)]
    if places:
        return offered[places[0] - 1 :][:1]
    return offered if _ALL.search(turn) else ()
