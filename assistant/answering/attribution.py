"""Who says it, and when: publisher and year in the words of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.schema import NO_PUBLISHER, ReportDetails

UNDATED = "date unknown"
# Of a name with one of these behind it, a year would split what belongs together.
_PART_OF_MORE = (
    r"(?!['’]s|\w|[.@/-]\w|\s\(|\s[A-Z]"
    r"|\s(?:report|project|study|paper|press|web|site))"
)
_VAGUE = re.compile(
    r"\b(?P<article>[Tt]he|[Tt]his) (?P<noun>report|study|paper|guide|document|publication)"
    r"(?=[ ,;:.!?])(?! (?:called|titled|entitled|named|by|of|from|on)\b)"
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")


def _year(details: ReportDetails) -> str:
    return str(details.year) if details.year else UNDATED


def _stands(text: str, sentence: str) -> bool:
    """Tell whether a name or a year stands in a sentence, outside an address."""
    return bool(re.search(rf"(?<![\w/.@-]){re.escape(text)}(?![\w/@])", sentence))


def is_attributed(sentence: str, details: ReportDetails) -> bool:
    """Tell whether a sentence has the report's publisher and year in it.

    The title stands for a publisher that is not known.
    """
    who = details.publisher or details.title
    return _stands(who, sentence) and _stands(_year(details), sentence)


def attribute(sentence: str, *reports: ReportDetails) -> str:
    """Return a sentence with publisher and year of each cited report in it.

    The year goes behind the publisher's name where it stands; else both go behind the
    report's title, or into "the report"; else all goes to the end in brackets, behind
    a quotation and never into one. What is attributed already stays as it is.

    Args:
        sentence: as written.
        reports: the details of the reports that it cites, one or several.

    >>> attribute("Localis recommends boards.", details)  # doctest: +SKIP
    'Localis (2023) recommends boards.'
    >>> attribute("The report recommends boards.", details)  # doctest: +SKIP
    'The Localis report (2023) recommends boards.'
    """
    for publisher in dict.fromkeys(details.publisher for details in reports):
        own = [details for details in reports if details.publisher == publisher]
        sentence = _with_years(sentence, publisher, own)
    missing = [d for d in _distinct(reports) if not is_attributed(sentence, d)]
    for details in missing:
        sentence = _with_title(sentence, details)
    if len(_distinct(reports)) == 1 and missing:
        sentence = _with_noun(sentence, missing[0])
    missing = [d for d in missing if not is_attributed(sentence, d)]
    return with_source(sentence, *missing) if missing else sentence


def attribute_quotation(text: str, details: ReportDetails) -> str:
    """Return a quotation with its source behind it, unless it names it already.

    Nothing is put inside the words quoted: the source stands before the full stop, or
    after what else closes the sentence.

    >>> attribute_quotation("Boards should meet.", details)  # doctest: +SKIP
    'Boards should meet (Level Measures, Localis, 2023).'
    """
    if is_attributed(text, details):
        return text
    parts = [details.title, details.publisher, _year(details)]
    source = f"({', '.join(dict.fromkeys(part for part in parts if part))})"
    if text.endswith(".") and not text.endswith(".."):
        return f"{text[:-1]} {source}."
    return f"{text} {source}"


def _distinct(reports: Sequence[ReportDetails]) -> list[ReportDetails]:
    """Return one of the documents of each report."""
    return list({details.report: details for details in reversed(reports)}.values())[
        ::-1
    ]


def _with_years(sentence: str, publisher: str, own: Sequence[ReportDetails]) -> str:
    """Put the years behind the publisher's name, unless it is part of more."""
    years = [_year(details) for details in own if not is_attributed(sentence, details)]
    years = sorted(dict.fromkeys(years))
    if not years or not (found := _find(publisher, sentence)):
        return sentence
    shown = " and ".join([", ".join(years[:-1]), years[-1]] if years[1:] else years)
    return f"{sentence[: found.end()]} ({shown}){sentence[found.end() :]}"


def _find(name: str, sentence: str) -> re.Match[str] | None:
    """Find a name that is no part of more and stands in no quotation."""
    mention = rf"(?<![\w'‘“\"/.@-]){re.escape(name)}{_PART_OF_MORE}"
    for found in re.finditer(mention, sentence) if name else ():
        before = re.search(r"\w+(?= $)", sentence[: found.start()])
        capital = before is not None and before.start() and before.group()[0].isupper()
        if not capital and not _is_quoted(sentence, found.start()):
            return found
    return None


def _is_quoted(sentence: str, place: int) -> bool:
    before = sentence[:place]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _with_title(sentence: str, details: ReportDetails) -> str:
    """Put the source behind the report's title: "Level Measures (Localis, 2023)"."""
    # A title of one word is more often that word: "devolution", "Warsaw".
    if " " not in details.title or not (found := _find(details.title, sentence)):
        return sentence
    source = ", ".join(filter(None, (details.publisher, _year(details))))
    return f"{sentence[: found.end()]} ({source}){sentence[found.end() :]}"


def _with_noun(sentence: str, details: ReportDetails) -> str:
    """Make "this report" "this Localis report (2023)"."""
    if is_attributed(sentence, details) or _stands(details.publisher, sentence):
        return sentence
    found = _VAGUE.search(sentence)
    unknown = details.publisher in ("", NO_PUBLISHER)
    if unknown or not found or _is_quoted(sentence, found.start()):
        return sentence
    named = f"{found['article']} {details.publisher} {found['noun']} ({_year(details)})"
    return sentence[: found.start()] + named + sentence[found.end() :]


def with_source(sentence: str, *reports: ReportDetails) -> str:
    """Put title, publisher and year into brackets behind a sentence.

    They stand before its end mark, or behind the quotation that it ends with: no word of
    a quotation is touched.

    >>> with_source("Weirs need care.", details)  # doctest: +SKIP
    'Weirs need care (River Work, Avon Press, 2021).'
    """
    found = _END.search(sentence)
    quoted = found is not None and found.group()[-1] in "\"'”’"
    cut = found.start() if found and not quoted else len(sentence)
    sources = "; ".join(
        ", ".join(filter(None, (d.title, d.publisher, _year(d)))) for d in reports
    )
    return f"{sentence[:cut].rstrip()} ({sources}){sentence[cut:]}"


def report_name(catalogue: Sequence[ReportDetails], report: str) -> str:
    """Return a report's title with publisher and year: ``Level Measures (Localis, 2023)``."""
    details = next(d for d in catalogue if d.report == report)
    return f"{details.title} ({details.attribution})"
