"""The rules of the evidence check: what must stand in the passages as it is.

Numbers with their units, dates, amounts, quotations, names, and the
reports and publishers that are named. One that is broken always withholds the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checking.mentions import names, quotations
from assistant.answering.checking.quantities import missing_quantities
from assistant.answering.checking.reports import details_text, folded, uncited
from assistant.answering.citations import strip_markers
from assistant.schema import Passage, ReportDetails
from assistant.text.words import STOP_WORDS, plain, stems, words

_REPORTS = r"(?:reports|papers|documents|publications|studies|sources)"
_NUMBERS = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
# "All four reports", "the two newer papers", "of the two": they count what is compared.
_COUNTED_REPORTS = re.compile(
    rf"\b{_NUMBERS}\b(?= (?:of (?:the|these) )?(?:[\w-]+ ){{0,2}}?{_REPORTS}\b)"
    r"|(?<=\bthe )two\b(?= (?:differ|agree|are|both|share|also)\b)|(?<=\bof the )two\b",
    re.IGNORECASE,
)


def missing(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    *,
    read_again: bool = False,
) -> list[str]:
    """Return what a sentence gives that stands in none of the passages.

    Args:
        text: the sentence without citation markers.
        passages: those it cites.
        catalogue: the details of every report on the shelf.
        read_again: whether a second reading follows.
    """
    sections = [
        f"{p.chunk.section}. {_page(p.chunk.page)}{p.chunk.text}" for p in passages
    ]
    details = [details_text(passage.chunk.details) for passage in passages]
    # With and without what looks like a marker: "[2]" may be the passage's own.
    told = [*sections, *(strip_markers(section) for section in sections), *details]
    # "The first", "the two calls": of so many reports that a sentence joins.
    reports = {passage.chunk.details.report for passage in passages}
    counts = [str(n) for n in range(1, len(reports) + 1)] if len(reports) > 1 else []
    evidence = plain(" \n ".join([*told, *counts]))
    known = folded(evidence)
    foreign = uncited(text, passages, catalogue, known)
    uncounted = _without_reports_counted(text, known)
    problems = [
        f"the number or date {item} is not in the cited passage"
        for item in missing_quantities(uncounted, evidence, read_again=read_again)
    ]
    problems += [
        f"the words '{quote}' are not in the cited passage"
        for quote in quotations(text)
        if folded(quote).strip() not in known and quote not in foreign
    ]
    problems += [
        f"the name {name} is not in the cited passage"
        for name in dict.fromkeys(names(text))
        if not _name_stands(name, evidence)
    ]
    problems += [f"it names {name} and does not cite it" for name in foreign]
    return problems


def _page(page: str | None) -> str:
    return f"page {page}. " if page else ""


def _without_reports_counted(text: str, known: str) -> str:
    """Take out how many reports a sentence speaks of.

    Where the passages count reports themselves, a count is held to theirs.
    """
    return text if _COUNTED_REPORTS.search(known) else _COUNTED_REPORTS.sub("", text)


def _name_stands(name: str, evidence: str) -> bool:
    """Tell whether a name stands in the evidence, whatever its endings and capitals."""
    told = f" {' '.join(stems(evidence))} "
    parts = re.split(r"(?: (?:and|of|for|the|&))+ ", name)
    if _stand(name.split(), told) or all(_stand(part.split(), told) for part in parts):
        return True
    # "Ms Halabi" stands where "Ms Yusra Halabi" does, "the Finance Director" where the
    # "Director of Finance" does.
    if _stand_near(stems(name), told.split()):
        return True
    # "Chief Executive Jonathan Werran" stands where a chief executive is spoken of.
    plain_words = set(re.findall(r"(?<![\w'])[a-z][\w'-]*", evidence))
    rest = [word for word in name.split() if word.lower() not in plain_words]
    return (len(rest) > 1 and _stand(rest, told)) or _is_short_for(name, evidence)


def _stand_near(parts: Sequence[str], told: Sequence[str]) -> bool:
    """Tell whether the words of a name stand beside one another, in whatever order."""
    wanted = set(parts) - {"of", "and", "for", "the"}
    return any(
        wanted <= set(told[place : place + len(parts) + 1])
        for place, word in enumerate(told)
        if word in wanted
    )


def _stand(parts: Sequence[str], told: str) -> bool:
    return f" {' '.join(stems(' '.join(parts)))} " in told


def _is_short_for(name: str, evidence: str) -> bool:
    """Tell whether a short form and its words stand on the two sides: "AI", "NHS"."""
    if name.isupper() and len(name) > 1 and " " not in name:
        return name.lower() in _initials(evidence)
    short = _initials(name).upper()
    return len(short) > 1 and re.search(rf"\b{short}\b", evidence) is not None


def _initials(text: str) -> str:
    return "".join(word[0] for word in words(text) if word not in STOP_WORDS)
