"""Reads an answer as a reader would: what it cites and which facts it states.

An answer is the JSON object of the contract (`assistant ask --json`). The reports
*cited* are those behind the markers in the text, in the order of the text, whatever
else the answer lists. A refused question cites nothing and states no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.schema import SECTION_SEPARATOR
from assistant.text.words import plain
from evals.cases import Case

Answer = Mapping[str, Any]

REFUSALS = ("no_evidence", "declined", "clarify")
_MARKER = re.compile(r"\[(\d+)\]")


def is_refused(answer: Answer) -> bool:
    """Tell whether the assistant declined to answer (a failure is not a refusal)."""
    return answer["outcome"] in REFUSALS


def markers(text: str) -> list[int]:
    """Return the numbers of the citation markers of a text, in order."""
    return [int(number) for number in _MARKER.findall(text)]


def bare_words(text: str) -> int:
    """Return how many words a text has, its markers left out."""
    return len(_MARKER.sub("", text).split())


def cited_reports(answer: Answer) -> list[str]:
    """Return the reports cited in the text, each once, in order of first mention."""
    if is_refused(answer):
        return []
    reports = {c["number"]: c["report"] for c in answer["citations"]}
    found = (reports.get(number) for number in markers(answer["text"]))
    return list(dict.fromkeys(report for report in found if report))


def states(text: str, alternatives: Iterable[str]) -> bool:
    """Tell whether a text holds one of a fact's alternatives.

    Case, quotation marks, dashes and spaces do not count. An alternative is found
    inside a longer word, unless it begins or ends with a digit or a space: ``7`` is not
    in 2017 or 7.5, ``ai`` with a space after it not in aim.
    """
    inside = folded(text)
    return any(re.search(_pattern(alternative), inside) for alternative in alternatives)


def missing_facts(case: Case, answer: Answer) -> list[tuple[str, ...]]:
    """Return the facts of which the text holds no alternative.

    Citation markers are left out: the 7 of ``[7]`` is no fact.
    """
    if is_refused(answer):
        return list(case.facts)
    text = _MARKER.sub("", answer["text"])
    return [fact for fact in case.facts if not states(text, fact)]


def ends_with(heading: str, ending: str) -> bool:
    """Tell whether a section's heading is, or its path ends with, these headings."""
    return heading == ending or heading.endswith(f"{SECTION_SEPARATOR}{ending}")


def _pattern(alternative: str) -> str:
    inside = folded(alternative)
    first, last = alternative[0], alternative[-1]
    digit_before, digit_after = r"(?<!\d)(?<!\d[.,])", r"(?![.,]?\d)"
    before = r"\b" if first == " " else digit_before if first.isdigit() else ""
    after = r"\b" if last == " " else digit_after if last.isdigit() else ""
    return before + re.escape(inside) + after


def folded(text: str) -> str:
    """Return a text in lower case with plain quotation marks, dashes and spaces."""
    return " ".join(plain(text).lower().split())
