"""A question with a report's name in the place of what points at a report."""

from __future__ import annotations

import re

_NOUN = r"(?:report|paper|study|document|publication)"
# "The report", "that Localis paper", "the 2024 report", "the report by Localis".
POINTS_AT_ONE = re.compile(
    rf"\b(?:the|this|that) (?:[\w'’-]+ ){{0,3}}?{_NOUN}\b"
    rf"(?:,? (?:by|from|of) (?:the )?(?:[A-Z0-9][\w'’-]*))?(?P<of>['’]s)?",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?:did|does|do|has|have|is|are|was|were|wrote|published|funded|sponsored|backed"
    r"|launched|released|in|of|about|from) (?:they|it|them)\b|\b(?:its|their)\b",
    re.IGNORECASE,
)


def of_report(question: str, name: str, title: str) -> str:
    """Return a question with a report's name in the place of what points at one.

    Args:
        question: as asked.
        name: that tells the report from every other.
        title: its title, which others may share.

    >>> of_report("what does the report recommend", "Level Measures", "Level Measures")
    'What does Level Measures recommend?'
    >>> of_report("what did they find?", "Level Measures", "Level Measures")
    'What did they find (Level Measures)?'
    """
    text = question.strip().rstrip(" ?.!")
    shared = re.search(rf"\b{re.escape(title)}(?!\w)", text, re.IGNORECASE)
    found = shared or POINTS_AT_ONE.search(text)
    if found is None:
        text = f"{text} ({name})"
    else:
        of = "'s" if found is not shared and found["of"] else ""
        text = f"{text[: found.start()]}{name}{of}{text[found.end() :]}"
    return f"{text[0].upper()}{text[1:]}?"
