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
# "The report other than Level Measures", where several others are there.
OTHER_THAN = re.compile(
    r"\bthe report other than .+?(?=\s+(?:say|says|recommend|find|mention|on|about)\b|[?.!,]|$)",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?P<aux>did|does|do|has|have|is|are|was|were) (?:they|it)\b"
    r"|\b(?P<verb>wrote|published|funded|sponsored|backed|launched|released) (?:it|them)\b"
    r"|\b(?P<prep>in|of|about|from) (?:it|them)\b"
    r"|\b(?P<its>its|their)\b",
    re.IGNORECASE,
)
_PLURAL = {"do": "does", "have": "has", "are": "is", "were": "was"}
_ASKS_BY_WORD = re.compile(
    r"^\W*(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has"
    r"|have|can|could|should|will|would)\b",
    re.IGNORECASE,
)


def of_report(question: str, name: str, title: str) -> str:
    """Return a question with a report's name in the place of what points at one.

    Args:
        question: as asked.
        name: that tells the report from every other.
        title: its title, which others may share.

    >>> title = "Level Measures"
    >>> of_report("what does the report recommend", "Level Measures", title)
    'What does Level Measures recommend?'
    >>> of_report("what did they find?", "Level Measures", title)
    'What did Level Measures find?'
    >>> of_report("Which are the key findings?", "Level Measures", title)
    'Which are the key findings in Level Measures?'
    """
    text = question.strip().rstrip(" ?.!")
    of = "'" if name.endswith("s") else "'s"
    shared = re.search(rf"\b{re.escape(title)}(?!\w)", text, re.IGNORECASE)
    if shared is not None:
        text = text[: shared.start()] + name + text[shared.end() :]
    elif OTHER_THAN.search(text) is not None:
        text = OTHER_THAN.sub(lambda _: name, text, count=1)
    elif (found := POINTS_AT_ONE.search(text)) is not None:
        text = (
            text[: found.start()]
            + name
            + (of if found["of"] else "")
            + text[found.end() :]
        )
    elif (found := PRONOUN.search(text)) is not None:
        text = text[: found.start()] + _instead(found, name, of) + text[found.end() :]
    else:
        text = f"{text} in {name}"
    end = "?" if _ASKS_BY_WORD.match(text) else "."
    return f"{text[0].upper()}{text[1:]}{end}"


def _instead(found: re.Match[str], name: str, of: str) -> str:
    if found["its"]:
        return f"{name}{of}"
    before = found["aux"] or found["verb"] or found["prep"]
    return f"{_PLURAL.get(before.lower(), before)} {name}"
