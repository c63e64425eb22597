"""Follow-ups that set reports beside one another: "compare them", "which is newer?"."""

from __future__ import annotations

import re

from assistant.answering.understanding.follow_ups.conversation import Context, Resolved
from assistant.answering.understanding.follow_ups.same_question import (
    Catalogue,
    asks_the_shelf,
    content,
    titles_of,
    topic_in,
)
from assistant.answering.understanding.naming import find_reports


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_COMPARES = _any(
    r"\b(?:compar\w+|side by side|agree|disagrees?|differ\w*|contrast\w*|conflict\w*"
    r"|in common|versus|vs|clash)\b"
)
_BESIDE = _any(r"\b(?:compar\w+|side by side|differ\w*|contrast\w*|versus|vs)\b")
_ADDS = _any(r"\b(?:add|include)\b")
_COMPARING = frozenset(
    "compare comparison side agree disagree disagrees differ difference differences "
    "different add include contrast conflict conflicting common versus vs clash way show "
    "two".split()
)
_WHICH_AGE = _any(
    r"\b(?:which|who)(?: one| report| paper| of (?:them|these|those|the (?:two|three|four)))?"
    r"(?:['’]?s| is| was| came)? (?:the )?(?:more |most )?(?:newer|newest|older|oldest|recent"
    r"|latest|earlier|earliest|first|up to date)\b\W*$"
)


def which_age(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Ask "which is newer?" as when each of the reports was published."""
    if not _WHICH_AGE.search(text):
        return None
    named = find_reports(text, catalogue).reports
    reports = named if len(named) > 1 else context.group
    reports = reports if len(reports) > 1 else context.reports[:2]
    name = titles_of(reports, catalogue) if len(reports) > 1 else "the reports"
    ages = {d.report: d.published or "" for d in catalogue if d.report in reports}
    old = re.search(r"\b(?:older|oldest|earlier|earliest|first)\b", text, re.IGNORECASE)
    dated = sorted(ages, key=lambda report: ages[report])
    meant = (dated[0] if old else dated[-1]) if dated else None
    return Resolved(f"When were {name} published?", report=meant)


def compare(text: str, context: Context, catalogue: Catalogue) -> Resolved | None:
    """Set the reports spoken of side by side on the last matter."""
    named = find_reports(text, catalogue)
    own = set(content(" ".join(named.rest) if named.reports else text))
    adds = _ADDS.search(text) is not None and len(context.group) > 1
    if own - _COMPARING or not (adds or _COMPARES.search(text)):
        return None
    reports = named.reports or context.group
    if len(named.reports) == 1:
        # "Compare with A" brings it in; "does A agree?" asks of it alone.
        if not adds and not _BESIDE.search(text):
            return None
        before = context.group or ((context.report,) if context.report else ())
        reports = tuple(dict.fromkeys([*before, *named.reports]))
    topic = topic_in(context, catalogue)
    on = f" on {topic}" if topic else ""
    if len(reports) < 2 and not asks_the_shelf(context.question, catalogue):
        return None
    name = titles_of(reports, catalogue) if len(reports) > 1 else "the reports"
    return Resolved(f"How do {name} compare{on}?")
