"""Which reports and publishers a sentence names: each must be one that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.schema import Passage, ReportDetails
from assistant.text.words import plain, words

UNDATED = "date unknown"
_KINDS = (
    r"(?:reports?|stud(?:y|ies)|papers?|reviews?|documents?|publications?|digests?)"
)
_CALLED = (
    rf"\b(?:[Tt]he|[Tt]his|its|'s) {_KINDS}(?:,? (?:called|titled|entitled|named))? $"
)


class _Mention(NamedTuple):
    """The name of a report or a publisher, where it stands in a sentence."""

    start: int
    end: int
    name: str
    details: ReportDetails
    is_title: bool


def folded(text: str) -> str:
    """Return the words of a text between single spaces, one before and one after."""
    return " " + " ".join(words(text)) + " "


def details_text(details: ReportDetails) -> str:
    """Return what is known of a report as one text."""
    parts = (
        details.title, details.subtitle, details.publisher, *details.authors,
        *details.supporters, details.published, str(details.year or ""),
    )  # fmt: skip
    return " . ".join(part for part in parts if part)


def without_ours(text: str, reports: Iterable[ReportDetails]) -> str:
    """Return a sentence without the source that attribution put into it.

    That is brackets which hold nothing but title, publisher and year of these reports,
    and "the Localis report (2023)" for "the report". Other brackets stay.
    """
    text, own = plain(text), list(reports)
    parts = {plain(part) for d in own for part in (d.title, d.publisher) if part}
    parts |= {str(d.year) if d.year else UNDATED for d in own}
    part = "|".join(re.escape(one) for one in sorted(parts, key=len, reverse=True))
    source = rf"\s?\((?:{part})(?:(?:; |, | and )(?:{part}))*\)"
    for details in own:
        year = re.escape(str(details.year) if details.year else UNDATED)
        if details.publisher:
            named = rf"\b([Tt]he|[Tt]his) {re.escape(plain(details.publisher))} (\w+) \({year}\)"
            text = re.sub(named, r"\1 \2", text)
    return re.sub(source, "", text)


def uncited(
    text: str,
    passages: Sequence[Passage],
    catalogue: Sequence[ReportDetails],
    known: str,
) -> list[str]:
    """Return the titles and publishers that a sentence names and does not cite.

    A title of common words, of a place or of a publisher is that of a report only beside
    its publisher, its year or the word "report", in quotation marks, or where several of
    its words have its capitals and stand nowhere in what is cited.

    Args:
        text: the sentence without citation markers.
        passages: those it cites.
        catalogue: the details of every report on the shelf.
        known: all that is cited, ``folded``.
    """
    text = plain(text)
    cited = [passage.chunk.details for passage in passages]
    own = {folded(name) for d in cited for name in (d.title, d.publisher)}
    missing = []
    for one in _longest(_mentions(text, catalogue)):
        if folded(one.name) in own or one.details.report in {d.report for d in cited}:
            continue
        if one.is_title:
            houses = (folded(d.publisher) for d in catalogue if d.publisher)
            telling = _has_capitals(one, text) and not _in(one.name, (known,))
            telling = telling and not _in(one.name, houses)
            is_named = telling or _is_beside(one, text)
        else:
            as_spelt = text[one.start : one.end] == plain(one.name)
            is_named = as_spelt and not _in(one.name, (known,))
        if is_named:
            missing.append(one.name)
    return list(dict.fromkeys(missing))


def _in(name: str, texts: Iterable[str]) -> bool:
    return any(folded(name) in text for text in texts)


def _mentions(text: str, catalogue: Sequence[ReportDetails]) -> list[_Mention]:
    said = folded(text)
    found = []
    for details in catalogue:
        for name in dict.fromkeys((details.title, details.publisher)):
            parts = words(name)
            if not parts or f" {' '.join(parts)} " not in said:
                continue
            spelt = r"(?:'s)?[\W_]+".join(re.escape(part) for part in parts)
            found += [
                _Mention(*match.span(), name, details, name == details.title)
                for match in re.finditer(rf"(?<!\w){spelt}(?!\w)", text, re.IGNORECASE)
            ]
    return found


def _longest(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Leave out what is a part of a longer name: a publisher within a title."""
    return [
        one
        for one in mentions
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in mentions
        )
    ]


def _is_beside(one: _Mention, text: str) -> bool:
    """Tell whether a title stands beside what makes it that of a report."""
    before, after = text[: one.start], text[one.end :]
    details = one.details
    own = [str(details.year) if details.year else UNDATED, details.publisher]
    own = [re.escape(plain(part)) for part in own if part]
    quoted = before[-1:] in ("'", '"') and after[:1] == before[-1:]
    return (
        quoted
        or re.match(rf"(?:'s)?,? {_KINDS}\b", after) is not None
        or re.match(rf" \((?:[^()]*\b)?(?:{'|'.join(own)})\b", after) is not None
        or re.search(_CALLED, before) is not None
        or (
            bool(details.publisher)
            and re.search(rf"\b{own[-1]}(?:'s?)?(?: \([^()]*\))?,? $", before)
            is not None
        )
    )


def _has_capitals(one: _Mention, text: str) -> bool:
    """Tell whether several words stand in a title's capitals, one within the sentence."""
    shown = text[one.start : one.end].split()
    wanted = plain(one.name).split()
    opening = not text[: one.start].strip(" \"'([")
    telling = wanted[1:] if opening else wanted
    same = [word[:1] for word in shown] == [word[:1] for word in wanted]
    return len(wanted) > 1 and same and any(word[:1].isupper() for word in telling)
