"""Who said it: the speaker a sentence names must be the one its evidence names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.checking.mentions import names
from assistant.schema import ReportDetails
from assistant.words import plain, words

_SAYS = (
    r"(?:say|said|says|argu|claim|not(?:e|ed|es)\b|find|found|recommend|call|want|describ"
    r"|think|thought|believ|add(?:s|ed)?\b|ask|urge|advis|warn|conclud|observ|reason"
    r"|point|see(?:s|n)?\b|saw|hold|expect|propos|suggest|stress|promis|judg|criticis"
    r"|reveal|welcom|insist|explain|maintain|mention|prais|reject|question)\w*"
)
# "X, chief executive of Y, says" and "X of Y (2023) says".
_AFTER = re.compile(
    rf"^(?:'s)?(?:\s(?:of|at|from)\s[^,.;]{{1,50}}?)?(?:\s?\([^()]*\))?(?:,[^,;.]{{1,80}},)?"
    rf"\s(?:(?:itself|also|further|then|now|has|have|had|would|does not|rightly)\s)*{_SAYS}\b"
)
# "…, argues X" and "is described by X"; not "wants X to grow", where X says nothing.
_BEFORE = re.compile(
    rf"(?:(?:,|['\"]|^|\bas)\s?{_SAYS}\s(?:by\s)?|\b{_SAYS}\sby\s"
    r"|\b(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion) of)\s|^[Ff]or )"
    r"(?:the )?(?:\w+ (?:chief executive|author|director)\s)?$"
)
_VIEW = re.compile(r"^'s? (?:view|opinion|words|argument|statement)\b")
# "X of Y", "X, director at Y", "Y chief executive X": Y is where X belongs.
_PERSON = r"(?P<person>[A-Z][a-z]+ [A-Z][a-z]+)"
_PLACE = r"(?P<place>[A-Z0-9][\w&-]+)"
_BELONGS = re.compile(rf"{_PERSON},?(?: [\w'-]+){{0,6}}? (?:of|at) (?:the )?{_PLACE}")


def speakers(text: str) -> list[str]:
    """Return the names that a text gives as who says, finds or recommends something."""
    folded = plain(text)
    found = []
    for name in dict.fromkeys(_alone(name) for name in names(text)):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", folded):
            before, after = folded[: match.start()], folded[match.end() :]
            if _AFTER.match(after) or _VIEW.match(after) or _BEFORE.search(before):
                found.append(name)
                break
    return found


def _alone(name: str) -> str:
    """Return a person's name without where they belong: "Ann Example of Mill"."""
    return name.split(" of ")[0]


def _key(name: str) -> str:
    return f" {' '.join(words(name))} "


def _is_house(name: str, details: Sequence[ReportDetails]) -> bool:
    """Tell whether a name is the report's own: its publisher, an author or a title."""
    own = [
        part
        for d in details
        for part in (d.publisher, *d.authors, d.title, *d.aliases, d.subtitle or "")
    ]
    return any(
        _key(name) in _key(part) or _key(part) in _key(name) for part in own if part
    )


def wrong_speakers(
    clause: str, evidence: Sequence[str], details: Sequence[ReportDetails]
) -> list[str]:
    """Return the speakers of a clause who are not who says it in the evidence.

    Args:
        clause: one statement with its speaker.
        evidence: the passage sentences that match it best.
        details: those of the reports cited; publisher and authors speak for a report.
    """
    told = {name: text for text in evidence for name in speakers(text)}
    others = [name for name in told if not _is_house(name, details)]
    problems = []
    for name in speakers(clause):
        if _is_house(name, details):
            # The report gives it as the word of somebody whom the clause leaves out.
            named = any(_same_person(other, clause) for other in others)
            all_others = others and len(others) == len(told)
            if all_others and not named:
                problems.append(name)
        elif not any(_same_person(name, _key(other)) for other in told):
            problems.append(name)
    return problems


def _same_person(name: str, text: str) -> bool:
    """Tell whether a text has a name, or at least its last word ("Foster")."""
    return f" {words(name)[-1]} " in _key(text) if words(name) else True


def wrong_places(text: str, evidence: str) -> list[str]:
    """Return "X of Y" where the evidence has both, and never X beside Y."""
    told = plain(evidence)
    problems = []
    for match in _BELONGS.finditer(plain(text)):
        person, place = match["person"], match["place"]
        near = rf"{re.escape(person)}\b[^.;]{{0,200}}?\b{re.escape(place)}"
        back = rf"\b{re.escape(place)}\b[^.;]{{0,40}}?\b{re.escape(person)}\b"
        placed = {m["place"] for m in _BELONGS.finditer(told) if m["person"] == person}
        if placed - {place} and not re.search(f"{near}|{back}", told):
            problems.append(f"{person} of {place}")
    return problems
