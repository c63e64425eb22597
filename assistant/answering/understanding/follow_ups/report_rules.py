"""Puts titles in the place of what points at reports: "the other one", "both", "in 2013"."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answering.understanding.follow_ups.conversation import Context, title_of
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    content,
    in_report,
    joined,
    titles_of,
    topic_in,
)
from assistant.answering.understanding.naming import find_reports
from assistant.answering.understanding.naming_one import POINTS_AT_ONE

Rule = Callable[[str, Context, Catalogue], str | None]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ONE = r"(?:one|report|paper|document)"
_NTH = _any(
    r"\bthe (?P<nth>first|second|third|fourth) (?:(?:report|paper|document|of (?:them|these"
    r"|those))(?: (?:that )?you (?:named|mentioned|listed))?\b"
    r"|(?=(?:says?|makes?|recommends?|finds?|mentions?|suggests?|wants?|proposes?)\b))"
)
_PLACES = ("first", "second", "third", "fourth")
_BACK_TO = _any(r"^\W*(?:going )?back to (?P<what>[^,–-]{3,60}?)\s*[,–-]\s*")
_BY_AGE = _any(
    r"\bthe (?:(?P<new>newer|later|more recent)|older|earlier)"
    rf"(?: (?:{_ONE}|of (?:them|these|those|the two)))?\b"
)
_OTHER = _any(rf"\b(?:the|that) other(?: {_ONE}\b|(?=\W*$))")
_OTHERS = _any(
    r"\b(?:the |all the )?(?:other (?:two|three|four|ones|reports|papers|documents)|others"
    r"|rest of (?:them|the reports))\b"
)
_ANY_OTHER = _any(
    r"\bany (?:others?|other reports?|other ones)\b|\banyone else\b"
    r"|\bwho else\b(?=.*\bsays?\b)"
)
_ALL = _any(
    r"\b(?P<two>both|the two|the pair)(?: of (?:them|these|those)| (?:the )?(?:reports|papers))?\b",
    r"\b(?:all (?:three|four|of (?:them|these|those))|each of (?:them|these|those)|the three)\b"
    r"(?: reports| papers)?",
)
_PAIRED = _any(r"\bboth (?:the )?[\w'-]+ and\b")
_IN_YEAR = _any(
    r"^\W*(?:(?:and|but|or|what about|how about) )*(?:back )?(?:in |from |for )?(?:the )?"
    r"(?P<year>(?:19|20)\d\d)\W*$"
)
_THE_REPORT = _any(
    r"\b(?:(?:the|that|this) (?:report|paper|document)|that one|this one|the same report)\b"
)
_THAT_SAYS = _any(
    r"(?<=\bdoes )(?:that|this)(?= (?:also |even |really )?"
    r"(?:say|mention|recommend|find|propose|suggest|want|cover|call for)\b)",
    r"(?<=\bwas )(?:that|this)(?= (?:published|released|launched|written)\b)",
)
_MOST_TITLES = 4
_FEW = 3


def name_reports(bare: str, context: Context, catalogue: Catalogue) -> str:
    """Return a question with titles where it points at reports spoken of."""
    found = (rule(bare, context, catalogue) for rule in _RULES)
    return next((text for text in found if text is not None), bare)


def _put(found: re.Match[str], name: str) -> str:
    return found.string[: found.start()] + name + found.string[found.end() :]


def _back_to(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Ask "back to A - how many does it make?" of A."""
    found = _BACK_TO.match(bare)
    named = find_reports(found["what"], catalogue).reports if found else ()
    if found is None or len(named) != 1:
        return None
    rest, title = bare[found.end() :], title_of(named[0], catalogue)
    it = re.search(r"\bit\b", rest)
    return (
        f"{rest[: it.start()]}{title}{rest[it.end() :]}"
        if it
        else in_report(rest, title)
    )


def _nth_report(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the second report" of those spoken of, in the order of their mention."""
    found = _NTH.search(bare)
    if found is None or len(context.reports) < 2:
        return None
    place = _PLACES.index(found["nth"].lower())
    if place >= len(context.reports) or (context.listed and context.listed.items):
        return None
    title = title_of(context.reports[-1 - place], catalogue)
    back = _BACK_TO.match(bare)
    if back is not None and (it := re.search(r"\bit\b", bare[back.end() :])):
        rest = bare[back.end() :]
        return rest[: it.start()] + title + rest[it.end() :]
    return _put(found, f"{title} " if found[0].endswith(" ") else title)


def _by_age(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the newer one" of the reports compared, or of the two spoken of last."""
    found = _BY_AGE.search(bare)
    reports = context.group if len(context.group) > 1 else context.reports[:2]
    if found is None or len(reports) < 2 or find_reports(bare, catalogue).publishers:
        return None
    ages = {d.report: d.published or "" for d in catalogue if d.report in reports}
    dated = sorted(ages, key=lambda report: ages[report])
    return _put(found, title_of(dated[-1 if found["new"] else 0], catalogue))


def _the_other(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name the report spoken of beside the one in hand; unnamed where several fit."""
    found = _OTHER.search(bare)
    if found is None or not context.reports:
        return None
    hand = context.report or context.reports[0]
    asked = find_reports(context.question, catalogue).reports
    # "Who sponsored A and who backed B?" answered for A: the other one is B.
    others = [r for r in asked if r != context.reports[0]] if len(asked) > 1 else []
    others = others or [r for r in context.reports if r != hand]
    every = list(dict.fromkeys(d.report for d in catalogue if d.report != hand))
    if not others and len(every) == 1:
        others = every
    if len(others) == 1:
        return _put(found, title_of(others[0], catalogue))
    return _put(found, f"the report other than {title_of(hand, catalogue)}")


def _the_others(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name the reports that were not heard yet."""
    found = _ANY_OTHER.search(bare)
    heard = find_reports(context.question, catalogue).reports
    heard = heard or ((context.report,) if context.report else ())
    if found is not None:
        topic = topic_in(context, catalogue)
        own = f", other than {titles_of(heard, catalogue)}" if heard else ""
        return f"What do the reports say about {topic}{own}?"
    found = _OTHERS.search(bare)
    heard = tuple(dict.fromkeys([*heard, *context.group]))
    others = [r for r in dict.fromkeys(d.report for d in catalogue) if r not in heard]
    if found is None or not heard or not others:
        return None
    if len(others) > _MOST_TITLES:
        return _put(found, f"the reports other than {titles_of(heard, catalogue)}")
    return _put(found, titles_of(others, catalogue))


def _all_of_them(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "both" and "all of them": the reports compared, else those spoken of."""
    found = _ALL.search(bare)
    if found is None or _PAIRED.search(bare) or find_reports(bare, catalogue).reports:
        return None
    if len(content(_ALL.sub("", bare))) >= _FEW:
        return None
    group = context.group
    publishers = list(
        dict.fromkeys(d.publisher for d in catalogue if d.report in group)
    )
    if found["two"] and len(group) > 2 and len(publishers) == 2:
        return _put(found, joined(publishers))
    if found["two"]:
        reports = group if len(group) == 2 else context.reports[:2]
    else:
        reports = group if len(group) > 1 else context.reports
    return _put(found, titles_of(reports, catalogue)) if len(reports) > 1 else None


def _of_a_year(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name the report of a year that a turn gives and nothing else: "and in 2013?"."""
    found = _IN_YEAR.match(bare)
    if found is None:
        return None
    year = int(found["year"])
    reports = list(dict.fromkeys(d.report for d in catalogue if d.year == year))
    return titles_of(reports, catalogue) if reports else None


def _one_of_several(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the Localis report" where one of those that fit was spoken of, and no more.

    Where none or several were, it stays open, and the asker is asked.
    """
    named = find_reports(bare, catalogue)
    found = POINTS_AT_ONE.search(bare) or re.search(
        r"\bthe [\w' -]{2,30}? one\b", bare, re.I
    )
    if found is None or len(named.reports) < 2 or named.excluded:
        return None
    if len(find_reports(found[0], catalogue).reports) < 2:
        return None
    spoken = [report for report in context.reports if report in named.reports]
    return _put(found, title_of(spoken[0], catalogue)) if len(spoken) == 1 else None


def _in_hand(bare: str, context: Context, catalogue: Catalogue) -> str | None:
    """Name "the report", "that one": the report in hand."""
    found = _THE_REPORT.search(bare) or _THAT_SAYS.search(bare)
    if found is None or not context.report or find_reports(bare, catalogue).reports:
        return None
    return _put(found, title_of(context.report, catalogue))


_RULES: tuple[Rule, ...] = (
    _back_to,
    _nth_report,
    _by_age,
    _the_other,
    _the_others,
    _all_of_them,
    _of_a_year,
    _one_of_several,
    _in_hand,
)
