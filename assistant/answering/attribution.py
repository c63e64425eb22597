"""Who says it, and when: publisher and year in the words of an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.schema import ReportDetails


def attribute(sentence: str, details: ReportDetails) -> str:
    """Return a sentence with its report's publisher and year in it.

    >>> attribute("Localis recommends boards.", details)  # doctest: +SKIP
    'Localis (2023) recommends boards.'
    """
    year = str(details.year) if details.year else "date unknown"
    publisher = re.escape(details.publisher)
    if re.search(rf"\b{publisher}\b", sentence) and year in sentence:
        return sentence
    plain_mention = re.compile(rf"\b{publisher}\b(?!['’]s|\w|[.@/])")
    if plain_mention.search(sentence):
        return plain_mention.sub(f"{details.publisher} ({year})", sentence, count=1)
    end = re.search(r"[.!?]+[\"'”’]*$", sentence)
    cut = end.start() if end else len(sentence)
    source = f" ({details.title}, {details.publisher}, {year})"
    return sentence[:cut] + source + sentence[cut:]


def report_name(catalogue: Sequence[ReportDetails], report: str) -> str:
    """Return a report's title with publisher and year: ``Level Measures (Localis, 2023)``."""
    details = next(d for d in catalogue if d.report == report)
    return f"{details.title} ({details.attribution})"
